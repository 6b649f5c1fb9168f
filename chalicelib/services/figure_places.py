"""The cases that a figure is asked of: those of a zone, of a hexagon, of a segment."""

from typing import Any

from chalicelib.bi import where
from chalicelib.bi.where import EVERYWHERE, Where
from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Actor
from chalicelib.geo.areas import border_of
from chalicelib.services import field_places, field_team

IN_NONE = "none"  # instead of a segment's id
_DIGITS = 5  # of a degree: a metre


def asked(
    *,
    zone_id: str = "",
    cell: str = "",
    segment: str = "",
    actor: Actor,
    zones: field_team.Zones,
) -> Where:
    """
    Say which cases are meant. A zone is the hexagons that it touches, so a little more than itself.

    Args:
        cell: A hexagon as figures name them; not together with a zone.
        segment: Its id, or ``IN_NONE``.

    Raises:
        ZoneNotFound: No such zone for this person.
        BadField: A zone beside a hexagon, no hexagon, or more than can be asked for at once.
    """
    if zone_id and cell:
        raise BadField(field="cell", reason="one_of")
    wanted = {IN_NONE: "", "": None}.get(segment, segment)
    cells: tuple[str, ...] = (cell,) if cell else ()
    if zone_id:
        area = field_places.of_zone(field_team.zone(zone_id, actor=actor, zones=zones))
        cells = tuple(area.cells)
    if not cells and wanted is None:
        return EVERYWHERE
    return where.of_cells(cells, wanted)


def borders(cells: set[str]) -> dict[str, list[dict[str, Any]]]:
    """Draw hexagons: their corners, to the metre, not closed."""
    return {
        cell: [
            {"lat": round(lat, _DIGITS), "lng": round(lng, _DIGITS)} for lat, lng in border_of(cell)
        ]
        for cell in sorted(cells - {""})
    }
