"""Recorded requests of real clients, compared with what they are known to mean."""

import math
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.geo.distance import metres_between
from chalicelib.geo.point import Point
from chalicelib.tracking import formats
from chalicelib.tracking.formats import Request
from chalicelib.tracking.position import Position, Refused
from chalicelib.tracking.values import KMH_MPS, KNOT_MPS

Decoder = Callable[[Request], tuple[Position, ...]]

# The first pattern found in a record's client (or, failing that, its id) names the format.
DECODERS: tuple[tuple[str, Decoder], ...] = (
    (r"gpslogger to home", formats.webhook_form),
    (r"opengts", formats.opengts),
    (r"gpslogger", formats.gpslogger),
    (r"overland", formats.overland),
    (r"owntracks", formats.owntracks),
    (r"traccar json", formats.traccar_json),
    (r"traccar|osmand", formats.osmand),
)
ZONE = re.compile(r"zone (\w+) is (-?[\d.]+),\s*(-?[\d.]+) radius ([\d.]+)", re.IGNORECASE)
# One decimal is what one of the recorded sources rounds a speed to.
SPEED_TOLERANCE_MPS = 0.05
DEGREE_TOLERANCE = 1e-6


def decode(record: dict[str, Any]) -> tuple[Position, ...]:
    """
    Decode one record: ``{"client", "request": {"method", "path", "body"}}``.

    Raises:
        Refused: It holds no position, or its client is not known (``unknown_client``).
    """
    sent = record.get("request") or {}
    request = Request(
        method=sent.get("method", "POST"), path=sent.get("path", "/"), body=sent.get("body") or ""
    )
    named = f"{record.get('client', '')} {record.get('id', '')}".lower()
    for pattern, decoder in DECODERS:
        if re.search(pattern, named):
            return decoder(request)
    raise Refused("unknown_client")


def differences(record: dict[str, Any]) -> list[str]:
    """
    Compare a record with its ``expected``; empty = they agree.

    ``expected`` is null for a refusal; otherwise only the keys it has are compared.
    """
    expected = record.get("expected")
    try:
        points = decode(record)
    except Refused as refusal:
        return [] if expected is None else [f"refused: {refusal.reason}"]
    if expected is None:
        return ["decoded, but a refusal was expected"]
    found = []
    if "points" in expected:
        wanted = expected["points"]
        if len(wanted) != len(points):
            return [f"points: {len(wanted)} expected, {len(points)} found"]
        for index, (want, point) in enumerate(zip(wanted, points, strict=True)):
            found += [f"points[{index}].{line}" for line in _compare(want, point, record)]
        if expected.get("response") not in (None, {"result": "ok"}):
            found.append("response: another answer is expected than {'result': 'ok'}")
        return found
    return _compare(expected, points[0], record)


def _compare(expected: dict[str, Any], point: Position, record: dict[str, Any]) -> list[str]:
    lines = []
    for key, want in expected.items():
        got = _value(key, point, record)
        if not _agree(key, want, got):
            lines.append(f"{key}: {want!r} expected, {got!r} found")
    return lines


def _value(key: str, point: Position, record: dict[str, Any]) -> Any:  # noqa: PLR0911 - a table
    if key == "time":
        return point.at
    if key == "lon":
        return point.lng
    if key == "speed_knots":
        return None if point.speed_mps is None else point.speed_mps / KNOT_MPS
    if key == "speed_kmh":
        return None if point.speed_mps is None else point.speed_mps / KMH_MPS
    if key == "speed":
        return point.speed_mps
    if key == "accepted":
        return point.locates
    if key == "zone":
        return _zone(point, record)
    if key in {"cells", "wifi"}:
        return list(getattr(point, key))
    return getattr(point, key, f"<{key} is not decoded>")


def _zone(point: Position, record: dict[str, Any]) -> str:
    zone = ZONE.search(str(record.get("expected_basis", "")))
    if zone is None or not point.has_fix or point.lat is None or point.lng is None:
        return "not_home"
    centre = Point(float(zone[2]), float(zone[3]))
    away_m = metres_between(Point(point.lat, point.lng), centre)
    return zone[1].lower() if away_m <= float(zone[4]) else "not_home"


def _agree(key: str, want: Any, got: Any) -> bool:
    if want in (None, ""):
        return got in (None, "", ())
    if key == "time":
        return isinstance(got, datetime) and datetime.fromisoformat(want) == got
    if isinstance(got, bool):
        return str(want).lower() == str(got).lower()
    if isinstance(want, int | float) and isinstance(got, int | float):
        slack = DEGREE_TOLERANCE
        if key.startswith("speed"):
            slack = SPEED_TOLERANCE_MPS
        return math.isclose(want, got, rel_tol=1e-9, abs_tol=slack)
    return bool(want == got)
