"""
When somebody pays, from their own habit.

Everybody has a usual day, so many days before or after the due date, and now and then something
comes between and it takes a setback longer; how often differs from one to another. What a
portfolio's customers are like is the prior (learned: ``training/``), what this one did moves it
(Bayes' rule on a grid), and an open invoice says that it takes at least as long as it is open.
A debtor of whom nothing is known gets the portfolio's figure, and the answer says so.

The share of disputed invoices is not asked for, and nothing about who somebody is: sex, age,
marriage, education and postcode are not among the facts.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from chalicelib.prediction.history import Seen

# What no habit explains - a typing error, a payment years later - is not held against it.
_UNEXPLAINED = 1e-9
_EARLIEST, _LATEST = -120, 730
_CERTAIN = 1e-4
_SQRT2, _SQRT2PI = math.sqrt(2), math.sqrt(2 * math.pi)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """
    What is learned from a portfolio.

    Args:
        usual_days: The usual days that are thought possible, after the due date.
        setback_shares: The shares of setbacks that are thought possible.
        weights: How common each pair of them is, a row for each usual day; the sum is 1.
        setback_days: How much longer a setback takes.
        paperless_days: How much sooner an invoice is paid that was sent electronically.
        spread_days: Standard deviation around the usual day.
        slope, intercept: Calibration, on log-odds.
    """

    usual_days: tuple[float, ...]
    setback_shares: tuple[float, ...]
    weights: tuple[tuple[float, ...], ...]
    setback_days: float
    paperless_days: float
    spread_days: float
    slope: float = 1.0
    intercept: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """
    Why the figure is what it is.

    Args:
        code: ``paperless``, ``paid_before``, ``open_others`` or ``still_open``.
        weight: How far it moved the log-odds of paying late; negative = sooner.
        figures: What it rests on.
    """

    code: str
    weight: float
    figures: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """
    What may be expected of one invoice.

    Args:
        late: Probability that it is paid after its due date.
        days: Expected days from due date to payment.
        basis: ``habit``, or ``portfolio`` when nothing is known of the customer.
        reasons: The heaviest first.
    """

    late: float
    days: float
    basis: str
    reasons: tuple[Reason, ...]


class Habit:
    """The model at work; building it once and asking it often is cheap."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self._said = lru_cache(maxsize=4096)(self._say)

    def outlook(self, history: Sequence[Seen], *, paperless: bool, open_days: int) -> Outlook:
        """
        Say what to expect of an open invoice.

        Args:
            history: The customer's other invoices, as of now (``history.seen``).
            open_days: Days since its due date; negative before it.
        """
        settled = [one for one in history if one.settled]
        others = [one for one in history if not one.settled]
        steps: list[tuple[str, list[Seen], bool, int, dict[str, float]]] = [
            ("", [], False, _EARLIEST, {}),
            ("paperless", [], paperless, _EARLIEST, {}),
            ("paid_before", settled, paperless, _EARLIEST, _summed(settled)),
            ("open_others", [*settled, *others], paperless, _EARLIEST, _summed(others)),
        ]
        if open_days > 0:
            figures = {"days": float(open_days)}
            steps.append(("still_open", [*settled, *others], paperless, open_days, figures))
        reasons: list[Reason] = []
        late = before = 0.0
        for number, (code, known, by_wire, since, figures) in enumerate(steps):
            late = self.late(known, paperless=by_wire, open_days=since)
            odds = _logit(late)
            if number and abs(odds - before) > _CERTAIN:
                reasons.append(Reason(code=code, weight=odds - before, figures=figures))
            before = odds
        return Outlook(
            late=late,
            days=self._expected(self._belief(history), paperless=paperless),
            basis="habit" if history else "portfolio",
            reasons=tuple(sorted(reasons, key=lambda one: -abs(one.weight))),
        )

    def late(
        self, history: Sequence[Seen], *, paperless: bool, open_days: int = _EARLIEST
    ) -> float:
        """Probability that an invoice which is open *open_days* after its due date comes late."""
        if open_days > 0:
            return 1.0
        belief = self._belief(history)
        after_due = self._after(belief, 0, paperless=paperless)
        still = (
            1.0 if open_days <= _EARLIEST else self._after(belief, open_days, paperless=paperless)
        )
        raw = _within(after_due / still if still > 0 else 1.0)
        odds = self.figures.slope * _logit(raw) + self.figures.intercept
        return 1 / (1 + math.exp(-odds))

    def paid_within(
        self, history: Sequence[Seen], days: int, *, paperless: bool, open_days: int
    ) -> float:
        """Probability that what is open *open_days* after its due date is paid *days* from now."""
        belief = self._belief(history)
        still = self._after(belief, open_days, paperless=paperless)
        later = self._after(belief, open_days + days, paperless=paperless)
        return 1 - later / still if still > 0 else 0.0

    # Private

    @cached_property
    def _prior(self) -> list[float]:
        return [math.log(weight + _UNEXPLAINED) for row in self.figures.weights for weight in row]

    def _belief(self, history: Sequence[Seen]) -> list[float]:
        """How likely each pair of usual day and share of setbacks is; the sum is 1."""
        found = self._prior
        for one in history:
            days = min(max(one.days, _EARLIEST), _LATEST)
            said = self._said(days, one.settled, one.paperless)
            found = [a + b for a, b in zip(found, said, strict=True)]
        most = max(found)
        weights = [math.exp(one - most) for one in found]
        total = sum(weights)
        return [one / total for one in weights]

    def _say(self, days: int, settled: bool, paperless: bool) -> list[float]:
        """Log-likelihood of one invoice under every pair."""
        f = self.figures
        level = days + (f.paperless_days if paperless else 0.0)
        how = _density if settled else _beyond
        said = []
        for usual in f.usual_days:
            plain = how(level - usual, f.spread_days)
            set_back = how(level - usual - f.setback_days, f.spread_days)
            said += [
                math.log((1 - share) * plain + share * set_back + _UNEXPLAINED)
                for share in f.setback_shares
            ]
        return said

    def _after(self, belief: Sequence[float], days: int, *, paperless: bool) -> float:
        """Probability that payment comes later than *days* after the due date."""
        f = self.figures
        level = days + 0.5 + (f.paperless_days if paperless else 0.0)
        total, place = 0.0, 0
        for usual in f.usual_days:
            plain = _beyond(level - usual, f.spread_days)
            set_back = _beyond(level - usual - f.setback_days, f.spread_days)
            for share in f.setback_shares:
                total += belief[place] * ((1 - share) * plain + share * set_back)
                place += 1
        return total

    def _expected(self, belief: Sequence[float], *, paperless: bool) -> float:
        f = self.figures
        pairs = ((usual, share) for usual in f.usual_days for share in f.setback_shares)
        mean = sum(
            weight * (usual + share * f.setback_days)
            for weight, (usual, share) in zip(belief, pairs, strict=True)
        )
        return mean - (f.paperless_days if paperless else 0.0)


def _summed(history: Sequence[Seen]) -> dict[str, float]:
    late = sum(one.days > 0 for one in history)
    mean = sum(one.days for one in history) / len(history) if history else 0.0
    return {"invoices": float(len(history)), "late": float(late), "mean_days": mean}


def _density(off: float, spread: float) -> float:
    return math.exp(-((off / spread) ** 2) / 2) / (spread * _SQRT2PI)


def _beyond(off: float, spread: float) -> float:
    return 0.5 * math.erfc(off / spread / _SQRT2)


def _within(probability: float) -> float:
    return min(max(probability, _CERTAIN), 1 - _CERTAIN)


def _logit(probability: float) -> float:
    kept = _within(probability)
    return math.log(kept / (1 - kept))
