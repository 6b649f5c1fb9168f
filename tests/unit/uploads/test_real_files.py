"""Real receivables, guessed and loaded as they are: the figures add up to the file's own."""

import csv
import io
from decimal import ROUND_HALF_UP, Decimal

import pytest

from chalicelib.domain.upload import UploadMode, UploadState
from tests.builders import a_portfolio
from tests.shared import SHARED, needs_shared
from tests.unit.uploads.test_pipeline import BOSS, owed
from tests.upload_fakes import Bench

FILES = {
    "ibm_accounts_receivable.csv": ("InvoiceAmount", "customerID"),
    "highradius_open_invoices.csv": ("converted_usd", "cust_number"),
}


def minor(text):
    return int((Decimal(text) * 100).to_integral_value(ROUND_HALF_UP))


@needs_shared
@pytest.mark.parametrize("name", FILES)
def test_a_real_file_is_accounted_for_to_the_row_and_the_cent(name, capsys):
    amount, debtor = FILES[name]
    body = (SHARED / "data" / "ar_invoices" / name).read_bytes()
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    bench = Bench(a_portfolio(country="US"))

    upload = bench.load(BOSS, body, mode=UploadMode.DEBTS, filename=name)
    again = bench.load(BOSS, body, mode=UploadMode.DEBTS, filename=name)

    figures = upload.applied
    rejected = []
    if upload.rejects_key:
        text = bench.files.objects[upload.rejects_key].decode("utf-8-sig")
        rejected = list(csv.DictReader(io.StringIO(text)))
    with capsys.disabled():
        print(
            f"\n{name:<32}{figures.rows:>7} rows {figures.created:>6} created"
            f" {figures.rejected:>4} rejected {figures.amount_minor / 100:>16,.2f} owed"
            f" {len(bench.cases.files):>6} cases; again: {again.applied.unchanged} unchanged"
        )
    assert upload.state is UploadState.DONE
    assert figures == upload.checked
    assert figures.created + figures.rejected == figures.rows == len(rows)
    assert figures.amount_minor + sum(minor(row[amount]) for row in rejected) == sum(
        minor(row[amount]) for row in rows
    )
    assert owed(bench) == figures.amount_minor
    assert len(bench.cases.files) <= len({row[debtor] for row in rows})
    assert again.applied.unchanged == figures.created
    assert owed(bench) == figures.amount_minor
