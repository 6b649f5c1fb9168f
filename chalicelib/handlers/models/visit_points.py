"""Better points for addresses, as supervisors decide on them."""

from chalicelib.handlers.models import Answer, Body


class PointDecision(Body):
    accept: bool


class ProposedPoint(Answer):
    """``moved_m``: from the address's own point; null when it has none."""

    case_id: str
    case_name: str
    address_id: str
    lines: str
    lat: float | None
    lng: float | None
    radius_m: float
    proposed_lat: float
    proposed_lng: float
    proposed_radius_m: float
    moved_m: float | None
    evidence: int


class ProposedPoints(Answer):
    items: list[ProposedPoint]
