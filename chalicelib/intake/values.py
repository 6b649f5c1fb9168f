"""Single cells made values, by the reading of their column: money, days, ids, e-mails, degrees."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from chalicelib.intake.cells import Cell, as_text, number_text
from chalicelib.intake.evidence import in_order
from chalicelib.intake.shapes import date_parts, number_parts

_NOISE = Decimal("0.000001")
_CACHE = 5_000  # values remembered per column; then it starts anew
_EXCEL_EPOCH = date(1899, 12, 30)
_EMPTY = frozenset({"", "nan", "null", "none", "n/a", "na", "#n/a", "-", "--", "s/d", "nd", "n/d"})
_EARLIEST, _LATEST = date(1950, 1, 1), date(2100, 1, 1)


class BadValue(ValueError):
    """A cell that is not what its column says; ``code`` names the reason, details are safe."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def is_empty(text: str) -> bool:
    """
    Say whether a text stands for nothing.

    >>> is_empty("NaN"), is_empty("0")
    (True, False)
    """
    return len(text) <= 4 and text.lower() in _EMPTY


def money_converter(
    reading: dict[str, Any], decimals: int, rounded: Callable[[], None]
) -> Callable[[Cell], int | None]:
    """
    Make the function that reads a column's amounts as exact minor units; None for no amount.

    Args:
        reading: Of the column: ``decimal``, ``thousands``, ``zeros_dropped``, ``typed_thousands``.
        decimals: Of the portfolio's currency.
        rounded: Called when an amount held more decimals than the currency has and lost them
            (half up).

    Raises (the function):
        BadValue: ``money.unreadable``, ``money.other_mark`` (it contradicts the column's
            marks), ``money.zeros_ambiguous`` (``540`` where zeros were dropped: 540 or 540,000?).
    """
    marks = _Marks.of(reading)
    unit: int = 10**decimals
    d, t = re.escape(marks.decimal), re.escape(marks.thousands)
    # Nine amounts in ten are written so; their marks are then just taken out.
    plain = re.compile(rf"-?(?:\d{{1,3}}(?:{t}\d{{3}})+|\d+)(?:{d}\d{{{decimals or 9}}})?")
    decimal_mark, thousands_mark = marks.decimal, marks.thousands
    cache: dict[str, tuple[int | None, bool]] = {}

    def convert(cell: Cell) -> int | None:
        if isinstance(cell, str):
            if not marks.dropped and plain.fullmatch(cell):
                digits = cell.replace(thousands_mark, "")
                if decimal_mark not in digits:
                    return int(digits) * unit
                if decimals:
                    return int(digits.replace(decimal_mark, ""))
            text, decimal = cell.strip(), marks.decimal
        elif marks.typed_thousands:
            text, decimal = number_text(cell), marks.decimal
        elif isinstance(cell, int):
            return cell * unit
        else:
            # A double under ten million is that close to the minor units it was made from.
            nearest = round(cell * unit)
            if -1e7 < cell < 1e7 and abs(cell * unit - nearest) < 1e-6:
                return nearest
            text, decimal = number_text(cell), "."
        key = decimal + text
        if key not in cache:
            if len(cache) > _CACHE:
                cache.clear()
            cache[key] = _minor(text, decimal, marks, unit)
        minor, was_rounded = cache[key]
        if was_rounded:
            rounded()
        return minor

    return convert


@dataclass(frozen=True, slots=True)
class _Marks:
    decimal: str
    thousands: str
    dropped: bool
    typed_thousands: bool
    shape: re.Pattern[str]
    damaged: re.Pattern[str]

    @classmethod
    def of(cls, reading: dict[str, Any]) -> "_Marks":
        decimal = reading.get("decimal", ".")
        thousands = "," if decimal == "." else "."
        d, t = re.escape(decimal), re.escape(thousands)
        return cls(
            decimal=decimal,
            thousands=thousands,
            dropped=bool(reading.get("zeros_dropped")),
            typed_thousands=bool(reading.get("typed_thousands")),
            shape=re.compile(rf"(\d{{1,3}}(?:{t}\d{{3}})+|\d*)(?:{d}(\d*))?"),
            damaged=re.compile(rf"\d{{1,3}}(?:{t}\d{{3}})*{t}\d{{1,3}}"),
        )


def _minor(text: str, decimal: str, marks: _Marks, unit: int) -> tuple[int | None, bool]:
    """Read an amount written in any way; says also whether decimals were lost."""
    if is_empty(text):
        return None, False
    parts = number_parts(text)
    if parts is None or parts.percent:
        raise BadValue("money.unreadable")
    body = parts.body
    if parts.exponent is not None:
        value = Decimal(body.replace(",", ".")).scaleb(parts.exponent)
    elif marks.dropped and marks.damaged.fullmatch(body):
        head, _, tail = body.rpartition(marks.thousands)
        value = Decimal(head.replace(marks.thousands, "") + tail.ljust(3, "0"))
    elif marks.dropped and body.isdigit() and 0 < int(body) < 1000:
        raise BadValue("money.zeros_ambiguous")
    elif decimal == "." and body.replace(".", "", 1).isdigit():
        value = Decimal(body)
    else:
        found = marks.shape.fullmatch(body)
        if found is None:
            raise BadValue("money.other_mark")
        whole = found[1].replace(marks.thousands, "") or "0"
        value = Decimal(f"{whole}.{found[2] or '0'}")
    minor = value * unit
    exact = int(minor.to_integral_value(ROUND_HALF_UP))
    lost = abs(minor - exact) > _NOISE  # a float's last digits are no decimals
    return (-exact if parts.negative else exact), lost


