"""
Who is called next: points for what speaks for a case today, each with its reason.

The score is a sum of factors and nothing else, so that a person can check it: every factor is
worth at most its weight, of which a case gets a portion between nothing and all. The factors
are those that collectors of the region name for their own lists - the balance, the band, the
likelihood to pay, promises due and broken, the time since somebody was last reached, attempts
of late (Kobra and Moonflow advise the same; HighRadius shows its groups "at risk" and
"low-hanging" as labels that explain themselves). Theirs subtract for attempts of late; ours
adds for rest, which ranks alike and lets no factor take away what another gave.

A part of the calls is each segment's whatever the score; see ``behind``.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Factor(StrEnum):
    """
    What speaks for calling a case now.

    CALL_BACK: the debtor asked to be called, and the hour has come. PROMISE_BROKEN: lately, most
    the day after. DUE_TODAY: a promise, or a payment of an agreement. ASKED: the strategy asks
    for a call. LIKELY: how far promises were kept. FORECAST: how likely it is paid soon, by the
    debtor's own record; where too little is known it gives nothing, and the others rank.
    BALANCE: against the portfolio's usual one.
    BAND: a young debt comes back more easily. ROLLS_SOON: about to fall into the next band.
    REST: nobody spoke with the debtor for long, or ever. CLOSES_SOON: today's lawful hours end.
    GOOD_HOUR: people like the debtor, or he himself, are reached at this hour; where too little
    is known it gives nothing. CHARGED_OFF: the creditor no longer counts on it; off until a
    portfolio gives it points.
    """

    CALL_BACK = "call_back"
    PROMISE_BROKEN = "promise_broken"
    DUE_TODAY = "due_today"
    ASKED = "asked"
    LIKELY = "likely"
    FORECAST = "forecast"
    BALANCE = "balance"
    BAND = "band"
    ROLLS_SOON = "rolls_soon"
    REST = "rest"
    CLOSES_SOON = "closes_soon"
    GOOD_HOUR = "good_hour"
    CHARGED_OFF = "charged_off"


# Where a portfolio has said nothing. What a debtor waits for goes before what we hope for.
WEIGHTS: Mapping[Factor, int] = {
    Factor.CALL_BACK: 100,
    Factor.PROMISE_BROKEN: 50,
    Factor.DUE_TODAY: 40,
    Factor.ASKED: 30,
    Factor.LIKELY: 25,
    Factor.FORECAST: 20,
    Factor.BALANCE: 25,
    Factor.BAND: 20,
    Factor.ROLLS_SOON: 15,
    Factor.REST: 15,
    Factor.CLOSES_SOON: 10,
    Factor.GOOD_HOUR: 20,
    Factor.CHARGED_OFF: 0,
}
OF_THE_MOMENT = frozenset({Factor.CLOSES_SOON.value, Factor.GOOD_HOUR.value})
MOST_WEIGHT = 200

FRESH_DAYS = 7  # a promise broken longer ago than this is no news any more
ROLLING_DAYS = 3
RESTED_DAYS = 30
CLOSING_MINUTES = 120
HUNDRED = 100
QUOTA = "quota"  # the reason of a case that came up for its segment's part, at no points


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentPart:
    """What part of the calls a segment gets at least; an empty *segment* = cases of none."""

    segment: str
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePolicy:
    """
    How a portfolio's calls are ordered and shared out.

    Args:
        weights: Most points of a factor, by its code; what is not named has ``WEIGHTS``. 0 = off.
        least_percent: What part of the calls each segment gets at least, while it has cases.
        segment_parts: Those that have a part of their own instead; 100 per cent together at most.
        hold_minutes: How long a case stays with the person who took it without ending the call.
        fill: How many overdue cases nobody asked for come up each day, in turn, so that none
            is forgotten.
    """

    weights: dict[str, int] = field(default_factory=dict)
    least_percent: int = 10
    hold_minutes: int = 30
    fill: int = 200
    segment_parts: tuple[SegmentPart, ...] = ()

    def weight(self, factor: Factor) -> int:
        return self.weights.get(factor.value, WEIGHTS[factor])


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """
    What is known of a case when it is ranked.

    Args:
        asked_for, asked_at: The voice message behind the call that is asked for - heard, or not -
            and how many minutes after midnight, of the portfolio's clock, that was today.
        broken_days: Since the last broken promise, or agreement; None = none.
        likely: 0 to 100, how much of what is promised comes; None = not known.
        forecast: 0 to 100, the chance that it is paid soon; None = not known.
        usual_minor: The portfolio's mean balance of a case; 0 = not known.
        band: (number of the case's band past due from 0, how many there are); None = not due.
        rolls_in: Days until the next, worse band; None = there is none.
        rested_days: Since somebody was spoken with; None = never.
        closes_in: Minutes until the lawful hours of the day end; None = not known.
        good_hour: 0 to 100, how good the hour is to reach the debtor; None = not known.
        hour_basis: Whose contacts tell that, as ``good_hours.Basis``.
    """

    called_back: bool = False
    broken_days: int | None = None
    due_today: bool = False
    asked: bool = False
    asked_for: str = ""
    asked_at: int | None = None
    likely: int | None = None
    forecast: int | None = None
    balance_minor: int = 0
    usual_minor: int = 0
    band: tuple[int, int] | None = None
    rolls_in: int | None = None
    rested_days: int | None = None
    closes_in: int | None = None
    good_hour: int | None = None
    hour_basis: str = ""
    charged_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """
    Why a case is where it is in the queue.

    Args:
        code: A ``Factor``, or ``QUOTA``.
        points: Its share of the score; the reasons' points sum to it.
        value: What it was read from, where that is a number: days, per cent, minutes.
        basis: Whose contacts it was learned from, of a good hour; which voice message, of a call
            that is asked for after one; else empty.
    """

    code: str
    points: int
    value: int | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    score: int
    reasons: tuple[Reason, ...]  # those that give points, the strongest first


def rank(standing: Standing, policy: QueuePolicy) -> Priority:
    """
    Add up what speaks for a case.

    >>> rank(Standing(broken_days=1, likely=80), QueuePolicy()).reasons[0]
    Reason(code='promise_broken', points=50, value=1, basis='')
    """
    reasons = []
    for factor, portion, value in _portions(standing):
        points = round(policy.weight(factor) * portion)
        if points > 0:
            bases = {Factor.GOOD_HOUR: standing.hour_basis, Factor.ASKED: standing.asked_for}
            basis = bases.get(factor, "")
            reasons.append(Reason(code=factor.value, points=points, value=value, basis=basis))
    reasons.sort(key=lambda one: (-one.points, one.code))
    return Priority(score=sum(one.points for one in reasons), reasons=tuple(reasons))


def with_points(priority: Priority, more: Iterable[Reason]) -> Priority:
    """Give the same with reasons that only the moment tells, such as hours that end."""
    reasons = [*priority.reasons, *(one for one in more if one.points > 0)]
    reasons.sort(key=lambda one: (-one.points, one.code))
    return Priority(score=sum(one.points for one in reasons), reasons=tuple(reasons))


def closing(closes_in: int | None, policy: QueuePolicy) -> Iterator[Reason]:
    """What is added while the day's lawful hours run out."""
    yield from rank(Standing(closes_in=closes_in, rested_days=0), policy).reasons


def at_hour(rating: str, policy: QueuePolicy) -> int:
    """
    Give the points of an hour by its rating, ``0`` to ``A``, as a turn has it of its day.

    >>> at_hour("A", QueuePolicy()), at_hour("5", QueuePolicy()), at_hour("", QueuePolicy())
    (20, 10, 0)
    """
    return round(policy.weight(Factor.GOOD_HOUR) * int(rating or "0", 16) / 10)


def parts(waiting: Iterable[str], policy: QueuePolicy) -> dict[str, int]:
    """
    Say what part of the calls each segment gets at least, in per cent: its own, or the common one.

    Where the common part would not fit beside the others' own, what those leave is shared alike.

    >>> parts(["large", "small", ""], QueuePolicy())
    {'': 10, 'large': 10, 'small': 10}
    >>> own = (SegmentPart(segment="large", percent=70),)
    >>> parts(["large", "small", ""], QueuePolicy(least_percent=50, segment_parts=own))
    {'': 15, 'large': 70, 'small': 15}
    """
    names = sorted(set(waiting))
    own = {one.segment: one.percent for one in policy.segment_parts if one.segment in names}
    others = len(names) - len(own)
    left = max(0, HUNDRED - sum(own.values()))
    common = min(policy.least_percent, left // others) if others else 0
    return {one: own.get(one, common) for one in names}


def behind(
    taken: Mapping[str, int], waiting: Iterable[str], policy: QueuePolicy
) -> tuple[str, int] | None:
    """
    Say which segment is owed a turn: the one furthest below its part of today's calls.

    Args:
        taken: Cases given out today, by segment.
        waiting: Segments that have cases ready.

    Returns:
        The segment and its part in per cent; None when every one that waits has its part.

    >>> behind({"large": 9}, ["large", "small"], QueuePolicy())
    ('small', 10)
    >>> behind({"large": 9, "small": 1}, ["large", "small"], QueuePolicy()) is None
    True
    """
    percent = parts(waiting, policy)
    if len(percent) < 2:
        return None
    coming = sum(taken.values()) + 1
    owed = {one: percent[one] * coming - HUNDRED * taken.get(one, 0) for one in percent}
    most = max(owed, key=lambda one: (owed[one], one))
    return (most, percent[most]) if owed[most] >= HUNDRED else None  # a whole case


def for_quota(priority: Priority, percent: int) -> Priority:
    """Say of a case that it came up for its segment's part of the calls, and not by its points."""
    quota = Reason(code=QUOTA, points=0, value=percent)
    return Priority(score=priority.score, reasons=(*priority.reasons, quota))


def minutes(until: datetime | None, now: datetime) -> int | None:
    """Whole minutes until a moment; None without one."""
    return None if until is None else max(0, int((until - now).total_seconds() // 60))


# Private


def _portions(of: Standing) -> Iterator[tuple[Factor, float, int | None]]:
    """What part of its weight each factor gets, and what that was read from."""
    yield Factor.CALL_BACK, float(of.called_back), None
    yield Factor.PROMISE_BROKEN, _fading(of.broken_days), of.broken_days
    yield Factor.DUE_TODAY, float(of.due_today), None
    yield Factor.ASKED, float(of.asked), of.asked_at
    yield Factor.LIKELY, (of.likely or 0) / HUNDRED, of.likely
    yield Factor.FORECAST, (of.forecast or 0) / HUNDRED, of.forecast
    yield Factor.BALANCE, _against(of.balance_minor, of.usual_minor), None
    if of.band is not None:
        number, bands = of.band
        yield Factor.BAND, 1 - number / max(1, bands), None
    rolling = of.rolls_in is not None and of.rolls_in <= ROLLING_DAYS
    yield Factor.ROLLS_SOON, float(rolling), of.rolls_in
    rested = RESTED_DAYS if of.rested_days is None else of.rested_days
    yield Factor.REST, min(rested, RESTED_DAYS) / RESTED_DAYS, of.rested_days
    if of.closes_in is not None:
        left = max(0, CLOSING_MINUTES - of.closes_in)
        yield Factor.CLOSES_SOON, min(left / CLOSING_MINUTES, 1.0), of.closes_in
    yield Factor.GOOD_HOUR, (of.good_hour or 0) / HUNDRED, of.good_hour
    yield Factor.CHARGED_OFF, float(of.charged_off), None


def _fading(days: int | None) -> float:
    """All of it the day after, half by the third, nothing after a week."""
    if days is None or days > FRESH_DAYS:
        return 0.0
    return 1.0 if days <= 1 else 0.5 if days <= 3 else 0.25


def _against(balance_minor: int, usual_minor: int) -> float:
    """Half for the usual balance, ever less for each more: no size can drown the other factors."""
    if balance_minor <= 0 or usual_minor <= 0:
        return 0.0
    return balance_minor / (balance_minor + usual_minor)
