"""What the conversation says: texts by code and language, amounts and days as people write them."""

import functools
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING

from chalicelib.conversation.words import Language
from chalicelib.domain.money import DECIMALS

if TYPE_CHECKING:
    from babel import Locale

BUTTON_LENGTH = 20
ROW_LENGTH = 24
MOST_BUTTONS = 3
LONGEST_WITH_BUTTONS = 1024
LONGEST_PRODUCT = 60


def text(code: str, language: Language, /, **values: str) -> str:
    """
    Give a text with its values filled in.

    Values are put in as they are, never read as a format themselves.
    """
    return _texts(language)[code].format_map(values)


def raw(code: str, language: Language) -> str:
    return _texts(language)[code]


def codes(language: Language) -> frozenset[str]:
    return frozenset(_texts(language))


def amount(minor: int, currency: str, *, language: Language, country: str) -> str:
    """
    Write an amount as it is written where the debtor lives.

    >>> amount(150050, "MXN", language=Language.ES, country="MX")
    '$1,500.50'
    >>> amount(150050, "BRL", language=Language.PT, country="BR").replace(chr(160), " ")
    'R$ 1.500,50'
    """
    from babel.numbers import format_currency

    value = Decimal(minor).scaleb(-DECIMALS[currency])
    return format_currency(value, currency, locale=_locale(language, country))


def day(on: date, *, language: Language, country: str) -> str:
    """
    Write a day in full.

    >>> day(date(2026, 11, 27), language=Language.ES, country="MX")
    'viernes, 27 de noviembre de 2026'
    """
    from babel.dates import format_date

    return format_date(on, format="full", locale=_locale(language, country))


def short_day(on: date, *, language: Language, country: str) -> str:
    """
    Write a day for a button.

    >>> short_day(date(2026, 11, 27), language=Language.EN, country="US")
    'Fri 27 Nov'
    """
    from babel.dates import format_date

    return format_date(on, format="EEE d MMM", locale=_locale(language, country))


def office(days: Sequence[tuple[int, str, str]], language: Language) -> str:
    """
    Write opening hours, days with the same hours together.

    Args:
        days: (weekday from 1 = Monday, opens, closes).

    >>> week = [(n, "09:00", "18:00") for n in range(1, 6)]
    >>> office([*week, (6, "10:00", "13:30")], Language.ES)
    'lunes a viernes de 9:00 a 18:00; sábado de 10:00 a 13:30'
    >>> office([(2, "09:00", "12:00"), (4, "09:00", "12:00")], Language.EN)
    'Tuesday, 9:00 to 12:00; Thursday, 9:00 to 12:00'
    """
    from babel.dates import get_day_names

    names = get_day_names("wide", locale=str(language))
    runs: list[list[tuple[int, str, str]]] = []
    for each in sorted(days):
        if runs and (runs[-1][-1][0] + 1, *runs[-1][-1][1:]) == each:
            runs[-1].append(each)
        else:
            runs.append([each])
    return "; ".join(
        text(
            "office.days" if len(run) > 1 else "office.day",
            language,
            first=names[run[0][0] - 1],
            last=names[run[-1][0] - 1],
            opens=run[0][1].removeprefix("0"),
            closes=run[0][2].removeprefix("0"),
        )
        for run in runs
    )


def tax_id_name(country: str, language: Language) -> str:
    """Give what people call their tax or personal id there."""
    names = _data("tax_ids.json")
    return names.get(country) or names[f"*{language}"]


@functools.cache
def _locale(language: Language, country: str) -> "Locale":
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(f"{language}_{country}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(str(language))


def _texts(language: Language) -> dict[str, str]:
    return _data(f"{language}.json")


@functools.cache
def _data(name: str) -> dict[str, str]:
    file = resources.files(__package__) / "texts" / name
    read: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return read
