"""When a debtor is best met, from when he was: calls and visits that reached him, what he wrote."""

from collections import Counter
from zoneinfo import ZoneInfo

from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Channel, Direction

LEAST = 3  # contacts before anything is said
SPAN = 3  # hours
SHARE = 0.6  # of the contacts, within them
REACHED = frozenset({"answered", "conversation"})
HOUR = 3600


def own_hours(file: CaseFile, time_zone: str) -> tuple[int, int] | None:
    """
    Give the hours of the day, from and to before, in which the debtor was mostly reached.

    Only where at least three contacts tell and most lie within three hours; else None. What came
    within one hour of a day is one contact: the lines of a chat are not three.
    """
    zone = ZoneInfo(time_zone)
    moments = (
        (one.sent_at or one.created_at).astimezone(zone)
        for one in file.attempts
        if one.direction is Direction.IN
        or (one.channel in (Channel.CALL, Channel.VISIT) and one.outcome in REACHED)
    )
    hours = Counter(hour for _, hour in {(at.date(), at.hour) for at in moments})
    total = hours.total()
    if total < LEAST:
        return None
    start = max(range(25 - SPAN), key=lambda hour: (_in_span(hours, hour), -hour))
    return (start, start + SPAN) if _in_span(hours, start) >= SHARE * total else None


def best_hours(
    file: CaseFile, time_zone: str, *, within: tuple[int, int]
) -> tuple[int, int] | None:
    """
    Give the part of a visit's window, in seconds of the day, in which the debtor was reached.

    Only where his own contacts tell, and an hour of it lies in the window; else None.
    """
    own = own_hours(file, time_zone)
    if own is None:
        return None
    opens, closes = max(within[0], own[0] * HOUR), min(within[1], own[1] * HOUR)
    return (opens, closes) if closes - opens >= HOUR else None


def _in_span(hours: Counter[int], start: int) -> int:
    return sum(hours[hour] for hour in range(start, start + SPAN))