def date_converter(reading: dict[str, Any]) -> Callable[[Cell], date | None]:
    """
    Make the function that reads a column's days; None for no day.

    Raises (the function):
        BadValue: ``date.unreadable``, ``date.no_such_day``, ``date.out_of_range``.

    >>> date_converter({"form": "text", "order": "mdy"})("1/2/2013")
    datetime.date(2013, 1, 2)
    >>> date_converter({"form": "serial"})("42194.0")
    datetime.date(2015, 7, 9)
    """
    form = reading.get("form", "text")
    order = reading.get("order", "dmy")
    cache: dict[Cell, date | None] = {}

    def parse(text: str) -> date | None:
        if is_empty(text):
            return None
        parts = date_parts(text)
        if parts is not None:
            day = in_order(parts, order if parts.form == "numeric" else parts.form)
            if day is None:
                raise BadValue("date.no_such_day")
        elif form == "text" and not _SERIAL.fullmatch(text):
            raise BadValue("date.unreadable")
        else:
            day = _from_number(text, form)
        if not _EARLIEST <= day < _LATEST:
            raise BadValue("date.out_of_range")
        return day

    def convert(cell: Cell) -> date | None:
        if cell in cache:
            return cache[cell]
        if len(cache) > _CACHE:
            cache.clear()
        day = parse(as_text(cell))
        cache[cell] = day
        return day

    return convert


_SERIAL = re.compile(r"[1-7]\d{4}(?:\.\d+)?")


def _from_number(text: str, form: str) -> date:
    whole = text.partition(".")[0]
    if not whole.isdigit():
        raise BadValue("date.unreadable")
    if form == "compact" and len(whole) == 8:
        try:
            return date(int(whole[:4]), int(whole[4:6]), int(whole[6:]))
        except ValueError:
            raise BadValue("date.no_such_day") from None
    if _SERIAL.fullmatch(text):
        return _EXCEL_EPOCH + timedelta(days=int(whole))
    raise BadValue("date.unreadable")


def id_converter(reading: dict[str, Any]) -> Callable[[Cell], str]:
    """
    Make the function that reads a column's ids as text, damage put right for all of them alike.

    Raises (the function):
        BadValue: ``id.digits_lost``: scientific notation that kept too few digits.

    >>> id_converter({"form": "whole_float"})("1930659387.0")
    '1930659387'
    >>> id_converter({"form": "text", "pad": 10})("140105785")
    '0140105785'
    """
    form = reading.get("form", "text")
    pad = int(reading.get("pad") or 0)
    exact = bool(reading.get("exact"))

    def plainly(cell: Cell) -> str:
        text = cell.strip() if isinstance(cell, str) else number_text(cell)
        return "" if len(text) <= 4 and text.lower() in _EMPTY else text

    if form == "text" and not pad:
        return plainly

    def convert(cell: Cell) -> str:
        text = cell.strip() if isinstance(cell, str) else number_text(cell)
        if form != "text" and text.endswith(".0"):
            text = text[:-2]
        if form == "scientific" and ("e+" in text or "E+" in text):
            text = _unfold(text, exact=exact)
        if pad and len(text) < pad and text.isdigit():
            text = text.zfill(pad)
        return "" if len(text) <= 4 and text.lower() in _EMPTY else text

    return convert


def _unfold(text: str, *, exact: bool) -> str:
    parts = number_parts(text)
    if parts is None or parts.exponent is None:
        return text
    body = parts.body.replace(",", ".")
    kept = len(body.replace(".", ""))
    if not exact and kept <= parts.exponent:
        raise BadValue("id.digits_lost")
    try:
        return str(int(Decimal(body).scaleb(parts.exponent)))
    except (InvalidOperation, ValueError):
        return text


_EMAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
)
_NOT_AN_EMAIL = re.compile(r"^(?:no|sin|n|na|x+|correo|email|noemail|notiene|ninguno|prueba|test)@")


def email(cell: Cell) -> str:
    """
    Give an e-mail address in lower case.

    Raises:
        BadValue: ``email.invalid``, or ``email.placeholder`` for the likes of ``no@tiene.com``.

    >>> email(" Ana.Ruiz@Example.com; ")
    'ana.ruiz@example.com'
    """
    text = as_text(cell).lower()
    if not _EMAIL.fullmatch(text):
        text = text.strip(" ;,<>\t").removeprefix("mailto:")
        if not _EMAIL.fullmatch(text):
            raise BadValue("email.invalid")
    if ".." in text or text[0] == "." or ".@" in text:
        raise BadValue("email.invalid")
    if _NOT_AN_EMAIL.match(text):
        raise BadValue("email.placeholder")
    return text


def degrees_converter(reading: dict[str, Any]) -> Callable[[Cell], float | None]:
    """
    Make the function that reads a column's latitudes or longitudes; None for none.

    Raises (the function):
        BadValue: ``point.unreadable``.
    """
    decimal = reading.get("decimal", ".")

    def convert(cell: Cell) -> float | None:
        if not isinstance(cell, str):
            return float(cell)
        text = cell.strip()
        if is_empty(text):
            return None
        if decimal == ",":
            text = text.replace(",", ".")
        try:
            return float(text)
        except ValueError:
            raise BadValue("point.unreadable") from None

    return convert
