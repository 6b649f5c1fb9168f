"""
How good the model is on invoices dated after those it learned from.

Every invoice is scored from what was known on the day it was issued: payments that came later are
not in its history. Beside the model stand what a person would do without one - the customer's
past average - and a logistic regression on the usual facts, learned on the same days.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from chalicelib.prediction.artefact import Artefact, digest
from chalicelib.prediction.habit import Habit
from chalicelib.prediction.history import Invoice, Seen, late_by, seen
from training import facts, lateness

BINS = 10
LEAST_OF_A_GROUP = 20
Array = NDArray[np.float64]


class NothingToJudge(ValueError):
    """No invoice of the file is dated after what was learned, or all ended alike."""


@dataclass(frozen=True, slots=True)
class _Scored:
    invoice: Invoice
    history: list[Seen]
    late: bool


def judge(invoices: Sequence[Invoice], artefact: Artefact) -> dict[str, Any]:
    """
    Score what was issued on or after ``artefact.until`` and compare with what came of it.

    Returns:
        ``invoices``, ``late`` (share), ``auc``, ``brier``, ``log_loss``, ``calibration`` (ten
        bins: count, predicted, observed), ``calibration_error``, ``expected_error`` (the same of
        a model that is right, by chance alone), ``baselines`` (each auc and brier), ``groups``
        and ``months`` (count, predicted, observed), ``drift`` (population stability index of the
        scores against those of the time learned from), ``days`` (``lateness.judge``).

    Raises:
        NothingToJudge: There is nothing to compare with.
    """
    pasts = _pasts(invoices, artefact)
    end = told_until(invoices)
    later = [
        (one, late)
        for one in invoices
        if one.issued_on >= artefact.until and (late := late_by(one, end)) is not None
    ]
    scored = [_scored(one, pasts, late=late) for one, late in later]
    truth = np.array([one.late for one in scored])
    if not scored or truth.all() or not truth.any():
        raise NothingToJudge(
            f"{len(later)} invoices that were due are dated {artefact.until} or later,"
            f" {int(truth.sum())} of them late: there must be both kinds"
        )
    habit = Habit(artefact.figures)
    chances = _chances(habit, scored)
    learned = [
        _scored(one, pasts, late=late)
        for one in _known(pasts)
        if (late := late_by(one, artefact.until)) is not None
    ]
    return {
        "until": artefact.until.isoformat(),
        "invoices": len(scored),
        "late": _rounded(truth.mean()),
        **_figures(truth, chances),
        "log_loss": _rounded(log_loss(truth, chances)),
        **calibration(truth, chances),
        "expected_error": expected_error(chances),
        "baselines": _baselines(scored, truth, learned),
        "groups": _groups(scored, truth, chances),
        "months": _by(scored, truth, chances, lambda one: f"{one.invoice.issued_on:%Y-%m}"),
        "drift": _rounded(_stability(_chances(habit, learned), chances)) if learned else None,
        "days": lateness.judge(habit, _pairs(scored), _pairs(learned, artefact.until)),
    }


def told_until(invoices: Sequence[Invoice]) -> date:
    """Give the day before which a file tells what happened: after its last date but due dates."""
    days = [one.settled_on or one.issued_on for one in invoices]
    return max([*days, *(one.issued_on for one in invoices)]) + timedelta(days=1)


def calibration(truth: NDArray[np.bool_], chances: Array) -> dict[str, Any]:
    """Compare in ten bins what was told with what came of it; ``calibration_error`` is the gap."""
    bins = []
    error = 0.0
    for low in range(BINS):
        here = (chances >= low / BINS) & (chances < (low + 1) / BINS)
        if here.any():
            predicted, observed = float(chances[here].mean()), float(truth[here].mean())
            error += abs(predicted - observed) * here.mean()
            bins.append(
                {
                    "from": low / BINS,
                    "invoices": int(here.sum()),
                    "predicted": _rounded(predicted),
                    "observed": _rounded(observed),
                }
            )
    return {"calibration": bins, "calibration_error": _rounded(error)}


def expected_error(chances: Array) -> float:
    """Give the calibration error that chance alone makes of a model that is right."""
    random = np.random.default_rng(0)
    drawn = [calibration(random.random(len(chances)) < chances, chances) for _ in range(100)]
    return _rounded(np.mean([one["calibration_error"] for one in drawn]))


def odds(chances: Array) -> Array:
    """Give log-odds, of no chance nearer to certainty than one in ten thousand."""
    kept = np.clip(chances, 1e-4, 1 - 1e-4)
    found: Array = np.log(kept / (1 - kept))
    return found


# Private


def _pasts(invoices: Sequence[Invoice], artefact: Artefact) -> dict[str, list[Invoice]]:
    """All that is known of each customer: this file, and what was there when it was learned."""
    found: dict[str, list[Invoice]] = defaultdict(list)
    for one in invoices:
        found[digest(one.customer)].append(one)
    for customer, kept in artefact.histories.items():
        here = {_mark(one) for one in found[customer]}
        found[customer] += [one for one in kept if _mark(one) not in here]
    return found


def _mark(one: Invoice) -> tuple[date, date, int]:
    return one.issued_on, one.due_on, one.amount_minor


def _known(pasts: dict[str, list[Invoice]]) -> list[Invoice]:
    return [one for ones in pasts.values() for one in ones]


def _pairs(
    ones: Sequence[_Scored], known_before: date = date.max
) -> list[tuple[Invoice, list[Seen]]]:
    """Invoices that were paid by a day, with their histories."""
    return [
        (one.invoice, one.history)
        for one in ones
        if one.invoice.settled_on is not None and one.invoice.settled_on < known_before
    ]


def _scored(one: Invoice, pasts: dict[str, list[Invoice]], *, late: bool | None = None) -> _Scored:
    past = pasts.get(digest(one.customer)) or pasts.get(one.customer) or []
    return _Scored(one, seen(past, one.issued_on), bool(one.late) if late is None else late)


def _chances(habit: Habit, scored: Sequence[_Scored]) -> Array:
    return np.array([habit.late(one.history, paperless=one.invoice.paperless) for one in scored])


def _figures(truth: NDArray[np.bool_], chances: Array) -> dict[str, float]:
    return {
        "auc": _rounded(roc_auc_score(truth, chances)),
        "brier": _rounded(brier_score_loss(truth, chances)),
    }


def _baselines(
    scored: Sequence[_Scored], truth: NDArray[np.bool_], learned: Sequence[_Scored]
) -> dict[str, Any]:
    share = float(np.mean([one.late for one in learned])) if learned else 0.5
    average = np.array([facts.average(one.history, share) for one in scored])
    found = {"past_average": _figures(truth, average)}
    if len({one.late for one in learned}) > 1:
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))
        model.fit(_usual(learned, share), [one.late for one in learned])
        found["logistic"] = _figures(truth, model.predict_proba(_usual(scored, share))[:, 1])
    return found


def _usual(ones: Sequence[_Scored], share: float) -> list[list[float]]:
    return [facts.usual(one.invoice, one.history, share) for one in ones]


def _groups(scored: Sequence[_Scored], truth: NDArray[np.bool_], chances: Array) -> dict[str, Any]:
    """Whether the model errs more for some than for others."""
    amounts = np.quantile([one.invoice.amount_minor for one in scored], [1 / 3, 2 / 3])

    def size(one: _Scored) -> str:
        return ("small", "middle", "large")[int(np.searchsorted(amounts, one.invoice.amount_minor))]

    def past(one: _Scored) -> str:
        settled = sum(each.settled for each in one.history)
        return "none" if not settled else "1-4" if settled < 5 else "5 or more"

    return {
        "group": _by(scored, truth, chances, lambda one: one.invoice.group or "all"),
        "amount": _by(scored, truth, chances, size),
        "paperless": _by(scored, truth, chances, lambda one: str(one.invoice.paperless).lower()),
        "settled before": _by(scored, truth, chances, past),
    }


def _by(
    scored: Sequence[_Scored],
    truth: NDArray[np.bool_],
    chances: Array,
    name: Callable[[_Scored], str],
) -> dict[str, Any]:
    names = np.array([name(one) for one in scored])
    found: dict[str, Any] = {}
    for each in sorted(set(names.tolist())):
        here = names == each
        said = {
            "invoices": int(here.sum()),
            "predicted": _rounded(chances[here].mean()),
            "observed": _rounded(truth[here].mean()),
        }
        both = truth[here].any() and not truth[here].all()
        if both and here.sum() >= LEAST_OF_A_GROUP:
            said["auc"] = _rounded(roc_auc_score(truth[here], chances[here]))
        found[each] = said
    return found


def _stability(before: Array, after: Array) -> float:
    """Population stability index over tenths of the score; over 0.25 it is time to learn anew."""
    edges = np.linspace(0, 1, BINS + 1)
    shares = [np.maximum(np.histogram(one, edges)[0] / len(one), 1e-3) for one in (before, after)]
    return float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())


def _rounded(value: Any) -> float:
    return round(float(value), 4)
