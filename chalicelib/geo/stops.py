"""Where somebody stayed: stops out of a trail, by the sliding method of Li et al. (2008)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.geo.distance import metres_between
from chalicelib.geo.motion import Timed
from chalicelib.geo.point import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """
    Args:
        point: Mean of the fixes of the stop.
        finished_at: Time of the first fix away from it, less the way there where that is reckoned.
    """

    started_at: datetime
    finished_at: datetime
    point: Point

    @property
    def duration_s(self) -> float:
        return (self.finished_at - self.started_at).total_seconds()


def find_stops(
    trail: Iterable[Timed],
    *,
    radius_m: float = 100.0,
    duration_s: float = 300.0,
    gap_s: float = 900.0,
    unfinished: bool = False,
    leaving_ms: float | None = None,
) -> list[Stop]:
    """
    Find the stops of a trail.

    A stop lasts from a fix to the first later fix *radius_m* away from it, if that is at least
    *duration_s*. Nothing is known of a silence, so one longer than *gap_s* ends it uncounted.

    Args:
        trail: Fixes in order of time. May be a generator; memory is one stop's fixes.
        unfinished: Count also a stay that the trail, or a silence, ends: until its last fix.
        leaving_ms: Speed in m/s at which he went from the last fix of a stay to the first away from
            it: that time is no stay. Without it every fix of a tracker that reports each five
            minutes is a stop, on a motorway, too. None = all the time between counts.
    """
    stops: list[Stop] = []
    near: list[Timed] = []
    for fix in trail:
        if near and (fix.at - near[-1].at).total_seconds() > gap_s:
            if unfinished:
                stops += _stay(near, duration_s)
            near = []
        if near and metres_between(near[0].point, fix.point) >= radius_m:
            left_at = fix.at if leaving_ms is None else fix.at - _way(near[-1], fix, leaving_ms)
            if (left_at - near[0].at).total_seconds() >= duration_s:
                stops.append(Stop(started_at=near[0].at, finished_at=left_at, point=_mean(near)))
            near = []
        near.append(fix)
    if unfinished and near:
        stops += _stay(near, duration_s)
    return stops


def _way(last: Timed, away: Timed, speed_ms: float) -> timedelta:
    """How long the way took, of the time there was."""
    way = timedelta(seconds=metres_between(last.point, away.point) / speed_ms)
    return min(way, away.at - last.at)


def _stay(near: list[Timed], duration_s: float) -> list[Stop]:
    if (near[-1].at - near[0].at).total_seconds() < duration_s:
        return []
    return [Stop(started_at=near[0].at, finished_at=near[-1].at, point=_mean(near))]


def _mean(fixes: list[Timed]) -> Point:
    """Average in degrees: a stop is some hundred metres, far from the poles."""
    first = fixes[0].point
    north = sum(f.point.lat - first.lat for f in fixes) / len(fixes)
    east = sum((f.point.lng - first.lng + 180) % 360 - 180 for f in fixes) / len(fixes)
    return Point(first.lat + north, (first.lng + east + 180) % 360 - 180)
