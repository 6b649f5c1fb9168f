"""What is remembered of how a creditor's columns are called."""

import pytest

from chalicelib.domain.upload import UploadMode
from tests.builders import a_portfolio
from tests.unit.uploads.test_pipeline import BOSS
from tests.upload_fakes import Bench


@pytest.fixture
def bench():
    return Bench(a_portfolio())


EMPTY_YET = "debtor_id,name,phone,email,city,debt_id,due_on,amount\n"


def test_columns_that_are_empty_as_yet_are_read_in_next_months_file(bench):
    """A mapping is remembered: telephones that come later are not left out without a word."""
    first = bench.load(BOSS, EMPTY_YET + "A1,Ana,,,,F-1,2026-10-01,100.00\n", mode=UploadMode.DEBTS)
    later = bench.load(
        BOSS,
        EMPTY_YET + "A1,Ana,5512345678,ana@x.mx,Puebla,F-1,2026-10-01,100.00\n",
        mode=UploadMode.DEBTS,
    )

    assert later.mapping["columns"] == first.mapping["columns"]
    (file,) = bench.cases.files.values()
    assert {one.value for one in file.contacts} == {"+525512345678", "ana@x.mx"}
    assert file.head.city == "Puebla"


def test_what_a_file_needs_is_not_taken_from_an_empty_column(bench):
    upload = bench.start(
        BOSS, "debtor_id,balance,due_on,cifra\nA1,,2026-10-01,100.00\n", mode=UploadMode.DEBTS
    )

    assert "balance" not in upload.mapping["columns"].values()
