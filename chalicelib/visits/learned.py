"""
Where a door really is, learned from visits that were verified.

The median of their fixes is proposed once enough agree; the radius shrinks as evidence grows. It
is only proposed: a supervisor accepts, and the address keeps what it was before.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.geo.distance import metres_between
from chalicelib.geo.point import Point

EVIDENCE_MIN = 3
RADIUS_MAX_M = 100.0
RADIUS_MIN_M = 40.0  # a phone's error between houses; less would reject honest visits
SPREAD_MAX_M = 150.0
MOVES_FROM_M = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """
    A verified visit: who was where.

    Args:
        agent_id: One agent's many visits count as two at most: evidence is several people's.
    """

    visit_id: str
    agent_id: str
    point: Point
    accuracy_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """
    A better point for an address.

    Args:
        evidence: How many visits agree.
        moved_m: From the point that the address has; None when it has none.
        spread_m: Median distance of the evidence from the proposed point.
        visits: Their ids, to be shown with it.
    """

    point: Point
    radius_m: float
    evidence: int
    moved_m: float | None
    spread_m: float
    visits: tuple[str, ...]


def propose(seen: Sequence[Seen], current: Point | None) -> Proposal | None:
    """
    Propose a point for an address.

    Args:
        seen: Verified visits there, newest first, and those outside that a supervisor accepted.

    Returns:
        None while there is too little evidence, it disagrees, or it only confirms the point
        that the address has to within its own error.
    """
    counted = _several_people(seen)
    centre = _median(counted)
    agreeing = [one for one in counted if metres_between(one.point, centre) <= SPREAD_MAX_M]
    # More than half must agree, else there are two doors and the middle is neither.
    if len(agreeing) < EVIDENCE_MIN or 2 * len(agreeing) <= len(counted):
        return None
    point = _median(agreeing)
    spread = statistics.median(metres_between(one.point, point) for one in agreeing)
    radius = radius_m(len(agreeing), spread)
    moved = None if current is None else metres_between(point, current)
    if moved is not None and moved < MOVES_FROM_M and radius >= RADIUS_MAX_M:
        return None
    return Proposal(
        point=point,
        radius_m=radius,
        evidence=len(agreeing),
        moved_m=moved,
        spread_m=spread,
        visits=tuple(one.visit_id for one in agreeing),
    )


def radius_m(evidence: int, spread_m: float) -> float:
    """
    Give the radius that so much evidence earns: a phone's error, plus spread that shrinks.

    >>> [round(radius_m(count, 20.0)) for count in (3, 6, 12, 48)]
    [86, 73, 63, 52]
    """
    earned = RADIUS_MIN_M + 4.0 * spread_m / math.sqrt(evidence)
    return min(RADIUS_MAX_M, earned)


def _several_people(seen: Sequence[Seen]) -> list[Seen]:
    """Keep two visits of each agent, the most accurate: nobody moves a door alone."""
    kept: list[Seen] = []
    for one in sorted(seen, key=lambda visit: visit.accuracy_m):
        if sum(1 for other in kept if other.agent_id == one.agent_id) < 2:
            kept.append(one)
    return kept


def _median(seen: Sequence[Seen]) -> Point:
    """The middle one in each direction: a far-off fix does not pull it."""
    if not seen:
        return Point(0.0, 0.0)
    first = seen[0].point.lng
    east = statistics.median((one.point.lng - first + 180) % 360 - 180 for one in seen)
    north = statistics.median(one.point.lat for one in seen)
    return Point(north, (first + east + 180) % 360 - 180)
