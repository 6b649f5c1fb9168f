"""Conversations: who wrote, what the bot answered, and a person's turn."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import scan
    from chalicelib.services import (
        conversation_desk,
        conversation_erasure,
        conversation_pages,
        scans,
    )

bp = Blueprint(__name__)

ONE = "/conversations/{conversation_id}"
LINK_S = 300
DESKS = ("bot", "waiting", "person", "quiet")


@web.route(
    bp,
    "GET /portfolios/{portfolio_id}/conversations",
    answer="conversations:Conversations",
    query=(
        web.Query(
            name="tray",
            about="Conversations of cases, or with unknown senders.",
            choices=("known", "unknown"),
        ),
        web.Query(name="desk", about="Who answers.", choices=DESKS),
        web.Query(name="since", about="An earlier answer's `mark`: only what moved after it."),
        *web.PAGE,
    ),
)
def list_conversations(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List conversations, newest first; `-` as portfolio: numbers that several answer at."""
    return conversation_pages.listed(
        portfolio_id,
        known=call.query.get("tray", "known") == "known",
        desk=call.query.get("desk"),
        since=call.query.get("since"),
        cursor=call.cursor,
        limit=call.limit,
        actor=call.actor,
        means=wiring.conversing(),
        people=wiring.actor_names,
    )


@web.route(
    bp,
    f"GET {ONE}",
    answer="conversations:ConversationPage",
    query=(
        web.Query(name="after", about="Only messages with a higher number.", kind="int"),
        web.Query(name="before", about="The messages before this number.", kind="int"),
    ),
)
def get(call: web.Call, conversation_id: str) -> dict[str, Any]:
    """Open a conversation: its newest messages, whose it is, what may be done."""
    return _opened(call, conversation_id)


@web.route(bp, "GET /cases/{case_id}/conversations", answer="conversations:Conversations")
def list_of_case(call: web.Call, case_id: str) -> dict[str, Any]:
    """List the conversations with a case's numbers."""
    return conversation_pages.of_case(
        case_id, actor=call.actor, means=wiring.conversing(), people=wiring.actor_names
    )


@web.route(
    bp,
    f"GET {ONE}/file",
    answer="common:Link",
    query=(
        web.Query(name="seq", about="The message it came with.", kind="int"),
        web.Query(name="number", about="Which of its files, from 0.", kind="int"),
    ),
)
def file(call: web.Call, conversation_id: str) -> dict[str, Any]:
    """Get a short-lived link to a file that somebody sent."""
    key = conversation_pages.file_received(
        conversation_id,
        call.query.get("seq", 0),
        call.query.get("number", 0),
        actor=call.actor,
        means=wiring.conversing(),
    )
    name = key.rpartition("/")[2]
    return scans.taken(scan.Wanted(key, name), wiring.evidence_files(), expires_s=LINK_S)


@web.route(bp, f"POST {ONE}/reading", answer="conversations:ConversationPage")
def read(call: web.Call, conversation_id: str) -> dict[str, Any]:
    """Note that somebody looked."""
    conversation_desk.read(conversation_id, **_by(call))
    return _opened(call, conversation_id)


@web.route(bp, f"POST {ONE}/takeover", answer="conversations:ConversationPage")
def take(call: web.Call, conversation_id: str) -> dict[str, Any]:
    """Take a conversation over; the bot is quiet."""
    conversation_desk.take(conversation_id, **_by(call))
    return _opened(call, conversation_id)


@web.route(bp, f"DELETE {ONE}/takeover", answer="conversations:ConversationPage")
def give_back(call: web.Call, conversation_id: str) -> dict[str, Any]:
    """Let the bot answer again."""
    conversation_desk.give_back(conversation_id, **_by(call))
    return _opened(call, conversation_id)


@web.route(
    bp,
    f"POST {ONE}/attachment",
    body="conversations:Attachment",
    answer="conversations:ConversationPage",
)
def attach(call: web.Call, conversation_id: str) -> dict[str, Any]:
    """Say which case an unknown sender belongs to."""
    conversation_desk.attach(conversation_id, call.body.case_id, call.body.party, **_by(call))
    return _opened(call, conversation_id)


@web.route(bp, f"POST {ONE}/erasure", body="conversations:Erasure", status=204)
def erase(call: web.Call, conversation_id: str) -> None:
    """Erase what was said so far, for good: someone asked for their data to go; admins only."""
    conversation_erasure.erase(
        conversation_id, reason=call.body.reason, files=wiring.evidence_files(), **_by(call)
    )


def _again(call: web.Call, _receipt: dict[str, Any], path: dict[str, str]) -> dict[str, Any]:
    return _opened(call, path["conversation_id"])


@web.route(
    bp,
    f"POST {ONE}/messages",
    body="conversations:NewMessage",
    answer="conversations:ConversationPage",
    status=201,
    repeat=_again,
)
def send(call: web.Call, conversation_id: str) -> dict[str, Any]:
    """Answer in free words inside the window, or put a template in the outbox."""
    key = call.key
    if call.body.template_id:
        conversation_desk.send_template(
            conversation_id, call.body.template_id, key=key, **_by(call)
        )
    else:
        conversation_desk.reply(conversation_id, call.body.text, key=key, **_by(call))
    return _opened(call, conversation_id)


def _by(call: web.Call) -> dict[str, Any]:
    return {"actor": call.actor, "means": wiring.conversing(), "now": call.now}


def _opened(call: web.Call, conversation_id: str) -> dict[str, Any]:
    return conversation_pages.opened(
        conversation_id,
        after=call.query.get("after", 0),
        before=call.query.get("before"),
        actor=call.actor,
        means=wiring.conversing(),
        people=wiring.actor_names,
        now=call.now,
    )
