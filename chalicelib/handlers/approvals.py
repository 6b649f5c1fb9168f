"""What waits for a second person: one tray, and corrections beyond somebody's limit."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.plain import to_plain
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import correction as correction_types
    from chalicelib.domain import portfolio as portfolio_types
    from chalicelib.services import approvals, corrections

bp = Blueprint(__name__)

BASE = "/portfolios/{portfolio_id}/approvals"


@web.route(
    bp,
    f"GET {BASE}",
    answer="approvals:Tray",
    query=(
        web.Query(
            name="kind",
            about="Lists this kind only; all are counted.",
            choices=lambda: tuple(each.value for each in approvals.Kind),
        ),
    ),
)
def tray(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Count what waits for a second person by kind, and list it, the oldest first."""
    kind = call.query.get("kind")
    return approvals.tray(
        portfolio_id,
        kind=approvals.Kind(kind) if kind else None,
        actor=call.actor,
        means=wiring.approval_means(),
        people=wiring.actor_names,
        now=call.now,
    )


@web.route(
    bp,
    "POST /cases/{case_id}/corrections",
    body="approvals:NewCorrection",
    answer="approvals:Correction",
    status=201,
)
def ask(call: web.Call, case_id: str) -> dict[str, Any]:
    """Ask somebody who may to forgive or correct more than one may oneself."""
    body = call.body
    asked = corrections.ask(
        case_id,
        correction_types.CorrectionKind(body.kind),
        debt_id=body.debt_id,
        component=portfolio_types.Component(body.component),
        amount_minor=body.amount_minor,
        reason=body.reason,
        key=call.key,
        corrections=wiring.corrections(),
        **call.casework,
    )
    return _shown(asked)


@web.route(
    bp,
    f"PATCH {BASE}/{{correction_id}}",
    body="approvals:Decision",
    answer="approvals:Correction",
)
def decide(call: web.Call, portfolio_id: str, correction_id: str) -> dict[str, Any]:
    """Post a correction that was asked for, or say no; never by who asked."""
    decided = corrections.decide(
        portfolio_id,
        correction_id,
        approved=call.body.decision == "approved",
        answer=call.body.reason,
        corrections=wiring.corrections(),
        **call.casework,
    )
    return _shown(decided)


def _shown(one: Any) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(one)
    return {name: value for name, value in plain.items() if name != "version"}
