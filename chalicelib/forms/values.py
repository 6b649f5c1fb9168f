"""
The values of the expression language and how each becomes the others.

An answer is a text, as in XForms: ``""`` is no answer, several choices are names with spaces
between, a place is ``lat lng altitude accuracy``. Expressions know texts, numbers, booleans and
lists of nodes. Two rules go beyond XPath, both as ODK has them: a text that is a date counts as
its days since 1970-01-01, and a list of nodes counts as the first one's value. A time of day is
the clock's on the wall: a zone in a text does not change its number.
"""

import math
import re
from datetime import date, timedelta
from decimal import Decimal

from chalicelib.forms.tree import Node

Value = str | float | bool | list[Node]

EPOCH = date(1970, 1, 1)
DAY_S = 86_400

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_DATE = re.compile(r"([1-9]\d{3})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d(?:\.\d{1,6})?))?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_SPACES = " \t\r\n"


def text_of(value: Value) -> str:  # noqa: PLR0911 - one a type
    """
    Write a value, numbers without an exponent.

    >>> text_of(3.0), text_of(1e-07), text_of(True), text_of(float("nan"))
    ('3', '0.0000001', 'true', 'NaN')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return value[0].text() if value else ""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    plain = format(Decimal(repr(float(value))), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def number_of(value: Value) -> float:
    """
    Read a value as a number; a date as its days; NaN for anything else.

    >>> number_of(" 12.50 "), number_of("2026-11-22"), number_of("x")
    (12.5, 20779.0, nan)
    """
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, (int, float)):
        return float(value)
    text = text_of(value).strip(_SPACES)
    if _NUMBER.fullmatch(text):
        return float(text)
    return days_of(text)


def truth_of(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return not math.isnan(value) and value != 0
    if isinstance(value, list):
        return any(node.text() for node in value)
    return value != ""


def days_of(text: str) -> float:
    """
    Count the days from 1970-01-01 to a date, or a date and time; NaN for anything else.

    >>> days_of("1970-01-02T12:00:00.000-06:00")
    1.5
    """
    day, _, clock = text.partition("T")
    match = _DATE.fullmatch(day)
    if match is None or text.endswith("T"):
        return math.nan
    try:
        days = float((date(*map(int, match.groups())) - EPOCH).days)
    except ValueError:
        return math.nan
    return days + time_of(clock) if clock else days


def time_of(text: str) -> float:
    """Give a time of day as a part of the day, 0 to 1; NaN when it is none."""
    match = _TIME.fullmatch(text)
    if match is None:
        return math.nan
    hours, minutes, seconds = match.groups()
    return (int(hours) * 3600 + int(minutes) * 60 + float(seconds or 0)) / DAY_S


def date_text(days: float) -> str:
    """Give the date of a count of days; ``""`` when there is none."""
    if not -300_000 < days < 2_900_000:
        return ""
    return (EPOCH + timedelta(days=math.floor(days))).isoformat()


def date_time_text(days: float) -> str:
    """Give date and time of a count of days, to the millisecond."""
    day = date_text(days)
    if not day:
        return ""
    millis = math.floor((days - math.floor(days)) * DAY_S * 1000 + 0.5)
    seconds, millis = divmod(min(millis, DAY_S * 1000 - 1), 1000)
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{day}T{clock}.{millis:03d}"


def same(a: Value, b: Value) -> bool:
    """
    Compare as XPath's ``=``: a list is equal when one of its nodes is.

    An empty list counts as a blank, as ODK has it: a question that is not asked equals ``''``.
    """
    if isinstance(a, list) and not isinstance(b, bool):
        return any(same(node.text(), b) for node in a) if a else same("", b)
    if isinstance(b, list) and not isinstance(a, bool):
        return any(same(a, node.text()) for node in b) if b else same(a, "")
    if isinstance(a, bool) or isinstance(b, bool):
        return truth_of(a) == truth_of(b)
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    return number_of(a) == number_of(b)
