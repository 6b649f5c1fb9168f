"""
When something that is repeated by the calendar is due, and which days it is about. Pure.

A rhythm is of a portfolio's own days and hours; the moments it comes to are UTC. On the day on
which clocks go back an hour comes twice: it is due the first time. On the day on which they go
forward an hour may be missing: it is due when the clocks have gone on. So each of its days is due
once, whatever the clocks do.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.domain.days import ends_at, local_day

LAST_OF_ALL = 28  # days of a month that every month has; a later one means its last day
_LOOKED_AHEAD = 66  # days: two months, and what a date line may take away


class Every(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Days(StrEnum):
    """Which days, counted from the day on which it is due; none of them is that day itself."""

    YESTERDAY = "yesterday"
    LAST_7 = "last_7"
    LAST_WEEK = "last_week"  # the last Monday to Sunday
    MONTH = "month"  # from the first of yesterday's month to yesterday
    LAST_MONTH = "last_month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """
    Args:
        weekday: Of what is weekly, 1 = Monday to 7.
        month_day: Of what is monthly, 1 to 31; from 29 on the month's last day.
        hour: 0 to 23, in the portfolio's time zone.
    """

    every: Every
    hour: int
    weekday: int = 1
    month_day: int = 1


def next_due(rhythm: Rhythm, after: datetime, time_zone: str) -> datetime:
    """
    Tell the first moment, UTC, later than *after* at which a rhythm is due.

    >>> ny = "America/New_York"
    >>> daily = Rhythm(every=Every.DAY, hour=2)
    >>> next_due(daily, datetime(2026, 3, 8, 0, tzinfo=UTC), ny).isoformat()  # 2 o'clock is missing
    '2026-03-08T07:00:00+00:00'
    >>> next_due(daily, datetime(2026, 3, 8, 7, tzinfo=UTC), ny).isoformat()
    '2026-03-09T06:00:00+00:00'
    >>> monthly = Rhythm(every=Every.MONTH, hour=8, month_day=31)
    >>> next_due(monthly, datetime(2028, 2, 1, tzinfo=UTC), "America/Mexico_City").isoformat()
    '2028-02-29T14:00:00+00:00'
    """
    # A day before: at the date line a local day may be over while another is still to come.
    day = local_day(after, time_zone) - timedelta(days=1)
    for _ in range(_LOOKED_AHEAD):
        if _matches(rhythm, day) and (at := _moment(day, rhythm.hour, time_zone)) > after:
            return at
        day += timedelta(days=1)
    raise ValueError("a rhythm that is never due")


def waits_until(due_at: datetime, time_zone: str) -> datetime:
    """
    Tell until when what is due may wait for its numbers: the end of its own day there, UTC.

    >>> waits_until(datetime(2026, 11, 23, 14, tzinfo=UTC), "America/Mexico_City").isoformat()
    '2026-11-24T06:00:00+00:00'
    """
    return ends_at(local_day(due_at, time_zone), time_zone)


def days_of(days: Days, on: date) -> tuple[date, date]:
    """
    Tell the first and the last day that something due *on* a day is about.

    >>> monday = date(2026, 11, 23)
    >>> [str(day) for day in days_of(Days.LAST_WEEK, monday)]
    ['2026-11-16', '2026-11-22']
    >>> [str(day) for day in days_of(Days.MONTH, date(2026, 12, 1))]  # the month just over
    ['2026-11-01', '2026-11-30']
    """
    yesterday = on - timedelta(days=1)
    match days:
        case Days.YESTERDAY:
            return yesterday, yesterday
        case Days.LAST_7:
            return on - timedelta(days=7), yesterday
        case Days.LAST_WEEK:
            monday = on - timedelta(days=on.weekday() + 7)
            return monday, monday + timedelta(days=6)
        case Days.MONTH:
            return yesterday.replace(day=1), yesterday
        case Days.LAST_MONTH:
            last = on.replace(day=1) - timedelta(days=1)
            return last.replace(day=1), last


# Private


def _matches(rhythm: Rhythm, day: date) -> bool:
    match rhythm.every:
        case Every.DAY:
            return True
        case Every.WEEK:
            return day.isoweekday() == rhythm.weekday
        case Every.MONTH:
            last = monthrange(day.year, day.month)[1]
            return day.day == (last if rhythm.month_day > LAST_OF_ALL else rhythm.month_day)


def _moment(day: date, hour: int, time_zone: str) -> datetime:
    """``fold=0``: the first of an hour that comes twice; one that is missing ends with the gap."""
    return datetime.combine(day, time(hour), ZoneInfo(time_zone)).astimezone(UTC)
