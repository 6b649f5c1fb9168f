"""What an agent shows at the door, and what anybody may ask about it."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import asker, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import credentials

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
        asker=asker.address_of(call.request),
        credentials=wiring.credentials(),
        turns=wiring.turns(),
        people=wiring.people(),
        portfolios=wiring.portfolios(),
        now=call.now,
    )
