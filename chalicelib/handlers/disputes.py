"""Disputes: the queue, one of them, and what people do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.errors import BadField
from chalicelib.handlers import sent_files, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import dispute as dispute_types
    from chalicelib.domain import portfolio as portfolio_types
    from chalicelib.services import casework, dispute_desk, dispute_pages, disputes

if TYPE_CHECKING:
    from chalicelib.domain.case import CaseFile
    from chalicelib.domain.dispute import Dispute
    from chalicelib.domain.portfolio import Portfolio

bp = Blueprint(__name__)

MAX_BODY_BYTES = 4_500_000  # Lambda takes 6 MB, base64 included
ONE = "/disputes/{case_id}/{dispute_id}"


@web.route(
    bp,
    "GET /disputes",
    answer="disputes:DisputeLines",
    query=(
        web.Query(name="portfolio", about="Whose disputes.", required=True),
        web.Query(
            name="state", about="`live` if none is given: under way.", choices=("live", "ended")
        ),
        web.Query(name="owner", about="Id of who looks into it; `none` = nobody yet."),
        *web.PAGE,
    ),
)
def list_disputes(call: web.Call) -> dict[str, Any]:
    """List a portfolio's disputes: those under way by the day to answer, the first one first."""
    asked = call.query
    owner = asked.get("owner")
    portfolio, found, cursor = dispute_desk.queue(
        asked["portfolio"],
        live=asked.get("state", "live") == "live",
        owner="" if owner == "none" else owner,
        cursor=call.cursor,
        limit=call.limit,
        actor=call.actor,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
    )
    items = dispute_pages.lines(found, portfolio, people=wiring.actor_names, now=call.now)
    return {"items": items, "cursor": cursor}


@web.route(
    bp,
    "POST /cases/{case_id}/disputes",
    body="disputes:NewDispute",
    answer="disputes:DisputePage",
    status=201,
    repeat=lambda call, receipt, path: _opened(call, path["case_id"], receipt["dispute_id"]),
)
def tell(call: web.Call, case_id: str) -> dict[str, Any]:
    """Open a dispute; collection of what it is about stops at once."""
    body = call.body
    claim = disputes.Claim(
        kind=dispute_types.DisputeKind(body.kind),
        source=body.source,
        debt_ids=tuple(body.debts),
        text=body.text,
        claimed_minor=body.claimed_minor,
    )
    file, portfolio, dispute = dispute_desk.tell(case_id, claim, key=call.key, **call.casework)
    call.receipt["dispute_id"] = dispute.dispute_id
    return _page(call, file, portfolio, dispute)


@web.route(bp, f"GET {ONE}", answer="disputes:DisputePage")
def get(call: web.Call, case_id: str, dispute_id: str) -> dict[str, Any]:
    """Open a dispute: what was said, the papers of both sides, how it ended."""
    return _opened(call, case_id, dispute_id)


@web.route(bp, f"PATCH {ONE}", body="disputes:ChangeDispute", answer="disputes:DisputePage")
def change(call: web.Call, case_id: str, dispute_id: str) -> dict[str, Any]:
    """Say who looks into a dispute, or what kind it is."""
    body = call.body
    if (body.owner is None) is (body.kind is None):
        raise BadField(field="owner", reason="missing")
    if body.owner is not None:
        opened = dispute_desk.take_up(case_id, dispute_id, owner=body.owner, **call.casework)
    else:
        kind = dispute_types.DisputeKind(body.kind)
        opened = dispute_desk.classify(case_id, dispute_id, kind=kind, **call.casework)
    return _shown(call, opened, dispute_id)


@web.route(
    bp,
    f"POST {ONE}/evidence",
    body="disputes:NewEvidence",
    answer="disputes:DisputePage",
    status=201,
    max_bytes=MAX_BODY_BYTES,
)
def add_evidence(call: web.Call, case_id: str, dispute_id: str) -> dict[str, Any]:
    """Put a picture or PDF beside a dispute; a photo's metadata is taken off."""
    opened = dispute_desk.add_evidence(
        case_id,
        dispute_id,
        name=call.body.name,
        body=sent_files.content(call.body.content),
        shown=call.body.shown,
        files=wiring.evidence_files(),
        **call.casework,
    )
    return _shown(call, opened, dispute_id)


@web.route(bp, f"POST {ONE}/resolution", body="disputes:Resolution", answer="disputes:DisputePage")
def resolve(call: web.Call, case_id: str, dispute_id: str) -> dict[str, Any]:
    """End a dispute; the verdict, the ledger's corrections and the letter are one change."""
    body = call.body
    if body.verdict == "withdrawn":
        opened = dispute_desk.withdraw(case_id, dispute_id, reason=body.reason, **call.casework)
        return _shown(call, opened, dispute_id)
    opened = dispute_desk.resolve(
        case_id,
        dispute_id,
        verdict=dispute_types.DisputeState(body.verdict),
        reason=body.reason,
        corrections=tuple(
            dispute_desk.Correction(
                debt_id=one.debt_id,
                component=portfolio_types.Component(one.component),
                amount_minor=one.amount_minor,
            )
            for one in body.corrections
        ),
        clear=body.clear,
        means=wiring.issuing(),
        **call.casework,
    )
    return _shown(call, opened, dispute_id)


def _opened(call: web.Call, case_id: str, dispute_id: str) -> dict[str, Any]:
    file, portfolio = casework.opened(
        case_id, actor=call.actor, cases=wiring.cases(), portfolios=wiring.portfolios()
    )
    return _page(call, file, portfolio, disputes.of(file, dispute_id))


def _shown(call: web.Call, opened: tuple[CaseFile, Portfolio], dispute_id: str) -> dict[str, Any]:
    file, portfolio = opened
    return _page(call, file, portfolio, disputes.of(file, dispute_id))


def _page(call: web.Call, file: CaseFile, portfolio: Portfolio, dispute: Dispute) -> dict[str, Any]:
    return dispute_pages.page(
        file,
        portfolio,
        dispute,
        actor=call.actor,
        files=wiring.evidence_files(),
        people=wiring.actor_names,
        now=call.now,
    )
