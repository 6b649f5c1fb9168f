"""The phones that sign visits."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """
    A phone as one person registered it; two accounts on a phone are two of these.

    Args:
        x, y: Of its public key, a point of P-256, as JWK writes them. The private key never
            leaves the phone.
        revoked_by: An actor as on the timeline.
    """

    device_id: str
    person_id: str
    name: str
    platform: str
    x: str
    y: str
    created_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str = ""
