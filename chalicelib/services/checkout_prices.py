"""What paying by oneself costs today: debts, parts of them, offers, shares of agreements."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Protocol

from chalicelib.domain import ageing, agreed
from chalicelib.domain.book import Book
from chalicelib.domain.case import CaseFile
from chalicelib.domain.checkout import Pays, Target
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import BadField, DebtNotFound, NothingToPay
from chalicelib.domain.offers import Standing
from chalicelib.domain.portfolio import Portfolio

# What an agreement's share costs today; its owner knows.
Price = Callable[[CaseFile, Portfolio, Target], int]
# The offer that stands for a case now.
Offered = Callable[[CaseFile, Portfolio, datetime], Standing | None]


class Prices(Protocol):
    """What pricing asks of ``checkouts.Means``."""

    @property
    def prices(self) -> Mapping[Pays, Price]: ...
    @property
    def offered(self) -> Offered: ...


def price(
    file: CaseFile,
    portfolio: Portfolio,
    target: Target,
    *,
    amount_minor: int | None = None,
    now: datetime,
    means: Prices,
) -> int:
    """
    Say what a target costs today, in minor units.

    Raises:
        BadField, DebtNotFound, NothingToPay: As ``checkouts.start``.
    """
    known = means.prices.get(target.pays)
    if known is not None:
        costs = known(file, portfolio, target)
        if costs <= 0:
            raise NothingToPay(owed_minor=0)
        return costs
    owed = owed_now(file, portfolio, now=now)
    match target.pays:
        case Pays.ALL:
            asked, most = sum(owed.values()), sum(owed.values())
        case Pays.DEBT:
            asked = most = _of_debt(owed, target)
        case Pays.INSTALMENT:
            asked = most = _of_instalment(file, portfolio, target, now)
        case Pays.OFFER:
            asked = offer_of(file, portfolio, target, now, means).to_pay_minor
            most = sum(owed.values())
        case Pays.AMOUNT:
            most = _of_debt(owed, target) if target.debt_id else sum(owed.values())
            asked = amount_minor or 0
            if asked <= 0:
                raise BadField(field="amount_minor", reason="not_positive")
        case _:
            raise BadField(field="pays", reason="not_offered")
    if most <= 0 or asked > most:
        raise NothingToPay(owed_minor=max(0, most))
    return asked


def owed_now(file: CaseFile, portfolio: Portfolio, *, now: datetime) -> dict[str, int]:
    """Say what each debt owes today, with the interest that accrued; a credit is nothing."""
    book, today = _book(file, portfolio, now)
    return {
        debt.debt_id: max(
            0, book.balance(debt.debt_id).total_minor + book.accrued(debt.debt_id, today)
        )
        for debt in file.debts
        if not debt.void
    }


def offer_of(
    file: CaseFile, portfolio: Portfolio, target: Target, now: datetime, means: Prices
) -> Standing:
    """
    Give the offer that a target names, if it stands.

    Raises:
        BadField: It does not, or no such was made.
    """
    offer = means.offered(file, portfolio, now)
    if offer is None or offer.made_by != target.of:
        raise BadField(field="pays", reason="not_offered")
    return offer


def of_share(file: CaseFile, portfolio: Portfolio, target: Target) -> int:
    """Say what is open of a payment of the agreement in force; 0 when there is no such one."""
    known = agreed.agreed(file, portfolio)
    if known is None or known.agreement.agreement_id != target.of:
        return 0
    return sum(one.open_minor for one in known.standing.shares if one.share.number == target.number)


# Private


def _of_debt(owed: Mapping[str, int], target: Target) -> int:
    if target.debt_id not in owed:
        raise DebtNotFound(debt_id=target.debt_id)
    return owed[target.debt_id]


def _of_instalment(file: CaseFile, portfolio: Portfolio, target: Target, now: datetime) -> int:
    """What is open of an instalment, the interest of its delay with the oldest of them."""
    book, today = _book(file, portfolio, now)
    debt = book.debts.get(target.debt_id)
    if debt is None or debt.void:
        raise DebtNotFound(debt_id=target.debt_id)
    accrued = max(0, book.accrued(debt.debt_id, today))
    total = max(0, book.balance(debt.debt_id).total_minor + accrued)
    for part in ageing.parts(debt, total, book.moratory_open(debt.debt_id) + accrued):
        if part.number == target.number:
            return part.open_minor
    raise BadField(field="number", reason="unknown")


def _book(file: CaseFile, portfolio: Portfolio, now: datetime) -> tuple[Book, date]:
    book = Book(
        portfolio.portfolio_id, portfolio.policies, file.debts, file.entries, actor="", now=now
    )
    return book, local_day(now, portfolio.time_zone)
