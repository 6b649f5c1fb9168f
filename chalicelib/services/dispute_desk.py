"""
Disputes as people answer them: the queue, one of them, and everything that is done about it.

Anybody on the staff may open one and put papers beside it; who answers for the portfolio says how
it ends, and what is said goes to the debtor as a letter in the same change.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from chalicelib.domain.case import CaseFile, CaseHead
from chalicelib.domain.contact import Channel
from chalicelib.domain.days import local_day
from chalicelib.domain.dispute import WITH_CARE, Dispute, DisputeKind, DisputeState, Side
from chalicelib.domain.document import DocumentKind
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Component, Portfolio
from chalicelib.domain.spoken import language_of
from chalicelib.messages import resolution
from chalicelib.services import (
    attached,
    casework,
    disputes,
    evidence_files,
    issued,
    ledger,
    papers_out,
)
from chalicelib.services.access import MANAGERS, STAFF, Portfolios, need, open_portfolio
from chalicelib.services.case_search import Page
from chalicelib.services.casework import Cases
from chalicelib.services.disputes import Claim
from chalicelib.services.issued import Stamp

FOLDER = "disputes"
SOURCE = "dispute"
TEMPLATE = "dispute_answer"
MOST_REASON = 2_000


class DisputeLists(Protocol):
    def disputes(
        self,
        portfolio_id: str,
        *,
        live: bool,
        owner: str | None = ...,
        cursor: str | None = ...,
        limit: int = ...,
    ) -> Page[tuple[str, Dispute]]: ...
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...


Opened = tuple[CaseFile, Portfolio]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What the ledger is corrected by: a signed amount of one component of a debt."""

    debt_id: str
    component: Component
    amount_minor: int


