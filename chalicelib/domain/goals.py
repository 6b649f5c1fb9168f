"""What a portfolio's people are to reach in a month, and what part of it a stretch of days is."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
# Figures of ``domain.effort`` that a goal may be set for.
FIGURES = (
    "attempts",
    "calls",
    "rpc",
    "visits_verified",
    "promises",
    "promises_kept",
    "collected_minor",
)
ALL = "portfolio"
PERSON, TEAM = "person:", "team:"
MOST, MOST_ROWS, LONGEST = 10**15, 500, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """
    A portfolio's goals of a month.

    Args:
        month: ``yyyy-mm``, of its calendar.
        goals: Figures by whose they are: ``portfolio``, ``team:<name>``, ``person:<id>``.
    """

    portfolio_id: str
    month: str
    goals: dict[str, dict[str, int]] = field(default_factory=dict)
    version: int = 0


def faults(goals: Goals) -> Iterator[tuple[str, str]]:
    """Say what makes no sense: (field, reason)."""
    if not MONTH.fullmatch(goals.month):
        yield "month", "bad_format"
    if len(goals.goals) > MOST_ROWS:
        yield "goals", "too_long"
    for whose, figures in goals.goals.items():
        named = whose.startswith((PERSON, TEAM)) and not whose.endswith(":")
        if (whose != ALL and not named) or len(whose) > LONGEST:
            yield f"goals.{whose}", "not_one_of"
        for name, value in figures.items():
            if name not in FIGURES:
                yield f"goals.{whose}.{name}", "not_one_of"
            elif value < 0:
                yield f"goals.{whose}.{name}", "too_small"
            elif value > MOST:
                yield f"goals.{whose}.{name}", "too_large"


def part(goal: Mapping[str, int], days: int, of_days: int) -> dict[str, int]:
    """
    Give what part of a month's goal falls on some of its working days, rounded up.

    The parts of a month's days never come to less than its goal.

    >>> part({"calls": 100}, 1, 21)
    {'calls': 5}
    >>> part({"calls": 100}, 0, 21)
    {'calls': 0}
    """
    whole = max(1, of_days)
    return {name: -(-value * min(days, whole) // whole) for name, value in goal.items()}
