"""
What is held of a case, as a file to give away: evidence for a court, access for who it is about.

A ZIP of one JSON document that proves itself (``domain.case_pack``) and a PDF to read. Taking one
is an event of the case, with the reason and the pack's digest.
"""

import hashlib
import io
import zipfile
from datetime import datetime
from typing import Any, Protocol

import orjson

from chalicelib.domain import case_pack
from chalicelib.domain.case import CaseFile
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import Draft
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.messages import pack_pdf
from chalicelib.services import casework
from chalicelib.services.access import MANAGERS, Portfolios, need
from chalicelib.services.casework import Cases

LINK_S = 300
MOST_REASON = 500
JSON_NAME, PDF_NAME = "expediente.json", "expediente.pdf"
# The rows of a case, as they are named in it.
_ROWS = (
    *("debts", "contacts", "addresses", "entries", "promises", "agreements", "attempts"),
    *("consents", "holds", "tasks", "visits", "disputes", "reported", "documents", "papers"),
)
# What of a case is about its debtor: no work of ours, nobody else's data.
_OWN = (
    *("debts", "addresses", "entries", "promises", "agreements", "consents", "disputes"),
    *("reported", "documents"),
)


class Files(Protocol):
    def write(self, key: str, body: bytes, *, content_type: str = ...) -> None: ...
    def link(self, key: str, *, filename: str, expires_s: int) -> str: ...


def take(
    case_id: str,
    *,
    purpose: str,
    reason: str,
    language: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    files: Files,
    now: datetime,
) -> dict[str, Any]:
    """
    Make a pack of a case, note on its timeline who took it and why, and give its address.

    Args:
        purpose: ``case_pack.WHOLE`` or ``case_pack.ACCESS``.

    Raises:
        CaseNotFound, NotAllowed: See ``casework`` and ``access``.
        BadField: No reason.
    """
    need(actor, *MANAGERS)
    reason = casework.text(reason, "reason", longest=MOST_REASON)
    file, portfolio = casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    pack, body = zipped(file, portfolio, purpose=purpose, language=language, now=now)
    facts = {
        "purpose": purpose,
        "sha256": pack["sha256"],
        "events": len(file.events),
        "head": file.head.chain.hash,
    }

    def do(draft: Draft, *_: object) -> None:
        draft.pack_taken(facts, reason)

    day = local_day(now, portfolio.time_zone)
    name = f"expediente-{day.isoformat()}.zip"
    key = f"packs/{file.head.portfolio_id}/{case_id}/{pack['sha256']}.zip"
    # Nobody gets a pack that the timeline does not tell of.
    casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)
    files.write(key, body, content_type="application/zip")
    return {
        "url": files.link(key, filename=name, expires_s=LINK_S),
        "sha256": pack["sha256"],
        "events": len(file.events),
        "size_bytes": len(body),
    }


def zipped(
    file: CaseFile, portfolio: Portfolio, *, purpose: str, language: str, now: datetime
) -> tuple[dict[str, Any], bytes]:
    """Make a pack of a case as it is: the JSON's content, and the ZIP with the PDF beside it."""
    content = _content(file, portfolio, purpose=purpose, now=now)
    pdf = pack_pdf.render(
        content, language=language, country=portfolio.country, zone=portfolio.time_zone, made_at=now
    )
    pack = case_pack.sealed({**content, "pdf_sha256": hashlib.sha256(pdf).hexdigest()})
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as zipped_:
        for name, body in ((JSON_NAME, orjson.dumps(pack)), (PDF_NAME, pdf)):
            zipped_.writestr(name, body)
    return pack, held.getvalue()


def _content(
    file: CaseFile, portfolio: Portfolio, *, purpose: str, now: datetime
) -> dict[str, Any]:
    whole = purpose == case_pack.WHOLE
    head, said = file.head, portfolio.identification
    rows = {name: to_plain(getattr(file, name)) for name in (_ROWS if whole else _OWN)}
    if not whole:
        own = {one.contact_id for one in file.contacts if one.party == "debtor"}
        rows["contacts"] = [to_plain(one) for one in file.contacts if one.contact_id in own]
        rows["attempts"] = [to_plain(one) for one in file.attempts if one.party == "debtor"]
        rows["papers"] = [to_plain(one) for one in file.papers if one.shown and one.stands]
        rows["visits"] = []
    return {
        "purpose": purpose,
        "made_at": to_plain(now),
        "portfolio": {
            "portfolio_id": portfolio.portfolio_id,
            "creditor": said.creditor or portfolio.creditor,
            "agency": said.agency,
            "country": portfolio.country,
            "currency": portfolio.currency,
            "time_zone": portfolio.time_zone,
        },
        "case": {
            "case_id": head.case_id,
            "name": head.name,
            "tax_id": head.tax_id,
            "status": head.status.value,
            "balance_minor": head.balance_minor,
            "city": head.city,
            "language": head.language,
            "wish": to_plain(head.wish),
            "created_at": to_plain(head.created_at),
            "updated_at": to_plain(head.updated_at),
        },
        **rows,
        "files": _files(rows),
        # Who asks what is held of them is told what happened and when, not what others said.
        "events": [to_plain(event) for event in file.events]
        if whole
        else [to_plain(event) | {"personal": {}, "salts": {}} for event in file.events],
        "chain": to_plain(head.chain),
    }


def _files(rows: dict[str, Any]) -> list[dict[str, Any]]:
    """List every file that the rows speak of, with its digest."""
    several = [
        *((one["document_id"], one["kind"], one["filename"], one) for one in rows["documents"]),
        *((one["paper_id"], one["kind"], one["name"], one) for one in rows["papers"]),
        *(
            (each["evidence_id"], "evidence", each["name"], each)
            for one in (*rows["disputes"], *rows["reported"])
            for each in one["evidence"]
        ),
    ]
    return [
        {
            "id": key,
            "kind": kind,
            "name": name,
            "sha256": one["sha256"],
            "size_bytes": one["size_bytes"],
        }
        for key, kind, name, one in several
    ]
