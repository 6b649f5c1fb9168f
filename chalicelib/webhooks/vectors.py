"""Recorded signature vectors: one JSON object a line, with what the verdict should be."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.webhooks import signatures
from chalicelib.webhooks.signatures import Verdict


class BadVector(ValueError):
    """A vector cannot be judged as it stands; the message says why."""


def judge(vector: dict[str, Any]) -> Verdict:
    """
    Check the signature of one vector.

    Its clock is the vector's own (``now`` in seconds or ``now_ms``); without one, and without a
    tolerance, age is not judged.

    Raises:
        BadVector: Unknown provider, or no secret.
    """
    provider, secret = vector.get("provider"), vector.get("secret")
    if not isinstance(secret, str):
        raise BadVector("secret is missing")
    headers = vector.get("headers") or {}
    body = str(vector.get("body") or "").encode()
    seconds = vector.get("now")
    if seconds is None:
        seconds = (vector.get("now_ms") or 0) / 1000
    now = datetime.fromtimestamp(seconds, UTC)
    tolerance_s = vector.get("tolerance_s")
    if provider == "stripe":
        return signatures.stripe(body, headers, secret=secret, now=now, tolerance_s=tolerance_s)
    if provider in {"mercadopago", "mercado_pago"}:
        query = vector.get("query") or {}
        return signatures.mercado_pago(
            query, headers, secret=secret, now=now, tolerance_s=tolerance_s
        )
    if provider == "meta":
        return signatures.meta(body, headers, secret=secret)
    raise BadVector(f"provider {provider!r} is not known")


def expects_valid(vector: dict[str, Any]) -> bool:
    """Say what the vector expects; ``invalid: ...`` may carry the reason of another library."""
    return str(vector["expected"]).strip().lower() == "valid"
