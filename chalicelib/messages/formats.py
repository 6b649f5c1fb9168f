"""Amounts, dates and counts as the debtor writes them; Babel's patterns, read once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

from chalicelib.domain.money import DECIMALS

Amounts = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in a message: false when it is zero, so that a text can leave it out."""

    minor: int
    currency: str

    def __bool__(self) -> bool:
        return self.minor != 0


def locale_of(language: str, country: str) -> str:
    """
    Name the locale of a debtor: the language as it is written in the country, if it is.

    >>> locale_of("es", "MX"), locale_of("pt", "MX"), locale_of("en", "CO")
    ('es_MX', 'pt', 'en')
    """
    return _locale(language, country)


@cache
def _locale(language: str, country: str) -> str:
    from babel.localedata import exists

    name = f"{language}_{country}"
    return name if exists(name) else language


@cache
def amounts(currency: str, locale: str) -> Amounts:
    """
    Make the writer of a currency's amounts: minor units to text, exactly.

    The same as ``format_currency`` in twentieths of its time: the pattern, the symbols and the
    grouping are read off Babel's own answers once (a test compares the two).

    >>> amounts("MXN", "es_MX")(123456), amounts("CLP", "es_CL")(-1234567)
    ('$1,234.56', '$-1.234.567')
    """
    from babel import Locale
    from babel.numbers import get_decimal_symbol, get_group_symbol

    decimals = DECIMALS[currency]
    spec = Locale.parse(locale)
    group = get_group_symbol(spec)
    point = get_decimal_symbol(spec)
    pattern = spec.currency_formats["standard"]
    before, after = _affixes(1, currency, locale), _affixes(-1, currency, locale)
    least = _least_grouped(currency, locale, group)
    size = pattern.grouping[0]
    scale = 10**decimals

    def write(minor: int) -> str:
        whole, fraction = divmod(abs(minor), scale)
        digits = str(whole)
        if len(digits) > least:
            head = len(digits) % size or size
            parts = [digits[:head]]
            parts += [digits[i : i + size] for i in range(head, len(digits), size)]
            digits = group.join(parts)
        if decimals:
            digits = f"{digits}{point}{fraction:0{decimals}d}"
        prefix, suffix = after if minor < 0 else before
        return f"{prefix}{digits}{suffix}"

    return write


def _affixes(one: int, currency: str, locale: str) -> tuple[str, str]:
    """What stands before and after the digits, as Babel sets it: sign, symbol and spaces."""
    from babel.numbers import format_currency

    text = format_currency(one, currency, locale=locale)
    first = text.index("1")
    last = max(index for index, character in enumerate(text) if character.isdigit())
    return text[:first], text[last + 1 :]


def _least_grouped(currency: str, locale: str, group: str) -> int:
    """How many digits go without a group mark: 3, or 4 where 1234 is written in one piece."""
    from babel.numbers import format_currency

    text = format_currency(1234, currency, locale=locale)
    return 3 if group in text.partition("234")[0] else 4


@lru_cache(maxsize=4096)
def day(on: date, locale: str) -> str:
    """
    Write a day in full.

    >>> day(date(2026, 11, 27), "es_MX")
    '27 de noviembre de 2026'
    """
    from babel.dates import format_date

    text: str = format_date(on, "long", locale=locale)
    return text


@lru_cache(maxsize=4096)
def weekday(on: date, locale: str) -> str:
    """
    Write a near day, by its name.

    >>> weekday(date(2026, 11, 27), "pt_BR")
    'sexta-feira, 27 de novembro'
    """
    from babel.dates import format_date

    pattern = {"en": "EEEE, MMMM d", "pt": "EEEE, d 'de' MMMM"}
    text: str = format_date(on, pattern.get(locale[:2], "EEEE d 'de' MMMM"), locale=locale)
    return text


@lru_cache(maxsize=4096)
def short(on: date, locale: str) -> str:
    """
    Write a day in figures, in the order the country reads them.

    >>> short(date(2026, 11, 27), "es_MX"), short(date(2026, 11, 27), "en_US")
    ('27/11/2026', '11/27/2026')
    """
    from babel.dates import format_date

    pattern = {"en_US": "MM/dd/yyyy", "en": "MMM d, yyyy"}
    text: str = format_date(on, pattern.get(locale, "dd/MM/yyyy"), locale=locale)
    return text


@lru_cache(maxsize=4096)
def spoken(minor: int, currency: str, locale: str) -> str:
    """
    Say an amount in words that a voice reads well.

    >>> spoken(125000, "MXN", "es_MX")
    '1,250 pesos mexicanos'
    """
    from babel.numbers import format_currency

    decimals = DECIMALS[currency]
    whole = minor % 10**decimals == 0
    value = Decimal(minor).scaleb(-decimals)
    text: str = format_currency(
        value,
        currency,
        locale=locale,
        format_type="name",
        currency_digits=not whole,
        format="#,##0" if whole else None,
    )
    return text
