"""A one-time code: sent to a contact point of a debtor, it proves once that it was read there."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

DIGITS = 6
LASTS = timedelta(minutes=10)
MOST_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeCode:
    """
    A code that was asked for; the digits themselves are kept nowhere.

    Args:
        case_id: Empty for a knock that no case fits: nothing is sent, and nothing tells so.
        purpose: What it proves: ``door``, ``agreement``, ``cash``; the text names it.
        subject: Of what exactly, such as an agreement's hash; a code is good for nothing else.
        apart_from: A contact point that it must not go to: the one a link was sent to.
        asked_by: An actor as on the timeline.
        amount_minor: Of the cash that is confirmed; 0 for others.
        digest: Of the digits; empty until they were sent.
        channel, contact_id: Where it went.
        problem: Why it did not go, as a stable code.
    """

    code_id: str
    case_id: str
    purpose: str
    subject: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    apart_from: str = ""
    amount_minor: int = 0
    digest: str = ""
    tries: int = 0
    channel: str = ""
    contact_id: str = ""
    problem: str = ""
    used_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeProof:
    """That a code was read back: what an agreement or a receipt keeps of it."""

    code_id: str
    channel: str
    contact_id: str
    at: datetime


def digest_of(code_id: str, digits: str, key: bytes) -> str:
    """Give what is kept of a code; six digits alone would be found by trying them all."""
    said = f"one-time-code\x1f{code_id}\x1f{digits}".encode()
    return hmac.new(key, said, hashlib.sha256).hexdigest()
