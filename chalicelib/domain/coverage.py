"""Which cases nobody has turned to for how long."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.calls import CALL
from chalicelib.domain.contact import Attempt, AttemptState, Direction
from chalicelib.domain.days import local_day
from chalicelib.domain.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Untouched:
    """
    A case that owes.

    Args:
        touched_on: See ``contacted_on``; None = never.
        due_on: Of its oldest unpaid part.
    """

    case_id: str
    touched_on: date | None
    due_on: date | None


def contacted_on(
    attempts: Iterable[Attempt], visits: Iterable[Visit], time_zone: str
) -> date | None:
    """
    Say on which day the debtor was last written to, called or visited, on any channel.

    What failed before it reached the provider, and visits that do not count, are none.

    >>> contacted_on([], [], "America/Mexico_City") is None
    True
    """
    days = [local_day(at, time_zone) for one in attempts if (at := _went_out_at(one)) is not None]
    days += [local_day(one.at, time_zone) for one in visits if one.counts]
    return max(days, default=None)


def _went_out_at(one: Attempt) -> datetime | None:
    if one.direction is not Direction.OUT:
        return None
    if one.cause.kind == CALL:
        return one.created_at if one.state is AttemptState.DONE else None
    return one.sent_at
