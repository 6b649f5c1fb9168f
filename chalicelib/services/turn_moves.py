"""Where a turn of the queue goes when somebody does something with it instead of calling."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.call_turn import Place, Turn, Why, on, ready
from chalicelib.domain.case import CaseFile
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import BadField
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import ranking

LONGEST = timedelta(days=60)


def moved(
    turn: Turn,
    action: str,
    *,
    reason: str | None,
    until: datetime | None,
    person_id: str,
    portfolio: Portfolio,
    now: datetime,
) -> Turn:
    """
    Give the turn after an action (``call_queue.act``).

    Raises:
        BadField: The reason or the moment is missing, or makes no sense.
    """
    if action == "release":
        return ready(on(turn, local_day(now, portfolio.time_zone)))
    if action == "skip":
        if not reason:
            raise BadField(field="reason", reason="missing")
        return ranking.over(turn, portfolio, Why.SKIPPED, now=now, note=reason)
    if until is None:
        raise BadField(field="until", reason="missing")
    if until <= now:
        raise BadField(field="until", reason="past")
    if until > now + LONGEST:
        raise BadField(field="until", reason="too_late")
    back = action == "callback"
    return replace(
        turn,
        place=Place.LATER,
        until=until,
        why=Why.CALL_BACK if back else Why.SNOOZED,
        person_id=person_id if back else "",
        since=now,
    )


def new(file: CaseFile, portfolio: Portfolio, now: datetime) -> Turn:
    """The turn of a case that has none yet."""
    return Turn(
        portfolio_id=portfolio.portfolio_id,
        case_id=file.head.case_id,
        place=Place.DONE,
        day=local_day(now, portfolio.time_zone),
    )
