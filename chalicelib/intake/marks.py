"""Points and commas in a column's numbers: decimals or thousands, and what they sum to."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.intake.evidence import Column
from chalicelib.intake.shapes import number_parts


@dataclass(frozen=True, slots=True)
class MarkVotes:
    """
    What a column's numbers say about the decimal mark.

    Args:
        point, comma: Values that can only have it as decimal mark.
        point_groups, comma_groups: Values that can only have it between thousands.
        point_either, comma_either: Values such as ``57.603``, with it once and three digits after.
        short_point, short_comma: Of the certain decimals, those with one mark, 1-3 digits before
            and one or two after: what is left of thousands when a trailing zero was dropped.
    """

    point: int = 0
    comma: int = 0
    point_groups: int = 0
    comma_groups: int = 0
    point_either: int = 0
    comma_either: int = 0
    short_point: int = 0
    short_comma: int = 0


def mark_of(body: str) -> tuple[str, str]:
    """
    Say what the marks of one number can mean.

    Returns:
        ``("none", "")``, or the mark with ``"decimal"``, ``"groups"`` or ``"either"``.

    >>> mark_of("3.630,00"), mark_of("18.527.884"), mark_of("57.603"), mark_of("2.88")
    (('decimal', ','), ('groups', '.'), ('either', '.'), ('decimal', '.'))
    """
    points, commas = body.count("."), body.count(",")
    if not points and not commas:
        return ("none", "")
    if points and commas:
        return ("decimal", max(".,", key=body.rfind))
    mark = "." if points else ","
    if points + commas > 1:
        return ("groups", mark)
    before, _, after = body.partition(mark)
    if len(after) == 3 and 1 <= len(before) <= 3 and before != "0":
        return ("either", mark)
    return ("decimal", mark)


def votes(column: Column) -> MarkVotes:
    """Count the evidence of *column*'s written numbers (typed ones need none)."""
    tally: Counter[str] = Counter()
    for shape in column.shapes.values():
        parts = shape.number
        if parts is None or shape.typed or parts.exponent is not None or parts.percent:
            continue
        body = body_of(shape.example)
        meaning, mark = mark_of(body)
        name = "point" if mark == "." else "comma"
        if meaning == "decimal":
            tally[name] += shape.count
            before, _, after = body.rpartition(mark)
            if len(after) <= 2 and len(before) <= 3 and before.isdigit() and not shape.whole:
                tally[f"short_{name}"] += shape.count
            if ("," in before) or ("." in before):
                tally["comma_groups" if mark == "." else "point_groups"] += shape.count
        elif meaning in ("groups", "either"):
            tally[f"{name}_{meaning}"] += shape.count
    return MarkVotes(**tally)


def body_of(example: str) -> str:
    """Give the digits and marks of an example; nothing when it is no number."""
    parts = number_parts(example)
    return parts.body if parts else ""


def decimals_of(body: str, decimal: str, *, dropped: bool = False) -> int:
    """
    Say how many of the body's digits come after the decimal mark; negative = zeros to add.

    Args:
        dropped: The other mark parts thousands, and zeros after it were dropped.

    >>> decimals_of("3.630,00", ","), decimals_of("2.88", ",", dropped=True)
    (2, -1)
    """
    if dropped and decimal not in body:
        last = max(body.rfind("."), body.rfind(","))
        return len(body) - last - 1 - 3 if last >= 0 else 0
    if decimal and decimal in body:
        return len(body.rpartition(decimal)[2])
    return 0


def exact_sum(
    column: Column, decimal: str, *, dropped: bool = False, typed_thousands: bool = False
) -> tuple[Decimal, int, int]:
    """
    Add up the column's numbers under one reading.

    Args:
        typed_thousands: A spreadsheet's own numbers are read like the texts: it took the
            point between thousands for a decimal one.

    Returns:
        The exact sum, how many values are negative, and how many values are no numbers.
    """
    total, negative, other = Decimal(0), 0, column.filled
    for shape in column.shapes.values():
        parts = shape.number
        if parts is None:
            continue
        other -= shape.count
        if parts.exponent is not None:
            part = shape.scaled
            some = bool(part)
        else:
            mark = "." if shape.typed and not typed_thousands else decimal
            places = decimals_of(body_of(shape.example), mark, dropped=dropped)
            part = Decimal(shape.digits_sum).scaleb(-places)
            some = (shape.high or 0) > 0
        if parts.negative:
            negative += shape.count if some else 0
            part = -part
        total += part
    return total, negative, other
