import json
from datetime import date

import pytest

from chalicelib.domain import prices
from chalicelib.domain.contact import Channel
from chalicelib.domain.portfolio import COUNTRIES

TABLE = json.loads((prices.resources.files("chalicelib.domain") / "prices.json").read_text())


@pytest.mark.parametrize("channel", list(Channel))
def test_every_channel_has_a_price_with_its_source_in_every_country(channel):
    for country in COUNTRIES:
        found = prices.price(channel, country)
        assert found.micros >= 0
        assert found.source
        assert found.basis in ("list", "estimate")
        assert date.fromisoformat(found.as_of) <= date(2026, 11, 22)


@pytest.mark.parametrize("channel", list(TABLE["channels"]))
def test_an_unknown_country_is_never_cheaper_than_a_known_one(channel):
    countries = TABLE["channels"][channel]["countries"]

    assert countries["*"] == max(countries.values())
