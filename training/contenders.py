"""
Models that might be better than ours, learned and judged on the same days: several splits by time.

The model that ships is small and says why; a larger one would have to be better by more than
chance. What a contender can choose - depth, number of trees - it chooses on the newest part of
what it learns from, never on what it is judged by. Every invoice is judged once, by what was
learned before the split it follows.
"""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from chalicelib.prediction.habit import Habit
from chalicelib.prediction.history import Invoice, Seen, late_by, seen
from training import facts, habit
from training.judging import calibration, expected_error, odds, told_until

SHARES = (0.5, 0.6, 0.7, 0.8, 0.9)  # of the invoices are older than each split
TREES = tuple((depth, number) for depth in (2, 3) for number in (30, 80, 160))
NEWEST = 0.3  # of what is learned from, to choose by
DRAWN = 500
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _One:
    invoice: Invoice
    history: list[Seen]
    late: bool
    usual_amount: float


def compare(invoices: Sequence[Invoice]) -> dict[str, Any]:
    """
    Judge every contender on what follows each split, up to the next one.

    Returns:
        ``splits``: until, invoices, auc by contender. ``models``: of all splits together, auc,
        brier, ``calibration_error``, ``expected_error`` (what a perfectly calibrated model would
        show on so few), and ``better``: its AUC less that of the habit, with the middle 95 % of
        draws of whole customers.
    """
    known = sorted(invoices, key=lambda one: (one.issued_on, one.customer, one.amount_minor))
    days = [known[int(len(known) * share)].issued_on for share in SHARES]
    days.append(known[-1].issued_on + timedelta(days=1))
    by_customer: dict[str, list[Invoice]] = defaultdict(list)
    for one in known:
        by_customer[one.customer].append(one)
    splits, judged, all_told = [], list[_One](), defaultdict[str, list[Array]](list)
    for until, end in itertools.pairwise(days):
        learned = _labelled(known, by_customer, until)
        later = [
            one
            for one in _labelled(known, by_customer, told_until(known))
            if until <= one.invoice.issued_on < end
        ]
        truth = np.array([one.late for one in later])
        told = _told(known, until, learned, later)
        judged += later
        for name, of_split in told.items():
            all_told[name].append(of_split)
        aucs = {name: _rounded(roc_auc_score(truth, one)) for name, one in told.items()}
        splits.append({"until": until.isoformat(), "invoices": len(later), "auc": aucs})
    truth = np.array([one.late for one in judged])
    chances = {name: np.concatenate(parts) for name, parts in all_told.items()}
    names = np.array([one.invoice.customer for one in judged])
    return {
        "invoices": len(judged),
        "splits": splits,
        "models": {
            name: {
                "auc": _rounded(roc_auc_score(truth, found)),
                "brier": _rounded(brier_score_loss(truth, found)),
                "calibration_error": calibration(truth, found)["calibration_error"],
                "expected_error": expected_error(found),
                "better": _better(truth, found, chances["habit"], names),
            }
            for name, found in chances.items()
        },
    }


# Private


def _labelled(
    known: Sequence[Invoice], by_customer: dict[str, list[Invoice]], at: date
) -> list[_One]:
    return [_one(one, by_customer, late) for one in known if (late := late_by(one, at)) is not None]


def _one(one: Invoice, by_customer: dict[str, list[Invoice]], late: bool) -> _One:
    ones = by_customer[one.customer]
    amounts = [each.amount_minor for each in ones if each.issued_on < one.issued_on]
    usual_amount = float(np.median(amounts)) if amounts else 0.0
    return _One(one, seen(ones, one.issued_on), late, usual_amount)


def _told(
    known: Sequence[Invoice], until: date, learned: Sequence[_One], later: Sequence[_One]
) -> dict[str, Array]:
    late = np.array([one.late for one in learned])
    share = float(late.mean())
    model = Habit(habit.learn(known, until).figures)
    ours, before = _ours(model, later), _ours(model, learned)
    usual = np.array([facts.usual(one.invoice, one.history, share) for one in learned])
    asked = np.array([facts.usual(one.invoice, one.history, share) for one in later])
    all_usual, all_asked = _all(learned, share), _all(later, share)
    with_ours = np.column_stack([all_usual, odds(before)])
    asked_ours = np.column_stack([all_asked, odds(ours)])
    return {
        "habit": ours,
        "past_average": np.array([facts.average(one.history, share) for one in later]),
        "logistic": _line(usual, late).predict_proba(asked)[:, 1],
        "logistic, more facts": _line(all_usual, late).predict_proba(all_asked)[:, 1],
        "trees": _trees(all_usual, late, facts.DIRECTION).predict_proba(all_asked)[:, 1],
        "trees on habit": _trees(with_ours, late, (*facts.DIRECTION, 1)).predict_proba(asked_ours)[
            :, 1
        ],
        "logistic on habit": _line(with_ours, late).predict_proba(asked_ours)[:, 1],
    }


def _ours(model: Habit, ones: Sequence[_One]) -> Array:
    return np.array([model.late(one.history, paperless=one.invoice.paperless) for one in ones])


def _all(ones: Sequence[_One], share: float) -> Array:
    return np.array(
        [
            facts.usual(one.invoice, one.history, share)
            + facts.more(one.invoice, one.history, share, usual_amount=one.usual_amount)
            for one in ones
        ]
    )


def _line(facts_of: Array, late: NDArray[np.bool_]) -> Any:
    line = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))
    return line.fit(facts_of, late)


def _trees(facts_of: Array, late: NDArray[np.bool_], direction: Sequence[int]) -> Any:
    """Trees whose depth and number were best on the newest part of what is learned from."""
    older = int(len(late) * (1 - NEWEST))

    def made(depth: int, number: int) -> HistGradientBoostingClassifier:
        return HistGradientBoostingClassifier(
            max_depth=depth,
            max_iter=number,
            learning_rate=0.05,
            min_samples_leaf=30,
            l2_regularization=5.0,
            monotonic_cst=list(direction),
            early_stopping=False,
            random_state=0,
        )

    def lost(which: tuple[int, int]) -> float:
        tried = made(*which).fit(facts_of[:older], late[:older])
        chances = tried.predict_proba(facts_of[older:])[:, 1]
        return float(log_loss(late[older:], chances, labels=[False, True]))

    return made(*min(TREES, key=lost)).fit(facts_of, late)


def _better(
    truth: NDArray[np.bool_], found: Array, ours: Array, names: NDArray[np.str_]
) -> dict[str, float]:
    """Difference in AUC to ours; customers are drawn, for invoices of one are alike."""
    random = np.random.default_rng(0)
    places = [np.flatnonzero(names == name) for name in np.unique(names)]
    drawn = []
    for _ in range(DRAWN):
        here = np.concatenate([places[at] for at in random.integers(0, len(places), len(places))])
        if truth[here].all() or not truth[here].any():
            continue
        auc = [roc_auc_score(truth[here], each[here]) for each in (found, ours)]
        drawn.append(auc[0] - auc[1])
    low, high = np.quantile(drawn, [0.025, 0.975])
    value = roc_auc_score(truth, found) - roc_auc_score(truth, ours)
    return {"value": _rounded(value), "low": _rounded(low), "high": _rounded(high)}


def _rounded(value: Any) -> float:
    return round(float(value), 4)
