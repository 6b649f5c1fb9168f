"""Which days are holidays, by the ``holidays`` package, as the packs say to use it."""

import functools
from datetime import date

from chalicelib.compliance.packs import HolidayCalendar


@functools.cache
def holidays_of(calendar: HolidayCalendar, subdivision: str, year: int) -> frozenset[date]:
    """
    List the holidays of *year* that close a day for contact.

    An unknown subdivision, where subdivisions matter, closes every day that is a holiday in any
    of them: the strictest reading.
    """
    import holidays  # 0.18 s to import: only where a decision is made

    known = holidays.country_holidays(calendar.code).subdivisions
    if not calendar.by_subdivision:
        parts: tuple[str | None, ...] = (None,)
    elif subdivision in known:
        parts = (subdivision,)
    else:
        parts = (None, *known)
    days: set[date] = set()
    for part in parts:
        found = holidays.country_holidays(calendar.code, subdiv=part, years=year)
        wanted = tuple(name for name in calendar.categories if name in found.supported_categories)
        days.update(
            holidays.country_holidays(calendar.code, subdiv=part, years=year, categories=wanted)
        )
    return frozenset(days)
