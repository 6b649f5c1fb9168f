"""What other models than ours are given of an invoice, as known on the day it was issued."""

from collections.abc import Sequence

import numpy as np

from chalicelib.prediction.history import Invoice, Seen

# A customer without a past counts as so many average ones.
PRIOR = 3.0
_FADES = 0.8  # what an invoice says, against the next newer one's
_NEWEST = 3
_NEVER_OPEN = -30.0


def average(history: Sequence[Seen], share: float) -> float:
    """Share of late ones of a customer's past; *share* is what is usual."""
    settled = [each for each in history if each.settled]
    return (sum(each.days > 0 for each in settled) + PRIOR * share) / (len(settled) + PRIOR)


def usual(one: Invoice, history: Sequence[Seen], share: float) -> list[float]:
    """The facts that a person would think of first: ten figures."""
    settled = [each.days for each in history if each.settled]
    still = [each.days for each in history if not each.settled]
    newest = settled[-_NEWEST:]
    return [
        average(history, share),
        sum(settled) / (len(settled) + PRIOR),
        sum(newest) / len(newest) if newest else 0.0,
        float(np.std(settled)) if len(settled) > 1 else 0.0,
        float(len(settled)),
        float(len(still)),
        float(sum(days > 0 for days in still)),
        float(np.log1p(max(one.amount_minor, 0))),
        float(one.paperless),
        float(one.due_on.weekday()),
    ]


def more(
    one: Invoice, history: Sequence[Seen], share: float, *, usual_amount: float
) -> list[float]:
    """
    Facts that trees may find a use for: newest first, streaks, amount, day of the month.

    Args:
        usual_amount: Median of the customer's earlier invoices, in minor units; 0 = none.
    """
    settled = [each for each in history if each.settled]
    fading = np.array([_FADES**age for age in range(len(settled))][::-1])
    late = np.array([float(each.days > 0) for each in settled])
    days = np.array([float(each.days) for each in settled])
    streak = next((age for age, each in enumerate(reversed(settled)) if each.days <= 0), len(late))
    amount = float(np.log(max(one.amount_minor, 1) / usual_amount)) if usual_amount else 0.0
    return [
        float((fading @ late + PRIOR * share) / (fading.sum() + PRIOR)),
        float(fading @ days / (fading.sum() + 1)),
        float(streak),
        amount,
        float(one.due_on.day),
        max((float(each.days) for each in history if not each.settled), default=_NEVER_OPEN),
        float(days.min()) if len(days) else 0.0,
        float(days.max()) if len(days) else 0.0,
    ]


# Which of ``usual`` and ``more`` can only make lateness likelier (1) or less likely (-1).
DIRECTION = (1, 1, 1, 0, 0, 0, 1, 0, -1, 0, 1, 1, 1, 0, 0, 1, 0, 0)
