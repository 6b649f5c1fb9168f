"""Signed links: an address that only we can have made, for one purpose, until a day."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import date

_SEPARATOR = "\x1f"
_MAC_BYTES = 16  # 128 bits: as hard to guess as the ids it protects


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """
    What a link stands for; it names nobody.

    Args:
        purpose: What it may be used for and nothing else: ``unsubscribe``...
        case_id: The case it is about; of a shared report, the portfolio.
        subject: The contact point it was sent to, where it matters; the photo, the report.
        until: The last day on which it works.
    """

    purpose: str
    case_id: str
    subject: str
    channel: str
    until: date


def sealed(link: Link, key: bytes) -> str:
    """
    Write a link as a token for an address: letters, digits, ``-``, ``_`` and one dot.

    >>> made = Link(purpose="unsubscribe", case_id="cas_1", subject="con_1", channel="email",
    ...     until=date(2027, 1, 1))
    >>> opened(sealed(made, b"k" * 32), b"k" * 32, purpose="unsubscribe",
    ...     today=date(2026, 12, 1)) == made
    True
    """
    said = (link.purpose, link.case_id, link.subject, link.channel, link.until.isoformat())
    body = _SEPARATOR.join(said).encode()
    return f"{_text(body)}.{_text(_mac(body, key))}"


def opened(token: str, key: bytes, *, purpose: str, today: date) -> Link | None:
    """Read a token; None when it is not ours, for something else, or its time is over."""
    said, _, mac = token.partition(".")
    try:
        body, given = _bytes(said), _bytes(mac)
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(given, _mac(body, key)):
        return None
    parts = body.decode().split(_SEPARATOR)
    link = Link(
        purpose=parts[0],
        case_id=parts[1],
        subject=parts[2],
        channel=parts[3],
        until=date.fromisoformat(parts[4]),
    )
    return link if link.purpose == purpose and today <= link.until else None


def _mac(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).digest()[:_MAC_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    raw = text.encode("ascii")
    return base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
