"""Banks' files: what came in, by the numbers that debtors were given."""

import io
from datetime import UTC, date, datetime

import pytest
import xlsxwriter

from chalicelib.domain.bank_references import cash_reference, clabe
from chalicelib.domain.errors import BadField, NotAllowed, PaymentProviderNotFound
from chalicelib.domain.payment_account import PaymentAccount
from chalicelib.domain.people import Actor, Role
from chalicelib.services import bank_files
from tests.builders import a_portfolio

ONE, TWO = clabe("646180157", 1), clabe("646180157", 2)
SHOP = cash_reference("9301", 7)
SENDER = "032180000118359719"
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
HEAD = "Fecha,Concepto,Cuenta ordenante,Referencia,Clave de rastreo,Abono\n"
ROWS = [
    f'21/11/2026,Pago,{SENDER},{ONE},RST001,"1,234.50"\n',
    f"21/11/2026,Pago,{SENDER},{TWO},RST002,500.00\n",
    f"22/11/2026,Tienda,,{SHOP},RST003,99.90\n",
    f"22/11/2026,Pago,{SENDER},646180157000000429,RST004,10.00\n",  # a slip of the pen
    "22/11/2026,Comisión,,,RST005,\n",
]
FILE = "Estado de cuenta\n\n" + HEAD + "".join(ROWS)


class Desk:
    """A portfolio with a bank; what is taken is kept, known or unmatched as a ledger would."""

    def __init__(self):
        self.portfolio = a_portfolio()
        self.account = PaymentAccount(
            portfolio_id=self.portfolio.portfolio_id,
            provider="bank",
            changed_at=NOW,
            changed_by="x",
            methods=("transfer", "cash"),
            settings={"clabe_prefix": "646180157", "cash_prefix": "9301"},
        )
        self.taken = {}

    def get(self, portfolio_id, provider=None):
        if provider is None:
            return self.portfolio
        return self.account

    def take(self, payment, portfolio_id):
        known = payment.payment_id in self.taken
        self.taken[payment.payment_id] = payment
        if known:
            return "known"
        return "posted" if payment.reference in (ONE, TWO, SHOP) else "unmatched"

    def post(self, content=FILE, *, role=Role.SUPERVISOR, filename="banco.csv", **more):
        raw = content.encode() if isinstance(content, str) else content
        return bank_files.post(
            self.portfolio.portfolio_id,
            filename,
            raw,
            **{
                "from_row": 0,
                "answers": {},
                "actor": Actor(actor_id="user:x", role=role, portfolios=("*",)),
                "portfolios": self,
                "accounts": self,
                "take": self.take,
                "time_left_s": lambda: 60.0,
            }
            | more,
        )


@pytest.fixture
def desk():
    return Desk()


def test_what_came_in_is_posted_and_the_rest_is_told_row_by_row(desk):
    report = desk.post()

    assert report.questions == []
    assert dict(report.outcomes) == {"posted": 3, "unmatched": 1}
    assert [(one.row, one.field, one.code) for one in report.rejects] == [
        (8, "payment_amount", "money.missing"),
    ]  # fmt: skip
    first, *_ = desk.taken.values()
    assert (first.reference, first.amount_minor, first.currency, first.method) == (
        ONE, 123450, "MXN", "transfer",
    )  # fmt: skip
    assert first.paid_at == datetime(2026, 11, 21, 18, tzinfo=UTC)
    assert {p.method for p in desk.taken.values() if p.reference == SHOP} == {"cash"}


def test_the_same_file_again_posts_nothing(desk):
    desk.post()
    assert dict(desk.post().outcomes) == {"known": 4}


def test_two_payments_alike_are_two_payments(desk):
    twice = HEAD + ROWS[0].replace("RST001", "") * 2 + ROWS[1]
    assert desk.post(twice).outcomes["posted"] == 3
    assert dict(desk.post(twice).outcomes) == {"known": 3}


def test_a_spreadsheet_says_the_same_as_the_text(desk):
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["Fecha", "Referencia", "Clave de rastreo", "Abono"])
        for row, (reference, amount) in enumerate([(ONE, 1234.5), (TWO, 500)], 1):
            sheet.write_datetime(row, 0, date(2026, 11, 21), day)
            sheet.write_row(row, 1, [reference, f"RST00{row}", amount])
    report = desk.post(book.getvalue(), filename="banco.xlsx")
    assert dict(report.outcomes) == {"posted": 2}
    assert [p.amount_minor for p in desk.taken.values()] == [123450, 50000]


def test_a_long_file_goes_on_where_it_stopped(desk):
    left = iter([1.0, 1.0, 0.0])
    first = desk.post(time_left_s=lambda: next(left))
    assert (first.rows, first.next_row) == (2, 6)
    second = desk.post(from_row=first.next_row)
    assert (second.rows, second.next_row) == (3, None)
    assert len(desk.taken) == 4


def test_what_may_be_read_two_ways_is_asked_first(desk):
    unsure = HEAD + ROWS[0].replace("21/11", "05/11") + ROWS[1].replace("21/11", "06/11")
    asked = desk.post(unsure)
    assert [q["kind"] for q in asked.questions] == ["date_order"]
    assert not desk.taken

    answers = {asked.questions[0]["id"]: "dmy"}
    assert dict(desk.post(unsure, answers=answers).outcomes) == {"posted": 2}
    assert {p.paid_at.month for p in desk.taken.values()} == {11}


@pytest.mark.parametrize(("content", "field"), [
    ("Fecha,Abono\n21/11/2026,10.00\n", "reference"),
    (f"Referencia,Abono\n{ONE},10.00\n", "paid_on"),
    (f"Referencia,Fecha\n{ONE},21/11/2026\n", "payment_amount"),
])  # fmt: skip
def test_a_file_without_what_is_needed_is_refused(desk, content, field):
    with pytest.raises(BadField) as refused:
        desk.post(content)
    assert refused.value.details["field"] == field


def test_only_who_manages_the_portfolio_posts_a_file(desk):
    with pytest.raises(NotAllowed):
        desk.post(role=Role.AGENT)
    desk.account = None
    with pytest.raises(PaymentProviderNotFound):
        desk.post()
