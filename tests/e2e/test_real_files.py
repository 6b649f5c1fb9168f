"""Real creditors' files through the API of the running stack, to the row and the cent."""

import csv
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from local.client import Client
from tests.shared import SHARED, needs_shared

pytestmark = [pytest.mark.stack, pytest.mark.slow, needs_shared]

INVOICES = SHARED / "data" / "ar_invoices"


@dataclass(frozen=True)
class RealFile:
    """
    A file and how its creditor would map it.

    Args:
        fields: Field by header.
        amount: Header of the column whose exact sum must arrive.
        debtor: Header of the column that says whose a row is.
        issued, due: Headers whose order decides whether a row can be true (ISO dates), or none.
        width: Digits of a debtor's number before a spreadsheet took leading zeros from some.
    """

    name: str
    fields: dict[str, str]
    amount: str
    debtor: str
    issued: str = ""
    due: str = ""
    width: int = 0

    @property
    def path(self) -> Path:
        return INVOICES / self.name

    def rows(self):
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def good_rows(self):
        """Without those that fall due before they were issued: nobody owes those."""
        return [row for row in self.rows() if not self.due or row[self.due] >= row[self.issued]]

    def minor(self, rows):
        """Cents of the rows; an ERP's third decimal is rounded row by row."""
        cent = Decimal("0.01")
        return sum(
            int(Decimal(row[self.amount]).quantize(cent, ROUND_HALF_UP) * 100) for row in rows
        )

    def debtors(self, rows):
        return {row[self.debtor].zfill(self.width) for row in rows}


IBM = RealFile(
    "ibm_accounts_receivable.csv",
    {
        "customerID": "debtor_id",
        "invoiceNumber": "debt_id",
        "InvoiceDate": "issued_on",
        "DueDate": "due_on",
        "InvoiceAmount": "balance",
    },
    amount="InvoiceAmount",
    debtor="customerID",
)
HIGHRADIUS = RealFile(
    "highradius_open_invoices.csv",
    {
        "cust_number": "debtor_id",
        "name_customer": "name",
        "doc_id": "debt_id",
        "posting_date": "issued_on",
        "due_in_date": "due_on",
        "converted_usd": "balance",
    },
    amount="converted_usd",
    debtor="cust_number",
    issued="posting_date",
    due="due_in_date",
    width=10,
)
ANSWERS = {"date_order": "mdy", "decimal_mark": "."}


@pytest.fixture(scope="module")
def supervisor(stack, people):
    client = Client(stack.url)
    client.sign_in(people["supervisor"].email, people["supervisor"].password)
    return client


@pytest.mark.parametrize("real", [IBM, HIGHRADIUS], ids=lambda real: real.path.stem)
def test_every_row_and_cent_of_a_real_file_arrives(supervisor, real, capsys):
    rows, good = real.rows(), real.good_rows()
    body = supervisor.get("/portfolio-defaults", country="US")
    body |= {"name": real.path.stem, "creditor": "Real Files Inc.", "currency": "USD"}
    portfolio_id = supervisor.post("/portfolios", body)["portfolio_id"]

    upload = supervisor.send_file(portfolio_id, "debts", real.name, real.path.read_bytes())
    upload = supervisor.wait_for_upload(upload)
    path = f"/portfolios/{portfolio_id}/uploads/{upload['upload_id']}"
    found = upload["inspection"]
    supervisor.put(
        f"{path}/mapping",
        {
            "columns": {
                str(column["index"]): real.fields.get(column["header"])
                for column in found["columns"]
            },
            "answers": {q["id"]: ANSWERS[q["kind"]] for q in found["questions"]},
            "sheet": found["sheet"],
            "header_rows": found["header_rows"],
        },
    )
    upload = supervisor.wait_for_upload(upload, leaving=("needs_mapping",))
    checked = upload["checked"]
    supervisor.post(f"{path}/application")
    upload = supervisor.wait_for_upload(upload, leaving=("ready",))
    applied = upload["applied"]
    kpis = supervisor.get(f"/portfolios/{portfolio_id}/kpis")
    listed = sum(1 for _ in supervisor.pages(f"/portfolios/{portfolio_id}/cases", limit=100))

    with capsys.disabled():
        print(
            f"\n{real.name:<32} {len(rows):>6} rows  {real.minor(rows) / 100:>14,.2f}  "
            f"created {applied['created']}  updated {applied['updated']}  "
            f"unchanged {applied['unchanged']}  rejected {applied['rejected']}  "
            f"applied {applied['amount_minor'] / 100:,.2f}  cases {listed}  "
            f"balance {kpis['balance']['minor'] / 100:,.2f}"
        )
    assert upload["state"] == "done", upload["problem"]
    assert checked == applied
    parts = ("created", "updated", "unchanged", "rejected")
    assert sum(applied[part] for part in parts) == applied["rows"] == len(rows)
    assert applied["rejected"] == len(rows) - len(good)
    assert applied["amount_minor"] == real.minor(good) == kpis["balance"]["minor"]
    assert kpis["debts"] == len(good)
    assert listed == len(real.debtors(good))


def test_the_same_file_again_changes_nothing(supervisor):
    """IBM's file is there already: its shape is remembered, and every row is unchanged."""
    portfolio_id = next(
        item["portfolio_id"]
        for item in supervisor.pages("/portfolios")
        if item["name"] == IBM.path.stem
    )
    before = supervisor.get(f"/portfolios/{portfolio_id}/kpis")

    upload = supervisor.send_file(
        portfolio_id, "debts", IBM.name, IBM.path.read_bytes(), apply_automatically=True
    )
    upload = supervisor.wait_for_upload(upload)

    assert (upload["state"], upload["problem"]) == ("done", None)
    assert upload["same_as"]
    assert upload["applied"]["unchanged"] == upload["applied"]["rows"] == len(IBM.rows())
    after = supervisor.get(f"/portfolios/{portfolio_id}/kpis")
    assert (after["balance"], after["debts"]) == (before["balance"], before["debts"])
