"""A part of the map that people visit: drawn as a polygon, or as H3 cells."""

import itertools
import re
from dataclasses import dataclass
from typing import Any

MOST_CORNERS = 200
MOST_CELLS = 2_000
MOST_NAME = 60
COLOUR = re.compile(r"#[0-9a-f]{6}")
Corner = tuple[float, float]  # lat, lng


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """
    Args:
        polygon: Corners as (lat, lng), not closed; the last is joined to the first.
        cells: H3 cells of resolutions 5 to 10, instead of a polygon.
        people: Who visits there first; nobody = whoever is assigned.
        portfolios: Empty = of every portfolio.
        state: ``live`` or ``removed``.
    """

    zone_id: str
    name: str
    colour: str = "#1f5f5b"
    polygon: tuple[Corner, ...] = ()
    cells: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    portfolios: tuple[str, ...] = ()
    state: str = "live"
    version: int = 1


def faults(zone: Zone) -> list[tuple[str, str]]:
    """
    Say what makes no sense of a zone, by field and reason; its cells' validity apart.

    >>> faults(Zone(zone_id="z", name="Sur", polygon=((0, 0), (0, 1), (1, 1))))
    []
    >>> faults(Zone(zone_id="z", name="Sur", polygon=((0, 0), (1, 1), (0, 1), (1, 0))))
    [('polygon', 'crosses_itself')]
    """
    found = []
    if not zone.name.strip():
        found.append(("name", "missing"))
    if len(zone.name) > MOST_NAME:
        found.append(("name", "too_long"))
    if not COLOUR.fullmatch(zone.colour):
        found.append(("colour", "bad_format"))
    if bool(zone.polygon) is bool(zone.cells):
        found.append(("polygon", "one_of" if zone.polygon else "missing"))
    if len(zone.cells) > MOST_CELLS:
        found.append(("cells", "too_long"))
    if zone.polygon:
        apart = 3 <= len(set(zone.polygon)) == len(zone.polygon) <= MOST_CORNERS
        earthly = all(-90 <= lat <= 90 and -180 <= lng <= 180 for lat, lng in zone.polygon)
        if not (apart and earthly):
            found.append(("polygon", "out_of_range"))
        elif _crosses(zone.polygon):
            found.append(("polygon", "crosses_itself"))
    return found


def inside(corners: tuple[Corner, ...], lat: float, lng: float) -> bool:
    """
    Say whether a point lies in a polygon, on the map's plane.

    Zones are of a city's size, where the plane is exact to a metre, and none crosses 180°.

    >>> inside(((0, 0), (0, 2), (2, 2), (2, 0)), 1, 1), inside(((0, 0), (0, 2), (2, 0)), 2, 2)
    (True, False)
    """
    odd = False
    for (lat_a, lng_a), (lat_b, lng_b) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if (lat_a > lat) is not (lat_b > lat) and lng < lng_a + (lat - lat_a) / (lat_b - lat_a) * (
            lng_b - lng_a
        ):
            odd = not odd
    return odd


def _crosses(corners: tuple[Corner, ...]) -> bool:
    sides = list(zip(corners, (*corners[1:], corners[0]), strict=True))
    for (i, a), (j, b) in itertools.combinations(enumerate(sides), 2):
        beside = j - i == 1 or (i == 0 and j == len(sides) - 1)
        if not beside and _meet(*a, *b):
            return True
    return False


def _meet(a: Corner, b: Corner, c: Corner, d: Corner) -> bool:
    def turn(p: Any, q: Any, r: Any) -> float:
        return float((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))

    return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0
