"""Geofences: circles, polygons and corridors along a line; inside or not, crossed or not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chalicelib.geo.distance import metres_between, metres_to_segment, plane
from chalicelib.geo.point import Point

XY = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Circle:
    """
    Raises:
        ValueError: *radius_m* is not positive.
    """

    centre: Point
    radius_m: float

    def __post_init__(self) -> None:
        if self.radius_m <= 0:
            raise ValueError(f"radius_m must be positive, got {self.radius_m}")

    def contains(self, point: Point) -> bool:
        return metres_between(self.centre, point) <= self.radius_m

    def crossed_by(self, start: Point, end: Point) -> bool:
        """Whether the straight way from *start* to *end* comes inside."""
        return metres_to_segment(self.centre, start, end) <= self.radius_m


@dataclass(frozen=True, slots=True)
class Polygon:
    """
    A simple polygon, closed by itself; edges are straight in latitude and longitude.

    It must not span half the globe; one over the antimeridian is fine.

    Raises:
        ValueError: Fewer than three corners.
    """

    corners: tuple[Point, ...]

    def __post_init__(self) -> None:
        if len(self.corners) < 3:
            raise ValueError("a polygon has at least three corners")

    def contains(self, point: Point) -> bool:
        """Whether *point* is inside, by the even-odd rule."""
        inside = False
        for (ax, ay), (bx, by) in self._edges(point):
            if (ay > 0) != (by > 0) and ax + (0 - ay) / (by - ay) * (bx - ax) > 0:
                inside = not inside
        return inside

    def crossed_by(self, start: Point, end: Point) -> bool:
        """Whether the straight way from *start* to *end* touches the inside."""
        if self.contains(start) or self.contains(end):
            return True
        way = ((0.0, 0.0), plane(start, end))
        return any(_cross(way, edge) for edge in self._edges(start))

    def _edges(self, origin: Point) -> Iterator[tuple[XY, XY]]:
        flat = [plane(origin, corner) for corner in self.corners]
        return pairwise([*flat, flat[0]])


@dataclass(frozen=True, slots=True)
class Corridor:
    """
    A line with a width to either side.

    Args:
        half_width_m: Metres from the line; 0 = the line itself, which contains nothing.

    Raises:
        ValueError: Fewer than two points, or a negative width.
    """

    line: tuple[Point, ...]
    half_width_m: float

    def __post_init__(self) -> None:
        if len(self.line) < 2 or self.half_width_m < 0:
            raise ValueError("a corridor has at least two points and a width of 0 or more")

    def contains(self, point: Point) -> bool:
        return any(metres_to_segment(point, a, b) <= self.half_width_m for a, b in self._parts())

    def crossed_by(self, start: Point, end: Point) -> bool:
        """Whether the straight way from *start* to *end* crosses or comes within the width."""
        way = ((0.0, 0.0), plane(start, end))
        for a, b in self._parts():
            near = (
                metres_to_segment(start, a, b),
                metres_to_segment(end, a, b),
                metres_to_segment(a, start, end),
                metres_to_segment(b, start, end),
            )
            if _cross(way, (plane(start, a), plane(start, b))) or min(near) <= self.half_width_m:
                return True
        return False

    def _parts(self) -> Iterator[tuple[Point, Point]]:
        return pairwise(self.line)


Fence = Circle | Polygon | Corridor


def from_wkt(text: str, *, width_m: float | None = None) -> Fence:
    """
    Read ``CIRCLE (lat lon, radius)``, ``POLYGON ((lat lon, ...))`` or ``LINESTRING (...)``.

    The order is latitude, longitude, as Traccar writes it (true WKT has it the other way).

    Args:
        width_m: Distance from a line that still counts as on it.

    Raises:
        ValueError: It is none of these.
    """
    kind, _, rest = text.strip().partition("(")
    parts = [part.split() for part in rest.strip().strip("()").split(",")]
    kind = kind.strip().upper()
    try:
        if kind == "CIRCLE":
            return Circle(_point(parts[0]), float(parts[1][0]))
        if kind == "POLYGON":
            return Polygon(tuple(_point(part) for part in parts))
        if kind == "LINESTRING":
            return Corridor(tuple(_point(part) for part in parts), width_m or 0.0)
    except IndexError as error:
        raise ValueError(f"not a fence: {text!r}") from error
    raise ValueError(f"not a fence: {text!r}")


def _point(part: Sequence[str]) -> Point:
    return Point(float(part[0]), float(part[1]))


def _cross(one: tuple[XY, XY], other: tuple[XY, XY]) -> bool:
    """Whether two segments meet."""
    (a, b), (c, d) = one, other
    turns = (_turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b))
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    return any(
        turn == 0 and _within(p, segment)
        for turn, p, segment in zip(turns, (c, d, a, b), (one, one, other, other), strict=True)
    )


def _turn(a: XY, b: XY, c: XY) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _within(point: XY, segment: tuple[XY, XY]) -> bool:
    (ax, ay), (bx, by) = segment
    return min(ax, bx) <= point[0] <= max(ax, bx) and min(ay, by) <= point[1] <= max(ay, by)
