"""Plane geometry in metres: convex pieces and straight lines are all a drawn city needs."""

import math
from dataclasses import dataclass

Point = tuple[float, float]
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres east and north of a point; good for the size of a city."""

    lat: float
    lng: float

    @property
    def _shrink(self) -> float:
        return math.cos(math.radians(self.lat))

    def metres(self, lat: float, lng: float) -> Point:
        return (
            (lng - self.lng) * METRES_PER_DEGREE * self._shrink,
            (lat - self.lat) * METRES_PER_DEGREE,
        )

    def degrees(self, point: Point) -> list[float]:
        """GeoJSON's order: longitude, latitude."""
        x, y = point
        return [
            round(self.lng + x / METRES_PER_DEGREE / self._shrink, 6),
            round(self.lat + y / METRES_PER_DEGREE, 6),
        ]


def middle(a: Point, b: Point) -> Point:
    return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)


def half(polygon: list[Point], at: Point, towards: Point) -> list[Point]:
    """
    What of a convex polygon lies behind a line: the line through ``at``, square to ``towards``.

    >>> half([(0, 0), (4, 0), (4, 2), (0, 2)], (1, 0), (1, 0))
    [(0, 0), (1.0, 0.0), (1.0, 2.0), (0, 2)]
    """

    def beyond(point: Point) -> float:
        return (point[0] - at[0]) * towards[0] + (point[1] - at[1]) * towards[1]

    kept: list[Point] = []
    for index, point in enumerate(polygon):
        before = polygon[index - 1]
        out, was_out = beyond(point), beyond(before)
        if (out > 0) != (was_out > 0):
            part = was_out / (was_out - out)
            kept.append(
                (
                    before[0] + (point[0] - before[0]) * part,
                    before[1] + (point[1] - before[1]) * part,
                )
            )
        if out <= 0:
            kept.append(point)
    return kept


def inside(polygon: list[Point], point: Point) -> bool:
    """Of a convex polygon, whichever way round it goes."""
    signs = {
        (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]) > 0
        for a, b in zip(polygon, polygon[1:] + polygon[:1], strict=True)
    }
    return len(signs) == 1


def crossing(polygon: list[Point], at: Point, along: Point) -> tuple[Point, Point] | None:
    """The part of a line (through ``at``, in direction ``along``) inside a convex polygon."""
    across = (-along[1], along[0])
    found: list[float] = []
    for a, b in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        off_a = (a[0] - at[0]) * across[0] + (a[1] - at[1]) * across[1]
        off_b = (b[0] - at[0]) * across[0] + (b[1] - at[1]) * across[1]
        if (off_a > 0) != (off_b > 0):
            part = off_a / (off_a - off_b)
            x, y = a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part
            found.append((x - at[0]) * along[0] + (y - at[1]) * along[1])
    if len(found) < 2:
        return None
    first, last = min(found), max(found)
    return (
        (at[0] + along[0] * first, at[1] + along[1] * first),
        (at[0] + along[0] * last, at[1] + along[1] * last),
    )
