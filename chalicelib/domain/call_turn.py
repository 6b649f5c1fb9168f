"""A case's turn in the queue of calls: where it stands, who has it, when it comes back."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.priority import Reason


class Place(StrEnum):
    """
    READY to be given out. LATER comes back at a moment (snoozed, a call-back, the law's hour).
    TAKEN is with a person, and comes back if nothing becomes of it. DONE is over until its
    moment; it comes back only if the case is ranked again.
    """

    READY = "ready"
    LATER = "later"
    TAKEN = "taken"
    DONE = "done"


class Why(StrEnum):
    """Why a turn is not READY."""

    CALL = "call"
    SNOOZED = "snoozed"
    CALL_BACK = "call_back"
    LAW = "law"
    SKIPPED = "skipped"
    ENDED = "ended"
    NOT_NOW = "not_now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """
    Args:
        day: Of the portfolio's calendar, for which it was ranked.
        segment: Id; empty when the case is in none.
        until: When it comes back, UTC; of one that is READY, nothing.
        person_id: Whose it is while TAKEN; whom the debtor waits for when called back, or empty.
        note: A skip's reason, as a code.
        version: Grows with every move; who moves it states the one it was read at.
    """

    portfolio_id: str
    case_id: str
    place: Place
    day: date
    segment: str = ""
    score: int = 0
    reasons: tuple[Reason, ...] = ()
    until: datetime | None = None
    why: Why | None = None
    person_id: str = ""
    note: str = ""
    since: datetime | None = None
    version: int = 0

    def rests(self, now: datetime) -> bool:
        """Whether it is not to be ranked anew yet."""
        return self.place is not Place.READY and self.until is not None and now < self.until

    def held_by(self, person_id: str, now: datetime) -> bool:
        return self.place is Place.TAKEN and self.person_id == person_id and self.rests(now)


def ready(turn: Turn) -> Turn:
    """The same turn, waiting for whoever comes next."""
    return replace(turn, place=Place.READY, until=None, why=None, person_id="", note="", since=None)
