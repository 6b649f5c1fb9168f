"""The day it is somewhere."""

from datetime import date, datetime
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
