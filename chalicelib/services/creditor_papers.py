"""
The creditor's documents beside a case: taken from the bucket, placed by their names, shown, erased.

A file is sent straight to the bucket by a form, under a mark of its portfolio, and looked at when
somebody says what it is. What is kept is told by its bytes, never by its name. A file that nobody
says anything of is gone after a day.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.case import CaseFile
from chalicelib.domain.creditor_paper import (
    MOST_NAME,
    SHOWN,
    CreditorPaper,
    PaperKind,
)
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import (
    BadField,
    PaperNotFound,
    PortfolioNotFound,
)
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.scan import ScanState, Wanted
from chalicelib.services import attached, casework, scans, verify
from chalicelib.services.access import MANAGERS, UPLOADERS, Portfolios, need, need_portfolio
from chalicelib.services.casework import Cases

FOLDER = "papers"
MOST_BYTES = 10 * 1024 * 1024
MOST_FORMS = 20  # as the API's model has it
FORM_S = 3_600
LINK_S = 300
MOST_REASON = 500
MARK = re.compile(r"[A-Za-z0-9_-]{16,40}")

Names = Callable[[set[str]], Mapping[str, str]]


class Sent(Protocol):
    """The bucket that files are sent to."""

    def post_form(self, key: str, *, max_bytes: int, expires_s: int) -> dict[str, Any]: ...
    def size(self, key: str) -> int | None: ...
    def read(self, key: str) -> bytes | None: ...


class Files(attached.Files, scans.Gives, Protocol):
    """The bucket that files are kept in."""

    def erase(self, key: str) -> None:
        """Take an object away for good, with every version of it. Safe to repeat."""
        ...

    def view(self, key: str, *, expires_s: int) -> str:
        """Give an address under which a browser shows the object."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPaper:
    """
    A file that was sent, and what it is.

    Args:
        mark: As its form was given.
        debt_id: Empty = of the whole case.
        shown: Whether the debtor may see it; None = as is usual for its kind.
        replaces, reason: The one it stands in place of, and why.
    """

    mark: str
    name: str
    kind: PaperKind
    debt_id: str = ""
    shown: bool | None = None
    replaces: str = ""
    reason: str = ""


def forms(
    portfolio_id: str, *, count: int, actor: Actor, portfolios: Portfolios, sent: Sent
) -> list[dict[str, Any]]:
    """
    Make the forms that take one file each, and the mark by which it is spoken of.

    Args:
        count: From 1 to ``MOST_FORMS``.

    Raises:
        PortfolioNotFound, NotAllowed: See ``access``.
    """
    need_portfolio(actor, portfolio_id, *UPLOADERS)
    owned(portfolio_id, portfolios)
    marks = [secrets.token_urlsafe(18) for _ in range(count)]
    return [
        {
            "mark": mark,
            # Somewhat more than is taken: what is too large is then said in words, not in XML.
            "post": sent.post_form(
                _sent_key(portfolio_id, mark), max_bytes=2 * MOST_BYTES, expires_s=FORM_S
            ),
        }
        for mark in marks
    ]


