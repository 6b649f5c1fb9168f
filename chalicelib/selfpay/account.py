"""The account as its debtor sees it: what is owed and why, debt by debt, to the last cent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.compliance import packs
from chalicelib.domain import ageing
from chalicelib.domain.book import Book
from chalicelib.domain.case import CaseFile, CaseStatus, Debt, PromiseState, PromiseToPay
from chalicelib.domain.days import local_day
from chalicelib.domain.holds import active
from chalicelib.domain.ledger import Entry, EntryKind, reversals
from chalicelib.domain.portfolio import Portfolio
from chalicelib.messages import facts
from chalicelib.messages.formats import Amount
from chalicelib.messages.naming import clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What an amount is made of; the parts add up to ``total``, interest is that of today."""

    principal: Amount
    interest: Amount
    moratory: Amount
    fees: Amount
    total: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """
    How a debt came to what it is: these five add up to what is owed; what lowers is negative.

    Args:
        charged: What the creditor stated.
        corrected: Its corrections since.
        moratory: Interest for lateness, up to today.
    """

    charged: Amount
    corrected: Amount
    moratory: Amount
    forgiven: Amount
    paid: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """One instalment; ``open`` is zero once it is paid."""

    number: int
    due_on: date
    amount: Amount
    open: Amount
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A proof of the debt as the creditor named it; ``url`` where it is an address to open."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtView:
    """
    One debt.

    Args:
        due_on: Of its oldest part that is open.
        parts: Its instalments, by day; empty where it is owed at once.
    """

    debt_id: str
    reference: str
    product: str
    issued_on: date | None
    due_on: date
    days_late: int
    split: Split
    why: Why
    parts: tuple[PartView, ...]
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The next instalment, of whichever debt is first. ``late``: its day has gone."""

    debt_id: str
    number: int
    count: int
    due_on: date
    amount: Amount
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment that counts, over all debts it reached."""

    key: str
    paid_on: date
    amount: Amount
    reference: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """
    Everything of a case that its debtor may see.

    Args:
        overdue: What of the total is past its day; all of it at most.
        settled: Nothing is owed beyond the tolerance, or the case is closed.
        on_hold: Why collection stands still now; codes of ``HoldReason``.
    """

    case_id: str
    first_name: str
    full_name: str
    today: date
    split: Split
    overdue: Amount
    debts: tuple[DebtView, ...]
    upcoming: Next | None
    promise: PromiseToPay | None
    payments: tuple[Payment, ...]
    settled: bool
    on_hold: tuple[str, ...]

    @property
    def total(self) -> Amount:
        return self.split.total

    def debt(self, debt_id: str) -> DebtView | None:
        return next((one for one in self.debts if one.debt_id == debt_id), None)


def build(file: CaseFile, portfolio: Portfolio, *, now: datetime, language: str = "") -> Account:
    """Lay out a case for its debtor; every figure is that of the statement of the same moment."""
    today = local_day(now, portfolio.time_zone)
    book = Book(
        portfolio.portfolio_id, portfolio.policies, file.debts, file.entries, actor="", now=now
    )
    said = facts.build(
        file,
        portfolio,
        now=now,
        language=language,
        required=packs.identification(portfolio.country),
    )
    owing = [
        debt
        for debt in file.debts
        if not debt.void
        and book.balance(debt.debt_id).total_minor + book.accrued(debt.debt_id, today) > 0
    ]
    debts = sorted(
        (_debt(debt, book, file, today) for debt in owing),
        key=lambda view: (view.due_on, view.reference),
    )
    settled = not debts or file.head.status in (CaseStatus.SETTLED, CaseStatus.VOID)
    return Account(
        case_id=file.head.case_id,
        first_name=said.first_name,
        full_name=said.full_name,
        today=today,
        split=Split(
            principal=said.principal,
            interest=said.interest,
            moratory=said.moratory,
            fees=said.fees,
            total=said.total,
        ),
        overdue=said.overdue,
        debts=tuple(debts),
        upcoming=_upcoming(debts, today),
        promise=next((one for one in file.promises if one.state is PromiseState.OPEN), None),
        payments=payments(file),
        settled=settled,
        on_hold=tuple(dict.fromkeys(hold.reason.value for hold in active(file.holds, today))),
    )


