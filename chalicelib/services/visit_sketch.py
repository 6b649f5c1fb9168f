"""Where the phone was at a visit, drawn for its e-mail: door, fence, fix and the way there."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.case import Address
from chalicelib.domain.visit import Visit
from chalicelib.geo.distance import metres_between, plane
from chalicelib.geo.point import Point
from chalicelib.messages.sketch import FENCE, INK, PHONE, TRAIL, Sketch
from chalicelib.services.visit_judging import best_fix

MOST_TRAIL = 200
BEYOND = 1.3  # of the farther of fence and phone: what is seen around them


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """``bar_m``: what the bar in the corner measures; ``away_m``: from door to phone."""

    png: bytes
    bar_m: int
    away_m: int | None
    radius_m: int | None


def draw(
    visit: Visit, address: Address | None, radius_m: float | None, trail: Sequence[Point]
) -> Drawn | None:
    """
    Draw a visit around its door, or around the phone when the door has no point.

    Args:
        trail: The phone's points in their order; what leaves the paper is cut off.

    Returns:
        None when neither is known.
    """
    fix = best_fix(visit.report)
    phone = Point(fix.lat, fix.lng) if fix else None
    door = None
    if address is not None and address.lat is not None and address.lng is not None:
        door = Point(address.lat, address.lng)
    middle = door or phone
    if middle is None:
        return None
    away = metres_between(door, phone) if door and phone else None
    around = max(away or 0.0, radius_m or 0.0, fix.accuracy_m if fix and not door else 0.0, 15.0)
    sketch = Sketch(BEYOND * around)
    sketch.grid()
    if door and radius_m:
        sketch.circle((0.0, 0.0), radius_m, FENCE)
    near = [one for one in trail[-MOST_TRAIL:] if metres_between(middle, one) < 4 * around]
    sketch.way([plane(middle, one) for one in near], TRAIL)
    if door:
        sketch.square((0.0, 0.0), INK)
    if phone and fix:
        sketch.circle(plane(middle, phone), fix.accuracy_m, PHONE)
        sketch.dot(plane(middle, phone), PHONE)
    return Drawn(
        png=sketch.png(),
        bar_m=sketch.bar_m,
        away_m=None if away is None else round(away),
        radius_m=round(radius_m) if door and radius_m else None,
    )
