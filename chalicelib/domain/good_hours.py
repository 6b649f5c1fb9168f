"""
At which hours of the week people are reached: the rule, and what a portfolio keeps of it.

An hour is rated by the share of attempts that reached the right person, drawn to what is known
of the hour on all days, and that to the whole, so that few attempts say little. 10 is the best
hour of a group, 0 no better than any. A group that has seen too little, or in which no hour
stands out, has no ratings: a wider one is asked then.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

WINDOW_DAYS = 90  # attempts of these many days are looked at
STALE = timedelta(days=30)  # what was learned up to longer ago than this says nothing any more
LEAST_DIRECT, LEAST_TRIES = 20, 100  # of a group
FEW = 10  # attempts at an hour of all days, or on a weekday, below which it says nothing
PRIOR = 20  # attempts that what is known more widely weighs as much as
LIFT = Fraction(11, 10)  # how far the best hour has to stand out from the whole
BEST = 10
WEEK, DAY = 7, 24
_DIGITS = "0123456789A"


class Basis(StrEnum):
    """Whose contacts an hour was learned from, the nearest first."""

    OWN = "own"
    SEGMENT = "segment"  # of the case's segment, in its zone
    ZONE = "zone"
    PORTFOLIO = "portfolio"


@dataclass(frozen=True, slots=True)
class Cell:
    """
    An hour of a weekday.

    Args:
        weekday: 1 is Monday.
        direct: Of the *tries*, those that reached the right person.
    """

    weekday: int
    hour: int
    direct: int
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """
    Args:
        zone: A hexagon of 36 square kilometres (``bi.places``); empty = the whole portfolio.
        segment: Empty = all of the zone.
        ratings: 0 to 10 for each hour of the week from Monday's first, as digits, A is 10.
    """

    channel: str
    zone: str = ""
    segment: str = ""
    direct: int
    tries: int
    ratings: str

    def rating(self, weekday: int, hour: int) -> int:
        """Give what an hour of a weekday (1 is Monday) is worth, 0 to 10."""
        return _DIGITS.index(self.ratings[(weekday - 1) * DAY + hour])

    def best(self, most: int) -> list[tuple[int, int]]:
        """Name the best (weekday, hour), the best first."""
        rated = [
            (self.rating(weekday, hour), weekday, hour)
            for weekday in range(1, WEEK + 1)
            for hour in range(DAY)
        ]
        rated.sort(key=lambda one: (-one[0], one[1], one[2]))
        return [(weekday, hour) for rating, weekday, hour in rated[:most] if rating]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodHours:
    """
    What a portfolio knows of its hours: one row, made anew after each night's export.

    Args:
        first, last: The days it was made of; *days* of them were in the lake.
        since: When the first that had anything to say was made.
    """

    portfolio_id: str
    kind: str = "good"
    first: date
    last: date
    days: int
    made_at: datetime
    since: datetime | None = None
    groups: tuple[Group, ...] = ()
    version: int = 0

    def of(self, channel: str, *, zone: str, segment: str) -> tuple[Basis, Group] | None:
        """Find the nearest group that says anything of a channel; None when none does."""
        known = {(one.zone, one.segment): one for one in self.groups if one.channel == channel}
        nearest = [(Basis.PORTFOLIO, ("", ""))]
        if zone:
            nearest.insert(0, (Basis.ZONE, (zone, "")))
        if zone and segment:
            nearest.insert(0, (Basis.SEGMENT, (zone, segment)))
        return next(((basis, known[key]) for basis, key in nearest if key in known), None)

    def tells_of_segments(self, channel: str) -> bool:
        return any(one.segment and one.channel == channel for one in self.groups)

    def stale(self, today: date) -> bool:
        return today - self.last > STALE


def ratings(cells: Iterable[Cell]) -> str:
    """
    Rate the hours of a week by what came of attempts in them, as ``Group.ratings``.

    Returns:
        Empty where too little was tried, or no hour stands out.

    >>> evening = [Cell(day, 19, 30, 60) for day in range(1, 6)]
    >>> told = ratings([*evening, *(Cell(day, 11, 6, 60) for day in range(1, 6))])
    >>> told[:DAY]
    '0000000000000000000A0000'
    >>> ratings(evening)
    ''
    """
    direct: Counter[tuple[int, int]] = Counter()
    tries: Counter[tuple[int, int]] = Counter()
    for one in cells:
        direct[one.weekday, one.hour] += one.direct
        tries[one.weekday, one.hour] += one.tries
    if direct.total() < LEAST_DIRECT or tries.total() < LEAST_TRIES:
        return ""
    whole = Fraction(direct.total(), tries.total())
    hours, reached = _of(tries, 1), _of(direct, 1)
    days = _of(tries, 0)
    by_hour = {
        hour: _drawn(reached[hour], made, whole) for hour, made in hours.items() if made >= FEW
    }
    likely = {
        (day, hour): _drawn(direct[day, hour], tries[day, hour], rate)
        for day, made in days.items()
        if made >= FEW
        for hour, rate in by_hour.items()
    }
    best = max(likely.values(), default=whole)
    if best < LIFT * whole:
        return ""
    return "".join(
        _digit(likely.get((day, hour), whole), whole, best)
        for day in range(1, WEEK + 1)
        for hour in range(DAY)
    )


def _of(counts: Mapping[tuple[int, int], int], part: int) -> Counter[int]:
    """Add up by weekday (0) or hour (1)."""
    found: Counter[int] = Counter()
    for key, number in counts.items():
        found[key[part]] += number
    return found


def _drawn(direct: int, tries: int, wider: Fraction) -> Fraction:
    """Give a rate drawn to the wider one, the more the fewer the tries."""
    return (direct + PRIOR * wider) / (tries + PRIOR)


def _digit(rate: Fraction, whole: Fraction, best: Fraction) -> str:
    return _DIGITS[int(BEST * (rate - whole) / (best - whole))] if rate > whole else "0"
