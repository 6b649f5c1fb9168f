from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain import defaults
from chalicelib.domain.errors import BadField
from chalicelib.domain.money import DECIMALS
from chalicelib.domain.portfolio import COUNTRIES, Component


@pytest.mark.parametrize("code", COUNTRIES)
def test_every_country_starts_with_something_sane(code):
    country, policies = defaults.country(code), defaults.policies(code)

    assert set(country.currencies) <= DECIMALS.keys()
    assert [ZoneInfo(name).key for name in country.time_zones] == list(country.time_zones)
    assert set(country.languages) <= {"es", "en", "pt"}
    assert country.tax_ids
    assert policies.bands[0].to_dpd == 0
    assert policies.bands[-1].to_dpd is None
    assert set(policies.allocation_order) == set(Component)
    assert policies.moratory.annual_rate_ppm == 0
    assert policies.moratory.day_count in (360, 365)
    assert not policies.cash_allowed


def test_the_default_bands_leave_no_day_out():
    bands = defaults.policies("MX").bands

    for one, following in pairwise(bands):
        assert following.from_dpd == one.to_dpd + 1


def test_an_unknown_country_is_refused():
    with pytest.raises(BadField):
        defaults.country("XX")
