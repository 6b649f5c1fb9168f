"""A case's turn in the queue of calls: where it stands, who has it, when it comes back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.contact import Attempt, AttemptState, Channel
from chalicelib.domain.priority import OF_THE_MOMENT, Reason


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
        hours: How good each hour of *day* is to reach the debtor, by the portfolio's clock: 24
            digits, A is 10; empty where nothing is known.
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
    hours: str = ""
    version: int = 0

    def rests(self, now: datetime) -> bool:
        """Whether it is not to be ranked anew yet."""
        return self.place is not Place.READY and self.until is not None and now < self.until

    def held_by(self, person_id: str, now: datetime) -> bool:
        return self.place is Place.TAKEN and self.person_id == person_id and self.rests(now)


@dataclass(frozen=True, slots=True)
class Listed:
    """A turn that is ready, as its list has it."""

    score: int
    case_id: str
    hours: str = ""

    def hour(self, of_day: int) -> str:
        """
        Give what an hour of its day is worth, as its digit; empty where nothing is known.

        >>> Listed(7, "cas_1", "0" * 18 + "A00000").hour(18), Listed(7, "cas_1").hour(18)
        ('A', '')
        """
        return self.hours[of_day : of_day + 1]


def on(turn: Turn, day: date) -> Turn:
    """The same turn on a day; what its hours are worth is known of the day it was ranked for."""
    return turn if turn.day == day else replace(turn, day=day, hours="")


def ready(turn: Turn) -> Turn:
    """The same turn, waiting for whoever comes next, without what spoke for it only then."""
    passed = [one for one in turn.reasons if one.code in OF_THE_MOMENT]
    return replace(
        turn,
        place=Place.READY,
        score=turn.score - sum(one.points for one in passed),
        reasons=tuple(one for one in turn.reasons if one.code not in OF_THE_MOMENT),
        until=None,
        why=None,
        person_id="",
        note="",
        since=None,
    )


def called_back(turn: Turn, attempts: Iterable[Attempt]) -> bool:
    """
    Say whether the call that was promised has been made: somebody spoke with the debtor since.

    One that nobody answered keeps no word.
    """
    return turn.why is Why.CALL_BACK and any(
        one.channel is Channel.CALL
        and one.state is AttemptState.DONE
        and one.outcome == "conversation"
        and turn.since is not None
        and one.created_at > turn.since
        for one in attempts
    )