def add(
    case_id: str,
    new: NewPaper,
    *,
    sent: Sent,
    files: Files,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> CaseFile:
    """
    Put a file that was sent beside a case. Safe to repeat: the same bytes are kept once.

    Raises:
        CaseNotFound, NotAllowed: See ``casework`` and ``access``.
        BadField: See ``read``; no name, or no reason for what it replaces.
        DebtNotFound, PaperNotFound, PaperEnded: See ``DraftPapers.add_paper``.
    """
    need(actor, *MANAGERS)
    casework.text(new.name, "name", longest=MOST_NAME)
    if new.replaces:
        casework.text(new.reason, "reason", longest=MOST_REASON)
    file, portfolio = casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    kept = read(file, new.mark, new.debt_id, sent)
    paper = of_bytes(kept, file, new, by=actor.actor_id, now=now)

    def do(draft: Draft, *_: object) -> None:
        draft.add_paper(paper, reason=new.reason.strip())

    # What the case refuses is refused before a file lies there that nobody speaks of.
    do(Draft(file, portfolio, actor=actor.actor_id, now=now))
    files.write(kept.key, kept.body, content_type=kept.media_type)
    after, _ = casework.change(
        case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now
    )
    return after


def change(
    case_id: str,
    paper_id: str,
    *,
    name: str | None,
    kind: PaperKind | None,
    debt_id: str | None,
    shown: bool | None,
    **stores: Any,
) -> CaseFile:
    """
    Say anew what a document is, or whether the debtor may see it; what is None stays.

    Raises:
        PaperNotFound, PaperEnded, DebtNotFound: See ``DraftPapers.change_paper``.
    """
    need(stores["actor"], *MANAGERS)
    if name is not None:
        name = casework.text(name, "name", longest=MOST_NAME)

    def do(draft: Draft, *_: object) -> None:
        draft.change_paper(paper_id, name=name, kind=kind, debt_id=debt_id, shown=shown)

    return casework.change(case_id, do, **stores)[0]


def withdraw(case_id: str, paper_id: str, *, reason: str, **stores: Any) -> CaseFile:
    """
    Note that a document no longer counts; it stays on file. Safe to repeat.

    Raises:
        PaperNotFound: Not of this case.
        BadField: No reason.
    """
    need(stores["actor"], *MANAGERS)
    reason = casework.text(reason, "reason", longest=MOST_REASON)

    def do(draft: Draft, *_: object) -> None:
        draft.withdraw_paper(paper_id, reason)

    return casework.change(case_id, do, **stores)[0]


def erase(case_id: str, paper_id: str, *, reason: str, files: Files, **stores: Any) -> CaseFile:
    """
    Erase a document for good, file and name, where the law has it so. Safe to repeat.

    That there was one and its digest stay on the timeline, which still verifies.

    Raises:
        NotAllowed: Only an admin may: nobody can take it back.
        PaperNotFound: Not of this case.
        BadField: No reason.
    """
    need(stores["actor"], Role.ADMIN)
    reason = casework.text(reason, "reason", longest=MOST_REASON)
    file, _ = casework.opened(
        case_id, actor=stores["actor"], cases=stores["cases"], portfolios=stores["portfolios"]
    )
    known = next((one for one in file.papers if one.paper_id == paper_id), None)
    if known is None:
        raise PaperNotFound(paper_id=paper_id)
    if known.key:
        files.erase(known.key)

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        if any(one.paper_id == paper_id for one in file.papers):
            draft.erase_paper(paper_id, reason)

    # A case that was merged into this one passed its documents on and remembers them.
    for merged in verify.absorbed(file):
        casework.change(merged, do, **stores)
    return casework.change(case_id, do, **stores)[0]


def for_debtor(file: CaseFile, paper_id: str, files: Files) -> str | None:
    """Give an address for some minutes; None for what the debtor is not shown."""
    for one in file.papers:
        if one.paper_id == paper_id and one.shown and one.stands:
            return files.view(one.key, expires_s=LINK_S)
    return None


def listed(file: CaseFile, *, actor: Actor, files: Files, people: Names) -> dict[str, Any]:
    """Give the documents of a case, those that stand first, then the newest first."""
    newest = sorted(file.papers, key=lambda one: one.at, reverse=True)
    newest.sort(key=lambda one: not one.stands)
    who = people({one.by for one in newest} | {one.ended_by for one in newest if one.ended_by})

    kept = [one for one in newest if one.key]
    wanted = [Wanted(one.key, one.name, inline=True) for one in kept]
    given = scans.shown(wanted, files, expires_s=LINK_S)
    ways = {one.paper_id: way for one, way in zip(kept, given, strict=True)}
    gone = {"url": None, "scan": ScanState.OFF.value}

    def named(actor_id: str) -> dict[str, str]:
        return {"id": actor_id.removeprefix("user:"), "name": who.get(actor_id, "")}

    return {
        "items": [
            {
                "paper_id": one.paper_id,
                "kind": one.kind.value,
                "name": one.name,
                "debt_id": one.debt_id or None,
                "media_type": one.media_type,
                "size_bytes": one.size_bytes,
                "sha256": one.sha256,
                "shown": one.shown,
                "at": to_plain(one.at),
                "by": named(one.by),
                "state": _state(one),
                "replaces": one.replaces or None,
                "replaced_by": one.replaced_by or None,
                "ended_at": to_plain(one.ended_at),
                "ended_by": named(one.ended_by) if one.ended_by else None,
                "why": one.why,
                **ways.get(one.paper_id, gone),
            }
            for one in newest
        ],
        "can": {"add": actor.role in MANAGERS, "erase": actor.role is Role.ADMIN},
        "shown_kinds": sorted(kind.value for kind in SHOWN),
    }


# What placing many shares with placing one


def owned(portfolio_id: str, portfolios: Portfolios) -> None:
    """
    Raises:
        PortfolioNotFound: There is none.
    """
    if portfolios.get(portfolio_id) is None:
        raise PortfolioNotFound


def read(file: CaseFile, mark: str, debt_id: str, sent: Sent) -> attached.Kept:
    """
    Read a file that was sent, as it is to be kept; nothing is written yet.

    Raises:
        BadField: It never came, is too large, or is no PDF, PNG, JPEG or WebP.
    """
    if not MARK.fullmatch(mark):
        raise BadField(field="mark", reason="bad_format")
    key = _sent_key(file.head.portfolio_id, mark)
    size = sent.size(key)
    if size is not None and size > MOST_BYTES:
        raise BadField(field="file", reason="too_large", most=MOST_BYTES)
    body = sent.read(key) if size else None
    of = debt_id or "case"
    return attached.read(FOLDER, file.head.case_id, of, body or b"", most=MOST_BYTES)


def of_bytes(
    kept: attached.Kept, file: CaseFile, new: NewPaper, *, by: str, now: datetime
) -> CreditorPaper:
    """Say of a file what it is."""
    return CreditorPaper(
        paper_id=derived_id("pap", file.head.case_id, new.debt_id, kept.digest),
        kind=new.kind,
        debt_id=new.debt_id,
        shown=new.kind in SHOWN if new.shown is None else new.shown,
        replaces=new.replaces,
        **kept.fields(new.name, by=by, now=now),
    )


# Private


def _state(one: CreditorPaper) -> str:
    if one.erased:
        return "erased"
    if one.stands:
        return "stands"
    return "replaced" if one.replaced_by else "withdrawn"


def _sent_key(portfolio_id: str, mark: str) -> str:
    return f"{FOLDER}/{portfolio_id}/{mark}"
