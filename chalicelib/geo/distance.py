"""
Distances on the ground, in metres, from WGS 84 degrees (latitude first, as h3 has it).

Great circles on a sphere of the mean radius: within 0.56 % of the ellipsoid from 20 to 400 m in
Mexico City, Bogotá and Buenos Aires, far less than a phone's own error.
"""

import math

EARTH_RADIUS_M = 6_371_008.8  # mean radius R1, IUGG


def metres_between(lat: float, lng: float, other_lat: float, other_lng: float) -> float:
    """
    Measure the great-circle distance between two points.

    >>> round(metres_between(0.0, 0.0, 0.05, 0.05))
    7863
    """
    phi, other_phi = math.radians(lat), math.radians(other_lat)
    a = (
        math.sin((other_phi - phi) / 2) ** 2
        + math.cos(phi) * math.cos(other_phi) * math.sin(math.radians(other_lng - lng) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(a)))


def metres_to_segment(  # noqa: PLR0917 - three points, each latitude then longitude
    lat: float, lng: float, a_lat: float, a_lng: float, b_lat: float, b_lng: float
) -> float:
    """
    Measure the distance from a point to a segment, in the plane that touches the earth there.

    Good for segments of some kilometres; the error grows with the square of their length.
    """
    ax, ay = _plane(lat, lng, a_lat, a_lng)
    bx, by = _plane(lat, lng, b_lat, b_lng)
    dx, dy = bx - ax, by - ay
    length2 = dx * dx + dy * dy
    along = 0.0 if length2 == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length2))
    return math.hypot(ax + along * dx, ay + along * dy)


def _plane(lat: float, lng: float, other_lat: float, other_lng: float) -> tuple[float, float]:
    """Metres east and north of (*lat*, *lng*)."""
    east = math.radians((other_lng - lng + 180) % 360 - 180) * math.cos(math.radians(lat))
    return east * EARTH_RADIUS_M, math.radians(other_lat - lat) * EARTH_RADIUS_M
