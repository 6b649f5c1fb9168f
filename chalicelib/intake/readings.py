"""From a column's evidence to how it is to be read, or to a question when it cannot be told."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.intake.amounts import decide_mark, judge_money
from chalicelib.intake.cells import problem
from chalicelib.intake.conventions import date_order
from chalicelib.intake.evidence import Column, in_order
from chalicelib.intake.marks import body_of, decimals_of, mark_of
from chalicelib.intake.names import fold
from chalicelib.intake.shapes import date_parts
from chalicelib.intake.verdict import Verdict

_WORDS = Path(__file__).with_name("words.json")
_SERIAL_SPAN = (10_000, 80_000)  # 1927 to 2119 in Excel's days
_ODD_SHARE = 0.1  # of a column's dates, or fewer than
_ODD_ROWS = 3  # rows: typing mistakes, not another order
_SEVERAL_DATES = 12  # fewer may lie together by chance


@cache
def _words(kind: str) -> frozenset[str]:
    """
    Give the words in a column's name that speak for a kind of content.

    ``id`` makes a column an id whatever else its name says; ``maybe_id`` only may.
    """
    return frozenset(json.loads(_WORDS.read_text(encoding="utf-8"))[kind].split())


@dataclass(frozen=True, slots=True)
class Place:
    """
    Whose file it is.

    Args:
        is_phone, is_tax_id: Say whether a sample of values is mostly that, there.
    """

    country: str
    currency: str
    is_phone: Callable[[Sequence[str]], bool]
    is_tax_id: Callable[[Sequence[str]], bool]


def judge(  # noqa: PLR0911 - a decision list: the first that fits
    index: int,
    header: str,
    column: Column,
    place: Place,
) -> Verdict:
    """Decide what column *index* holds and how to read it."""
    if not column.filled:
        return Verdict("empty")
    folded = fold(header)
    words = set(folded.split())
    sample = list(column.samples)
    if column.emails >= 0.5 * column.filled:
        return Verdict("email")
    dates = sum(s.count for s in column.shapes.values() if s.date)
    numbers = sum(s.count for s in column.shapes.values() if s.number)
    if dates >= 0.6 * (column.filled - column.shapeless or 1) and dates >= numbers:
        return _judge_date(index, column, place.country)
    if numbers >= 0.8 * column.filled:
        return _judge_number(index, folded, column, place)
    if dates >= 0.3 * column.filled and words & _words("date"):
        return _judge_date(index, column, place.country)
    if words & _words("phone") and column.words < 0.5 * column.filled:
        return Verdict("phone", _id_reading(column)[0])
    if place.is_tax_id(sample):
        return Verdict("tax_id", _id_reading(column)[0])
    if column.words < 0.2 * column.filled and place.is_phone(sample):
        return Verdict("phone", _id_reading(column)[0])
    if numbers >= 0.5 * column.filled and words & _words("money") and not words & _words("id"):
        return judge_money(index, column, place.country, place.currency)
    if column.words >= 0.5 * column.filled or column.longest > 40:
        return Verdict("text")
    reading, problems = _id_reading(column, index)
    return Verdict("id" if words & _words("id") else "text", reading, problems=problems)


def _judge_number(  # noqa: PLR0911, PLR0912 - a decision list: the first that fits
    index: int, folded: str, column: Column, place: Place
) -> Verdict:
    words = set(folded.split())
    sample = list(column.samples)
    shapes = [s for s in column.shapes.values() if s.number]
    whole = all(s.whole or mark_of(body_of(s.example))[0] == "none" for s in shapes)
    about_days = words & _words("date") and (
        words & _words("surely_date") or not words & _words("money")
    )
    if about_days and whole and not words & {"dias", "days"}:
        serial = _serial_form(column)
        if serial:
            return Verdict("date", {"form": serial, "because": "numbers_in_a_date_column"})
    percent = sum(s.count for s in shapes if s.number and s.number.percent)
    if percent > 0.5 * column.filled:
        return Verdict("number", {"decimal": decide_mark(column, place.country)[0]})
    if words & _words("coordinate") or _looks_like_degrees(column):
        decimal = decide_mark(column, place.country)[0]
        return Verdict("coordinate", {"decimal": decimal, "because": "degrees"})
    if words & _words("phone"):
        return Verdict("phone", _id_reading(column)[0])
    has_currency = any(s.number and s.number.currency for s in shapes)
    if has_currency:
        return judge_money(index, column, place.country, place.currency)
    first = folded.partition(" ")[0]
    money = first in _words("money") or bool(words & _words("money") and not words & _words("id"))
    named_id = not money and bool(words & (_words("id") | _words("maybe_id")))
    if named_id:
        if place.is_tax_id(sample) and whole:
            return Verdict("tax_id", _id_reading(column)[0])
        reading, problems = _id_reading(column, index)
        return Verdict("id", reading, problems=problems)
    if money or _has_cents(column):
        return judge_money(index, column, place.country, place.currency)
    if whole and column.distinct >= 0.5 * column.filled and column.longest >= 9:
        if place.is_tax_id(sample):
            return Verdict("tax_id", _id_reading(column)[0])
        if place.is_phone(sample):
            return Verdict("phone", _id_reading(column)[0])
        reading, problems = _id_reading(column, index)
        return Verdict("id", reading, problems=problems)
    if any(s.number and s.number.exponent is not None for s in shapes):
        reading, problems = _id_reading(column, index)
        return Verdict("id", reading, problems=problems)
    decimal, because = decide_mark(column, place.country)
    as_id, _ = _id_reading(column, index)  # in case it is mapped to an id after all
    return Verdict("number", {**as_id, "decimal": decimal, "because": because})


def _has_cents(column: Column) -> bool:
    """Say whether the numbers read like money: marks, and at most three digits after them."""
    marked = deep = 0
    for shape in column.shapes.values():
        if shape.number is None or shape.number.exponent is not None:
            continue
        body = body_of(shape.example)
        meaning, mark = mark_of(body)
        if meaning == "none" or shape.whole:
            continue
        if meaning == "decimal" and 3 < len(body.rpartition(mark)[2]) < 9:
            deep += shape.count  # nine or more is a float's noise
        else:
            marked += shape.count
    return marked > 0 and marked >= 4 * deep


def _looks_like_degrees(column: Column) -> bool:
    deep = 0
    for shape in column.shapes.values():
        if shape.number is None:
            continue
        body = body_of(shape.example)
        meaning, mark = mark_of(body)
        if meaning != "decimal" or shape.number.exponent is not None:
            return False
        before, _, after = body.rpartition(mark)
        if not before.isdigit() or int(before) > 180:
            return False
        deep += shape.count if len(after) >= 5 else 0
    return deep >= 0.8 * column.filled and column.filled > 3


def _serial_form(column: Column) -> str | None:
    low: list[int] = []
    high: list[int] = []
    for shape in column.shapes.values():
        if shape.number is None or shape.number.exponent is not None or shape.low is None:
            continue
        scale = 10 ** decimals_of(body_of(shape.example), ".")
        low.append(shape.low // scale)
        high.append((shape.high or 0) // scale)
    if not low:
        return None
    if _SERIAL_SPAN[0] <= min(low) and max(high) <= _SERIAL_SPAN[1]:
        return "serial"
    if min(low) >= 19000101 and max(high) <= 21001231:
        return "compact"
    return None


def _judge_date(index: int, column: Column, country: str) -> Verdict:
    if not column.numeric_dates:
        return Verdict("date", {"form": "text", "order": "dmy", "because": "written_out"})
    dmy, mdy = column.only_dmy, column.only_mdy
    if _is_year_first(column):
        return Verdict("date", {"form": "text", "order": "ymd", "because": "impossible_otherwise"})
    order = date_order(country) if dmy == mdy else "dmy" if dmy > mdy else "mdy"
    problems = (
        [problem("dates.mixed_order", column=index, rows=min(dmy, mdy))] if dmy and mdy else []
    )
    if max(dmy, mdy) > 20 * min(dmy, mdy):
        reading = {"form": "text", "order": order, "because": "impossible_otherwise"}
        return Verdict("date", reading, problems=problems)
    question = {
        "id": f"c{index}.date_order",
        "column": index,
        "kind": "date_order",
        "suggested": order,
        "choices": [
            {
                "value": choice,
                "label_key": f"intake.choice.{choice}",
                "example": _example_date(column, choice),
            }
            for choice in ("dmy", "mdy")
        ],
    }
    reading = {"form": "text", "order": order, "because": "asked"}
    return Verdict("date", reading, [question], problems)


def _is_year_first(column: Column) -> bool:
    """
    Tell ``yy/mm/dd`` from ``dd/mm/yy``.

    Up to 2031 each reads as the other, so one impossible day must not turn a whole column
    round: the year comes first when the other orders fail on many rows, or when they would
    scatter over decades what the year-first reading holds together.
    """
    ymd = column.orders["ymd"]
    others = [column.orders["dmy"], column.orders["mdy"]]
    most = max(other.count for other in others)
    if not ymd.count or ymd.count < most * (1 - _ODD_SHARE):
        return False
    failing = ymd.count - most
    if most == 0 or (failing > ymd.count * _ODD_SHARE and failing >= _ODD_ROWS):
        return True
    rivals = [other for other in others if other.count >= ymd.count * (1 - _ODD_SHARE)]
    return (
        bool(rivals)
        and column.distinct >= _SEVERAL_DATES
        and ymd.days * 4 < min(rival.days for rival in rivals)
    )


def _example_date(column: Column, order: str) -> str:
    for text in column.samples:
        parts = date_parts(text)
        if parts and parts.form == "numeric" and parts.first != parts.second:
            day = in_order(parts, order)
            if day:
                return f"{text} → {day.isoformat()}"
    return next(iter(column.samples), "")


def _id_reading(column: Column, index: int = -1) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Say how ids were damaged by a spreadsheet, and what can be put right for the whole column."""
    problems: list[dict[str, Any]] = []
    numbers = [s for s in column.shapes.values() if s.number]
    scientific = sum(s.count for s in numbers if s.number and s.number.exponent is not None)
    floats = [s for s in numbers if s.whole and mark_of(body_of(s.example))[0] != "none"]
    reading: dict[str, Any] = {"form": "text"}
    if scientific:
        # A writer that kept eight digits or more once keeps them always: what is missing
        # from the others are zeros. Excel's own short form keeps six at most.
        exact = column.mantissa >= 8
        reading = {"form": "scientific", "exact": exact}
        problems.append(
            problem("ids.scientific" if exact else "ids.digits_lost", column=index, rows=scientific)
        )
    elif floats and sum(s.count for s in floats) >= 0.95 * sum(s.count for s in numbers):
        reading = {"form": "whole_float"}
        problems.append(problem("ids.as_floats", column=index, rows=sum(s.count for s in floats)))
    pad = _padding(column)
    if pad:
        reading["pad"] = pad
        short = sum(n for width, n in column.widths.items() if width < pad)
        problems.append(problem("ids.zeros_lost", column=index, rows=short, width=pad))
    return reading, problems


def _padding(column: Column) -> int | None:
    """Give the width ids had, when most have it, some led by zeros, and none is longer."""
    total = sum(column.widths.values())
    if total < 10 or not column.zero_led:
        return None
    width, count = column.widths.most_common(1)[0]
    if count < 0.8 * total or count == total or max(column.widths) > width or width < 4:
        return None
    return width
