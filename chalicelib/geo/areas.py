"""Areas of the map: the cells that cover a polygon, whether a point lies in cells."""

import math
from collections.abc import Sequence

from chalicelib.geo.cells import cell_of
from chalicelib.geo.point import Point

# Sizes to cover a polygon with: the finest that needs no more than so many cells.
COVER = (9, 8, 7, 6)
MOST_COVER = 400
_KM_A_DEGREE = 111.2


class AreaTooLarge(ValueError):
    """It would take more cells of 36 km² than ``MOST_COVER``."""


def cells_of_polygon(corners: Sequence[tuple[float, float]]) -> list[str]:
    """
    Name cells that cover a polygon of (lat, lng) corners whole, border included.

    Raises:
        AreaTooLarge: It is a country, not a zone.
    """
    import h3

    shape = h3.LatLngPoly(list(corners))
    for resolution in COVER:
        # A count before the cells: a mistaken corner must not fill the memory.
        if _square_degrees(corners) > _SQUARE_DEGREES[resolution]:
            continue
        cells = h3.h3shape_to_cells_experimental(shape, resolution, contain="bbox_overlap")
        if len(cells) <= MOST_COVER:
            return [str(cell) for cell in cells]
    raise AreaTooLarge("the polygon is too large for a zone")


# More than this of a bounding box is more than MOST_COVER cells of a resolution, by far.
_SQUARE_DEGREES = {9: 0.05, 8: 0.35, 7: 2.5, 6: 17.0}


def _square_degrees(corners: Sequence[tuple[float, float]]) -> float:
    lats, lngs = [lat for lat, _ in corners], [lng for _, lng in corners]
    return (max(lats) - min(lats)) * (max(lngs) - min(lngs))


def cells_in_view(
    south: float, west: float, north: float, east: float, resolution: int, *, most: int
) -> list[str] | None:
    """Name the cells of a part of the map, border included; None when they are more than *most*."""
    import h3

    tall = (north - south) * _KM_A_DEGREE
    wide = (east - west) * _KM_A_DEGREE * math.cos(math.radians((north + south) / 2))
    if tall * wide > most * h3.average_hexagon_area(resolution, unit="km^2"):
        return None
    corners = [(south, west), (south, east), (north, east), (north, west)]
    shape = h3.LatLngPoly(corners)
    cells = h3.h3shape_to_cells_experimental(shape, resolution, contain="bbox_overlap")
    return sorted(str(cell) for cell in cells) if len(cells) <= 2 * most else None


def border_of(cell: str) -> list[tuple[float, float]]:
    """Give a cell's corners as (lat, lng), not closed."""
    import h3

    return [(float(lat), float(lng)) for lat, lng in h3.cell_to_boundary(cell)]


def outline_of(cells: Sequence[str]) -> list[list[list[tuple[float, float]]]]:
    """
    Draw round cells what they cover together.

    Returns:
        Polygons, each its outer ring and the rings of its holes, as (lat, lng), not closed. Cells
        of different sizes are drawn apart.
    """
    import h3

    by_size: dict[int, list[str]] = {}
    for cell in dict.fromkeys(cells):
        by_size.setdefault(h3.get_resolution(cell), []).append(cell)
    shapes = [h3.cells_to_h3shape(alike, tight=False) for _, alike in sorted(by_size.items())]
    return [
        [[(float(lat), float(lng)) for lat, lng in ring] for ring in (poly.outer, *poly.holes)]
        for shape in shapes
        for poly in shape
    ]


def size_of(cells: Sequence[str]) -> int | None:
    """Give the resolution of the first cell; None of none."""
    import h3

    return int(h3.get_resolution(cells[0])) if cells else None


def in_cells(point: Point, cells: Sequence[str]) -> bool:
    """Say whether a point lies in one of some cells of any resolutions."""
    import h3

    wanted = set(cells)
    resolutions = {h3.get_resolution(cell) for cell in wanted}
    return any(cell_of(point.lat, point.lng, resolution) in wanted for resolution in resolutions)
