"""Messages on their way: what waits, hangs or failed, and one message's page."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import contact as contact_types
    from chalicelib.services import dead_letters, letters, outbox

bp = Blueprint(__name__)

ONE = "/cases/{case_id}/messages/{attempt_id}"


@web.route(
    bp,
    "GET /portfolios/{portfolio_id}/messages",
    answer="messages:Messages",
    query=(
        web.Query(
            name="state",
            about="Which of them: planned, reserved, failed or denied.",
            choices=lambda: tuple(state.value for state in outbox.STATES),
            required=True,
        ),
        *web.PAGE,
    ),
)
def list_messages(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List a portfolio's messages in one state: to come soonest first, failed newest first."""
    return outbox.listed(
        portfolio_id,
        contact_types.AttemptState(call.query["state"]),
        cursor=call.cursor,
        limit=call.limit,
        actor=call.actor,
        cases=wiring.cases(),
        now=wiring.now(),
    )


@web.route(bp, "GET /portfolios/{portfolio_id}/outbox", answer="messages:OutboxSummary")
def summarise(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Count what waits, hangs, failed or was denied; tell what the month has cost."""
    return outbox.summary(
        portfolio_id,
        actor=call.actor,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        counters=wiring.counters(),
        limits=wiring.strategies(),
        now=wiring.now(),
    )


@web.route(bp, f"GET {ONE}", answer="messages:MessagePage")
def get(call: web.Call, case_id: str, attempt_id: str) -> dict[str, Any]:
    """Open a message: why it went, what it said, what became of it."""
    return _page(call, case_id, attempt_id)


@web.route(bp, f"POST {ONE}/retry", answer="messages:MessagePage", status=201)
def retry(call: web.Call, case_id: str, attempt_id: str) -> dict[str, Any]:
    """Put a message that failed into the outbox once more. Safe to repeat."""
    outbox.retry(case_id, attempt_id, **call.casework)
    return _page(call, case_id, attempt_id)


@web.route(bp, f"PUT {ONE}/settlement", body="messages:Settlement", answer="messages:MessagePage")
def settle(call: web.Call, case_id: str, attempt_id: str) -> dict[str, Any]:
    """Say whether a message that hangs had gone."""
    outbox.settle(case_id, attempt_id, went=call.body.went, **call.casework)
    return _page(call, case_id, attempt_id)


@web.route(bp, f"PUT {ONE}/posting", body="messages:Posting", answer="messages:MessagePage")
def post(call: web.Call, case_id: str, attempt_id: str) -> dict[str, Any]:
    """Keep the post's number of a certified letter. Safe to repeat."""
    outbox.post(case_id, attempt_id, call.body.tracking, **call.casework)
    return _page(call, case_id, attempt_id)


@web.route(
    bp,
    "POST /portfolios/{portfolio_id}/letter-batches",
    body="messages:NewLetterBatch",
    answer="messages:LetterBatch",
    status=201,
)
def batch(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """
    Put a day's letters into one file to print, with the list of them. Safe to repeat.

    Days are the portfolio's own.
    """
    made = letters.batch(
        portfolio_id,
        call.body.day,
        actor=call.actor,
        kept=wiring.evidence_files(),
        made=wiring.export_files(),
    )
    if made["url"] is not None:
        call.looked("letters.taken", portfolio_id, of=made["day"])
    return made


@web.route(bp, f"DELETE {ONE}", answer="messages:MessagePage")
def withdraw(call: web.Call, case_id: str, attempt_id: str) -> dict[str, Any]:
    """Take back a message that has not gone. Safe to repeat."""
    outbox.withdraw(case_id, attempt_id, **call.casework)
    return _page(call, case_id, attempt_id)


@web.route(bp, "GET /dead-letters", answer="messages:DeadQueues")
def list_dead(call: web.Call) -> dict[str, Any]:
    """Tell how much work each queue gave up on."""
    return dead_letters.listed(actor=call.actor, letters=wiring.dead_letters())


@web.route(bp, "POST /dead-letters/{name}/return", answer="messages:SentBack")
def send_back(call: web.Call, name: str) -> dict[str, Any]:
    """Let a queue try again what it gave up on, two hundred at a time."""
    return dead_letters.send_back(name, actor=call.actor, letters=wiring.dead_letters())


def _page(call: web.Call, case_id: str, attempt_id: str) -> dict[str, Any]:
    return outbox.page(
        case_id,
        attempt_id,
        people=wiring.actor_names,
        files=wiring.evidence_files(),
        **call.casework,
    )
