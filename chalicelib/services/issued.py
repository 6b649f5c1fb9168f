"""
Documents that we issue: made, kept and put on file once; checked by anybody who holds one.

The file is written before the row that names it: a crash between them leaves a file that nobody
speaks of, never a document without its file. What the check says names no debtor.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.case import CaseFile
from chalicelib.domain.document import (
    CHANCE_BYTES,
    DocumentKind,
    IssuedDocument,
    code_of,
    read_code,
)
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import DocumentNotValid, TooManyAttempts
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.services import casework
from chalicelib.services.access import Portfolios
from chalicelib.services.casework import OpenCases

FOLDER = "documents"
PAGE = "/verificar/"
GOOD_FOR_S = 600
# Somebody checks a paper or two, mistyped perhaps; who tries many is somebody else.
MOST_ASKED, ASKED_WITHIN_S = 20, 60


class Files(Protocol):
    def write(self, key: str, body: bytes, *, content_type: str = ...) -> None: ...


class Links(Protocol):
    def link(self, key: str, *, filename: str, expires_s: int) -> str: ...


class Documents(Protocol):
    def of_code(self, code: str) -> tuple[str, IssuedDocument] | None:
        """Find a document by its code: (portfolio id, document)."""
        ...


class Turns(Protocol):
    def take(self, name: str, *, most: int, within_s: int, now: datetime) -> bool:
        """Count one more, and say whether it is within the limit."""
        ...


@dataclass(frozen=True, slots=True)
class Means:
    """
    What documents are issued with.

    Args:
        site: Where the page that checks them is, ``https://...`` without a slash at the end.
    """

    files: Files
    site: str
    chance: Callable[[int], bytes] = os.urandom


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What is printed on a document so that it can be checked; ``url`` is for its QR."""

    document_id: str
    code: str
    url: str
    issued_at: datetime


def issue(
    draft: Draft,
    kind: DocumentKind,
    *,
    of: str,
    render: Callable[[Stamp], bytes],
    filename: str,
    language: str,
    facts: dict[str, object],
    means: Means,
    now: datetime,
) -> IssuedDocument:
    """
    Issue a document of a case: it is on file once the draft's change is committed.

    Safe to repeat: what was issued for the same *of* is given back, and *render* is not called.

    Args:
        of: What caused it, in this case: a payment, an agreement, a dispute.
        render: Makes the PDF, its stamp on it.
        filename: As it is downloaded; names nobody.
        facts: What the public check may say; see ``IssuedDocument``.
    """
    known = draft.document(kind, of)
    if known is not None:
        return known
    document_id = derived_id("doc", draft.case_id, kind.value, of)
    code = code_of(means.chance(CHANCE_BYTES))
    url = f"{means.site}{PAGE}#{code}"
    body = render(Stamp(document_id=document_id, code=code, url=url, issued_at=now))
    digest = hashlib.sha256(body).hexdigest()
    owner = draft.portfolio.portfolio_id
    document = IssuedDocument(
        document_id=document_id,
        kind=kind,
        code=code,
        of=of,
        sha256=digest,
        size_bytes=len(body),
        # By its own digest: of two that race, the one that is committed finds its own file.
        key=f"{FOLDER}/{owner}/{draft.case_id}/{document_id}/{digest}.pdf",
        filename=filename,
        language=language,
        issued_at=now,
        issued_by=draft.actor,
        facts=facts,
    )
    means.files.write(document.key, body, content_type="application/pdf")
    draft.issue(document)
    return document


def shown(
    typed: str,
    *,
    asker: str,
    documents: Documents,
    turns: Turns,
    portfolios: Portfolios,
    now: datetime,
) -> dict[str, Any]:
    """
    Say to anybody who holds a document whether we issued it and whether it still stands.

    Args:
        asker: Whoever asks, as far as it can be told: an address.

    Raises:
        TooManyAttempts: *asker* has tried too many.
        DocumentNotValid: We issued none with this code.
    """
    turn = f"document#{asker}"
    if not turns.take(turn, most=MOST_ASKED, within_s=ASKED_WITHIN_S, now=now):
        raise TooManyAttempts(retry_after_s=ASKED_WITHIN_S)
    code = read_code(typed)
    found = documents.of_code(code) if code else None
    portfolio = portfolios.get(found[0]) if found else None
    if found is None or portfolio is None:
        raise DocumentNotValid
    document = found[1]
    said = portfolio.identification
    return {
        "code": document.code,
        "kind": document.kind.value,
        "creditor": said.creditor or portfolio.creditor,
        "agency": said.agency,
        "issued_at": to_plain(document.issued_at),
        "sha256": document.sha256,
        "size_bytes": document.size_bytes,
        "stands": document.annulled_at is None,
        "annulled_at": to_plain(document.annulled_at),
        "annulled_why": document.annulled_why,
        "facts": document.facts,
    }


def of_case(
    case_id: str, *, actor: Actor, cases: OpenCases, portfolios: Portfolios, files: Links
) -> list[dict[str, Any]]:
    """
    List the documents of a case, the newest first, each with an address good for some minutes.

    Raises:
        CaseNotFound: None that the actor may see.
    """
    file, _ = casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    return listed(file, files)


def listed(file: CaseFile, files: Links) -> list[dict[str, Any]]:
    """Give what is listed of a case's documents; whoever calls has asked who may see them."""
    newest = sorted(file.documents, key=lambda one: one.issued_at, reverse=True)
    return [
        {
            "document_id": one.document_id,
            "kind": one.kind.value,
            "code": one.code,
            "of": one.of,
            "issued_at": to_plain(one.issued_at),
            "sha256": one.sha256,
            "size_bytes": one.size_bytes,
            "filename": one.filename,
            "annulled_at": to_plain(one.annulled_at),
            "annulled_why": one.annulled_why,
            "facts": one.facts,
            "url": files.link(one.key, filename=one.filename, expires_s=GOOD_FOR_S),
        }
        for one in newest
    ]
