"""How near to an address's point is at its door."""

from chalicelib.domain.case import Address, PointQuality
from chalicelib.domain.portfolio import Portfolio
from chalicelib.visits.verdict import RADIUS_M


def radius_of(address: Address | None, portfolio: Portfolio) -> float:
    """
    Give the radius for a visit to an address, in metres; 0 where it has no point.

    What was learned from visits there comes first. The portfolio's own radius is that of a
    point at the door; a rougher point keeps at least the radius of its quality.
    """
    if address is None or address.lat is None or address.quality is PointQuality.NONE:
        return 0.0
    if address.radius_m is not None:
        return address.radius_m
    own = float(portfolio.policies.geofence_radius_m)
    if address.quality is PointQuality.ROOFTOP:
        return own
    return max(own, RADIUS_M[address.quality])
