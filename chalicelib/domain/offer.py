"""A discount as a strategy offers it."""

from dataclasses import dataclass


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
