"""
Cash that a visit's report says was taken: what is wrong with it, and the receipt it makes.

Money that changed hands is never refused: the debtor has a paper for it and keeps full credit.
What should not have been taken, or was numbered as it should not be, is credited all the same and
put before a person; the agent answers for it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol

from chalicelib.domain.book import Book
from chalicelib.domain.case import CaseFile, CaseStatus
from chalicelib.domain.cash import Hand, Receipt, ReceiptState, is_number, limit_of, series_of
from chalicelib.domain.days import local_day
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.visit import Cash, Report, VisitKind
from chalicelib.services import cash_rules
from chalicelib.services.visit_judging import Moment


class CashBook(Protocol):
    """What agents hold, and the receipts they gave (``store.cash``)."""

    def receipt(self, key: str) -> Receipt | None: ...
    def hand(self, portfolio_id: str, person_id: str) -> Hand: ...


def nonsense(report: Report, person_id: str) -> Iterator[dict[str, str]]:
    """What cannot be, whatever the case is like."""
    taken = report.cash
    if taken is None:
        return
    if report.kind is not VisitKind.VISIT:
        yield {"field": "cash", "reason": "not_with_an_exception"}
    if not is_number(taken.number):
        yield {"field": "cash.number", "reason": "malformed"}
    elif taken.number.partition("-")[0] != series_of(report.device_id, person_id):
        yield {"field": "cash.number", "reason": "foreign"}


def receipt_of(
    visit_id: str,
    report: Report,
    file: CaseFile,
    portfolio: Portfolio,
    moment: Moment,
    *,
    person_id: str,
    book: CashBook,
    proved: Callable[[str, Cash], bool],
    now: datetime,
) -> Receipt | None:
    """
    Make the receipt of the cash a report tells of, with the doubts about it.

    Args:
        proved: Says whether the debtor of a case confirmed the cash by a code.
    """
    taken = report.cash
    if taken is None:
        return None
    known = book.receipt(taken.number)
    confirmed = "code" if taken.code_id and proved(report.case_id, taken) else ""
    hand = book.hand(portfolio.portfolio_id, person_id)
    return Receipt(
        number=taken.number,
        portfolio_id=portfolio.portfolio_id,
        person_id=person_id,
        device_id=report.device_id,
        case_id=file.head.case_id,
        visit_id=visit_id,
        amount_minor=taken.amount_minor,
        currency=portfolio.currency,
        at=min(moment.of(taken.at), now),
        received_at=now,
        confirmed=confirmed,
        doubts=(
            *_doubts(taken.amount_minor, file, portfolio, hand, now),
            *(("was_void" if known.state is ReceiptState.VOID else "repeated",) if known else ()),
            *(("code_wrong",) if taken.code_id and not confirmed else ()),
        ),
        twin_of=known.visit_id if known else "",
    )


def _doubts(
    amount_minor: int, file: CaseFile, portfolio: Portfolio, hand: Hand, now: datetime
) -> Iterator[str]:
    if not cash_rules.allowed(portfolio):
        yield "not_allowed"
    if hand.answers_for_minor + amount_minor > limit_of(portfolio):
        yield "over_limit"
    if amount_minor > owed_minor(file, portfolio, now):
        yield "more_than_owed"


def owed_minor(file: CaseFile, portfolio: Portfolio, now: datetime) -> int:
    """What a case owes today, interest that accrued included; minor units."""
    if file.head.status is CaseStatus.VOID:
        return 0
    today = local_day(now, portfolio.time_zone)
    book = Book(
        portfolio.portfolio_id, portfolio.policies, file.debts, file.entries, actor="", now=now
    )
    living = [debt.debt_id for debt in file.debts if not debt.void]
    return sum(book.balance(key).total_minor + book.accrued(key, today) for key in living)
