"""What a column's reading becomes by what somebody answered."""

from collections.abc import Sequence
from typing import Any


def with_answers(
    kind: str, reading: dict[str, Any], questions: Sequence[dict[str, Any]], answers: dict[str, str]
) -> dict[str, Any]:
    """
    Give the reading that somebody's answers make of a column's.

    Args:
        questions: The column's own.
    """
    changed = dict(reading)
    for question in questions:
        answer = answers.get(question["id"], question["suggested"])
        if question["kind"] == "date_order":
            changed["order"] = answer
        elif question["kind"] == "decimal_mark" and kind == "money":
            changed["decimal"] = answer
            changed["thousands"] = "," if answer == "." else "."
        elif question["kind"] == "integer_thousands":
            mark = question["mark"]
            other = "," if mark == "." else "."
            if answer == "thousands":
                changed.update(
                    decimal=other,
                    thousands=mark,
                    typed_thousands=mark == ".",
                    zeros_dropped=question["dropped"],
                )
            else:
                changed.update(decimal=mark, thousands=other, zeros_dropped=False)
    return changed
