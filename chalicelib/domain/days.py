"""The day it is somewhere."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=64)  # one moment is asked about for every row of a chunk
def local_day(now: datetime, time_zone: str) -> date:
    """
    Tell the day it is in a time zone.

    >>> from datetime import UTC
    >>> local_day(datetime(2026, 11, 22, 2, tzinfo=UTC), "America/Bogota")
    datetime.date(2026, 11, 21)
    """
    return now.astimezone(ZoneInfo(time_zone)).date()


def ends_at(day: date, time_zone: str) -> datetime:
    """
    Tell the moment, UTC, at which a day is over in a time zone.

    >>> ends_at(date(2026, 11, 21), "America/Bogota").isoformat()
    '2026-11-22T05:00:00+00:00'
    """
    midnight = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone))
    return midnight.astimezone(UTC)
