"""How far and how long between places, without a street map: straight lines, made longer."""

from collections.abc import Sequence

from chalicelib.geo.distance import metres_between
from chalicelib.geo.point import Point

# Streets are longer than the bird's way; measured ratios in cities lie between 1.2 and 1.4.
CIRCUITY = 1.3
SPEED_KMH = 18.0  # door to door in a city, parking included


def matrices(
    points: Sequence[Point], *, circuity: float = CIRCUITY, speed_kmh: float = SPEED_KMH
) -> tuple[list[list[int]], list[list[int]]]:
    """
    Give metres and seconds between all points, rounded.

    A service that knows the streets gives the same two tables.
    """
    size = len(points)
    metres = [[0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i):
            metres[i][j] = metres[j][i] = round(metres_between(points[i], points[j]) * circuity)
    a_second = speed_kmh / 3.6
    return metres, [[round(far / a_second) for far in row] for row in metres]
