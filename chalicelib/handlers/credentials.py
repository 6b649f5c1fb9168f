"""What an agent shows at the door, and what anybody may ask about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import credentials

if TYPE_CHECKING:
    from chalice.app import Request

bp = Blueprint(__name__)


@web.route(bp, "GET /field/credential", answer="credentials:Credential")
def mine(call: web.Call) -> dict[str, Any]:
    """Give the code and the address that one shows at a door today."""
    return credentials.mine(
        actor=call.actor,
        credentials=wiring.credentials(),
        people=wiring.people(),
        now=call.now,
    )


@web.route(bp, "GET /credentials/{code}", answer="credentials:Bearer", public=True)
def show(call: web.Call, code: str) -> dict[str, Any]:
    """Say who shows this code; a wrong one and an old one are answered alike."""
    return credentials.shown(
        code[:60],
        asker=_asker(call.request),
        credentials=wiring.credentials(),
        turns=wiring.turns(),
        people=wiring.people(),
        portfolios=wiring.portfolios(),
        now=call.now,
    )


def _asker(request: Request) -> str:
    """
    The address that asks: what CloudFront saw, which is the one before its own.

    What stands further left was sent along by whoever asks, and may be anything.
    """
    sent = str(request.headers.get("x-forwarded-for", "")).split(",")
    seen = [one.strip() for one in sent if one.strip()]
    direct = str(request.context.get("identity", {}).get("sourceIp", ""))
    return seen[-2] if len(seen) > 1 else direct
