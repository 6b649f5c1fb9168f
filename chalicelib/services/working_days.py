"""Working days of a portfolio's country: what a promise's grace is counted in."""

from datetime import date, timedelta

from chalicelib.compliance import packs
from chalicelib.compliance.calendars import holidays_of
from chalicelib.domain.portfolio import Portfolio

SATURDAY = 5


def next_working_day(portfolio: Portfolio, day: date) -> date:
    """
    Give the first working day after *day*: no weekend, no public holiday of the country.

    Where holidays differ between subdivisions, a day that is one anywhere counts as one: the
    reading that is kinder to who promised.
    """
    calendar = packs.load(portfolio.country).holidays
    day += timedelta(days=1)
    while day.weekday() >= SATURDAY or day in holidays_of(calendar, "", day.year):
        day += timedelta(days=1)
    return day
