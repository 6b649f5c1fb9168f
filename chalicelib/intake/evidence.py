"""
What a whole column says about itself, gathered in one pass and bounded memory.

Texts are folded into shapes (every digit becomes ``9``): a column of a million amounts has a
few dozen shapes. Per shape the digits are summed, so that the column's exact sum can be told
under any reading of its marks, without reading the file again.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from chalicelib.intake.cells import Cell, number_text
from chalicelib.intake.shapes import DateParts, NumberParts, date_parts, full_year, number_parts

MAX_SHAPES = 400
_LONGEST = 40
_MAX_DATES = 20_000
_SAMPLES = 200
_SHAPE = str.maketrans("0123456789", "9999999999")
_NOT_DIGITS = {i: None for i in range(0x3000) if not chr(i).isdigit() or i > 0x39}
_NOISY = re.compile(r"-?\d{1,9}\.\d{8,17}")  # a float written with all its last digits
_BLANKS = frozenset({"", "nan", "null", "none", "n/a", "na", "#n/a", "-", "--", "s/d", "nd", "n/d"})


@dataclass(slots=True)
class Shape:
    """
    Args:
        number: Its parts, when the shape is a number; exact but for the digits.
        date: Some value's parts, when the shape is a date.
        typed: The spreadsheet says it is a number: its mark is a point.
        digits_sum: Sum of the values' digits read as one integer each, without sign or mark.
        whole: Every value's digits after its only mark are zeros.
        example: A value as written.
    """

    number: NumberParts | None
    date: DateParts | None
    typed: bool
    example: str
    count: int = 0
    digits_sum: int = 0
    whole: bool = True
    scaled: Decimal = Decimal(0)
    low: int | None = None
    high: int | None = None


@dataclass(slots=True)
class OrderTally:
    """How many dates are real under one order, and their span."""

    count: int = 0
    low: date | None = None
    high: date | None = None

    def add(self, day: date, times: int) -> None:
        self.count += times
        if self.low is None or day < self.low:
            self.low = day
        if self.high is None or day > self.high:
            self.high = day

    @property
    def days(self) -> int:
        """From the first to the last."""
        return (self.high - self.low).days if self.low and self.high else 0


@dataclass(slots=True)
class Column:
    """The evidence of one column; feed it batches with ``add``."""

    filled: int = 0
    empty: int = 0
    placeholders: int = 0  # "NaN", "N/A", "-": empty in disguise
    words: int = 0  # values without a digit
    emails: int = 0
    shapeless: int = 0  # values with digits past MAX_SHAPES
    longest: int = 0
    samples: dict[str, int] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    orders: dict[str, OrderTally] = field(
        default_factory=lambda: {o: OrderTally() for o in ("dmy", "mdy", "ymd", "written")}
    )
    numeric_dates: int = 0  # written all in numbers: the order must be told
    only_dmy: int = 0  # real days only when the day comes first
    only_mdy: int = 0
    separators: set[str] = field(default_factory=set)
    widths: Counter[int] = field(default_factory=Counter)  # lengths of all-digit values
    zero_led: int = 0
    mantissa: int = 0  # most digits any value in scientific notation kept
    _hashes: set[int] = field(default_factory=set)
    _threshold: int = 1 << 32

    def add(self, values: Iterable[Cell]) -> None:
        """Take in the column's cells of some rows; order and batching change nothing."""
        for value, times in Counter(values).items():
            if isinstance(value, str):
                text, typed = value.strip(), False
            else:
                text, typed = number_text(value), True
            if not text or (len(text) <= 4 and text.lower() in _BLANKS):
                self.empty += times
                self.placeholders += times if text else 0
                continue
            self.filled += times
            self._count_distinct(text)
            if len(self.samples) < _SAMPLES:
                self.samples[text] = self.samples.get(text, 0) + times
            self._look(text, times, typed=typed)

    @property
    def distinct(self) -> int:
        """Number of different values: exact to 4,096, an estimate within a few % beyond."""
        return len(self._hashes) * (1 << 32) // self._threshold

    def _count_distinct(self, text: str) -> None:
        code = zlib.crc32(text.encode("utf-8", "surrogatepass"))
        if code < self._threshold:
            self._hashes.add(code)
            if len(self._hashes) > 4096:
                self._threshold //= 2
                self._hashes = {h for h in self._hashes if h < self._threshold}

    def _look(self, text: str, times: int, *, typed: bool) -> None:
        self.longest = max(self.longest, len(text))
        if "@" in text:
            self.emails += times
            return
        if len(text) > 16 and _NOISY.fullmatch(text):
            text = number_text(float(text))
        shape = text.translate(_SHAPE)
        if "9" not in shape:
            self.words += times
            return
        if text.isdigit():
            self.widths[len(text)] += times
            if text[0] == "0" and len(text) > 1:
                self.zero_led += times
        key = "#" + shape if typed else shape
        found = self.shapes.get(key)
        if found is None:
            if len(text) > _LONGEST or len(self.shapes) >= MAX_SHAPES:
                self.shapeless += times
                return
            day = date_parts(text)
            found = Shape(None if day else number_parts(text), day, typed, text)
            self.shapes[key] = found
        found.count += times
        if found.number is not None:
            self._tally_number(found, text, times)
        elif found.date is not None:
            self._tally_date(text, times)

    def _tally_number(self, shape: Shape, text: str, times: int) -> None:
        if shape.number is not None and shape.number.exponent is not None:
            parts = number_parts(text)
            if parts and parts.exponent is not None:
                body = parts.body.replace(",", ".")
                self.mantissa = max(self.mantissa, len(body.replace(".", "").rstrip("0")))
                if body.count(".") <= 1:
                    shape.scaled += Decimal(body).scaleb(parts.exponent) * times
            return
        digits = int(text.translate(_NOT_DIGITS))
        shape.digits_sum += digits * times
        if shape.low is None or digits < shape.low:
            shape.low = digits
        if shape.high is None or digits > shape.high:
            shape.high = digits
        if shape.whole and not text.endswith((".0", ",0", ".00", ",00")):
            shape.whole = False

    def _tally_date(self, text: str, times: int) -> None:
        parts = date_parts(text)
        if parts is None:
            return
        if parts.form != "numeric":
            day = in_order(parts, parts.form)
            if day is not None:
                self.orders["written"].add(day, times)
            return
        self.numeric_dates += times
        day_first, month_first = in_order(parts, "dmy"), in_order(parts, "mdy")
        if day_first is not None:
            self.orders["dmy"].add(day_first, times)
        if month_first is not None:
            self.orders["mdy"].add(month_first, times)
        if month_first is None and day_first is not None:
            self.only_dmy += times
        elif day_first is None and month_first is not None:
            self.only_mdy += times
        if parts.short_year and (day := in_order(parts, "ymd")):
            self.orders["ymd"].add(day, times)


def in_order(parts: DateParts, order: str) -> date | None:
    """
    Make the date the parts say in *order*; None when there is no such day.

    >>> in_order(date_parts("03/04/21"), "dmy"), in_order(date_parts("31/02/2021"), "dmy")
    (datetime.date(2021, 4, 3), None)
    """
    if order == "dmy":
        day, month, year = parts.first, parts.second, parts.third
    elif order == "mdy":
        month, day, year = parts.first, parts.second, parts.third
    else:
        year, month, day = parts.first, parts.second, parts.third
    try:
        return date(full_year(year), month, day)
    except ValueError:
        return None
