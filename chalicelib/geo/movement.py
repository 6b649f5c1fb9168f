"""Moving or standing, told from one point to the next with nothing else remembered."""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.geo.distance import metres_between
from chalicelib.geo.motion import Timed
from chalicelib.geo.point import Point

# Above the error of a phone between houses.
LEFT_M = 80.0
STOPS_AFTER_S = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """
    Args:
        since: When the present state began.
        lat, lng, near_since: A place he has been near, and from when; leaving it is moving,
            staying near it is a stop.
    """

    moving: bool
    since: datetime
    lat: float
    lng: float
    near_since: datetime


def follow(before: Movement | None, fix: Timed) -> Movement:
    """
    Take the next point, in order of time.

    Unlike ``geo.motion``, which keeps the points of its window, this fits into a row that is
    written with every batch.
    """
    here = fix.point
    if before is None:
        return Movement(moving=False, since=fix.at, lat=here.lat, lng=here.lng, near_since=fix.at)
    if metres_between(Point(before.lat, before.lng), here) > LEFT_M:
        since = before.since if before.moving else fix.at
        return Movement(moving=True, since=since, lat=here.lat, lng=here.lng, near_since=fix.at)
    stayed_s = (fix.at - before.near_since).total_seconds()
    if before.moving and stayed_s >= STOPS_AFTER_S:
        return replace(before, moving=False, since=before.near_since)
    return before
