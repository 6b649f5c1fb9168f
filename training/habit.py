"""
Learning ``prediction.habit`` from settled invoices, by expectation and maximisation.

The expectation goes over the same grid that scoring uses; the maximisation gives the common
figures (setback, paperless, spread) and how common each habit is. Calibration is a logistic
regression on the log-odds that every invoice would have been given from what was known on its
own day.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from chalicelib.prediction.artefact import Artefact, digest
from chalicelib.prediction.habit import Figures, Habit
from chalicelib.prediction.history import MOST, Invoice, seen

ROUNDS = 25
LEAST_SETTLED, LEAST_LATE, LEAST_CUSTOMERS = 200, 30, 20
SHARES = np.array([0.0, 0.05, 0.15, 0.3, 0.5, 0.7, 0.9])
MOST_LEVELS = 64
# Weights of neighbouring habits are alike; so many days of kernel.
SMOOTH = 2.5
UNEXPLAINED = 1e-9
Array = NDArray[np.float64]


class TooLittle(ValueError):
    """Too little to learn from; the message says what there is and what it takes."""


def learn(invoices: Sequence[Invoice], until: date) -> Artefact:
    """
    Learn from what was settled before *until*.

    Raises:
        TooLittle: Rules have to do (``docs/prediction.md``).
    """
    known = [one for one in invoices if one.settled_on is not None and one.settled_on < until]
    late = sum(bool(one.late) for one in known)
    customers: dict[str, list[Invoice]] = defaultdict(list)
    for one in known:
        customers[one.customer].append(one)
    has = (len(known), late, len(customers))
    if any(a < b for a, b in zip(has, (LEAST_SETTLED, LEAST_LATE, LEAST_CUSTOMERS), strict=True)):
        raise TooLittle(
            f"{has[0]} settled invoices, {has[1]} of them late, {has[2]} customers before {until};"
            f" it takes {LEAST_SETTLED}, {LEAST_LATE} and {LEAST_CUSTOMERS}"
        )
    figures = _calibrated(_Fit(list(customers.values())).run(), known)
    histories: dict[str, list[Invoice]] = defaultdict(list)
    for one in sorted(invoices, key=lambda one: one.issued_on):
        if one.issued_on < until:
            histories[digest(one.customer)].append(_as_of(one, until))
    return Artefact(
        until=until,
        figures=figures,
        learned_from={
            "invoices": float(has[0]),
            "customers": float(has[2]),
            "late": round(late / has[0], 4),
        },
        histories={name: tuple(ones[-MOST:]) for name, ones in histories.items()},
    )


# Private


class _Fit:
    def __init__(self, customers: Sequence[Sequence[Invoice]]) -> None:
        self._days = [np.array([float(i.lateness or 0) for i in ones]) for ones in customers]
        self._wire = [np.array([float(i.paperless) for i in ones]) for ones in customers]
        everything = np.concatenate(self._days)
        low, high = np.percentile(everything, [1, 99])
        step = max(1.0, np.ceil((high - low) / MOST_LEVELS))
        self._levels: Array = np.arange(np.floor(low), high + step, step)
        spread = float(np.mean([days.std() for days in self._days if len(days) > 1])) or 5.0
        self._spread, self._setback, self._paperless = spread, 2 * spread, 0.0
        middle, wide = float(np.median(everything)), float(everything.std()) + 1.0
        usual = np.exp(-(((self._levels - middle) / wide) ** 2) / 2)
        self._weights: Array = np.outer(usual / usual.sum(), np.full(len(SHARES), 1 / len(SHARES)))

    def run(self) -> Figures:
        for _ in range(ROUNDS):
            self._round()
        return Figures(
            usual_days=tuple(float(one) for one in self._levels),
            setback_shares=tuple(float(one) for one in SHARES),
            weights=tuple(tuple(round(float(w), 9) for w in row) for row in self._weights),
            setback_days=round(float(self._setback), 4),
            paperless_days=round(float(self._paperless), 4),
            spread_days=round(float(self._spread), 4),
        )

    def _round(self) -> None:
        weights = np.zeros_like(self._weights)
        back = back_days = wire = wire_days = squares = number = 0.0
        for days, by_wire in zip(self._days, self._wire, strict=True):
            off = (days + self._paperless * by_wire)[None, :] - self._levels[:, None]
            plain = _density(off, self._spread) + UNEXPLAINED
            setback = _density(off - self._setback, self._spread) + UNEXPLAINED
            log = np.log(self._weights + UNEXPLAINED)
            for place, share in enumerate(SHARES):
                log[:, place] += np.log((1 - share) * plain + share * setback).sum(axis=1)
            belief = np.exp(log - log.max())
            belief /= belief.sum()
            weights += belief
            for place, share in enumerate(SHARES):
                of_setback = share * setback / ((1 - share) * plain + share * setback)
                held = belief[:, place][:, None]
                back += float((held * of_setback).sum())
                back_days += float((held * of_setback * off).sum())
                number += float(held.sum() * len(days))
                squares += float(
                    (
                        held * ((1 - of_setback) * off**2 + of_setback * (off - self._setback) ** 2)
                    ).sum()
                )
                bare = days[None, :] - self._levels[:, None] - of_setback * self._setback
                wire += float(held.sum() * by_wire.sum())
                wire_days -= float((held * by_wire * bare).sum())
        self._weights = _smoothed(weights, self._levels)
        self._setback = back_days / back if back else self._setback
        self._paperless = wire_days / wire if wire else 0.0
        self._spread = max(1.0, float(np.sqrt(squares / number)))


def _density(off: Array, spread: float) -> Array:
    found: Array = np.exp(-((off / spread) ** 2) / 2) / (spread * np.sqrt(2 * np.pi))
    return found


def _smoothed(weights: Array, levels: Array) -> Array:
    kernel = np.exp(-(((levels[:, None] - levels[None, :]) / SMOOTH) ** 2) / 2)
    spread = (kernel / kernel.sum(axis=0)) @ weights
    found: Array = spread / spread.sum()
    return found


def _calibrated(figures: Figures, known: Sequence[Invoice]) -> Figures:
    """Hold the log-odds to what came of them, each from what was known on its own day."""
    habit = Habit(figures)
    by_customer: dict[str, list[Invoice]] = defaultdict(list)
    for one in known:
        by_customer[one.customer].append(one)
    chances = np.array(
        [
            habit.late(seen(by_customer[one.customer], one.issued_on), paperless=one.paperless)
            for one in known
        ]
    )
    odds = np.log(chances / (1 - chances))
    fit = LogisticRegression(C=1e6).fit(odds[:, None], [bool(one.late) for one in known])
    return Figures(
        usual_days=figures.usual_days,
        setback_shares=figures.setback_shares,
        weights=figures.weights,
        setback_days=figures.setback_days,
        paperless_days=figures.paperless_days,
        spread_days=figures.spread_days,
        slope=round(float(fit.coef_[0][0]), 4),
        intercept=round(float(fit.intercept_[0]), 4),
    )


def _as_of(one: Invoice, until: date) -> Invoice:
    """Forget what was learned on *until* or later, and the name."""
    return Invoice(
        customer=digest(one.customer),
        issued_on=one.issued_on,
        due_on=one.due_on,
        amount_minor=one.amount_minor,
        settled_on=one.settled_on if one.settled_on and one.settled_on < until else None,
        paperless=one.paperless,
    )
