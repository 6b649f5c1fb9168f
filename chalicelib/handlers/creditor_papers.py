"""The creditor's documents as proof of debts: sent, placed, listed, changed, withdrawn, erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.errors import BadField
from chalicelib.handlers import actors, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import creditor_paper as types
    from chalicelib.services import case_packs, casework, creditor_papers, papers_placed

if TYPE_CHECKING:
    from chalicelib.domain.case import CaseFile

bp = Blueprint(__name__)

OF_PORTFOLIO = "/portfolios/{portfolio_id}/papers"
OF_CASE = "/cases/{case_id}/papers"


@web.route(
    bp,
    "POST /portfolios/{portfolio_id}/paper-forms",
    body="creditor_papers:NewForms",
    answer="creditor_papers:Forms",
    status=201,
)
def ask(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """
    Ask for forms to send files with, straight to the bucket, one file each.

    Each has a `mark` by which it is named afterwards; a file that is not named is gone after a
    day.
    """
    forms = creditor_papers.forms(
        portfolio_id,
        count=call.body.count,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        sent=wiring.upload_files(),
    )
    return {"items": forms}


@web.route(
    bp,
    "POST /portfolios/{portfolio_id}/paper-matches",
    body="creditor_papers:OfferedFiles",
    answer="creditor_papers:Matches",
)
def match(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """
    Say which debts the names of files mean, before any is sent.

    `<debt>.pdf`, `<debt>_pagare.pdf` or `<debt>__anything.pdf`, as when they are placed. Nothing
    is written.
    """
    offered = [
        papers_placed.OfferedFile(name=one.name, sha256=one.sha256) for one in call.body.items
    ]
    return {
        "items": papers_placed.match(
            portfolio_id,
            offered,
            actor=call.actor,
            cases=wiring.cases(),
            portfolios=wiring.portfolios(),
        )
    }


@web.route(
    bp,
    f"POST {OF_PORTFOLIO}",
    body="creditor_papers:ManyPapers",
    answer="creditor_papers:Placed",
)
def place(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """
    Put files that were sent beside the debts that their names say, each accounted for.

    `<debt>.pdf`, `<debt>_pagare.pdf` or `<debt>__anything.pdf`; or `debt` states it. Safe to
    repeat.
    """
    desk = papers_placed.Desk(
        sent=wiring.upload_files(), files=wiring.evidence_files(), **call.casework
    )
    items = papers_placed.place(
        portfolio_id,
        [
            papers_placed.NamedFile(
                mark=one.mark,
                name=one.name,
                debt=one.debt,
                kind=types.PaperKind(one.kind) if one.kind else None,
                shown=one.shown,
            )
            for one in call.body.items
        ],
        usual=types.PaperKind(call.body.kind),
        desk=desk,
    )
    return {"items": items}


@web.route(bp, f"GET {OF_CASE}", answer="creditor_papers:Papers")
def listed(call: web.Call, case_id: str) -> dict[str, Any]:
    """List the creditor's documents of a case; their addresses last five minutes."""
    file, _ = casework.opened(
        case_id, actor=call.actor, cases=wiring.cases(), portfolios=wiring.portfolios()
    )
    return _shown(call, file)


@web.route(
    bp,
    f"POST {OF_CASE}",
    body="creditor_papers:NewPaper",
    answer="creditor_papers:Papers",
    status=201,
)
def add(call: web.Call, case_id: str) -> dict[str, Any]:
    """Put a file that was sent beside a case, or in place of another, with the reason."""
    body = call.body
    file = creditor_papers.add(
        case_id,
        creditor_papers.NewPaper(
            mark=body.mark,
            name=body.name,
            kind=types.PaperKind(body.kind),
            debt_id=body.debt_id,
            shown=body.shown,
            replaces=body.replaces,
            reason=body.reason,
        ),
        sent=wiring.upload_files(),
        files=wiring.evidence_files(),
        **call.casework,
    )
    return _shown(call, file)


@web.route(
    bp,
    f"PATCH {OF_CASE}/{{paper_id}}",
    body="creditor_papers:ChangePaper",
    answer="creditor_papers:Papers",
)
def change(call: web.Call, case_id: str, paper_id: str) -> dict[str, Any]:
    """
    Say anew what a document is, whether the debtor sees it, or that it no longer counts.

    `state` `withdrawn` keeps it on file; `erased` takes file and name away for good and is an
    admin's alone. Both need a `reason`, and neither goes together with anything else.
    """
    sent = call.changes()
    state, reason = sent.pop("state", None), sent.pop("reason", "")
    if state is None:
        if not sent or reason:
            raise BadField(field="reason" if reason else "paper", reason="missing")
        kind = sent.get("kind")
        file = creditor_papers.change(
            case_id,
            paper_id,
            name=sent.get("name"),
            kind=types.PaperKind(kind) if kind else None,
            debt_id=sent.get("debt_id"),
            shown=sent.get("shown"),
            **call.casework,
        )
        return _shown(call, file)
    if sent:
        raise BadField(field="state", reason="not_with_others")
    if state == "withdrawn":
        file = creditor_papers.withdraw(case_id, paper_id, reason=reason, **call.casework)
    else:
        file = creditor_papers.erase(
            case_id, paper_id, reason=reason, files=wiring.evidence_files(), **call.casework
        )
    return _shown(call, file)


@web.route(
    bp,
    "POST /cases/{case_id}/pack",
    body="creditor_papers:NewPack",
    answer="creditor_papers:Pack",
    status=201,
)
def pack(call: web.Call, case_id: str) -> dict[str, Any]:
    """
    Make a file of what is held of a case: `evidence` of all of it, or `access` for its debtor.

    The address lasts five minutes. Who took it and why stays on the timeline.
    """
    taken = case_packs.take(
        case_id,
        purpose=call.body.purpose,
        reason=call.body.reason,
        language=actors.language(call.actor),
        files=wiring.export_files(),
        **call.casework,
    )
    call.looked("pack.taken", "", case_id=case_id, of=taken["sha256"])
    return taken


def _shown(call: web.Call, file: CaseFile) -> dict[str, Any]:
    return creditor_papers.listed(
        file, actor=call.actor, files=wiring.evidence_files(), people=wiring.actor_names
    )
