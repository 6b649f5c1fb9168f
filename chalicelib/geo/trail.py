"""A day's points as a line to draw: jumps dropped, simplified, parted into stops and trips."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TypeVar

from chalicelib.geo.distance import metres_between, metres_to_segment
from chalicelib.geo.motion import Timed
from chalicelib.geo.stops import Stop, find_stops

# Nobody in a town is faster; what a receiver that finds itself says is.
FASTEST_KMH = 150.0
JUMP_FROM_M = 300.0
# After so many "jumps" in a row it was the point before them that was wrong.
MOST_JUMPS = 3
TOLERANCE_M = 10.0
MOST_GAP = timedelta(minutes=15)
# How somebody left a place, where no fix tells: 36 km/h, as one drives in a town.
LEAVING_MS = 10.0

T = TypeVar("T", bound=Timed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """
    The way between two stops, as indexes into the trail; both ends belong to it.

    Args:
        distance_m: Along the points.
    """

    first: int
    last: int
    distance_m: float


def without_jumps(trail: Sequence[T]) -> list[T]:
    """
    Drop points that could only be reached by flying.

    Args:
        trail: In order of time.
    """
    kept: list[T] = []
    jumped: list[T] = []
    for fix in trail:
        if not kept or not _flown(kept[-1], fix):
            kept.append(fix)
            jumped = []
            continue
        jumped = [*jumped, fix] if not jumped or not _flown(jumped[-1], fix) else [fix]
        if len(jumped) >= MOST_JUMPS:
            kept = [*kept[:-1], *jumped] if len(kept) == 1 else [*kept, *jumped]
            jumped = []
    return kept


def _flown(a: Timed, b: Timed) -> bool:
    way_m = metres_between(a.point, b.point)
    took_s = (b.at - a.at).total_seconds()
    return way_m > JUMP_FROM_M and way_m > took_s * FASTEST_KMH / 3.6


def simplified(trail: Sequence[T], *, tolerance_m: float = TOLERANCE_M) -> list[T]:
    """
    Keep the points that shape the line (Ramer, Douglas, Peucker), the ends among them.

    No point of *trail* is farther than *tolerance_m* from the line that is left. A silence longer
    than ``MOST_GAP`` keeps both its ends, so that it can be seen.
    """
    if len(trail) < 3:
        return list(trail)
    keep = {0, len(trail) - 1}
    for i in range(1, len(trail)):
        if trail[i].at - trail[i - 1].at > MOST_GAP:
            keep |= {i - 1, i}
    borders = sorted(keep)
    waiting = list(pairwise(borders))
    while waiting:
        first, last = waiting.pop()
        farthest, most_m = 0, tolerance_m
        a, b = trail[first].point, trail[last].point
        for i in range(first + 1, last):
            away_m = metres_to_segment(trail[i].point, a, b)
            if away_m > most_m:
                farthest, most_m = i, away_m
        if farthest:
            keep.add(farthest)
            waiting += [(first, farthest), (farthest, last)]
    return [trail[i] for i in sorted(keep)]


def stops_and_trips(
    trail: Sequence[Timed], *, radius_m: float = 100.0, duration_s: float = 300.0
) -> tuple[list[Stop], list[Trip]]:
    """
    Part a day into where he stayed and the ways between; a stay that still lasts is a stop too.

    Args:
        trail: In order of time, without jumps.
    """
    stops = find_stops(
        trail, radius_m=radius_m, duration_s=duration_s, unfinished=True, leaving_ms=LEAVING_MS
    )
    trips: list[Trip] = []
    first = 0
    for stop in [*stops, None]:
        last = len(trail) - 1
        if stop is not None:
            last = next((i for i, f in enumerate(trail) if f.at >= stop.started_at), last)
        if last > first:
            trips.append(Trip(first=first, last=last, distance_m=length_m(trail[first : last + 1])))
        if stop is not None:
            first = next(i for i, f in enumerate(trail) if f.at >= stop.finished_at)
            # A stop that was left ends with the first point away, to which there was a way.
            if first and metres_between(trail[first].point, stop.point) >= radius_m:
                first -= 1
    return stops, trips


def length_m(trail: Sequence[Timed]) -> float:
    """Measure the way along the points."""
    return sum(metres_between(a.point, b.point) for a, b in pairwise(trail))
