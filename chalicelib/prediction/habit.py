"""
When somebody pays, from their own habit.

Everybody has a usual day, so many days before or after the due date, and now and then something
comes between and it takes a setback longer; how often differs from one to another. What a
portfolio's customers are like is the prior (learned: ``training/``), what this one did moves it
(Bayes' rule on a grid), and an open invoice says that it takes at least as long as it is open.
A debtor of whom nothing is known gets the portfolio's figure, and the answer says so. Whoever is
far behind every usual day is of those few who pay at any time or never, the less likely the longer
it has been: a bell's tail would say that an invoice a year late is paid any day now.

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
_NEGLIGIBLE = 1e-5  # a habit that is less likely than this tells nothing any more
RANGE = (0.2, 0.8)  # three of five payments are expected between them
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
        stray_share: How many follow no usual day, but are paid at any time after the due date.
        stray_days: After so many days half of those are still open, and half of these after
            as many again, and twice as many, and so on.
        slope, intercept: Calibration, on log-odds.
    """

    usual_days: tuple[float, ...]
    setback_shares: tuple[float, ...]
    weights: tuple[tuple[float, ...], ...]
    setback_days: float
    paperless_days: float
    spread_days: float
    stray_share: float = 0.005
    stray_days: float = 30.0
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
class Days:
    """
    When payment may be expected, in days after the due date; negative = before it.

    Args:
        usual: As many come before as after.
        low, high: Three of five come between them (``RANGE``).
    """

    usual: int
    low: int
    high: int


