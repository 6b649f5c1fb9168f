"""Idempotency-Key: a POST that is sent again does nothing again (docs/adr/0011)."""

import hashlib
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chalicelib import wiring
from chalicelib.domain.errors import BadField, DomainError, InProgress, KeyReused

if TYPE_CHECKING:
    from chalicelib.handlers.web import Call, Repeat

KEY = re.compile(r"[\x21-\x7e]{8,128}")
RETRY_AFTER_S = 2


def once(
    call: "Call",
    view: Callable[..., Any],
    params: dict[str, str],
    *,
    repeat: "Repeat",
) -> Any:
    """
    Run *view*, or answer what a repeat of its request is to get.

    Without a key it simply runs. What the view leaves in ``call.receipt`` (ids, nothing
    personal) is kept for a day and handed to *repeat*, which makes the answer anew.

    Raises:
        KeyReused: The key came with another request before.
        InProgress: The first request is still running.
    """
    sent = call.request.headers.get("idempotency-key")
    if not sent:
        return view(call, **params)
    if not KEY.fullmatch(sent):
        raise BadField(field="Idempotency-Key", reason="bad_format")
    request = call.request
    path = str(request.context.get("path") or request.path)
    raw = request.raw_body
    body = raw.encode() if isinstance(raw, str) else raw
    key = _hash(call.actor.actor_id.encode(), sent.encode())
    request_hash = _hash(str(request.method).encode(), path.encode(), body)
    earlier = wiring.repeats().begin(key, request_hash=request_hash, now=call.now)
    if earlier is not None:
        if earlier.request_hash != request_hash:
            raise KeyReused
        if earlier.receipt is None:
            raise InProgress(retry_after_s=RETRY_AFTER_S)
        return repeat(call, earlier.receipt, params)
    try:
        answer = view(call, **params)
    except DomainError:
        wiring.repeats().release(key)
        raise
    wiring.repeats().finish(key, receipt=call.receipt)
    return answer


def _hash(*parts: bytes) -> str:
    joined = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hashlib.sha256(joined).hexdigest()
