"""A debtor at the page: who knocked, who is in, until when. Nothing of it names anybody."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

IDLE = timedelta(minutes=30)  # a session ends so long after its last page
MOST = timedelta(hours=8)  # and at the latest so long after it began
KNOCK_LASTS = timedelta(minutes=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtorSession:
    """
    Somebody who proved to be the debtor.

    Args:
        session_id: Names it; a digest of the cookie, which is kept nowhere.
        contact_id: The contact point whose link was opened; empty when none was.
        proof: What was the second fact: ``tax_id``, ``phone`` or ``code``.
        expires_at: Moves on with every page, up to *began_at* + ``MOST``.
    """

    session_id: str
    case_id: str
    portfolio_id: str
    began_at: datetime
    expires_at: datetime
    proof: str
    contact_id: str = ""
    link_id: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """
    Somebody at the door without a proof yet: by a link, or by what was typed.

    Args:
        knock_id: A digest of the cookie.
        token: Of the link; empty when creditor and tax id were typed.
        typed: Digest of what was typed, for counting tries.
        case_ids: The cases it may be about; none when nothing fits, which is not to be told.
        code_id: The one-time code that was asked for.
    """

    knock_id: str
    expires_at: datetime
    token: str = ""
    typed: str = ""
    case_ids: tuple[str, ...] = ()
    code_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """
    What became of a form, by its own key.

    Args:
        leads_to: Where its answer sent the browser; empty while it is being worked on.
    """

    at: datetime
    leads_to: str = ""


def id_of(cookie: str) -> str:
    """Give the id under which a cookie's session is kept."""
    return hashlib.sha256(f"debtor\x1f{cookie}".encode()).hexdigest()


def form_token(cookie: str, key: bytes) -> str:
    """Give what a form must carry to be the cookie's own (CSRF)."""
    return hmac.new(key, f"debtor-form\x1f{cookie}".encode(), hashlib.sha256).hexdigest()[:32]


def alive(session: DebtorSession, now: datetime) -> bool:
    return now < session.expires_at and now < session.began_at + MOST


def until(now: datetime, began_at: datetime) -> datetime:
    """Say when a session ends that is used now."""
    return min(now + IDLE, began_at + MOST)
