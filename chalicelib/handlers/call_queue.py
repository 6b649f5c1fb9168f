"""The queue of calls: the next case for a person, and what they do with it instead of calling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import call_board, call_queue, call_settings

if TYPE_CHECKING:
    from chalicelib.domain.call_turn import Turn

bp = Blueprint(__name__)

QUEUE = "/portfolios/{portfolio_id}/queue"


@web.route(bp, f"GET {QUEUE}", answer="call_queue:QueueBoard")
def show(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Show how the day's queue of calls stands: by segment, who has what, what comes first."""
    return call_board.board(
        portfolio_id,
        actor=call.actor,
        means=wiring.call_means(),
        people=wiring.actor_names,
        now=call.now,
    )


@web.route(bp, "GET /portfolios/{portfolio_id}/call-settings", answer="queue_policy:CallSettings")
def settings(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Show what the settings of calls start from, and what they were before, newest first."""
    return call_settings.shown(
        portfolio_id,
        actor=call.actor,
        means=wiring.call_means(),
        history=wiring.call_history(),
        people=wiring.actor_names,
        now=call.now,
    )


@web.route(
    bp,
    "POST /portfolios/{portfolio_id}/queue-previews",
    body="queue_policy:PreviewQueue",
    answer="queue_policy:QueuePreview",
)
def preview(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Say which cases some weights would put first, and why; saves nothing."""
    found = call_settings.preview(
        portfolio_id,
        call.body.weights,
        actor=call.actor,
        means=wiring.call_means(),
        cases=wiring.cases(),
        now=call.now,
    )
    return {"items": found.items, "looked": found.looked, "all": found.every}


@web.route(bp, f"POST {QUEUE}/next", answer="call_queue:NextCall")
def take_next(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """
    Take the case that is to be called next; the one you have, if you have one.

    It is yours for some minutes, and nobody else's.
    """
    means = wiring.call_means()
    found = call_queue.take_next(portfolio_id, actor=call.actor, means=means, now=call.now)
    return call_board.given(found, portfolio_id, means=means, people=wiring.actor_names)


@web.route(bp, f"POST {QUEUE}/{{case_id}}", body="call_queue:TurnAct", answer="call_queue:CallTurn")
def act(call: web.Call, portfolio_id: str, case_id: str) -> dict[str, Any]:
    """Skip a case for today, put it off, promise to call back, or give it to whoever is next."""
    body, means = call.body, wiring.call_means()
    turn: Turn = call_queue.act(
        portfolio_id,
        case_id,
        action=body.action,
        reason=body.reason,
        until=body.until,
        mine=body.mine,
        actor=call.actor,
        means=means,
        now=call.now,
    )
    return call_board.shown(turn, means=means, people=wiring.actor_names)
