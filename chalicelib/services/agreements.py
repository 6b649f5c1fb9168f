"""Agreements (convenios): proposed, decided on by a second person, accepted with proof, ended."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.agreement import Offer, Simulation
from chalicelib.domain.agreement_policy import Approver
from chalicelib.domain.agreements import Agreement, AgreementKind, AgreementState, Proof
from chalicelib.domain.case import CaseFile
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import AgreementBeyondLimits, OwnAgreement
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import agreement_offers, casework
from chalicelib.services.access import MANAGERS, Portfolios, need, need_portfolio
from chalicelib.services.agreement_offers import Option, limits_of, options, simulate
from chalicelib.services.casework import Cases

__all__ = [
    "Option",
    "accept",
    "accept_offer",
    "cancel",
    "decide",
    "limits_of",
    "options",
    "propose",
    "simulate",
    "waiting",
]

LONGEST_REASON = 500
Opened = tuple[CaseFile, Portfolio]
# Makes the document of an agreement just before it is signed, in the same change.
Issue = Callable[[Draft, CaseFile, Portfolio, Agreement, Proof], str]


class Queue(Protocol):
    def approvals(self, portfolio_id: str, *, limit: int = ...) -> Sequence[tuple[str, str]]:
        """(case id, agreement id) of what waits for a second person, the first to lapse first."""
        ...

    def open_many(self, case_ids: Sequence[str]) -> dict[str, CaseFile]: ...


def no_document(*_: object) -> str:
    """Where nothing can be issued: the agreement has no document."""
    return ""


# By staff


def propose(
    case_id: str,
    *,
    offer: Offer,
    kind: AgreementKind,
    debt_ids: Sequence[str] = (),
    channel: str = "",
    reason: str = "",
    key: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Opened:
    """
    Put an offer on the table; one beyond the limits waits for a second person.

    Args:
        reason: Why more than the limits; required then.
        key: Names this request; a second one with the same key changes nothing.

    Raises:
        BadField: It makes no sense, nothing is owed, or more is asked for without a reason.
        AgreementInForce: One is, and this kind does not replace it.
    """
    agreement_id = derived_id("agr", case_id, key)

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        if any(one.agreement_id == agreement_id for one in file.agreements):
            return
        found = simulate(file, portfolio, offer, kind=kind, debt_ids=debt_ids, now=now)
        why = (
            casework.text(reason, "reason", longest=LONGEST_REASON)
            if found.breaches
            else reason.strip()[:LONGEST_REASON]
        )
        drawn = agreement_offers.drawn_up(
            file,
            portfolio,
            found,
            agreement_id=agreement_id,
            kind=kind,
            debt_ids=debt_ids,
            channel=channel[:20],
            reason=why,
            by=actor.actor_id,
            now=now,
        )
        draft.propose(drawn)

    return casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def decide(
    case_id: str,
    agreement_id: str,
    *,
    approved: bool,
    reason: str = "",
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Opened:
    """
    Say yes or no to what goes beyond the limits. Safe to repeat.

    Raises:
        OwnAgreement: The actor asked for it.
        NotAllowed: The limits want somebody else's word.
        AgreementSettled: It no longer waits, or its time is over.
    """
    need(actor, *MANAGERS)

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        known = draft.agreement(agreement_id)
        if known.made_by == actor.actor_id:
            raise OwnAgreement(agreement_id=agreement_id)
        if known.approver is Approver.ADMIN:
            need(actor, Role.ADMIN)
        if not approved:
            casework.text(reason, "reason", longest=LONGEST_REASON)
        until = now + timedelta(days=limits_of(file, portfolio, now=now).valid_days)
        draft.decide(
            agreement_id,
            approved=approved,
            until=until,
            reason=reason.strip()[:LONGEST_REASON],
        )

    return casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def accept(
    case_id: str,
    agreement_id: str,
    *,
    proof: Proof,
    issue: Issue = no_document,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Opened:
    """
    Put an agreement in force that the debtor accepted before the actor. Safe to repeat.

    Args:
        proof: Checked by the caller: a code, a signature, a recording.

    Raises:
        AgreementNotFound, AgreementSettled, AgreementOutdated, AgreementInForce.
    """

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        put_in_force(draft, file, agreement_id, proof, issue)

    return casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def cancel(
    case_id: str,
    agreement_id: str,
    *,
    reason: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Opened:
    """
    Call an agreement off; one in force only managers. Safe to repeat.

    Raises:
        AgreementNotFound, AgreementSettled.
        NotAllowed: It is in force, or somebody else's.
    """
    reason = casework.text(reason, "reason", longest=LONGEST_REASON)

    def do(draft: Draft, _: CaseFile, __: Portfolio) -> None:
        known = draft.agreement(agreement_id)
        if known.state is AgreementState.ACTIVE or known.made_by != actor.actor_id:
            need(actor, *MANAGERS)
        draft.cancel_agreement(agreement_id, reason=reason)

    return casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def waiting(
    portfolio_id: str, *, actor: Actor, cases: Queue, now: datetime, limit: int = 100
) -> list[tuple[CaseFile, Agreement]]:
    """List what waits for a second person in a portfolio, the first to lapse first."""
    need_portfolio(actor, portfolio_id, *MANAGERS)
    keys = cases.approvals(portfolio_id, limit=limit)
    files = cases.open_many(list(dict.fromkeys(case_id for case_id, _ in keys)))
    found = []
    for case_id, agreement_id in keys:
        file = files.get(case_id)
        for one in file.agreements if file else ():
            still = one.state is AgreementState.PENDING and one.until >= now
            if file is not None and one.agreement_id == agreement_id and still:
                found.append((file, one))
    return found


# By the debtor


def accept_offer(
    case_id: str,
    *,
    offer: Offer,
    kind: AgreementKind = AgreementKind.PLAN,
    proof: Proof,
    key: str,
    by: str,
    channel: str = "portal",
    issue: Issue = no_document,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Agreement:
    """
    Agree to an offer on the spot, within the limits only; proposed and signed in one change.

    Args:
        proof: Checked by the caller.
        key: Names this acceptance; a second one with the same key changes nothing.
        by: ``debtor:<case id>``.

    Raises:
        AgreementBeyondLimits: details: ``breaches`` and ``counter``, the nearest that may be.
        AgreementInForce: There is one already.
        BadField: It makes no sense, or nothing is owed.
    """
    agreement_id = derived_id("agr", case_id, key)
    signed: list[Agreement] = []

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        signed.clear()
        if all(one.agreement_id != agreement_id for one in file.agreements):
            found = simulate(file, portfolio, offer, kind=kind, now=now)
            refuse_beyond(found)
            draft.propose(
                agreement_offers.drawn_up(
                    file,
                    portfolio,
                    found,
                    agreement_id=agreement_id,
                    kind=kind,
                    channel=channel,
                    by=by,
                    now=now,
                )
            )
        put_in_force(draft, file, agreement_id, proof, issue)
        signed.append(draft.agreement(agreement_id))

    casework.change_by_machine(case_id, do, cases=cases, portfolios=portfolios, now=now, by=by)
    return signed[0]


def refuse_beyond(found: Simulation) -> None:
    """
    Raises:
        AgreementBeyondLimits: The simulation has breaches.
    """
    if found.breaches:
        raise AgreementBeyondLimits(
            breaches=[to_plain(one) for one in found.breaches],
            counter=to_plain(found.counter.offer) if found.counter else None,
        )


def put_in_force(
    draft: Draft, file: CaseFile, agreement_id: str, proof: Proof, issue: Issue
) -> bool:
    """Sign an agreement of a draft and issue its document; False when it was signed before."""
    known = draft.agreement(agreement_id)
    if known.signed_at is not None:
        return False
    draft.sign(agreement_id, proof)
    document_id = issue(draft, file, draft.portfolio, draft.agreement(agreement_id), proof)
    if document_id:
        draft.note_issued(agreement_id, document_id=document_id)
    return True
