"""A discount as a strategy offers it, and the most that a portfolio lets be offered."""

from dataclasses import dataclass

from chalicelib.domain.agreement_policy import AgreementLimits

OFFER_DAYS = 14  # how long a discount is good for, counted from the message that offered it


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """
    A discount that a message offers.

    Args:
        principal_ppm, interest_ppm, fees_ppm: Parts per million of each component forgiven.
        valid_days: Days from the day of the message that first offers it; the last is the
            deadline.
    """

    principal_ppm: int = 0
    interest_ppm: int = 0
    fees_ppm: int = 0
    valid_days: int = 10


def within(offer: Offer | None, limits: AgreementLimits) -> Offer:
    """The terms of an offer, never above what the portfolio allows now."""
    most = Offer(
        principal_ppm=limits.max_discount_principal_ppm,
        interest_ppm=limits.max_discount_interest_ppm,
        fees_ppm=limits.max_discount_fees_ppm,
        valid_days=OFFER_DAYS,
    )
    if offer is None:
        return most
    return Offer(
        principal_ppm=min(offer.principal_ppm, most.principal_ppm),
        interest_ppm=min(offer.interest_ppm, most.interest_ppm),
        fees_ppm=min(offer.fees_ppm, most.fees_ppm),
        valid_days=offer.valid_days,
    )
