"""What waits for a second person: one tray, charge-offs, corrections beyond somebody's limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.plain import to_plain
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import charge_off as charge_off_types
    from chalicelib.domain import correction as correction_types
    from chalicelib.domain import portfolio as portfolio_types
    from chalicelib.services import approvals, case_pages, cases, charge_offs, corrections

if TYPE_CHECKING:
    from chalicelib.domain.case import CaseFile
    from chalicelib.domain.portfolio import Portfolio

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


def _again(call: web.Call, _receipt: dict[str, Any], path: dict[str, str]) -> dict[str, Any]:
    return cases.page(
        path["case_id"],
        actor=call.actor,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        now=call.now,
        people=wiring.actor_names,
    )


@web.route(
    bp,
    "POST /cases/{case_id}/charge-offs",
    body="approvals:NewChargeOff",
    answer="cases:CasePage",
    status=201,
    repeat=_again,
)
def ask_charge_off(call: web.Call, case_id: str) -> dict[str, Any]:
    """Ask a second person to charge debts off; they are owed as before."""
    body = call.body
    changed = charge_offs.ask(
        case_id,
        debt_ids=body.debt_ids,
        reason=charge_off_types.ChargeOffReason(body.reason),
        on=body.on,
        note=body.note,
        key=call.key,
        **call.casework,
    )
    return _page(call, changed)


@web.route(
    bp,
    "PATCH /cases/{case_id}/charge-offs/{charge_off_id}",
    body="approvals:ChargeOffDecision",
    answer="cases:CasePage",
)
def decide_charge_off(call: web.Call, case_id: str, charge_off_id: str) -> dict[str, Any]:
    """Decide on a charge-off, withdraw it, or ask for it to be taken back."""
    body = call.body
    if body.decision == "withdrawn":
        return _page(call, charge_offs.withdraw(case_id, charge_off_id, **call.casework))
    if body.decision == "reinstate":
        asked = charge_offs.reinstate(case_id, charge_off_id, note=body.reason, **call.casework)
        return _page(call, asked)
    changed = charge_offs.decide(
        case_id,
        charge_off_id,
        what=charge_offs.What(body.what),
        approved=body.decision == "approved",
        answer=body.reason,
        **call.casework,
    )
    return _page(call, changed)


def _page(call: web.Call, changed: tuple[CaseFile, Portfolio]) -> dict[str, Any]:
    file, portfolio = changed
    return case_pages.page_of(
        file, portfolio, actor=call.actor, now=call.now, people=wiring.actor_names
    )


def _shown(one: Any) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(one)
    return {name: value for name, value in plain.items() if name != "version"}
