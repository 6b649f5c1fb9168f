"""How an answer must be written, by kind of question."""

import math
import re
from typing import Any

from chalicelib.forms.values import days_of, number_of, time_of

MAX_TEXT = 10_000

_INTEGER = re.compile(r"-?\d{1,15}", re.ASCII)
_DECIMAL = re.compile(r"-?(?:\d{1,15}(?:\.\d{0,12})?|\.\d{1,12})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FILE = re.compile(r"[A-Za-z0-9_.\-]{1,128}", re.ASCII)

_CODES = {
    "integer": "question.not_an_integer",
    "decimal": "question.not_a_number",
    "range": "question.not_in_range",
    "date": "question.not_a_date",
    "time": "question.not_a_time",
    "datetime": "question.not_a_moment",
    "geopoint": "question.not_a_place",
    "geotrace": "question.not_a_place",
    "geoshape": "question.not_a_place",
    "acknowledge": "question.not_a_choice",
    "note": "question.not_asked",
    "photo": "question.not_a_file",
    "signature": "question.not_a_file",
    "drawing": "question.not_a_file",
    "audio": "question.not_a_file",
    "video": "question.not_a_file",
    "file": "question.not_a_file",
}


def read_value(kind: str, value: str, item: dict[str, Any]) -> str | None:
    """
    Judge how a value that is there is written.

    Returns:
        A code of ``chalicelib/i18n/forms.*.json``, or None when it is right.

    >>> read_value("geopoint", "19.43 -99.13 0 12", {}), read_value("date", "2026-02-30", {})
    (None, 'question.not_a_date')
    """
    if len(value) > MAX_TEXT:
        return "question.too_long"
    return None if _is_right(kind, value, item) else _CODES[kind]


def _is_right(kind: str, value: str, item: dict[str, Any]) -> bool:  # noqa: PLR0911 - one a kind
    match kind:
        case "integer":
            return bool(_INTEGER.fullmatch(value))
        case "decimal":
            return bool(_DECIMAL.fullmatch(value))
        case "range":
            return bool(_DECIMAL.fullmatch(value)) and _in_range(float(value), item)
        case "date":
            return bool(_DAY.fullmatch(value)) and not math.isnan(days_of(value))
        case "time":
            return not math.isnan(time_of(value))
        case "datetime":
            return "T" in value and not math.isnan(days_of(value))
        case "geopoint":
            return _is_place(value)
        case "geotrace":
            return len(_places(value)) >= 2 and all(map(_is_place, _places(value)))
        case "geoshape":
            places = _places(value)
            return len(places) >= 4 and places[0] == places[-1] and all(map(_is_place, places))
        case "acknowledge":
            return value == "OK"
        case "note":
            return False
        case "photo" | "signature" | "drawing" | "audio" | "video" | "file":
            return bool(_FILE.fullmatch(value))
    return True


def _places(value: str) -> list[str]:
    return [part.strip() for part in value.split(";") if part.strip()]


def _is_place(value: str) -> bool:
    """``lat lng``, then altitude and accuracy, in degrees and metres."""
    parts = value.split()
    if not 2 <= len(parts) <= 4 or not all(_DECIMAL.fullmatch(part) for part in parts):
        return False
    return abs(float(parts[0])) <= 90 and abs(float(parts[1])) <= 180


def _in_range(value: float, item: dict[str, Any]) -> bool:
    given = item.get("parameters", {})
    start, end = number_of(given.get("start", "1")), number_of(given.get("end", "10"))
    step = abs(number_of(given.get("step", "1"))) or 1.0
    low, high = min(start, end), max(start, end)
    steps = (value - start) / step
    return low <= value <= high and abs(steps - round(steps)) < 1e-9
