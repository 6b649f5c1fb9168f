"""Areas of the map: the cells that cover a polygon, whether a point lies in cells."""

from collections.abc import Sequence

from chalicelib.geo.cells import cell_of
from chalicelib.geo.point import Point

# Sizes to cover a polygon with: the finest that needs no more than so many cells.
COVER = (9, 8, 7, 6)
MOST_COVER = 400


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


def in_cells(point: Point, cells: Sequence[str]) -> bool:
    """Say whether a point lies in one of some cells of any resolutions."""
    import h3

    wanted = set(cells)
    resolutions = {h3.get_resolution(cell) for cell in wanted}
    return any(cell_of(point.lat, point.lng, resolution) in wanted for resolution in resolutions)
