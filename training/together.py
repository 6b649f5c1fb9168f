"""
How well it is foretold that *something* is paid by a customer with several open invoices.

A customer's invoices are not independent: who is slow with one is slow with all. Three ways to put
them together are compared on every customer of every ``STEP``: the oldest alone, all of them as if
they were independent, and the product's, which weighs them habit by habit.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from sklearn.metrics import brier_score_loss

from chalicelib.prediction.artefact import Artefact
from chalicelib.prediction.habit import Habit
from chalicelib.prediction.history import Invoice, seen

WITHIN_DAYS = 15
STEP = timedelta(days=WITHIN_DAYS)
SEVERAL = 2


def judge(invoices: Sequence[Invoice], artefact: Artefact) -> dict[str, Any]:
    """
    Ask of customers with several open invoices whether any is paid within ``WITHIN_DAYS``.

    Returns:
        ``asked`` (customers times moments), ``observed`` (share), and for ``oldest``,
        ``independent`` and ``by_habit``: ``predicted`` (mean) and ``brier``.
    """
    habit = Habit(artefact.figures)
    by_customer: dict[str, list[Invoice]] = defaultdict(list)
    for one in invoices:
        by_customer[one.customer].append(one)
    last = max((one.settled_on or one.issued_on for one in invoices), default=artefact.until)
    truth: list[bool] = []
    told: dict[str, list[float]] = {"oldest": [], "independent": [], "by_habit": []}
    at = artefact.until
    while at + STEP <= last:
        for ones in by_customer.values():
            waiting = sorted((one for one in ones if _open(one, at)), key=lambda one: one.due_on)
            if len(waiting) < SEVERAL or any(one.paperless for one in waiting):
                continue  # sent electronically or not makes no difference to the question
            belief = habit.belief(seen(ones, at))
            late = [(at - one.due_on).days for one in waiting]
            each = [
                habit.paid_within(belief, WITHIN_DAYS, paperless=False, open_days=days)
                for days in late
            ]
            told["oldest"].append(each[0])
            told["independent"].append(1 - float(np.prod([1 - one for one in each])))
            told["by_habit"].append(
                habit.any_paid_within(belief, WITHIN_DAYS, late, paperless=False)
            )
            until = at + STEP
            truth.append(any(one.settled_on and one.settled_on <= until for one in waiting))
        at += STEP
    if not truth:
        return {"asked": 0}
    return {
        "asked": len(truth),
        "observed": round(float(np.mean(truth)), 4),
        **{
            name: {
                "predicted": round(float(np.mean(chances)), 4),
                "brier": round(float(brier_score_loss(truth, chances)), 4),
            }
            for name, chances in told.items()
        },
    }


def _open(one: Invoice, at: date) -> bool:
    return one.issued_on < at and (one.settled_on is None or one.settled_on > at)
