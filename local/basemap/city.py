"""
A city drawn around the streets that the demo's doors stand on.

Those streets are where they really are, with their names. Everything between them is
invented: each quarter - what lies nearer to one street than to any other - gets blocks in a grid
along its street, so that doors, trails and zones have a city to stand in.
"""

import math
import zlib
from collections.abc import Iterator
from typing import Any

from local.basemap.plane import Plane, Point, crossing, half, inside, middle
from local.generator.streets import Street, streets

Feature = dict[str, Any]

CITIES = {"MX": "Ciudad de México", "CL": "Santiago", "CO": "Bogotá", "BR": "São Paulo"}
MARGIN_M = 1_800  # of city around the outermost doors
ROUND_M = 2_500  # how far its corners are cut
GROUND_M = 25_000  # of bare ground around the city, so that it does not stand in a void
KERB_M = 8  # from the middle of a street to a block
PARK_OF = 41  # one block of so many is green


def city(country: str) -> Iterator[Feature]:
    """GeoJSON features with tippecanoe's own ``layer``, ``minzoom``, ``maxzoom``."""
    known = streets(country)
    ends = [(s.lat1, s.lng1) for s in known] + [(s.lat2, s.lng2) for s in known]
    lats, lngs = [lat for lat, _ in ends], [lng for _, lng in ends]
    plane = Plane((min(lats) + max(lats)) / 2, (min(lngs) + max(lngs)) / 2)
    east, north = plane.metres(max(lats), max(lngs))
    outline = _octagon(east + MARGIN_M, north + MARGIN_M, ROUND_M)
    ground = _octagon(east + GROUND_M, north + GROUND_M, GROUND_M / 2)
    yield _polygon("earth", plane, ground, 7, kind="earth")
    yield _point("places", plane, (0.0, 0.0), 3, kind="locality", name=CITIES[country],
                 population_rank=12, min_zoom=4)  # fmt: skip
    yield _line("roads", plane, [*outline, outline[0]], 8, kind="highway")

    middles = [_middle(street, plane) for street in known]
    seen: set[str] = set()
    for street, site in zip(known, middles, strict=True):
        quarter = outline
        for other in middles:
            if other != site:
                quarter = half(quarter, middle(site, other), _towards(site, other))
        yield from _quarter(street, plane, quarter)
        if street.district not in seen:
            seen.add(street.district)
            yield _point("places", plane, site, 12, kind="neighbourhood", name=street.district)
        ends_m = [plane.metres(street.lat1, street.lng1), plane.metres(street.lat2, street.lng2)]
        yield _line("roads", plane, ends_m, 10, kind="major_road", name=street.name)


def _quarter(street: Street, plane: Plane, quarter: list[Point]) -> Iterator[Feature]:
    yield _line("roads", plane, [*quarter, quarter[0]], 10, kind="major_road")
    start = plane.metres(street.lat1, street.lng1)
    along = _towards(start, plane.metres(street.lat2, street.lng2))
    across = (-along[1], along[0])
    seed = zlib.crc32(f"{street.name} {street.district}".encode())
    deep, long = 70 + seed % 5 * 10, 120 + seed // 5 % 6 * 15  # metres of a block

    def at(i: float, j: float) -> Point:
        return (
            start[0] + along[0] * i * long + across[0] * j * deep,
            start[1] + along[1] * i * long + across[1] * j * deep,
        )

    columns = _span([_dot(corner, start, along) / long for corner in quarter])
    rows = _span([_dot(corner, start, across) / deep for corner in quarter])
    lines = [crossing(quarter, at(0, j), along) for j in rows]
    lines += [crossing(quarter, at(i, 0), across) for i in columns]
    for line in lines:
        if line is not None:
            yield _line("roads", plane, list(line), 12, kind="minor_road")
    inset_i, inset_j = KERB_M / long, KERB_M / deep
    for i in columns:
        for j in rows:
            corners = [
                at(i + inset_i, j + inset_j), at(i + 1 - inset_i, j + inset_j),
                at(i + 1 - inset_i, j + 1 - inset_j), at(i + inset_i, j + 1 - inset_j),
            ]  # fmt: skip
            if all(inside(quarter, corner) for corner in corners):
                green = zlib.crc32(f"{seed} {i} {j}".encode()) % PARK_OF == 0
                if green:
                    yield _polygon("landuse", plane, corners, 13, kind="park")
                else:
                    yield _polygon("buildings", plane, corners, 13, kind="building")


def _octagon(east: float, north: float, cut: float) -> list[Point]:
    a, b = east - cut, north - cut
    return [(-a, -north), (a, -north), (east, -b), (east, b),
            (a, north), (-a, north), (-east, b), (-east, -b)]  # fmt: skip


def _middle(street: Street, plane: Plane) -> Point:
    return middle(plane.metres(street.lat1, street.lng1), plane.metres(street.lat2, street.lng2))


def _towards(a: Point, b: Point) -> Point:
    length = math.dist(a, b)
    return ((b[0] - a[0]) / length, (b[1] - a[1]) / length)


def _dot(point: Point, at: Point, along: Point) -> float:
    return (point[0] - at[0]) * along[0] + (point[1] - at[1]) * along[1]


def _span(values: list[float]) -> range:
    return range(math.floor(min(values)), math.ceil(max(values)) + 1)


# GeoJSON


def feature(
    layer: str, geometry: Feature, minzoom: int, maxzoom: int | None = None, **properties: Any
) -> Feature:
    told: dict[str, Any] = {"layer": layer, "minzoom": minzoom}
    if maxzoom is not None:
        told["maxzoom"] = maxzoom
    return {
        "type": "Feature",
        "tippecanoe": told,
        "properties": properties,
        "geometry": geometry,
    }


def _polygon(layer: str, plane: Plane, ring: list[Point], minzoom: int, **more: Any) -> Feature:
    coordinates = [plane.degrees(point) for point in [*ring, ring[0]]]
    return feature(layer, {"type": "Polygon", "coordinates": [coordinates]}, minzoom, **more)


def _line(layer: str, plane: Plane, line: list[Point], minzoom: int, **more: Any) -> Feature:
    coordinates = [plane.degrees(point) for point in line]
    return feature(layer, {"type": "LineString", "coordinates": coordinates}, minzoom, **more)


def _point(layer: str, plane: Plane, point: Point, minzoom: int, **more: Any) -> Feature:
    geometry = {"type": "Point", "coordinates": plane.degrees(point)}
    return feature(layer, geometry, minzoom, **more)
