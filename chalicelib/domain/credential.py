"""What an agent shows at the door, so that anybody can find out that he is one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# A day's work without a signal; a phone that has one renews it before that.
LASTS = timedelta(hours=12)
RENEWED_BEFORE = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """
    Args:
        code: Six digits, to be typed.
        token: Of the QR's address; nobody guesses it.
    """

    person_id: str
    code: str
    token: str
    created_at: datetime
    expires_at: datetime
