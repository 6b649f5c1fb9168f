"""
How well the days from due date to payment are foretold: a usual day and a range, against baselines.

The range is meant to hold three of five payments (``habit.RANGE``). Judged are invoices that were
paid; one that is still open has no day yet.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.prediction.habit import RANGE, Habit
from chalicelib.prediction.history import Invoice, Seen

# Asked on the day an invoice is issued, long before it is due.
NOT_DUE = -10_000
PRIOR = 3.0
Array = NDArray[np.float64]
Scored = tuple[Invoice, Sequence[Seen]]


def judge(habit: Habit, scored: Sequence[Scored], learned: Sequence[Scored]) -> dict[str, Any]:
    """
    Compare what was told on each invoice's own day with the day it was paid.

    Args:
        learned: What was known before: the baselines are taken from it.

    Returns:
        ``invoices``, and for ``habit``, ``past_average`` and ``portfolio``: ``mae`` (days, of the
        usual day), ``pinball`` (days, mean over the range's ends and the middle), ``within``
        (share of the payments in the range), ``width`` (days).
    """
    paid = [(one, history) for one, history in scored if one.lateness is not None]
    days = np.array([float(one.lateness or 0) for one, _ in paid])
    known = np.array([float(one.lateness) for one, _ in learned if one.lateness is not None])
    if not len(days) or not len(known):
        return {"invoices": len(days)}
    middle = float(np.mean(known))
    told = [
        habit.days(habit.belief(history), paperless=one.paperless, open_days=NOT_DUE)
        for one, history in paid
    ]
    off = np.array(
        [
            float(one.lateness) - _average(past, middle)
            for one, past in learned
            if one.lateness is not None
        ]
    )
    average = np.array([_average(history, middle) for _, history in paid])
    return {
        "invoices": len(days),
        "range": list(RANGE),
        "habit": _figures(
            days, np.array([[float(d) for d in (one.low, one.usual, one.high)] for one in told])
        ),
        "past_average": _figures(days, average[:, None] + np.quantile(off, _LEVELS)[None, :]),
        "portfolio": _figures(days, np.tile(np.quantile(known, _LEVELS), (len(days), 1))),
    }


# Private

_LEVELS = (RANGE[0], 0.5, RANGE[1])


def _average(history: Sequence[Seen], middle: float) -> float:
    settled = [one.days for one in history if one.settled]
    return (sum(settled) + PRIOR * middle) / (len(settled) + PRIOR)


def _figures(days: Array, told: Array) -> dict[str, float]:
    off = days[:, None] - told
    levels = np.array(_LEVELS)
    pinball = np.maximum(levels * off, (levels - 1) * off)
    within = (told[:, 0] <= days) & (days <= told[:, 2])
    return {
        "mae": round(float(np.abs(off[:, 1]).mean()), 3),
        "pinball": round(float(pinball.mean()), 3),
        "within": round(float(within.mean()), 4),
        "width": round(float((told[:, 2] - told[:, 0]).mean()), 2),
    }
