"""What people had erased and want to be reached at again."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import suppression

bp = Blueprint(__name__)


@web.route(
    bp,
    "PATCH /portfolios/{portfolio_id}/data-requests",
    body="suppressions:AskedAgain",
    answer="suppressions:Ended",
)
def ask_again(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """
    Take a value off the suppression list: the person themself asks to be reached there again.

    Admins only; the reason stands in the audit, and the access log tells who did it.
    """
    ended = suppression.asked_again(
        portfolio_id,
        (call.body.kind, call.body.value),
        reason=call.body.reason,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        read_phone=wiring.read_phone,
        now=call.now,
        means=wiring.suppression_means(),
    )
    return {"kind": ended.kind.value, "request_id": ended.request_id, "since": ended.at}
