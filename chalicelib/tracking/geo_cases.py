"""Recorded cases of fences, distances and motion, compared with what they should give."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from chalicelib.geo import fences
from chalicelib.geo.distance import EARTH_RADIUS_M, metres_between, metres_to_segment
from chalicelib.geo.motion import MotionRules, MotionState, Timed, follow_all
from chalicelib.geo.point import Point

MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
METRES_PER_DEGREE = EARTH_RADIUS_M * 3.141592653589793 / 180


class BadGeoCase(ValueError):
    """A case cannot be tried as it stands; the message says why."""


def differences(case: dict[str, Any]) -> list[str]:
    """
    Try one case and list what differs; empty = it agrees.

    Raises:
        BadGeoCase: Its operation is not known or a value is missing.
    """
    try:
        return _try(case)
    except KeyError as error:
        raise BadGeoCase(f"{error.args[0]} is missing") from error


def _try(case: dict[str, Any]) -> list[str]:
    operation = case["op"]
    if operation == "motion":
        return _motion(case)
    expected = case["expected"]
    if operation in {"containsPoint", "intersectsSegment"}:
        fence = fences.from_wkt(case["geofence"], width_m=case.get("width_m"))
        if operation == "containsPoint":
            found: Any = fence.contains(Point(*case["point"]))
        else:
            a_lat, a_lng, b_lat, b_lng = case["segment"]
            found = fence.crossed_by(Point(a_lat, a_lng), Point(b_lat, b_lng))
        return [] if found is expected else [f"{expected} expected, {found} found"]
    numbers = case.get("args", [])
    points = [Point(*numbers[i : i + 2]) for i in range(0, len(numbers), 2)]
    if operation == "distance":
        metres = metres_between(*points)
    elif operation == "distanceToLine":
        metres = metres_to_segment(*points)
    else:
        raise BadGeoCase(f"operation {operation!r} is not known")
    if abs(metres - expected) <= case.get("tolerance", 0):
        return []
    return [f"{expected} m expected, {metres:.1f} m found"]


def _motion(case: dict[str, Any]) -> list[str]:
    gap_ms = case.get("stop_gap_ms")
    rules = MotionRules(
        distance_m=case["min_distance_m"],
        duration_s=case["min_duration_ms"] / 1000,
        gap_s=None if gap_ms is None else gap_ms / 1000,
    )
    earlier = tuple(_fix(entry) for entry in case["earlier"])
    state = MotionState(
        moving=case["moving_before"],
        anchor=earlier[0].point if earlier else None,
        recent=earlier,
    )
    state, changes = follow_all(state, [_fix(entry) for entry in case["current"]], rules)
    found = [f"device{change.value.capitalize()}" for change in changes]
    lines = []
    if found != case["expected_events"]:
        lines.append(f"events: {case['expected_events']} expected, {found} found")
    if state.moving is not case["expected_moving"]:
        lines.append(f"moving: {case['expected_moving']} expected, {state.moving} found")
    return lines


def _fix(entry: dict[str, Any]) -> Timed:
    clock = time.fromisoformat(entry["time"])
    after = timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
    return Timed(MIDNIGHT + after, Point(0.0, entry["metres_east"] / METRES_PER_DEGREE))
