"""The day it is somewhere."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def local_day(now: datetime, time_zone: str) -> date:
    """
    Tell the day it is in a time zone.

    >>> from datetime import UTC
    >>> local_day(datetime(2026, 11, 22, 2, tzinfo=UTC), "America/Bogota")
    datetime.date(2026, 11, 21)
    """
    return now.astimezone(ZoneInfo(time_zone)).date()
