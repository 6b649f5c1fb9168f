"""
Charge-off (castigo): the creditor writes a debt off in its books. The debtor still owes it.

It moves nothing in the ledger and forgives nothing; what is paid later is a recovery of what was
charged off. A second person decides on it, and on taking it back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ChargeOffReason(StrEnum):
    """
    Why a creditor no longer counts on the money.

    AGE so many days past due; INSOLVENT cannot pay, or in bankruptcy; DECEASED without an estate
    that answers; UNLOCATED not to be found; FRAUD somebody else ran up the debt; COST collecting
    costs more than it brings; CREDITOR the creditor's own books say so.
    """

    AGE = "age"
    INSOLVENT = "insolvent"
    DECEASED = "deceased"
    UNLOCATED = "unlocated"
    FRAUD = "fraud"
    COST = "cost"
    CREDITOR = "creditor"


class ChargeOffState(StrEnum):
    """
    WAITING for a second person; REFUSED by them, or WITHDRAWN by who asked; STANDING the debt is
    charged off; RETURNING it is still, and a second person is asked to take that back; UNDONE.
    """

    WAITING = "waiting"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    STANDING = "standing"
    RETURNING = "returning"
    UNDONE = "undone"


IN_FORCE = frozenset({ChargeOffState.STANDING, ChargeOffState.RETURNING})
UNDECIDED = frozenset({ChargeOffState.WAITING, ChargeOffState.RETURNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeOffPolicy:
    """
    How a portfolio charges debts off.

    Args:
        after_days: Legal days past due from which on the plan proposes it to a second person; None
            = it never does. Nothing is charged off without their word.
        interest_goes_on: Whether moratory interest accrues on what is charged off.
    """

    after_days: int | None = None
    interest_goes_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeOff:
    """
    Args:
        on: The day of the creditor's books on which the debt is charged off.
        amount_minor: What the debt owed by its ledger: when it was asked for, and once it stands,
            when it was decided.
        interest_stops: As the portfolio had it when it was decided.
        asked_by, decided_by: Actors as on the timeline; never the same.
        upload_id: Of the creditor's file that says so; who loaded it asked, and nobody decided.
        answer: Why it was refused.
        return_*: Of taking it back, in the same way; ``returned_on`` is the portfolio's day.
    """

    charge_off_id: str
    state: ChargeOffState
    reason: ChargeOffReason
    on: date
    amount_minor: int
    asked_by: str
    asked_at: datetime
    note: str = ""
    interest_stops: bool = True
    decided_by: str = ""
    decided_at: datetime | None = None
    answer: str = ""
    return_note: str = ""
    return_asked_by: str = ""
    return_asked_at: datetime | None = None
    returned_by: str = ""
    returned_at: datetime | None = None
    returned_on: date | None = None
    upload_id: str = ""

    @property
    def since(self) -> datetime:
        """When what waits for a decision was asked for."""
        return self.return_asked_at or self.asked_at

    def stood_at(self, at: datetime) -> bool:
        """Whether the debt was charged off at an instant, as far as was known then."""
        decided = self.decided_at is not None and self.state in (*IN_FORCE, ChargeOffState.UNDONE)
        return (
            decided
            and self.decided_at is not None
            and self.decided_at <= at
            and (self.returned_at is None or self.returned_at > at)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """
    What a creditor's file says of a debt: that it is charged off in its books, or that it is not.

    Args:
        on: The day of the books; None = the file tells none, and it is the day it is loaded.
        amount_minor: What was charged off; None = what the debt owes by its ledger.
    """

    charged_off: bool
    on: date | None = None
    amount_minor: int | None = None


def in_force(known: Iterable[ChargeOff]) -> ChargeOff | None:
    """The charge-off that a debt is under."""
    return next((one for one in known if one.state in IN_FORCE), None)


def undecided(known: Iterable[ChargeOff]) -> ChargeOff | None:
    """What waits for a second person."""
    return next((one for one in known if one.state in UNDECIDED), None)


def stood_at(known: Iterable[ChargeOff], at: datetime) -> ChargeOff | None:
    """The charge-off that a debt was under at an instant."""
    return next((one for one in known if one.stood_at(at)), None)


def pauses(known: Iterable[ChargeOff]) -> tuple[tuple[date, date | None], ...]:
    """
    The stretches in which no interest accrues: from the day it was charged off (in) to the day
    that was taken back (out); None = to this day.
    """
    return tuple(
        (one.on, one.returned_on)
        for one in known
        if one.interest_stops and (one.state in IN_FORCE or one.state is ChargeOffState.UNDONE)
    )
