"""
The address of a debtor's own page, as it stands in a message: signed, expiring, revocable.

It names nobody and opens nothing by itself: a second fact is asked for behind it. It is as short
as it can be, for a text message pays for every letter.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chalicelib.domain.ids import packed, unpacked

STEP = "a"  # of the page: ``/pagar/a/<token>``
LASTS = timedelta(days=60)
MOST_DAYS = 255
_FIRST = datetime(2024, 1, 1, tzinfo=UTC)
_PURPOSE = b"debtor-link\x1f"
_CASE, _SECOND, _DAYS, _POINT, _MAC = 16, 4, 1, 3, 12
_BODY = _CASE + _SECOND + _DAYS + _POINT
LETTERS = (_BODY + _MAC) * 4 // 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtorLink:
    """
    What a link stands for.

    Args:
        made_at: To the second.
        until: The moment it stops working.
        point: Tells the contact point it went to from the others of its case (``is_of``); empty
            when it was handed over otherwise.
        link_id: Names this link and no other; what it is revoked and counted by.
    """

    case_id: str
    made_at: datetime
    until: datetime
    point: bytes = b""
    link_id: str = ""

    def is_of(self, contact_id: str) -> bool:
        """Say whether it went to that contact point."""
        return bool(self.point) and self.point == _point(contact_id)


def written(
    case_id: str, key: bytes, *, now: datetime, contact_id: str = "", lasts: timedelta = LASTS
) -> str:
    """
    Write the token of a link to a case: letters, digits, ``-`` and ``_``.

    Args:
        contact_id: The contact point it goes to, if it goes to one.

    Raises:
        ValueError: The case's id is none of ours, or it would last longer than 255 days.
    """
    days = lasts.days
    if not 0 < days <= MOST_DAYS:
        raise ValueError("a link lasts from one to 255 days")
    second = int((now - _FIRST).total_seconds())
    body = b"".join(
        (
            packed(case_id),
            second.to_bytes(_SECOND, "big"),
            days.to_bytes(_DAYS, "big"),
            _point(contact_id) if contact_id else bytes(_POINT),
        )
    )
    return base64.urlsafe_b64encode(body + _mac(body, key)).decode()


def read(token: str, key: bytes) -> DebtorLink | None:
    """
    Read a token, whatever its time; None when it is not ours.

    >>> made = written("cas_" + "0" * 26, b"k", now=datetime(2026, 1, 1, tzinfo=UTC))
    >>> read(made, b"k").until, read(made, b"other")
    (datetime.datetime(2026, 3, 2, 0, 0, tzinfo=datetime.timezone.utc), None)
    """
    if len(token) != LETTERS:
        return None
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, mac = raw[:_BODY], raw[_BODY:]
    if not hmac.compare_digest(mac, _mac(body, key)):
        return None
    point = body[-_POINT:]
    second = int.from_bytes(body[_CASE : _CASE + _SECOND], "big")
    made_at = _FIRST + timedelta(seconds=second)
    return DebtorLink(
        case_id=unpacked("cas", body[:_CASE]),
        made_at=made_at,
        until=made_at + timedelta(days=body[_CASE + _SECOND]),
        point=point if any(point) else b"",
        link_id=mac[:9].hex(),
    )


def _point(contact_id: str) -> bytes:
    found = hashlib.sha256(contact_id.encode()).digest()[:_POINT]
    return found if any(found) else b"\1" * _POINT


def _mac(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, _PURPOSE + body, hashlib.sha256).digest()[:_MAC]
