"""Documents that we issued: a case's, and what anybody who holds one may ask."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import asker, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import issued

bp = Blueprint(__name__)
LONGEST_CODE = 40


@web.route(bp, "GET /documents/{code}", answer="documents:Checked", public=True)
def check(call: web.Call, code: str) -> dict[str, Any]:
    """Say whether we issued the document that bears this code, and whether it still stands."""
    return issued.shown(
        code[:LONGEST_CODE],
        asker=asker.address_of(call.request),
        documents=wiring.cases(),
        turns=wiring.turns(),
        portfolios=wiring.portfolios(),
        now=call.now,
    )


@web.route(bp, "GET /cases/{case_id}/documents", answer="documents:Documents")
def listed(call: web.Call, case_id: str) -> dict[str, Any]:
    """List the documents issued for a case, the newest first; the addresses last ten minutes."""
    found = issued.of_case(
        case_id,
        actor=call.actor,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        files=wiring.evidence_files(),
    )
    call.looked("documents.opened", "", case_id=case_id)
    return {"items": found}
