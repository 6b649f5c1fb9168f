"""Forgiving and correcting beyond one's limit: asked for, and done by who may."""

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from chalicelib.domain.case import CaseFile
from chalicelib.domain.correction import Correction, CorrectionKind, CorrectionState
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import (
    CorrectionNotFound,
    CorrectionSettled,
    OwnRequest,
)
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Component, Portfolio
from chalicelib.services import casework, ledger
from chalicelib.services.access import MANAGERS, Portfolios, managed, need_portfolio
from chalicelib.services.casework import Cases


class Corrections(Protocol):
    def add(self, document: Correction) -> bool: ...
    def get(self, portfolio_id: str, key: str) -> Correction | None: ...
    def save(self, document: Correction) -> Correction | None: ...
    def page(
        self, portfolio_id: str, *, limit: int, cursor: str | None, state: str | None = None
    ) -> tuple[list[Correction], str | None]: ...


def ask(
    case_id: str,
    kind: CorrectionKind,
    *,
    debt_id: str,
    component: Component,
    amount_minor: int,
    reason: str,
    key: str,
    corrections: Corrections,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Correction:
    """
    Ask somebody who may to forgive or correct an amount; nothing is posted.

    Args:
        key: Names this request; a second one with the same key changes nothing.

    Raises:
        BadField: It could not be posted by anybody: not positive, more than is owed, no reason.
        DebtNotFound: Not of this case.
    """
    reason = casework.text(reason, "reason", longest=ledger.LONGEST_REASON)
    correction_id = derived_id("cor", case_id, key)
    asked = Correction(
        correction_id=correction_id,
        portfolio_id="",
        case_id=case_id,
        kind=kind,
        debt_id=debt_id,
        component=component,
        amount_minor=amount_minor,
        reason=reason,
        asked_by=actor.actor_id,
        asked_at=now,
    )
    facts = {
        "correction_id": correction_id,
        "correction": kind.value,
        "debt_id": debt_id,
        "component": component.value,
        "amount_minor": amount_minor,
    }

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        # Tried on a draft of its own: what nobody could post is nothing to be decided on.
        _post(Draft(file, portfolio, actor=actor.actor_id, now=now), asked)
        draft.correction_asked(facts, reason)

    file, _ = casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)
    asked = replace(asked, portfolio_id=file.head.portfolio_id)
    corrections.add(asked)
    return asked


def decide(
    portfolio_id: str,
    correction_id: str,
    *,
    approved: bool,
    answer: str,
    corrections: Corrections,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Correction:
    """
    Post what was asked for, in the decider's name and within their limit, or say no.

    Safe to repeat: it is posted under the request's own id, once.

    Raises:
        OwnRequest: By who asked for it.
        OverLimit: It is more than the decider may post, too.
        CorrectionSettled: Somebody decided otherwise.
        BadField: It is more than is owed by now; or a no without a reason.
    """
    missing = CorrectionNotFound(correction_id=correction_id)
    asked = managed(corrections.get, portfolio_id, correction_id, actor=actor, missing=missing)
    if asked.asked_by == actor.actor_id:
        raise OwnRequest
    wanted = CorrectionState.APPROVED if approved else CorrectionState.REFUSED
    if asked.state is wanted:
        return asked
    if asked.state is not CorrectionState.WAITING:
        raise CorrectionSettled(state=asked.state.value)
    if not approved:
        answer = casework.text(answer, "reason", longest=ledger.LONGEST_REASON)

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        # The case itself says what was decided: of two who decide at once one finds it so.
        posted = any(one.reference == correction_id for one in file.entries)
        refused = any(
            one.kind == "correction.refused" and one.facts["correction_id"] == correction_id
            for one in file.events
        )
        if (refused and approved) or (posted and not approved):
            raise CorrectionSettled(
                state=(CorrectionState.REFUSED if refused else CorrectionState.APPROVED).value
            )
        if not approved:
            draft.correction_refused({"correction_id": correction_id}, answer)
        elif not posted:
            ledger.need_limit(actor, asked.amount_minor, portfolio)
            _post(draft, asked)

    casework.change(asked.case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)
    known: Correction | None = asked
    while known is not None and known.state is CorrectionState.WAITING:
        settled = replace(
            known, state=wanted, decided_by=actor.actor_id, decided_at=now, answer=answer.strip()
        )
        if corrections.save(settled) is not None:
            return settled
        known = corrections.get(portfolio_id, correction_id)
    return known or asked


def waiting(
    portfolio_id: str, *, actor: Actor, corrections: Corrections, most: int
) -> list[Correction]:
    """List what waits for a decision in a portfolio."""
    need_portfolio(actor, portfolio_id, *MANAGERS)
    found, _ = corrections.page(
        portfolio_id, limit=most, cursor=None, state=CorrectionState.WAITING.value
    )
    return sorted(found, key=lambda one: one.asked_at)


def _post(draft: Draft, asked: Correction) -> None:
    post = draft.waive if asked.kind is CorrectionKind.WAIVER else draft.adjust
    post(
        asked.debt_id,
        asked.component,
        asked.amount_minor,
        reason=asked.reason,
        source=ledger.MANUAL,
        reference=asked.correction_id,
    )