def payments(file: CaseFile) -> tuple[Payment, ...]:
    """The payments of a case that were not undone, newest first."""
    undone = reversals(file.entries)
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in file.entries:
        if entry.kind is EntryKind.PAYMENT and entry.entry_id not in undone:
            found.setdefault((entry.source, entry.reference), []).append(entry)
    views = [
        Payment(
            key=own[0].entry_id,
            paid_on=own[0].effective_on,
            amount=Amount(-sum(entry.amount_minor for entry in own), file.head.currency),
            reference=clean(reference),
            recorded_at=own[0].recorded_at,
        )
        for (_, reference), own in found.items()
    ]
    return tuple(sorted(views, key=lambda one: (one.paid_on, one.recorded_at), reverse=True))


def _debt(debt: Debt, book: Book, file: CaseFile, today: date) -> DebtView:
    currency = file.head.currency
    owed = book.balance(debt.debt_id)
    accrued = book.accrued(debt.debt_id, today)
    booked = book.moratory_open(debt.debt_id)
    due_on = book.oldest_due_on(debt.debt_id) or debt.due_on
    # What interest comes to today is owed with the oldest part, as the ledger would post it.
    spread = ageing.parts(debt, owed.total_minor + accrued, booked + accrued)
    return DebtView(
        debt_id=debt.debt_id,
        reference=clean(debt.external_id),
        product=clean(debt.product),
        issued_on=debt.issued_on,
        due_on=due_on,
        days_late=ageing.legal_dpd(due_on, today),
        split=Split(
            principal=Amount(owed.principal_minor, currency),
            interest=Amount(owed.interest_minor - booked, currency),
            moratory=Amount(accrued + booked, currency),
            fees=Amount(owed.fees_minor, currency),
            total=Amount(owed.total_minor + accrued, currency),
        ),
        why=_why(book.entries(debt.debt_id), accrued, currency),
        parts=tuple(
            PartView(
                number=part.number,
                due_on=part.due_on,
                amount=Amount(part.amount_minor, currency),
                open=Amount(part.open_minor, currency),
                late=part.due_on < today and part.open_minor > 0,
            )
            for part in spread
            if part.number
        ),
        papers=tuple(_paper(name) for name in debt.documents),
    )


def _why(entries: Sequence[Entry], accrued: int, currency: str) -> Why:
    """Sum a debt's entries by what they were; what was undone counts as never posted."""
    undone = set(reversals(entries))
    sums = dict.fromkeys(EntryKind, 0)
    for entry in entries:
        if entry.kind is not EntryKind.REVERSAL and entry.entry_id not in undone:
            sums[entry.kind] += entry.amount_minor
    return Why(
        charged=Amount(sums[EntryKind.CHARGE], currency),
        corrected=Amount(sums[EntryKind.ADJUSTMENT], currency),
        moratory=Amount(sums[EntryKind.INTEREST] + accrued, currency),
        forgiven=Amount(sums[EntryKind.WAIVER], currency),
        paid=Amount(sums[EntryKind.PAYMENT], currency),
    )


def _paper(name: str) -> Paper:
    plain = clean(name)
    if plain.startswith("https://"):
        last = plain.partition("?")[0].rstrip("/").rpartition("/")[2]
        return Paper(name=last or plain, url=plain)
    return Paper(name=plain)


def _upcoming(debts: Iterable[DebtView], today: date) -> Next | None:
    waiting = [
        (part.due_on, part.number, debt, part)
        for debt in debts
        for part in debt.parts
        if part.open.minor > 0
    ]
    if not waiting:
        return None
    _, _, debt, part = min(waiting, key=lambda one: one[:2])
    return Next(
        debt_id=debt.debt_id,
        number=part.number,
        count=len(debt.parts),
        due_on=part.due_on,
        amount=part.open,
        late=part.due_on < today,
    )
