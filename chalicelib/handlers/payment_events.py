"""
What providers of payments tell: checked at the door, queued, brought to its case.

The door answers at once: a provider that waits tells it again. Nothing is believed before its
signature is, over the bytes as they came.
"""

from __future__ import annotations

import logging
from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.errors import PaymentProviderNotFound, WebhookForged
from chalicelib.handlers import jobs, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import payment as payment_types
    from chalicelib.domain import plain
    from chalicelib.services import checkouts, incoming

bp = Blueprint(__name__)
log = logging.getLogger("recobro")
LONGEST_NAME = 80
SENT_AS = ("application/json", "application/x-www-form-urlencoded", "text/plain")


@web.route(
    bp,
    "POST /webhooks/payments/{provider}/{portfolio_id}",
    answer="payments:Heard",
    public=True,
    accepts=SENT_AS,
    any_query=True,
)
def notify(call: web.Call, provider: str, portfolio_id: str) -> dict[str, Any]:
    """Take a notification of a portfolio's payment provider; who it is from, its signature says."""
    if max(len(provider), len(portfolio_id)) > LONGEST_NAME:
        raise PaymentProviderNotFound(provider=provider[:LONGEST_NAME])
    adapter = wiring.payment_provider(portfolio_id, provider)
    request = call.request
    try:
        told = adapter.events(
            {str(name): str(value) for name, value in request.headers.items()},
            {str(name): str(value) for name, value in (request.query_params or {}).items()},
            call.raw,
            now=call.now,
        )
    except payment_types.Forged as forged:
        log.warning(
            "payment webhook refused",
            extra={"provider": provider, "portfolio_id": portfolio_id, "reason": forged.reason},
        )
        raise WebhookForged(reason=forged.reason) from None
    wiring.payment_events().send(
        {
            "step": "told",
            "portfolio_id": portfolio_id,
            "provider": provider,
            "event": plain.to_plain(event),
        }
        for event in told
    )
    return {"heard": len(told)}


def post(event: Any) -> dict[str, Any]:
    """Bring what was told to its case, a few notifications at a time."""
    return jobs.each(event, _work, wiring.payment_events)


def _work(message: dict[str, Any], _: Any) -> None:
    now = wiring.now()
    if message["step"] == "close":
        checkouts.close_stale(message["case_id"], means=wiring.paying(), now=now)
        return
    portfolio_id, provider = message["portfolio_id"], message["provider"]
    told = plain.from_plain(payment_types.ProviderEvent, message["event"])
    stands = told.payment
    if stands is None:
        stands = wiring.payment_provider(portfolio_id, provider).read(told.read_id)
    outcome, case_id = incoming.take(
        stands, portfolio_id=portfolio_id, means=wiring.receiving(), now=now
    )
    log.info(
        "payment told",
        extra={
            "provider": provider,
            "portfolio_id": portfolio_id,
            "case_id": case_id,
            "kind": told.kind,
            "outcome": outcome.value,
        },
    )
