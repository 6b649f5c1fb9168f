"""Payments that debtors say they made: their photos, and what a person found."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.case import CaseFile, CaseHead
from chalicelib.domain.dispute import Side
from chalicelib.domain.draft import Draft
from chalicelib.domain.draft_reported import SETTLED
from chalicelib.domain.errors import CaseNotFound, UnmatchedNotFound
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.reported import Reported, ReportedState
from chalicelib.domain.scan import Wanted
from chalicelib.services import attached, casework, scans
from chalicelib.services.access import MANAGERS, Portfolios, need_portfolio
from chalicelib.services.casework import Cases

FOLDER = "reports"
LINK_S = 600
NEWS = timedelta(days=15)
MOST_ANSWER = 1_000


def of(file: CaseFile, reported_id: str) -> Reported:
    """
    Raises:
        UnmatchedNotFound: Not of this case.
    """
    for one in file.reported:
        if one.reported_id == reported_id:
            return one
    raise UnmatchedNotFound(unmatched_id=reported_id)


def answered(file: CaseFile, now: datetime) -> str:
    """What was found of the payment answered last, while that is news; empty for nothing."""
    settled = [
        (one.ended_at, one.state.value)
        for one in file.reported
        if one.state in SETTLED and one.ended_at is not None and one.ended_at > now - NEWS
    ]
    return max(settled, default=(None, ""))[1]


def add_file(
    case_id: str,
    reported_id: str,
    *,
    name: str,
    body: bytes,
    most: int,
    by: str,
    files: attached.Files,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> None:
    """
    Put the debtor's photo or file beside what they reported; the caller has made sure of who asks.

    Safe to repeat: the same bytes are kept once.

    Raises:
        BadField: No picture or PDF, or too large; too many already.
        UnmatchedNotFound: Not of this case.
    """
    of(cases.open(case_id), reported_id)
    kept = attached.read(FOLDER, case_id, reported_id, body, most=most)
    files.write(kept.key, kept.body, content_type=kept.media_type)

    def do(draft: Draft, *_: object) -> None:
        draft.add_reported_file(
            reported_id, kept.evidence(name, Side.DEBTOR, shown=True, by=by, now=now)
        )

    casework.change_by_machine(case_id, do, cases=cases, portfolios=portfolios, now=now, by=by)


def settle(
    portfolio_id: str,
    case_id: str,
    reported_id: str,
    *,
    found: bool,
    answer: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> tuple[CaseFile, Reported]:
    """
    Note whether a reported payment was found; its pause and its task end with it.

    The money itself is posted as any other, or is in the ledger already. Safe to repeat.

    Args:
        answer: For the debtor's page; needed where nothing was found.

    Raises:
        CaseNotFound: Not of the portfolio, or none the actor may see.
        BadField: Not found, and not a word of why.
        UnmatchedNotFound: Nothing such of this case.
        UnmatchedMoved: It was settled the other way.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    if not found or answer.strip():
        answer = casework.text(answer, "answer", longest=MOST_ANSWER)
    state = ReportedState.FOUND if found else ReportedState.NOT_FOUND

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        if file.head.portfolio_id != portfolio_id:
            raise CaseNotFound(case_id=case_id)
        draft.settle_reported(reported_id, state, answer=answer)

    file, _ = casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)
    return file, of(file, reported_id)


def line(
    case_id: str, one: Reported, heads: Mapping[str, CaseHead], files: scans.Gives
) -> dict[str, Any]:
    """Give what the tray shows of one, each file under an address good for some minutes."""
    head = heads.get(case_id)
    return {
        "kind": "reported",
        "reported_id": one.reported_id,
        "case_id": case_id,
        "name": head.name if head else "",
        "amount": None
        if one.amount_minor is None
        else {"minor": one.amount_minor, "currency": head.currency if head else ""},
        "paid_on": one.paid_on.isoformat() if one.paid_on else None,
        "reference": one.reference,
        "words": one.words,
        "state": one.state.value,
        "at": to_plain(one.at),
        "source": one.source,
        "answer": one.answer,
        "ended_at": to_plain(one.ended_at),
        "files": [
            {"name": file.name, "media_type": file.media_type, **way}
            for file, way in zip(one.evidence, _ways(one, files), strict=True)
        ],
    }


def for_debtor(one: Reported, files: scans.Gives) -> dict[str, Any]:
    """What the debtor sees of it: what they said and sent, and what became of it."""
    return {
        "reported_id": one.reported_id,
        "state": one.state.value,
        "amount_minor": one.amount_minor,
        "paid_on": one.paid_on,
        "reference": one.reference,
        "words": one.words,
        "source": one.source,
        "at": one.at,
        "answer": one.answer,
        "files": [
            {"name": file.name, **way}
            for file, way in zip(one.evidence, _ways(one, files), strict=True)
        ],
    }


def _ways(one: Reported, files: scans.Gives) -> list[dict[str, Any]]:
    wanted = [Wanted(file.key, file.name) for file in one.evidence]
    return scans.shown(wanted, files, expires_s=LINK_S)
