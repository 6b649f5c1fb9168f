"""
At which hour of its day a message goes, where its step leaves that open.

The law says when it may go; of those hours it takes the one at which people are reached most on
its channel. It never waits into another day: what is planned for a day goes on that day, and a
message that finds no better hour left goes at once.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Attempt, Channel
from chalicelib.domain.days import local_day
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services.good_hours import Told

BETTER_HOUR = "BETTER_HOUR"  # why a message waits that might go
# Letters are printed once a day, and a visit is nobody's message.
CHANNELS = frozenset({Channel.SMS, Channel.WHATSAPP, Channel.EMAIL, Channel.CALL})

# Which hours are good for a case on a channel; None where nothing is known.
Hours = Callable[[CaseFile, Portfolio, Channel, datetime], Told | None]
Allowed = Callable[[datetime], bool]


def no_hours(_: CaseFile, __: Portfolio, ___: Channel, ____: datetime) -> Told | None:
    """What who keeps no hours says of every case."""
    return None


def better(
    file: CaseFile,
    portfolio: Portfolio,
    attempt: Attempt,
    start: datetime,
    *,
    allowed: Allowed,
    hours: Hours,
) -> tuple[datetime, Allowed] | None:
    """
    Say from when on a message goes that may go at *start*, if a later hour of that day is better.

    Args:
        allowed: Whether the gate lets it go at a moment.

    Returns:
        The moment, and which moments after it are as good and allowed; None when it does not wait.
    """
    wanted = attempt.cause.kind == "strategy" and attempt.channel in CHANNELS
    if not wanted or not portfolio.policies.best_hour:
        return None
    told = hours(file, portfolio, attempt.channel, start)
    if told is None:
        return None
    until = _midnight_after(start, portfolio.time_zone)
    at = choose(start, until, told, allowed)
    if at == start:
        return None
    return (
        at,
        lambda moment: (
            moment < until and told.rating(moment) >= told.rating(at) and allowed(moment)
        ),
    )


def choose(start: datetime, until: datetime, told: Told, allowed: Allowed) -> datetime:
    """
    Choose between two moments the first of the best hour that is allowed.

    Returns:
        *start* when no later hour is better than it.
    """
    least = told.rating(start)
    rated = [(told.rating(at), at) for at in _hours(start, until, told.zone)]
    for rating, at in sorted(rated, key=lambda one: (-one[0], one[1])):
        if rating <= least:
            break
        if allowed(at):
            return at
    return start


def _hours(start: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The beginnings of the hours of a clock after *start* and before *until*, UTC."""
    local = start.astimezone(zone)
    into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    at = start.astimezone(UTC) - into + timedelta(hours=1)
    while at < until:
        yield at
        at += timedelta(hours=1)


def _midnight_after(at: datetime, time_zone: str) -> datetime:
    day = local_day(at, time_zone) + timedelta(days=1)
    return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)
