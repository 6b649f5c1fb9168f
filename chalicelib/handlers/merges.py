"""Debtors who may be one: proposals, merges and their undoing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import case as case_types
    from chalicelib.services import merges

if TYPE_CHECKING:
    from chalicelib.domain.case import CaseFile
    from chalicelib.domain.merge import Merge

bp = Blueprint(__name__)

BASE = "/portfolios/{portfolio_id}"


@web.route(bp, f"GET {BASE}/merge-proposals", answer="uploads:MergeProposals", query=web.PAGE)
def list_proposals(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List pairs of cases that may be one debtor's."""
    found, cursor = merges.proposals(
        portfolio_id,
        actor=call.actor,
        merges=wiring.merges(),
        cases=wiring.cases(),
        limit=call.limit,
        cursor=call.cursor,
    )
    items = [
        {
            "proposal_id": merge.merge_id,
            "cases": [_case(file) for file in files],
            "score": merge.score,
            "reasons": merge.reasons,
        }
        for merge, files in found
    ]
    return {"items": items, "cursor": cursor}


@web.route(
    bp,
    f"POST {BASE}/merge-proposals/{{proposal_id}}/dismissal",
    answer="uploads:Merge",
)
def dismiss(call: web.Call, portfolio_id: str, proposal_id: str) -> dict[str, Any]:
    """Say that two cases are not one debtor's; they are not proposed again."""
    merge = merges.dismiss(
        portfolio_id, proposal_id, actor=call.actor, merges=wiring.merges(), now=call.now
    )
    return _shown(merge)


@web.route(bp, f"POST {BASE}/merges", body="uploads:NewMerge", answer="uploads:Merge", status=201)
def create(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Make two cases one; both timelines tell, and it can be undone."""
    merge = merges.merge(
        portfolio_id,
        into=call.body.into,
        from_=call.body.from_,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        merges=wiring.merges(),
        cases=wiring.cases(),
        suppressed=wiring.suppressed,
        now=call.now,
    )
    return _shown(merge)


@web.route(bp, f"DELETE {BASE}/merges/{{merge_id}}", answer="uploads:Merge")
def undo(call: web.Call, portfolio_id: str, merge_id: str) -> dict[str, Any]:
    """Part two merged cases again; the debts come back as they stand now."""
    merge = merges.undo(
        portfolio_id,
        merge_id,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        merges=wiring.merges(),
        cases=wiring.cases(),
        now=call.now,
    )
    return _shown(merge)


def _case(file: CaseFile) -> dict[str, Any]:
    head = file.head
    return {
        "case_id": head.case_id,
        "name": head.name,
        "tax_id": head.tax_id,
        "status": head.status,
        "balance": {"minor": head.balance_minor, "currency": head.currency},
        "debts": head.debts,
        "city": head.city,
        "phones": _values(file, case_types.ContactKind.PHONE),
        "emails": _values(file, case_types.ContactKind.EMAIL),
        "addresses": [
            ", ".join(part for part in (one.lines, one.city, one.postal_code) if part)
            for one in file.addresses
        ],
        "products": sorted({debt.product for debt in file.debts if debt.product}),
    }


def _values(file: CaseFile, kind: case_types.ContactKind) -> list[str]:
    return [contact.value for contact in file.contacts if contact.kind is kind]


def _shown(merge: Merge) -> dict[str, Any]:
    into, from_ = merge.case_ids
    return {"merge_id": merge.merge_id, "into": into, "from": from_, "state": merge.state}
