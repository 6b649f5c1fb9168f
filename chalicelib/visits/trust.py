"""
How far a visit's report is to be trusted: 100, less what speaks against it.

Each sign has a weight and is given with the figure that raised it; a browser tells no mock flag,
so the signs are of things that do not fit together. Weights were set so that one strong sign
alone brings a report under ``REVIEW_BELOW`` and a weak one does not; on the real traces honest
visits stay above it (docs/visits.md has the figures).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.geo.distance import metres_between
from chalicelib.geo.motion import Timed
from chalicelib.geo.point import Point

REVIEW_BELOW = 70


class Sign(StrEnum):
    MOCK = "mock"
    IMPOSSIBLE_SPEED = "impossible_speed"
    SAME_SPOT = "same_spot"
    PHOTO_REUSED = "photo_reused"
    TRAIL_ELSEWHERE = "trail_elsewhere"
    SHARED_DEVICE = "shared_device"
    CLOCK = "clock"
    NO_TRAIL = "no_trail"
    OFFLINE_LONG = "offline_long"
    POOR_ACCURACY = "poor_accuracy"


WEIGHTS = {
    Sign.MOCK: 60,
    Sign.PHOTO_REUSED: 50,
    Sign.SAME_SPOT: 40,
    Sign.TRAIL_ELSEWHERE: 40,
    Sign.IMPOSSIBLE_SPEED: 35,
    Sign.SHARED_DEVICE: 25,
    Sign.CLOCK: 20,
    Sign.POOR_ACCURACY: 10,
    Sign.NO_TRAIL: 5,
    Sign.OFFLINE_LONG: 5,
}

SPEED_MAX_KMH = 150.0
SPEED_FROM_M = 500.0
SAME_SPOT_DOORS = 3
CLOCK_SKEW_MAX = timedelta(minutes=5)
OFFLINE_MAX = timedelta(hours=48)
ACCURACY_MAX_M = 100.0
TRAIL_WINDOW = timedelta(minutes=3)
TRAIL_SLACK_M = 250.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """A point of the agent's trail; an unknown accuracy is taken as a phone's usual one."""

    at: datetime
    point: Point
    accuracy_m: float = 25.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """
    What is known of a visit when it arrives. All instants are aware.

    Args:
        at: When it was made, by the phone.
        received_at: When the server had it.
        clock_skew: The phone's clock less the server's, measured at a sync.
        mock: The client's own flag; None where it has none.
        doors_at_spot: Different addresses with visits at these coordinates to 5 decimals.
        photo_seen: A photo of it was already another visit's.
        people_on_device: Who used the device that day.
        trail: The agent's points around *at*, any order; the last one before it included.
        tracked: Whether his device sends a trail at all.
    """

    at: datetime
    received_at: datetime
    point: Point
    accuracy_m: float
    clock_skew: timedelta = timedelta(0)
    mock: bool | None = None
    doors_at_spot: int = 1
    photo_seen: bool = False
    people_on_device: int = 1
    trail: Sequence[Ping] = ()
    tracked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """
    Args:
        figure: What raised the sign: km/h, metres, doors, people, seconds; 1 for a flag.
    """

    sign: Sign
    weight: int
    figure: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """
    Args:
        score: 0 to 100.
        against: Heaviest first.
    """

    score: int
    against: tuple[Against, ...]

    @property
    def needs_review(self) -> bool:
        return self.score < REVIEW_BELOW


def score(report: Report) -> Trust:
    """Weigh everything that speaks against a report."""
    figures: dict[Sign, float | None] = {
        Sign.MOCK: 1.0 if report.mock else None,
        Sign.PHOTO_REUSED: 1.0 if report.photo_seen else None,
        Sign.SAME_SPOT: _over(report.doors_at_spot, SAME_SPOT_DOORS - 1),
        Sign.SHARED_DEVICE: _over(report.people_on_device, 1),
        Sign.CLOCK: _over(abs(report.clock_skew.total_seconds()), CLOCK_SKEW_MAX.total_seconds()),
        Sign.OFFLINE_LONG: _over(
            (report.received_at - report.at).total_seconds(), OFFLINE_MAX.total_seconds()
        ),
        Sign.POOR_ACCURACY: _over(report.accuracy_m, ACCURACY_MAX_M),
        Sign.IMPOSSIBLE_SPEED: _over(_speed_kmh(report), SPEED_MAX_KMH),
    }
    near = [ping for ping in report.trail if abs(ping.at - report.at) <= TRAIL_WINDOW]
    if near:
        figures[Sign.TRAIL_ELSEWHERE] = _over(_away_m(report, near), TRAIL_SLACK_M)
    elif report.tracked:
        figures[Sign.NO_TRAIL] = 1.0
    against = [
        Against(sign=sign, weight=WEIGHTS[sign], figure=round(figure, 1))
        for sign, figure in figures.items()
        if figure is not None
    ]
    against.sort(key=lambda one: -one.weight)
    return Trust(score=max(0, 100 - sum(one.weight for one in against)), against=tuple(against))


def stay_s(trail: Sequence[Timed], target: Point, radius_m: float, until: datetime) -> float | None:
    """
    Measure how long somebody had been within *radius_m* of *target*, until *until*.

    Args:
        trail: In order of time.

    Returns:
        Seconds from the first fix of the last unbroken stay; None when no fix tells.
    """
    since: datetime | None = None
    for fix in trail:
        if fix.at > until:
            break
        if metres_between(fix.point, target) > radius_m:
            since = None
        elif since is None:
            since = fix.at
    return None if since is None else (until - since).total_seconds()


def _over(value: float | None, limit: float) -> float | None:
    return value if value is not None and value > limit else None


def _speed_kmh(report: Report) -> float | None:
    """
    Speed from the last point before, both errors taken off the way.

    Short ways do not count: a receiver that finds itself jumps some hundred metres.
    """
    before = [ping for ping in report.trail if ping.at < report.at]
    if not before:
        return None
    last = max(before, key=lambda ping: ping.at)
    way = metres_between(last.point, report.point) - last.accuracy_m - report.accuracy_m
    took = (report.at - last.at).total_seconds()
    return way / took * 3.6 if way > SPEED_FROM_M else None


def _away_m(report: Report, near: Sequence[Ping]) -> float:
    """
    Distance to the nearest point of the trail around the moment, less what can explain it.

    Both errors, and the way that the time between the two allows on foot, are taken off.
    """
    return min(
        metres_between(ping.point, report.point)
        - ping.accuracy_m
        - report.accuracy_m
        - 1.5 * abs((ping.at - report.at).total_seconds())
        for ping in near
    )
