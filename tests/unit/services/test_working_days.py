"""Working days, by the holidays of the country."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.portfolio import OfficeDay
from chalicelib.services.working_days import (
    grace_on,
    last_working_day,
    next_working_day,
    office_open,
)
from tests.builders import a_portfolio


@pytest.mark.parametrize(
    ("country", "day", "next_day"),
    [
        ("MX", date(2026, 12, 4), date(2026, 12, 7)),
        ("MX", date(2026, 12, 24), date(2026, 12, 28)),
        ("CO", date(2026, 12, 7), date(2026, 12, 9)),
        # On 4 January it is a holiday in Rondônia, and nobody knows where the debtor lives.
        ("BR", date(2026, 12, 31), date(2027, 1, 5)),
        ("PE", date(2026, 11, 24), date(2026, 11, 25)),
    ],
)
def test_the_next_working_day_skips_weekends_and_the_country_s_holidays(country, day, next_day):
    assert next_working_day(a_portfolio(country=country), day) == next_day


@pytest.mark.parametrize(
    ("country", "day", "days", "last"),
    [
        ("MX", date(2026, 11, 13), 1, date(2026, 11, 17)),  # the 16th is a holiday everywhere
        ("BR", date(2026, 12, 31), 1, date(2027, 1, 4)),  # in Rondônia only: we are to work
        ("PE", date(2026, 11, 20), 0, date(2026, 11, 20)),
    ],
)
def test_a_term_of_the_law_stops_for_holidays_of_the_whole_country_only(country, day, days, last):
    assert last_working_day(a_portfolio(country=country), day, days) == last


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-24T09:00", True),  # a Tuesday
        ("2026-11-24T08:59", False),
        ("2026-11-24T18:00", False),
        ("2026-11-28T10:00", True),  # a Saturday
        ("2026-11-28T13:00", False),
        ("2026-11-29T10:00", False),  # a Sunday
        ("2026-11-16T10:00", False),  # the Monday on which Mexico keeps its Revolution
        ("2026-12-25T10:00", False),
    ],
)
def test_people_answer_in_the_portfolio_s_hours_but_on_no_holiday(moment, opens):
    weekdays = [OfficeDay(weekday=number) for number in range(1, 6)]
    saturday = OfficeDay(weekday=6, opens_at="09:30", closes_at="13:00")
    portfolio = a_portfolio(office=(*weekdays, saturday))
    now = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(portfolio.time_zone))

    assert office_open(portfolio, now) is opens


def test_a_feast_of_one_region_closes_no_office_elsewhere():
    portfolio = a_portfolio(country="BR")  # on 4 January 2027 it is a holiday in Rondônia
    now = datetime(2027, 1, 4, 10, tzinfo=ZoneInfo(portfolio.time_zone))

    assert office_open(portfolio, now)


def test_the_first_day_that_can_be_written_is_looked_at_like_any_other():
    assert grace_on(a_portfolio(), date.min) >= date.min