def queue(
    portfolio_id: str,
    *,
    live: bool,
    owner: str | None,
    cursor: str | None,
    limit: int,
    actor: Actor,
    cases: DisputeLists,
    portfolios: Portfolios,
) -> tuple[Portfolio, list[tuple[CaseHead, Dispute]], str | None]:
    """
    Read a page of a portfolio's disputes: those under way the first to answer first.

    Raises:
        PortfolioNotFound: None that the actor may see.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *STAFF)
    page = cases.disputes(portfolio_id, live=live, owner=owner, cursor=cursor, limit=limit)
    heads = cases.heads({case_id for case_id, _ in page.items})
    found = [(heads[case_id], one) for case_id, one in page.items if case_id in heads]
    return portfolio, found, page.cursor


def tell(
    case_id: str, claim: Claim, *, key: str, actor: Actor, now: datetime, **stores: Any
) -> tuple[CaseFile, Portfolio, Dispute]:
    """
    Open a dispute that somebody on the staff was told of; see ``disputes.open``.

    Raises:
        CaseNotFound: None that the actor may see.
        BadField, DebtNotFound: See ``disputes.open``.
    """
    opened: list[str] = []

    def do(draft: Draft, *_: object) -> None:
        opened[:] = [disputes.open_in(draft, claim, key=key, now=now)]

    file, portfolio = casework.change(case_id, do, actor=actor, now=now, **stores)
    return file, portfolio, disputes.of(file, opened[0])


def take_up(case_id: str, dispute_id: str, *, owner: str, actor: Actor, **stores: Any) -> Opened:
    """
    Give a dispute to a person who looks into it; an agent may only take it themself.

    Raises:
        DisputeNotFound, DisputeSettled: See ``DraftDisputes``.
        NotAllowed: An agent gave it to somebody else.
    """
    owner = owner.strip()
    if not owner:
        raise BadField(field="owner", reason="missing")
    if actor.person_id != owner:
        need(actor, *MANAGERS)
    return casework.change(
        case_id, lambda d, *_: _did(d.take_up_dispute(dispute_id, owner)), actor=actor, **stores
    )


def classify(
    case_id: str, dispute_id: str, *, kind: DisputeKind, actor: Actor, **stores: Any
) -> Opened:
    """
    Say what kind of dispute it is.

    Raises:
        DisputeNotFound, DisputeSettled: See ``DraftDisputes``.
    """
    need(actor, *MANAGERS)
    return casework.change(
        case_id, lambda d, *_: _did(d.classify_dispute(dispute_id, kind)), actor=actor, **stores
    )


def add_evidence(
    case_id: str,
    dispute_id: str,
    *,
    name: str,
    body: bytes,
    shown: bool,
    actor: Actor,
    files: attached.Files,
    now: datetime,
    **stores: Any,
) -> Opened:
    """
    Put a file of ours beside a dispute.

    Args:
        shown: Whether the debtor may see it.

    Raises:
        BadField: No picture or PDF, or too large; too many already.
        DisputeNotFound: Not of this case.
    """
    read = attached.read(FOLDER, case_id, dispute_id, body, most=evidence_files.MOST_BYTES)

    def do(draft: Draft, *_: object) -> None:
        draft.add_evidence(
            dispute_id, read.evidence(name, Side.OURS, shown=shown, by=draft.actor, now=now)
        )

    casework.opened(case_id, actor=actor, cases=stores["cases"], portfolios=stores["portfolios"])
    files.write(read.key, read.body, content_type=read.media_type)
    return casework.change(case_id, do, actor=actor, now=now, **stores)


def add_debtors_evidence(
    case_id: str,
    dispute_id: str,
    *,
    name: str,
    body: bytes,
    by: str,
    most: int = evidence_files.MOST_BYTES,
    files: attached.Files,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> None:
    """
    Put a file that the debtor gave beside their dispute; the caller has made sure of who asks.

    Safe to repeat: the same bytes are kept once.

    Raises:
        BadField, DisputeNotFound: See ``add_evidence``.
    """
    disputes.of(cases.open(case_id), dispute_id)
    read = attached.read(FOLDER, case_id, dispute_id, body, most=most)
    files.write(read.key, read.body, content_type=read.media_type)

    def do(draft: Draft, *_: object) -> None:
        draft.add_evidence(dispute_id, read.evidence(name, Side.DEBTOR, shown=True, by=by, now=now))

    casework.change_by_machine(case_id, do, cases=cases, portfolios=portfolios, now=now, by=by)


def resolve(
    case_id: str,
    dispute_id: str,
    *,
    verdict: DisputeState,
    reason: str,
    corrections: tuple[Correction, ...] = (),
    clear: bool = False,
    means: issued.Means,
    actor: Actor,
    now: datetime,
    **stores: Any,
) -> Opened:
    """
    End a dispute: the verdict, what the ledger is corrected by, and the letter, in one change.

    Safe to repeat with the same verdict.

    Args:
        reason: For the debtor: the letter says it.
        clear: Take all off that the disputed debts owe.

    Raises:
        BadField: No reason; a correction of what was not disputed, or with a rejection.
        DisputeNotFound, DisputeSettled: See ``DraftDisputes``.
        NotAllowed, OverLimit: The role may not, or not so much.
    """
    need(actor, *MANAGERS)
    reason = casework.text(reason, "reason", longest=MOST_REASON)
    if verdict is DisputeState.REJECTED and (corrections or clear):
        raise BadField(field="corrections", reason="rejected")

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        known = draft.dispute(dispute_id)
        if known.state is verdict:
            return
        wanted = (*corrections, *(_all_of(draft, known) if clear else ()))
        total = sum(one.amount_minor for one in wanted)
        if wanted:
            ledger.need_limit(actor, sum(abs(one.amount_minor) for one in wanted), portfolio)
        entries = []
        for number, one in enumerate(wanted):
            if not known.covers(one.debt_id):
                raise BadField(field="corrections", reason="not_disputed")
            entry = draft.adjust(
                one.debt_id,
                one.component,
                one.amount_minor,
                reason=reason,
                source=SOURCE,
                reference=f"{dispute_id}:{number}",
            )
            entries.append(entry.entry_id)
        draft.resolve_dispute(
            dispute_id, verdict, reason=reason, entries=tuple(entries), adjusted_minor=total
        )
        _write_letter(draft, file, draft.dispute(dispute_id), means, now)

    return casework.change(case_id, do, actor=actor, now=now, **stores)


def withdraw(case_id: str, dispute_id: str, *, reason: str, actor: Actor, **stores: Any) -> Opened:
    """
    Note that the debtor takes a dispute back. Safe to repeat.

    Raises:
        DisputeNotFound, DisputeSettled: See ``DraftDisputes``.
    """
    need(actor, *MANAGERS)
    reason = casework.text(reason, "reason", longest=MOST_REASON)
    return casework.change(
        case_id, lambda d, *_: _did(d.withdraw_dispute(dispute_id, reason)), actor=actor, **stores
    )


# Private


def _all_of(draft: Draft, dispute: Dispute) -> Iterable[Correction]:
    for debt in draft.debts:
        if debt.void or not dispute.covers(debt.debt_id):
            continue
        owed = draft.balance(debt.debt_id)
        for component, minor in (
            (Component.PRINCIPAL, owed.principal_minor),
            (Component.INTEREST, owed.interest_minor),
            (Component.FEES, owed.fees_minor),
        ):
            if minor > 0:
                yield Correction(debt_id=debt.debt_id, component=component, amount_minor=-minor)


def _write_letter(
    draft: Draft, file: CaseFile, dispute: Dispute, means: issued.Means, now: datetime
) -> None:
    portfolio, ended = draft.portfolio, dispute.resolution
    if ended is None:
        raise ValueError("a letter tells how a dispute ended")
    language = language_of(file, portfolio)
    references = {debt.debt_id: debt.external_id for debt in draft.debts}
    owed = sum(draft.balance(debt.debt_id).total_minor for debt in draft.debts if not debt.void)

    def render(stamp: Stamp) -> bytes:
        letter = resolution.Letter(
            debtor=file.head.name,
            kind=dispute.kind,
            verdict=dispute.state,
            reason=ended.reason,
            opened_on=local_day(dispute.opened_at, portfolio.time_zone),
            today=draft.today,
            debts=tuple(references[one] for one in dispute.debt_ids if one in references),
            adjusted_minor=ended.adjusted_minor,
            owed_minor=owed,
            code=stamp.code,
            url=stamp.url,
        )
        return resolution.render(letter, portfolio, language, made_at=now)

    letter = issued.issue(
        draft,
        DocumentKind.RESOLUTION,
        of=dispute.dispute_id,
        render=render,
        filename=resolution.file_name(language, draft.today),
        language=language,
        facts={"verdict": dispute.state.value, "day": _day(draft.today)},
        means=means,
        now=now,
    )
    draft.letter_issued(dispute.dispute_id, document_id=letter.document_id, code=letter.code)
    if dispute.kind in WITH_CARE and dispute.state is not DisputeState.REJECTED:
        return  # whoever reads there is not who disputed
    papers_out.send(
        draft,
        file,
        letter,
        why=papers_out.LETTER,
        template_id=TEMPLATE,
        answers=dispute.dispute_id,
        first=next((one for one in Channel if one.value == dispute.source), None),
        now=now,
    )


def _day(day: date) -> str:
    return day.isoformat()


def _did(_: object) -> None:
    """A change by a lambda says nothing."""
