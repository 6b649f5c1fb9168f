"""Debts near a point and in a part of the map: candidates from cells, verdicts from distances."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain import zone as zone_rules
from chalicelib.domain.assignment import PlaceKey
from chalicelib.domain.case import ON_THE_MAP, Address
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Actor
from chalicelib.domain.zone import Zone
from chalicelib.geo.areas import AreaTooLarge, cells_of_polygon, in_cells
from chalicelib.geo.distance import metres_between
from chalicelib.geo.near import cells_around
from chalicelib.geo.point import Point
from chalicelib.services.access import STAFF, open_portfolio
from chalicelib.services.case_pages import line
from chalicelib.services.field_ports import FieldCases, FieldPortfolios
from chalicelib.visits.radius import radius_of

MOST_M = 10_000
MOST_PLACES = 1_000
# Cells for a circle: the finest of which a few rings reach its border.
SIZES = ((500, 9), (2_000, 8), (MOST_M, 7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """
    A part of the map.

    Args:
        cells: H3 cells that cover it, or more.
        holds: Whether a point really lies in it.
        middle: Where distances are measured from; None = none are.
    """

    cells: Sequence[str]
    holds: Callable[[Point], bool]
    middle: Point | None = None


def around(lat: float, lng: float, reach_m: int) -> Area:
    """
    Raises:
        BadField: No point, or too far.
    """
    try:
        middle = Point(lat, lng)
    except ValueError as error:
        raise BadField(field="lat", reason="out_of_range") from error
    if not 1 <= reach_m <= MOST_M:
        raise BadField(field="radius_m", reason="out_of_range", least=1, most=MOST_M)
    resolution = next(size for most, size in SIZES if reach_m <= most)
    return Area(
        cells=cells_around(middle, reach_m, resolution),
        holds=lambda point: metres_between(middle, point) <= reach_m,
        middle=middle,
    )


def of_zone(zone: Zone) -> Area:
    """
    Raises:
        BadField: It is too large.
    """
    if zone.cells:
        return Area(cells=zone.cells, holds=lambda point: in_cells(point, zone.cells))
    try:
        cells = cells_of_polygon(zone.polygon)
    except AreaTooLarge as error:
        raise BadField(field="polygon", reason="too_large") from error
    return Area(
        cells=cells, holds=lambda point: zone_rules.inside(zone.polygon, point.lat, point.lng)
    )


def found(portfolio_id: str, area: Area, *, cases: FieldCases) -> list[tuple[PlaceKey, Address]]:
    """Find the addresses of a portfolio's owing cases in an area, nearest its middle first."""
    keys = cases.places(portfolio_id, area.cells, limit=MOST_PLACES)[: 2 * MOST_PLACES]
    held: list[tuple[float, PlaceKey, Address]] = []
    for key, address in cases.addresses(keys).items():
        point = place_of(address)
        if point is not None and area.holds(point):
            metres = metres_between(area.middle, point) if area.middle else 0.0
            held.append((metres, key, address))
    held.sort(key=lambda one: (one[0], one[1].case_id, one[1].address_id))
    return [(key, address) for _, key, address in held]


def near(
    portfolio_id: str,
    area: Area,
    *,
    limit: int,
    actor: Actor,
    cases: FieldCases,
    portfolios: FieldPortfolios,
    now: datetime,
) -> dict[str, Any]:
    """
    List debts in an area with their points, for a map or a list.

    Returns:
        ``{"items": [...], "more": whether there are others}``.

    Raises:
        PortfolioNotFound: None that the actor may see.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *STAFF)
    today = local_day(now, portfolio.time_zone)
    places = found(portfolio_id, area, cases=cases)
    kept = places[:limit]
    heads = cases.heads(dict.fromkeys(key.case_id for key, _ in kept))
    items = []
    for key, address in kept:
        head = heads.get(key.case_id)
        point = place_of(address)
        if head is None or point is None or head.status not in ON_THE_MAP:
            continue
        shown = line(head, portfolio, today)
        names = ("case_id", "name", "status", "balance", "dpd", "band", "debts")
        items.append(
            {name: shown[name] for name in names}
            | {
                "address_id": key.address_id,
                "lat": point.lat,
                "lng": point.lng,
                "quality": address.quality.value,
                "radius_m": radius_of(address, portfolio),
                "distance_m": round(metres_between(area.middle, point)) if area.middle else None,
            }
        )
    return {"items": items, "more": len(places) > limit}


def place_of(address: Address) -> Point | None:
    if address.lat is None or address.lng is None:
        return None
    return Point(address.lat, address.lng)
