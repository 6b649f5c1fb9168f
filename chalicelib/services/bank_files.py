"""
A bank's file of what came in: read by the same reader as every upload, posted by the one path.

A row whose number nobody was given goes to the tray; one that cannot be read is refused by row
and reason. The same row gives the same payment id, so that a file may be sent again.
"""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from chalicelib.domain.bank_references import is_cash_reference, is_clabe
from chalicelib.domain.errors import BadField, PaymentProviderNotFound
from chalicelib.domain.ids import derived_id
from chalicelib.domain.payment import PaymentState, ProviderPayment
from chalicelib.domain.payment_account import PaymentAccount
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.intake.cells import Cell, as_text
from chalicelib.intake.formats import Hints, open_table
from chalicelib.intake.inspection import inspect
from chalicelib.intake.reader import RowReader
from chalicelib.intake.rows import PaymentRow, Rejected
from chalicelib.services.access import MANAGERS, Portfolios, open_portfolio

MOST_BYTES = 4 << 20
MOST_REJECTS = 500
KEPT = ("payment_amount", "paid_on", "payment_reference", "payment_method")
_NOT_DIGITS = re.compile(r"[\s.\-]")
# What no number that is paid to is written as.
_NO_NUMBER = "sin referencia"


class Accounts(Protocol):
    def get(self, portfolio_id: str, provider: str) -> PaymentAccount | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    row: int
    field: str
    code: str


@dataclass(slots=True, kw_only=True)
class Report:
    """
    Args:
        rows: Rows read in this call.
        outcomes: How many were ``posted``, ``known``, ``unmatched``, ``ignored``.
        next_row: Where to go on with the same file; None = it is done.
        questions: What the file leaves open, to be answered first; then nothing was posted.
    """

    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)
    rejected: int = 0
    next_row: int | None = None
    questions: list[dict[str, Any]] = field(default_factory=list)


Take = Callable[[ProviderPayment, str], str]


