"""
Signatures of inbound webhooks: Stripe, Mercado Pago and Meta (WhatsApp).

Every check is over the bytes as they came, in constant time, and answers with a verdict and a
reason code instead of raising: a forged webhook is a fact to log, not a fault.

Sources: Stripe's "Verify webhook signatures manually" (``t=``, ``v1=`` over ``t.payload``),
Mercado Pago's "Validate origin of notifications" (manifest ``id:;request-id:;ts:;``), Meta's
"Validating payloads" (``X-Hub-Signature-256``).
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

# Stripe's own libraries refuse what is older than five minutes.
DEFAULT_TOLERANCE_S = 300
# A Unix time in milliseconds has thirteen digits until the year 2286; in seconds ten.
MILLISECONDS_FROM = 100_000_000_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    Args:
        reason: ``ok``, ``missing_header``, ``malformed_header``, ``missing_timestamp``,
            ``missing_signature``, ``mismatch`` or ``outside_tolerance``.
    """

    valid: bool
    reason: str


OK = Verdict(True, "ok")


def stripe(  # noqa: PLR0911 - a list of refusals reads best as guard clauses
    body: bytes,
    headers: Mapping[str, str | None],
    *,
    secret: str,
    now: datetime,
    tolerance_s: float | None = DEFAULT_TOLERANCE_S,
) -> Verdict:
    """
    Check Stripe's signature: one good ``v1`` among several is enough (a rolled secret).

    Args:
        now: When it arrived, aware.
        tolerance_s: Oldest signature accepted, in seconds; None = any age.
    """
    header = _header(headers, "Stripe-Signature")
    if not header:
        return Verdict(False, "missing_header")
    parts = _pairs(header)
    if parts is None:
        return Verdict(False, "malformed_header")
    times = parts.get("t", [])
    if len(times) != 1 or not times[0].isascii() or not times[0].isdigit():
        return Verdict(False, "missing_timestamp")
    given = parts.get("v1", [])
    if not given:
        return Verdict(False, "missing_signature")
    expected = _hmac(secret, times[0].encode() + b"." + body)
    if not any(_same(expected, one) for one in given):
        return Verdict(False, "mismatch")
    if tolerance_s is not None and now.timestamp() - int(times[0]) > tolerance_s:
        return Verdict(False, "outside_tolerance")
    return OK


def mercado_pago(  # noqa: PLR0911 - as above
    query: Mapping[str, str | None],
    headers: Mapping[str, str | None],
    *,
    secret: str,
    now: datetime,
    tolerance_s: float | None = None,
) -> Verdict:
    """
    Check Mercado Pago's signature, which covers the id in the query and not the body.

    The payment must therefore be read from the provider's API before it is believed.

    Args:
        now: When it arrived, aware.
        tolerance_s: Largest difference to the signature's time, in seconds; None = any.
    """
    header = _header(headers, "x-signature")
    if not header:
        return Verdict(False, "missing_header")
    parts = _pairs(header)
    if parts is None:
        return Verdict(False, "malformed_header")
    stamp = parts.get("ts", [""])[0]
    if not stamp.isascii() or not stamp.isdigit():
        return Verdict(False, "missing_timestamp")
    given = parts.get("v1", [""])[0]
    if not given:
        return Verdict(False, "missing_signature")
    signed = {
        # Mercado Pago signs the id in lower case, whatever the query shows.
        "id": (query.get("data.id") or "").lower(),
        "request-id": _header(headers, "x-request-id"),
        "ts": stamp,
    }
    manifest = "".join(f"{name}:{value};" for name, value in signed.items() if value)
    if not _same(_hmac(secret, manifest.encode()), given):
        return Verdict(False, "mismatch")
    seconds = int(stamp) / 1000 if int(stamp) >= MILLISECONDS_FROM else int(stamp)
    if tolerance_s is not None and abs(now.timestamp() - seconds) > tolerance_s:
        return Verdict(False, "outside_tolerance")
    return OK


def meta(body: bytes, headers: Mapping[str, str | None], *, secret: str) -> Verdict:
    """Check Meta's signature of a WhatsApp webhook; *secret* is the app secret."""
    header = _header(headers, "X-Hub-Signature-256")
    if not header:
        return Verdict(False, "missing_header")
    scheme, _, given = header.partition("=")
    if scheme != "sha256" or not given:
        return Verdict(False, "malformed_header")
    return OK if _same(_hmac(secret, body), given) else Verdict(False, "mismatch")


def _header(headers: Mapping[str, str | None], name: str) -> str:
    return next((v or "" for k, v in headers.items() if k.lower() == name.lower()), "")


def _pairs(header: str) -> dict[str, list[str]] | None:
    """Read ``a=1,b=2``; None when no part is a pair."""
    found: dict[str, list[str]] = {}
    for part in header.split(","):
        key, equals, value = part.strip().partition("=")
        if equals:
            found.setdefault(key, []).append(value)
    return found or None


def _hmac(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode())
