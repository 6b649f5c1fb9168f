"""Working days of a portfolio's country, and the hours in which its people answer."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

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


def working_day(portfolio: Portfolio, day: date) -> date:
    """Give *day* itself if it is a working day, else the first one after it."""
    calendar = packs.load(portfolio.country).holidays
    free = day.weekday() >= SATURDAY or day in holidays_of(calendar, "", day.year)
    return next_working_day(portfolio, day) if free else day


def after_working_days(portfolio: Portfolio, day: date, days: int) -> date:
    """Give the working day that is *days* of them after *day*; see ``next_working_day``."""
    for _ in range(days):
        day = next_working_day(portfolio, day)
    return day


def last_working_day(portfolio: Portfolio, day: date, days: int) -> date:
    """
    Give the last day of a term of so many working days that the portfolio's people have.

    A day that is a holiday in one region only counts as a working day: the reading that is
    stricter with us, where ``after_working_days`` is kinder to who promised.
    """
    national = replace(packs.load(portfolio.country).holidays, by_subdivision=False)
    while days:
        day += timedelta(days=1)
        free = day.weekday() >= SATURDAY or day in holidays_of(national, "", day.year)
        days -= not free
    return day


def grace_on(portfolio: Portfolio, due_on: date) -> date:
    """
    Give the last day on which a payment still keeps a promise for *due_on*.

    One for a weekend or a holiday is one for the working day after it; the portfolio's tolerance
    counts from there.
    """
    days = portfolio.policies.promises.tolerance_days
    return after_working_days(portfolio, working_day(portfolio, due_on), days)


def office_open(portfolio: Portfolio, now: datetime) -> bool:
    """Say whether the portfolio's people answer at a moment: its hours, no public holiday."""
    local = now.astimezone(ZoneInfo(portfolio.time_zone))
    clock = f"{local:%H:%M}"
    # A feast of one region closes no office elsewhere.
    national = replace(packs.load(portfolio.country).holidays, by_subdivision=False)
    opens = any(
        day.weekday == local.isoweekday() and day.opens_at <= clock < day.closes_at
        for day in portfolio.policies.office
    )
    return opens and local.date() not in holidays_of(national, "", local.year)