def post(
    portfolio_id: str,
    filename: str,
    content: bytes,
    *,
    from_row: int,
    answers: dict[str, str],
    actor: Actor,
    portfolios: Portfolios,
    accounts: Accounts,
    take: Take,
    time_left_s: Callable[[], float],
) -> Report:
    """
    Post what a bank's file says came in, for as long as there is time.

    Safe to repeat, as a whole or from ``next_row``.

    Args:
        from_row: 1-based; rows before it were done by an earlier call.
        answers: By question id, as of an inspection.
        take: Brings a payment to where it belongs, and says what became of it.

    Raises:
        UnreadableFile: It is no table.
        BadField: It has no column of amounts or of days.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    if len(content) > MOST_BYTES:
        raise BadField(field="content", reason="too_long", most=MOST_BYTES)
    account = accounts.get(portfolio_id, "bank")
    if account is None:
        raise PaymentProviderNotFound(provider="bank")
    reading = _Reading(filename, content, portfolio, account, answers)
    report = Report()
    open_questions = [q for q in reading.questions if q["id"] not in answers]
    if open_questions:
        report.questions = open_questions
        return report
    for number, found in reading.payments():
        if number < from_row:
            continue
        if time_left_s() <= 0:
            report.next_row = number
            return report
        report.rows += 1
        if isinstance(found, Reject):
            report.rejected += 1
            if len(report.rejects) < MOST_REJECTS:
                report.rejects.append(found)
        else:
            report.outcomes[take(found, portfolio_id)] += 1
    return report


class _Reading:
    def __init__(
        self,
        filename: str,
        content: bytes,
        portfolio: Portfolio,
        account: PaymentAccount,
        answers: dict[str, str],
    ) -> None:
        given = account.settings
        prefixes = (given.get("clabe_prefix", ""), given.get("cash_prefix", ""))
        self._prefixes = tuple(one for one in prefixes if one)
        self._source, self._portfolio = io.BytesIO(content), portfolio
        self._hints = Hints(filename=filename)
        self._inspection = inspect(
            self._source,
            mode="payments",
            country=portfolio.country,
            currency=portfolio.currency,
            hints=self._hints,
        )
        columns = self._columns()
        self._mapping = self._inspection["suggested"] | {"columns": columns, "answers": answers}
        used = {int(index) for index, name in columns.items() if name}
        self.questions = [
            question
            for question in self._inspection["questions"]
            if question["column"] in used or question["column"] is None
        ]

    def payments(self) -> Iterator[tuple[int, ProviderPayment | Reject]]:
        """Give every row of data, in order, as (row number, what it says)."""
        portfolio = self._portfolio
        reader = RowReader(
            self._mapping,
            self._inspection,
            country=portfolio.country,
            currency=portfolio.currency,
            mode="payments",
        )
        aside = {*self._inspection["totals_rows"], *self._inspection.get("notes_rows", ())}
        seen: Counter[str] = Counter()
        for number, cells in self._rows():
            position = number - 1  # the inspection counts from 0
            if position < self._inspection["first_data_row"] or position in aside:
                continue
            if not any(as_text(cell).strip() for cell in cells):
                continue
            read = reader.read(number, self._with_number(cells))
            if isinstance(read, Rejected):
                why = read.reasons[0]
                yield number, Reject(row=number, field=why.field, code=why.code)
            elif isinstance(read, PaymentRow):
                yield number, self._payment(read, seen)

    def _rows(self) -> Iterator[tuple[int, list[Cell]]]:
        self._source.seek(0)
        return iter(open_table(self._source, hints=self._hints).rows())

    def _columns(self) -> dict[str, str | None]:
        """Which column is what: the number paid to by its digits, the rest as guessed."""
        guessed: dict[str, str | None] = dict(self._inspection["suggested"]["columns"])
        columns = {index: name if name in KEPT else None for index, name in guessed.items()}
        found = {name for name in columns.values() if name}
        for name in ("payment_amount", "paid_on"):
            if name not in found:
                raise BadField(field=name, reason="missing")
        hits: Counter[int] = Counter()
        for _, cells in self._rows():
            hits.update(i for i, cell in enumerate(cells) if self._number(cell))
        best = hits.most_common(1)
        self._number_at = best[0][0] if best else None
        if self._number_at is None:
            raise BadField(field="reference", reason="missing")
        columns[str(self._number_at)] = "debt_id"
        return columns

    def _with_number(self, cells: Sequence[Cell]) -> list[Cell]:
        """The row with the number paid to as bare digits; a transfer's text may hold more words."""
        row = list(cells)
        at = self._number_at
        if at is not None:
            row += [""] * (at + 1 - len(row))
            row[at] = self._number(row[at]) or as_text(row[at]).strip() or _NO_NUMBER
        return row

    def _number(self, cell: Cell) -> str:
        """The number that a cell holds, if it is one that debtors pay to."""
        # A sender's own account is a CLABE too: only those under our prefixes are meant.
        text = _NOT_DIGITS.sub("", as_text(cell))
        found = (
            number
            for number in re.findall(r"\d+", text)
            if number.startswith(self._prefixes) and (is_clabe(number) or is_cash_reference(number))
        )
        return next(found, "")

    def _payment(self, row: PaymentRow, seen: Counter[str]) -> ProviderPayment:
        zone = ZoneInfo(self._portfolio.time_zone)
        reference = "" if row.external_id == _NO_NUMBER else row.external_id
        given = row.reference if row.reference_given else ""
        facts = (reference, row.paid_on.isoformat(), str(row.amount_minor), given)
        seen["|".join(facts)] += 1
        same = seen["|".join(facts)]
        return ProviderPayment(
            provider="bank",
            state=PaymentState.PAID,
            amount_minor=row.amount_minor,
            currency=self._portfolio.currency,
            # The bank's own id may come again on another day; with the facts it is this money's.
            payment_id=derived_id("bnk", *facts, str(same)),
            provider_id=reference,
            reference=reference,
            # A file has days only: noon is that day in the portfolio, wherever it is read.
            paid_at=datetime.combine(row.paid_on, time(12), zone).astimezone(UTC),
            method="cash" if is_cash_reference(reference) else "transfer",
        )
