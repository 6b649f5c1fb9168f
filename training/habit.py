"""
Learning ``prediction.habit`` from settled invoices, by expectation and maximisation.

The expectation goes over the same grid that scoring uses; the maximisation gives the common
figures (setback, paperless, spread, strays) and how common each habit is. An invoice that is still
open on the last day counts for what it says: it takes at least as long. It moves which habits are
common and who strays; setback and spread are taken from those that were paid. Calibration is a
logistic regression on the log-odds that every invoice which was due by then would have been given
from what was known on its own day.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from chalicelib.prediction.artefact import Artefact, digest
from chalicelib.prediction.habit import Figures, Habit
from chalicelib.prediction.history import MOST, Invoice, Seen, as_of, late_by, seen

ROUNDS = 25
LEAST_SETTLED, LEAST_LATE, LEAST_CUSTOMERS = 200, 30, 20
SHARES = np.array([0.0, 0.05, 0.15, 0.3, 0.5, 0.7, 0.9])
MOST_LEVELS = 64
# Weights of neighbouring habits are alike; so many days of kernel.
SMOOTH = 2.5
UNEXPLAINED = 1e-9
# Strays are few: so many are thought of beside those found, at such a day, of so many invoices.
STRAYS_THOUGHT, STRAY_DAYS, OF_INVOICES = 1.0, 30.0, 100.0
Array = NDArray[np.float64]
_erfc = np.vectorize(math.erfc, otypes=[float])


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
    has = (len(known), late, len({one.customer for one in known}))
    if any(a < b for a, b in zip(has, (LEAST_SETTLED, LEAST_LATE, LEAST_CUSTOMERS), strict=True)):
        raise TooLittle(
            f"{has[0]} settled invoices, {has[1]} of them late, {has[2]} customers before {until};"
            f" it takes {LEAST_SETTLED}, {LEAST_LATE} and {LEAST_CUSTOMERS}"
        )
    issued = [one for one in invoices if one.issued_on < until]
    customers: dict[str, list[Seen]] = defaultdict(list)
    for one in issued:
        customers[one.customer].append(as_of(one, until))
    figures = _calibrated(_Fit(list(customers.values())).run(), issued, until)
    histories: dict[str, list[Invoice]] = defaultdict(list)
    for one in sorted(issued, key=lambda one: one.issued_on):
        histories[digest(one.customer)].append(_forgetting(one, until))
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
    def __init__(self, customers: Sequence[Sequence[Seen]]) -> None:
        self._days = [_column(ones, "days", settled=True) for ones in customers]
        self._wire = [_column(ones, "paperless", settled=True) for ones in customers]
        self._open = [_column(ones, "days", settled=False) for ones in customers]
        self._open_wire = [_column(ones, "paperless", settled=False) for ones in customers]
        everything = np.concatenate(self._days)
        low, high = np.percentile(everything, [1, 99])
        step = max(1.0, np.ceil((high - low) / MOST_LEVELS))
        self._levels: Array = np.arange(np.floor(low), high + step, step)
        spread = float(np.mean([days.std() for days in self._days if len(days) > 1])) or 5.0
        self._spread, self._setback, self._paperless = spread, 2 * spread, 0.0
        self._stray_share, self._stray_days = STRAYS_THOUGHT / OF_INVOICES, STRAY_DAYS
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
            stray_share=round(float(self._stray_share), 6),
            stray_days=round(float(self._stray_days), 4),
        )

    def _round(self) -> None:
        weights = np.zeros_like(self._weights)
        back = back_days = wire = wire_days = squares = number = 0.0
        strays: list[tuple[Array, Array, float]] = []
        for at, (days, by_wire) in enumerate(zip(self._days, self._wire, strict=True)):
            waiting, open_wire = self._open[at], self._open_wire[at]
            off = (days + self._paperless * by_wire)[None, :] - self._levels[:, None]
            beyond = (waiting + 0.5 + self._paperless * open_wire)[None, :] - self._levels[:, None]
            plain, setback = self._both(off, _density)
            still, still_back = self._both(beyond, _beyond)
            stray = self._stray_share * _stray_density(days, self._stray_days)
            stray_open = self._stray_share * _stray_beyond(waiting, self._stray_days)
            log = np.log(self._weights + UNEXPLAINED)
            usual = 1 - self._stray_share
            paid = [usual * ((1 - s) * plain + s * setback) + stray[None, :] for s in SHARES]
            held_open = [usual * ((1 - s) * still + s * still_back) + stray_open for s in SHARES]
            for place in range(len(SHARES)):
                log[:, place] += np.log(paid[place] + UNEXPLAINED).sum(axis=1)
                log[:, place] += np.log(held_open[place] + UNEXPLAINED).sum(axis=1)
            belief = np.exp(log - log.max())
            belief /= belief.sum()
            weights += belief
            strayed, strayed_open = np.zeros(len(days)), np.zeros(len(waiting))
            for place, share in enumerate(SHARES):
                total = paid[place] + UNEXPLAINED
                held = belief[:, place][:, None]
                of_setback = held * usual * share * setback / total
                of_plain = held * usual * (1 - share) * plain / total
                back += float(of_setback.sum())
                back_days += float((of_setback * off).sum())
                number += float((of_plain + of_setback).sum())
                squares += float(
                    (of_plain * off**2 + of_setback * (off - self._setback) ** 2).sum()
                )
                bare = days[None, :] - self._levels[:, None]
                wire += float((by_wire * (of_plain + of_setback)).sum())
                wire_days -= float(
                    (by_wire * (of_plain * bare + of_setback * (bare - self._setback))).sum()
                )
                strayed += (held * stray[None, :] / total).sum(axis=0)
                strayed_open += (held * stray_open / (held_open[place] + UNEXPLAINED)).sum(axis=0)
            strays += [(days, strayed, 2.0), (waiting, strayed_open, 1.0)]
        self._weights = _smoothed(weights, self._levels)
        self._setback = back_days / back if back else self._setback
        self._paperless = wire_days / wire if wire else 0.0
        self._spread = max(1.0, float(np.sqrt(squares / number)))
        self._stray(strays)

    def _both(self, off: Array, how: Callable[[Array, float], Array]) -> tuple[Array, Array]:
        return how(off, self._spread), how(off - self._setback, self._spread)

    def _stray(self, strays: Sequence[tuple[Array, Array, float]]) -> None:
        """How many follow no habit, and how long half of them take; open ones take longer."""
        number = sum(float(found.sum()) for _, found, _ in strays)
        total = sum(len(days) for days, _, _ in strays)
        self._stray_share = (number + STRAYS_THOUGHT) / (total + OF_INVOICES)
        scale = self._stray_days
        slope = 2 * STRAYS_THOUGHT / (scale + STRAY_DAYS) + sum(
            float((many * found / (scale + np.maximum(0.0, days))).sum())
            for days, found, many in strays
        )
        self._stray_days = max(1.0, (number + STRAYS_THOUGHT) / slope)


def _column(ones: Sequence[Seen], name: str, *, settled: bool) -> Array:
    return np.array([float(getattr(one, name)) for one in ones if one.settled is settled])


def _density(off: Array, spread: float) -> Array:
    found: Array = np.exp(-((off / spread) ** 2) / 2) / (spread * np.sqrt(2 * np.pi))
    return found


def _beyond(off: Array, spread: float) -> Array:
    found: Array = 0.5 * _erfc(off / spread / np.sqrt(2))
    return found


def _stray_density(days: Array, scale: float) -> Array:
    found: Array = np.where(days > 0, scale / (scale + np.maximum(0.0, days)) ** 2, 0.0)
    return found


def _stray_beyond(days: Array, scale: float) -> Array:
    found: Array = scale / (scale + np.maximum(0.0, days))
    return found


def _smoothed(weights: Array, levels: Array) -> Array:
    kernel = np.exp(-(((levels[:, None] - levels[None, :]) / SMOOTH) ** 2) / 2)
    spread = (kernel / kernel.sum(axis=0)) @ weights
    found: Array = spread / spread.sum()
    return found


def _calibrated(figures: Figures, issued: Sequence[Invoice], until: date) -> Figures:
    """Hold the log-odds to what came of them, each from what was known on its own day."""
    habit = Habit(figures)
    by_customer: dict[str, list[Invoice]] = defaultdict(list)
    for one in issued:
        by_customer[one.customer].append(one)
    told = [(one, late) for one in issued if (late := late_by(one, until)) is not None]
    truth = [late for _, late in told]
    if all(truth) or not any(truth):
        return figures
    chances = np.array(
        [
            habit.late(seen(by_customer[one.customer], one.issued_on), paperless=one.paperless)
            for one, _ in told
        ]
    )
    odds = np.log(chances / (1 - chances))
    fit = LogisticRegression(C=1e6).fit(odds[:, None], truth)
    return replace(
        figures,
        slope=round(float(fit.coef_[0][0]), 4),
        intercept=round(float(fit.intercept_[0]), 4),
    )


def _forgetting(one: Invoice, until: date) -> Invoice:
    """Forget what was learned on *until* or later, and the name."""
    return Invoice(
        customer=digest(one.customer),
        issued_on=one.issued_on,
        due_on=one.due_on,
        amount_minor=one.amount_minor,
        settled_on=one.settled_on if one.settled_on and one.settled_on < until else None,
        paperless=one.paperless,
    )
