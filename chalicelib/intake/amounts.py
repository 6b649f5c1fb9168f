"""How a column of amounts is read: decided by its marks, or asked when they cannot decide."""

from typing import Any

from chalicelib.domain.money import DECIMALS
from chalicelib.intake.cells import problem
from chalicelib.intake.conventions import decimal_mark
from chalicelib.intake.evidence import Column
from chalicelib.intake.marks import body_of, mark_of, votes
from chalicelib.intake.verdict import Verdict


def decide_mark(column: Column, country: str) -> tuple[str, str]:
    """Decide the decimal mark where a wrong guess costs no money."""
    v = votes(column)
    if v.point != v.comma:
        return (".", "marks") if v.point > v.comma else (",", "marks")
    if v.point_groups != v.comma_groups:
        return (",", "groups") if v.point_groups > v.comma_groups else (".", "groups")
    return decimal_mark(country), "country"


def judge_money(  # noqa: PLR0911 - a decision list: the first that fits
    index: int, column: Column, country: str, currency: str
) -> Verdict:
    """
    Decide the decimal mark of a column of amounts by what its values can and cannot mean.

    A value with both marks, with one mark twice, or with other than three digits after its
    only mark decides. ``57.603`` decides nothing: then the country's custom does, unless the
    currency has no decimals or the custom says otherwise, which only a person can settle.
    ``2.88`` in a currency without decimals, or beside ``18.527.884``, is what a spreadsheet
    made of ``2.880``: it takes the point for a decimal one and drops the zero.
    """
    v = votes(column)
    whole_units = DECIMALS[currency] == 0
    usual = decimal_mark(country)
    typed_short, typed_other = _typed_fractions(column) if whole_units else (0, 0)
    point_shorts = v.short_point + typed_short
    point_either = v.point_either + (_typed_thousandths(column) if whole_units else 0)

    def reading(decimal: str, because: str, *, dropped: bool = False) -> dict[str, Any]:
        return {
            "decimal": decimal,
            "thousands": "," if decimal == "." else ".",
            "zeros_dropped": dropped,
            "because": because,
        }

    for mark, sure, short, groups, either, others in (
        (".", v.point, point_shorts, v.point_groups, point_either, v.comma),
        (",", v.comma, v.short_comma, v.comma_groups, v.comma_either, v.point),
    ):
        other = "," if mark == "." else "."
        sure_all = sure + (typed_short + typed_other if mark == "." else 0)
        if others or not (short or either):
            continue
        all_short = sure_all == short
        if whole_units and all_short and (short or either) and not (groups and not short):
            # A zero is dropped from one amount in ten: most must show three digits still.
            thousands = groups > 0 or either >= short
            return Verdict(
                "money",
                reading(other if thousands else mark, "asked", dropped=thousands and short > 0),
                [_ask_thousands(index, column, mark, thousands=thousands, dropped=short > 0)],
                [problem("money.zeros_dropped", column=index, rows=short)]
                if thousands and short
                else [],
            )
        if groups and short and all_short and not whole_units:
            return Verdict(
                "money",
                reading(other, "asked", dropped=True),
                [_ask_thousands(index, column, mark, thousands=True, dropped=True)],
            )
    if v.point and v.comma:
        more = "." if v.point >= v.comma else ","
        return Verdict(
            "money",
            reading(more, "asked"),
            [_ask_mark(index, column, more)],
            [problem("money.mixed_marks", column=index, rows=min(v.point, v.comma))],
        )
    if v.point or v.comma:
        return Verdict("money", reading("." if v.point else ",", "decimals"))
    if v.point_groups and v.comma_groups:
        return Verdict("money", reading(usual, "asked"), [_ask_mark(index, column, usual)])
    if v.point_groups or v.comma_groups:
        return Verdict("money", reading("," if v.point_groups else ".", "groups"))
    if v.point_either and v.comma_either:
        return Verdict("money", reading(usual, "asked"), [_ask_mark(index, column, usual)])
    if v.point_either or v.comma_either:
        mark = "." if v.point_either else ","
        other = "," if mark == "." else "."
        if usual != mark:  # the country parts thousands so, and no money has three decimals
            return Verdict("money", reading(other, "country"))
        return Verdict(
            "money",
            reading(other, "asked"),
            [_ask_thousands(index, column, mark, thousands=True, dropped=False)],
        )
    return Verdict("money", reading(usual, "no_marks"))


def _typed_fractions(column: Column) -> tuple[int, int]:
    """
    Count a spreadsheet's own numbers with a fraction.

    Returns:
        Those such as 2.88 or 84.53, with one or two decimals and under 1,000, and all others
        that cannot be thousands.
    """
    short = other = 0
    for shape in column.shapes.values():
        if shape.typed and shape.number and shape.number.exponent is None:
            meaning, mark = mark_of(body_of(shape.example))
            if meaning != "decimal" or shape.whole:
                continue
            before, _, after = body_of(shape.example).partition(mark)
            if len(after) <= 2 and len(before) <= 3:
                short += shape.count
            else:
                other += shape.count
    return short, other


def _typed_thousandths(column: Column) -> int:
    return sum(
        s.count
        for s in column.shapes.values()
        if s.typed and s.number and mark_of(body_of(s.example))[0] == "either"
    )


def _ask_thousands(
    index: int, column: Column, mark: str, *, thousands: bool, dropped: bool
) -> dict[str, Any]:
    example = next(
        (s.example for s in column.shapes.values() if s.number and mark in s.example), ""
    )
    body = body_of(example)
    before, _, after = body.rpartition(mark)
    as_thousands = before.replace(mark, "") + after.ljust(3, "0")
    as_decimals = f"{before.replace(mark, '')}.{after}"
    return {
        "id": f"c{index}.integer_thousands",
        "column": index,
        "kind": "integer_thousands",
        "suggested": "thousands" if thousands else "decimals",
        "choices": [
            {
                "value": "thousands",
                "label_key": "intake.choice.thousands",
                "example": f"{example} → {as_thousands}",
            },
            {
                "value": "decimals",
                "label_key": "intake.choice.decimals",
                "example": f"{example} → {as_decimals}",
            },
        ],
        "mark": mark,
        "dropped": dropped,
    }


def _ask_mark(index: int, column: Column, suggested: str) -> dict[str, Any]:
    shapes = [
        s for s in column.shapes.values() if s.number and ("." in s.example or "," in s.example)
    ]
    examples = [s.example for s in shapes[:2]]
    return {
        "id": f"c{index}.decimal_mark",
        "column": index,
        "kind": "decimal_mark",
        "suggested": suggested,
        "choices": [
            {"value": m, "label_key": f"intake.choice.{name}", "example": ", ".join(examples)}
            for m, name in ((".", "point"), (",", "comma"))
        ],
    }