# What is believed of somebody: usual day, share of setbacks, how likely; the sum is 1.
Belief = Sequence[tuple[float, float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """
    What may be expected of one invoice.

    Args:
        late: Probability that it is paid after its due date.
        days: From due date to payment.
        basis: ``habit``, or ``portfolio`` when nothing is known of the customer.
        reasons: The heaviest first.
    """

    late: float
    days: Days
    basis: str
    reasons: tuple[Reason, ...]


class Habit:
    """The model at work; building it once and asking it often is cheap."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self._said = lru_cache(maxsize=4096)(self._say)
        self._outlasts = lru_cache(maxsize=1 << 16)(self._outlast)

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
            days=self.days(self.belief(history), paperless=paperless, open_days=open_days),
            basis="habit" if history else "portfolio",
            reasons=tuple(sorted(reasons, key=lambda one: -abs(one.weight))),
        )

    def late(
        self, history: Sequence[Seen], *, paperless: bool, open_days: int = _EARLIEST
    ) -> float:
        """Probability that an invoice which is open *open_days* after its due date comes late."""
        if open_days > 0:
            return 1.0
        belief = self.belief(history)
        after_due = self._after(belief, 0, paperless=paperless)
        still = (
            1.0 if open_days <= _EARLIEST else self._after(belief, open_days, paperless=paperless)
        )
        raw = _within(after_due / still if still > 0 else 1.0)
        odds = self.figures.slope * _logit(raw) + self.figures.intercept
        return 1 / (1 + math.exp(-odds))

    def belief(self, history: Sequence[Seen]) -> Belief:
        """Say which habits are likely by what is known; those that hardly are, are left out."""
        found = self._prior
        for one in history:
            days = min(max(one.days, _EARLIEST), _LATEST)
            said = self._said(days, one.settled, one.paperless)
            found = [a + b for a, b in zip(found, said, strict=True)]
        most = max(found)
        weights = [math.exp(one - most) for one in found]
        least = _NEGLIGIBLE * sum(weights)
        likely = [
            (usual, share, weight)
            for (usual, share), weight in zip(self._pairs, weights, strict=True)
            if weight >= least
        ]
        total = sum(weight for _, _, weight in likely)
        return [(usual, share, weight / total) for usual, share, weight in likely]

    def paid_within(self, belief: Belief, days: int, *, paperless: bool, open_days: int) -> float:
        """
        Probability that what is open *open_days* after its due date is paid *days* from now.

        Args:
            belief: Of a history that has this one in it, open as it is.
        """
        unpaid = sum(
            weight * self._lasts(usual, share, days, paperless=paperless, open_days=open_days)
            for usual, share, weight in belief
        )
        return max(0.0, 1 - unpaid)

    def any_paid_within(
        self, belief: Belief, days: int, open_days: Sequence[int], *, paperless: bool
    ) -> float:
        """
        Probability that at least one of several open invoices of one customer is paid.

        They are paid independently of each other only for whom the habit is known: who is slow
        with one is slow with all. So it is asked for each habit, and then weighed.

        Args:
            belief: Of a history that has all of them in it, open as they are.
        """
        unpaid = sum(
            weight
            * math.prod(
                self._lasts(usual, share, days, paperless=paperless, open_days=one)
                for one in open_days
            )
            for usual, share, weight in belief
        )
        return max(0.0, 1 - unpaid)

    def astray(self, belief: Belief, *, paperless: bool, open_days: int) -> float:
        """Probability that what is open so long follows no habit any more: nobody can say when."""
        stray = self.figures.stray_share * self._stray(open_days)
        return min(1.0, stray / self._after(belief, open_days, paperless=paperless))

    def days(self, belief: Belief, *, paperless: bool, open_days: int) -> Days:
        """
        When to expect payment of what is open *open_days* after its due date.

        Args:
            belief: Of a history that has this one in it, if it is past its due date.
        """
        since = max(open_days, _EARLIEST)

        def quantile(share: float) -> int:
            low, high = since, _LATEST + max(0, since)
            while low < high:  # the first day by which the share of them is paid
                middle = (low + high) // 2
                paid = self.paid_within(
                    belief, middle - since, paperless=paperless, open_days=since
                )
                low, high = (low, middle) if paid >= share else (middle + 1, high)
            return low

        return Days(usual=quantile(0.5), low=quantile(RANGE[0]), high=quantile(RANGE[1]))

    # Private

    @cached_property
    def _prior(self) -> list[float]:
        return [math.log(weight + _UNEXPLAINED) for row in self.figures.weights for weight in row]

    @cached_property
    def _pairs(self) -> list[tuple[float, float]]:
        f = self.figures
        return [(usual, share) for usual in f.usual_days for share in f.setback_shares]

    def _say(self, days: int, settled: bool, paperless: bool) -> list[float]:
        """Log-likelihood of one invoice under every pair."""
        f = self.figures
        level = days + (f.paperless_days if paperless else 0.0)
        how = _density if settled else _beyond
        stray = f.stray_share * (self._stray_density(days) if settled else self._stray(days))
        said = []
        for usual in f.usual_days:
            plain = how(level - usual, f.spread_days)
            set_back = how(level - usual - f.setback_days, f.spread_days)
            said += [
                math.log(
                    (1 - f.stray_share) * ((1 - share) * plain + share * set_back)
                    + stray
                    + _UNEXPLAINED
                )
                for share in f.setback_shares
            ]
        return said

    def _after(self, belief: Belief, days: int, *, paperless: bool) -> float:
        """Probability that payment comes later than *days* after the due date."""
        return sum(
            weight * self._outlasts(usual, share, days, paperless)
            for usual, share, weight in belief
        )

    def _lasts(
        self, usual: float, share: float, days: int, *, paperless: bool, open_days: int
    ) -> float:
        """Probability, for a known habit, that what is open stays so for *days* more."""
        still = self._outlasts(usual, share, open_days, paperless)
        return self._outlasts(usual, share, open_days + days, paperless) / still

    def _outlast(self, usual: float, share: float, days: int, paperless: bool) -> float:
        f = self.figures
        level = days + 0.5 + (f.paperless_days if paperless else 0.0) - usual
        plain = _beyond(level, f.spread_days)
        set_back = _beyond(level - f.setback_days, f.spread_days)
        by_habit = (1 - share) * plain + share * set_back
        return (1 - f.stray_share) * by_habit + f.stray_share * self._stray(days) + _UNEXPLAINED

    def _stray(self, days: int) -> float:
        return self.figures.stray_days / (self.figures.stray_days + max(0, days))

    def _stray_density(self, days: int) -> float:
        scale = self.figures.stray_days
        return scale / (scale + days) ** 2 if days > 0 else 0.0


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
