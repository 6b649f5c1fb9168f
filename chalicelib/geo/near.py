"""
What is near a point: candidates from H3 cells, the verdict from the distance.

A ring of cells is wide enough that nothing within reach is missed, whatever the place on earth,
cell borders and pentagons included; what is too far is dropped by measuring.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

from chalicelib.geo.cells import INDEX_RESOLUTION, cell_of
from chalicelib.geo.distance import metres_between
from chalicelib.geo.point import Point

# The shortest edge found at resolution 9 is 141 m, beside the twelve pentagons; cities of Latin
# America have 165 to 220 m. Each resolution's edges are the square root of 7 shorter.
SHORTEST_EDGE_M = 135.0

Item = TypeVar("Item")


def rings(reach_m: float, resolution: int = INDEX_RESOLUTION) -> int:
    """
    Give how many rings of cells hold everything within *reach_m* of any point of the middle one.

    From a corner of a cell to the outside of *k* rings it is at least ``1.5 k - 0.5`` edges.

    Raises:
        ValueError: A negative reach.

    >>> rings(100), rings(200), rings(1000)
    (1, 2, 6)
    """
    if reach_m < 0:
        raise ValueError(f"reach_m must not be negative, got {reach_m}")
    edge = SHORTEST_EDGE_M * math.sqrt(7) ** (INDEX_RESOLUTION - resolution)
    return math.ceil((reach_m / edge + 0.5) / 1.5)


def cells_around(point: Point, reach_m: float, resolution: int = INDEX_RESOLUTION) -> list[str]:
    """Name the cells in which everything within *reach_m* of *point* lies."""
    import h3

    middle = cell_of(point.lat, point.lng, resolution)
    return [str(cell) for cell in h3.grid_disk(middle, rings(reach_m, resolution))]


class Nearby(Generic[Item]):
    """
    Things with a place, kept by cell.

    Args:
        things: Each with its place.
    """

    def __init__(self, things: Iterable[tuple[Item, Point]]) -> None:
        self._cells: defaultdict[str, list[tuple[Item, Point]]] = defaultdict(list)
        for thing, point in things:
            self._cells[cell_of(point.lat, point.lng)].append((thing, point))

    def within(self, point: Point, reach_m: float) -> list[tuple[float, Item]]:
        """Give what lies within *reach_m* of *point* with its distance in metres, nearest first."""
        found = [
            (metres, thing)
            for cell in cells_around(point, reach_m)
            for thing, place in self._cells.get(cell, ())
            if (metres := metres_between(point, place)) <= reach_m
        ]
        found.sort(key=lambda one: one[0])
        return found
