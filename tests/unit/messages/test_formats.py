"""Amounts are written exactly as Babel writes them, only sooner."""

from decimal import Decimal

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import defaults
from chalicelib.domain.money import DECIMALS
from chalicelib.messages import formats

WRITTEN = sorted(
    {
        (currency, formats.locale_of(language, country.code))
        for country in defaults.BY_CODE.values()
        for currency in country.currencies
        for language in ("es", "en", "pt")
    }
)


def same(currency: str, locale: str, minor: int) -> None:
    exact = Decimal(minor).scaleb(-DECIMALS[currency])
    assert formats.amounts(currency, locale)(minor) == format_currency(
        exact, currency, locale=locale
    )


@pytest.mark.parametrize(("currency", "locale"), WRITTEN)
def test_every_currency_is_written_as_babel_writes_it(currency: str, locale: str) -> None:
    for minor in (0, 1, -1, 99, 100, 99_999, 100_000, -1_000_000, 10**9, 10**12 - 1):
        same(currency, locale, minor)


@given(where=st.sampled_from(WRITTEN), minor=st.integers(-(10**12), 10**12))
def test_any_amount_is_written_as_babel_writes_it(where: tuple[str, str], minor: int) -> None:
    same(*where, minor)


def test_every_country_writes_its_own_way() -> None:
    written = {
        code: formats.amounts(country.currencies[0], formats.locale_of(country.languages[0], code))(
            123_456_78
        )
        for code, country in defaults.BY_CODE.items()
    }

    assert written["MX"] == "$123,456.78"
    assert written["CO"] == "$123.456,78"
    assert written["CL"] == "$12.345.678"
    assert written["BR"] == "R$\u00a0123.456,78"
    assert written["PY"] == "Gs.\u00a012.345.678"
