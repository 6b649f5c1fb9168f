"""
Agents' work as the lake has it: shifts, and by which hexagons they passed in them.

Never a point: a place is a hexagon of 0.7 square kilometres, a moment the five minutes it lies in.
Nothing is told of what was taken outside a shift (docs/privacy-of-agents.md).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.bi.facts import moment
from chalicelib.bi.places import SIZES
from chalicelib.domain.tracking import Fix, Shift
from chalicelib.geo import trail
from chalicelib.geo.cells import cell_of, parent_of
from chalicelib.geo.motion import Timed

SLOT = timedelta(minutes=5)


def shift_row(shift: Shift, fixes: Sequence[Fix], *, shared: int, now: datetime) -> dict[str, Any]:
    """
    Tell a shift with the way gone in it.

    Args:
        fixes: Of the shift, in order of time.
        shared: Between how many portfolios it is.
    """
    end = shift.end(now)
    steps = trail.without_jumps([Timed(fix.at, fix.point) for fix in fixes])
    stops, trips = trail.stops_and_trips(steps)
    return {
        "shift_id": shift.shift_id,
        "person_id": shift.person_id,
        "began_at": moment(shift.started_at),
        "ended_at": moment(end),
        "forgotten": end is not None and shift.ended_at is None,
        "seconds": None if end is None else round((end - shift.started_at).total_seconds()),
        "metres": round(sum(one.distance_m for one in trips)),
        "points": len(fixes),
        "stops": len(stops),
        "portfolios": shared,
    }


def passed(shifts: Sequence[Shift], fixes: Sequence[Fix], zone: str) -> Iterator[dict[str, Any]]:
    """Tell where a person passed: a row for each hexagon and each five minutes of a shift."""
    counted: Counter[tuple[Shift, datetime, str]] = Counter()
    for fix in fixes:
        own = next((one for one in shifts if one.holds(fix.at)), None)
        if own is not None:
            counted[own, _slot(fix.at), cell_of(fix.lat, fix.lng, SIZES["cell"])] += 1
    for (shift, at, cell), points in counted.items():
        there = at.astimezone(ZoneInfo(zone))
        yield {
            "shift_id": shift.shift_id,
            "person_id": shift.person_id,
            "slot_at": moment(at),
            "weekday": there.isoweekday(),
            "hour": there.hour,
            "cell": cell,
            "district": parent_of(cell, SIZES["district"]),
            "points": points,
        }


def _slot(at: datetime) -> datetime:
    """
    Give the beginning of the five minutes that a moment lies in.

    >>> _slot(datetime(2026, 11, 22, 18, 44, 59)).minute
    40
    """
    return at - timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
