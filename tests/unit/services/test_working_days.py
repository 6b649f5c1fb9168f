"""Working days, by the holidays of the country."""

from datetime import date

import pytest

from chalicelib.services.working_days import next_working_day
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
