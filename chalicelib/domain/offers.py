"""The discount that was offered to a debtor: what it comes to, and until when it stands."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.domain.agreed import agreed
from chalicelib.domain.agreements import Covered
from chalicelib.domain.book import Book
from chalicelib.domain.case import CaseFile
from chalicelib.domain.collectable import collectable
from chalicelib.domain.contact import Attempt, AttemptState
from chalicelib.domain.days import local_day
from chalicelib.domain.draft_agreed import netted
from chalicelib.domain.ledger import Balance
from chalicelib.domain.offer import Offer, within
from chalicelib.domain.portfolio import Portfolio

FAMILY = "offer_discount"  # of the messages that offer one
MILLION = 1_000_000
# Attempts that reached out: what one of these said was said.
WENT_OUT = frozenset(
    {
        AttemptState.RESERVED,
        AttemptState.SENT,
        AttemptState.DELIVERED,
        AttemptState.READ,
        AttemptState.DONE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """
    An offer as it was made: no interest is added to it until its last day.

    Args:
        made_by: The attempt that offered it; empty for one that would begin today.
        covered: Each debt as it stood that day, and what is forgiven of it.
        until: Its last day.
    """

    made_by: str
    covered: tuple[Covered, ...]
    until: date

    @property
    def to_pay_minor(self) -> int:
        return sum(one.to_pay.total_minor for one in self.covered)

    @property
    def saved_minor(self) -> int:
        return sum(one.discount.total_minor for one in self.covered)


def last_made(file: CaseFile) -> Attempt | None:
    """The message that offered a discount last."""
    made = [
        each
        for each in file.attempts
        if each.template_id == FAMILY and each.sent_at and each.state in WENT_OUT
    ]
    return max(made, key=lambda each: (each.sent_at, each.attempt_id), default=None)


def standing(
    file: CaseFile,
    portfolio: Portfolio,
    offer: Offer | None,
    *,
    left_out: Collection[str] | None = None,
    now: datetime,
) -> Standing | None:
    """
    Say what is offered for a case: what stands, or what a message of today would begin.

    What was agreed takes its place, and nothing is offered beyond what the portfolio allows now.

    Args:
        offer: The strategy's; None = the most that the portfolio lets an agent take off.
        left_out: Ids of debts that are not asked for; None = those whose collection is stopped.
    """
    if agreed(file, portfolio) is not None:
        return None
    today = local_day(now, portfolio.time_zone)
    if left_out is None:
        left_out = collectable(file, portfolio, today).held
    terms = within(offer, portfolio.policies.agreements)
    made = last_made(file)
    made_on = local_day(made.sent_at, portfolio.time_zone) if made and made.sent_at else today
    if today > made_on + timedelta(days=terms.valid_days):
        made, made_on = None, today
    book = Book(
        portfolio.portfolio_id, portfolio.policies, file.debts, file.entries, actor="", now=now
    )
    covered = []
    for debt in file.debts:
        if debt.void or debt.debt_id in left_out:
            continue
        held, due = book.balance(debt.debt_id), book.accrued(debt.debt_id, made_on)
        owed = netted(Balance(held.principal_minor, held.interest_minor + due, held.fees_minor))
        if owed.total_minor <= 0:
            continue
        covered.append(
            Covered(
                debt_id=debt.debt_id,
                principal_minor=owed.principal_minor,
                interest_minor=owed.interest_minor,
                fees_minor=owed.fees_minor,
                less_principal_minor=owed.principal_minor * terms.principal_ppm // MILLION,
                less_interest_minor=owed.interest_minor * terms.interest_ppm // MILLION,
                less_fees_minor=owed.fees_minor * terms.fees_ppm // MILLION,
                moratory_minor=min(
                    owed.interest_minor, max(0, book.moratory_open(debt.debt_id) + due)
                ),
            )
        )
    found = Standing(
        made_by=made.attempt_id if made else "",
        covered=tuple(covered),
        until=made_on + timedelta(days=terms.valid_days),
    )
    return found if found.saved_minor > 0 and found.to_pay_minor > 0 else None
