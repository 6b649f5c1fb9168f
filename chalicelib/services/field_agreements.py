"""
Agreements signed at the door: what the phone may offer without signal, the signed one coming in.

What is offered is worked out for the day and kept on the phone; what the debtor signed on its glass
comes after the visit that holds the signature, and is worked out anew as of the moment it was
signed. Only just the same payments are put in force: nobody is bound to what they did not see.
Where that cannot be any more - it was paid meanwhile, the limits changed - nothing is put in force,
people are asked to look, and the debtor is told.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.agreement import Offer, Share
from chalicelib.domain.agreements import Agreement, AgreementKind, in_force
from chalicelib.domain.case import CaseFile, CaseStatus
from chalicelib.domain.contact import Cause
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import (
    AgreementInForce,
    AgreementOutdated,
    AgreementSettled,
    BadField,
    CaseNotFound,
    CaseVoid,
    DomainError,
    Invalid,
)
from chalicelib.domain.field import ShowAmount
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.services import agreement_offers, agreement_proofs, casework, papers_out
from chalicelib.services.access import STAFF, Portfolios, need
from chalicelib.services.agreements import Issue, put_in_force, refuse_beyond
from chalicelib.services.casework import Cases, OpenCases

CHANNEL = "visit"
SIGNED, REFUSED = "agreement_signed", "agreement_refused"
# Why nothing is offered for a case, told to the phone.
HIDDEN, IN_FORCE, NOTHING = "hidden", "in_force", "nothing"
MOST_CASES = 60
OLDEST = timedelta(days=14)
MOST_AHEAD = timedelta(minutes=10)


# Before the door


def offered(
    case_ids: Sequence[str],
    *,
    actor: Actor,
    cases: OpenCases,
    portfolios: Portfolios,
    now: datetime,
) -> dict[str, Any]:
    """
    Work out what may be signed for cases today, to be kept on the phone.

    A case the actor may not see is left out. Nothing is offered where the portfolio keeps the
    amount from its agents: the debtor could not be shown what they sign.
    """
    need(actor, *STAFF)
    items = []
    for case_id in list(dict.fromkeys(case_ids))[:MOST_CASES]:
        try:
            file, portfolio = casework.opened(
                case_id, actor=actor, cases=cases, portfolios=portfolios
            )
        except CaseNotFound:
            continue
        found = _options(file, portfolio, now)
        why = "" if found else _why(file, portfolio)
        items.append({"case_id": case_id, "offers": found, "why": why})
    return {"as_of": to_plain(now), "items": items}


# After it


def sign(
    case_id: str,
    visit_id: str,
    *,
    offer: Offer,
    kind: AgreementKind,
    shares: Sequence[Share],
    signed_at: datetime,
    issue: Issue,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Agreement:
    """
    Put in force what the debtor signed at the door. Safe to repeat: one a visit.

    Args:
        shares: The payments as the debtor saw them.
        signed_at: By the server's clock, as well as the phone knows it.

    Raises:
        CaseNotFound: None that the actor may see.
        NotProven: There is no such visit of theirs with a signature.
        BadField: Signed in the future or long ago.
        AgreementOutdated, AgreementInForce, AgreementBeyondLimits, CaseVoid, BadField: It can be
            put in force no more; the debtor is told, and people are asked to look.
    """
    if not now - OLDEST <= signed_at <= now + MOST_AHEAD:
        raise BadField(field="signed_at", reason="too_old" if signed_at < now else "in_the_future")
    signed_at = min(signed_at, now)
    file, _ = casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    proof = agreement_proofs.of_visit(file, visit_id, actor=actor)
    agreement_id = derived_id("agr", case_id, visit_id)

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        if all(one.agreement_id != agreement_id for one in file.agreements):
            if file.head.status is CaseStatus.VOID:
                raise CaseVoid(merged_into=file.head.merged_into)
            found = agreement_offers.simulate(file, portfolio, offer, kind=kind, now=signed_at)
            refuse_beyond(found)
            if tuple(found.shares) != tuple(shares):
                raise AgreementOutdated(agreement_id=agreement_id)
            draft.propose(
                agreement_offers.drawn_up(
                    file,
                    portfolio,
                    found,
                    agreement_id=agreement_id,
                    kind=kind,
                    channel=CHANNEL,
                    by=actor.actor_id,
                    now=signed_at,
                )
            )
        if put_in_force(draft, file, agreement_id, proof, issue):
            _send_paper(draft, file, agreement_id, now)

    try:
        signed, _ = casework.change(
            case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now
        )
    except (AgreementOutdated, AgreementInForce, AgreementSettled, CaseVoid, Invalid) as refusal:
        _tell_refused(
            case_id, visit_id, refusal, actor=actor, cases=cases, portfolios=portfolios, now=now
        )
        raise
    return next(one for one in signed.agreements if one.agreement_id == agreement_id)


# Private


def _options(file: CaseFile, portfolio: Portfolio, now: datetime) -> list[dict[str, Any]]:
    if portfolio.policies.field.show_amount is not ShowAmount.EXACT:
        return []
    return [
        {
            "kind": one.kind.value,
            "offer": to_plain(one.offer),
            "owed_minor": one.simulation.owed.total_minor,
            "saved_minor": one.simulation.saved_minor,
            "to_pay_minor": one.simulation.to_pay_minor,
            "currency": portfolio.currency,
            "shares": to_plain(one.simulation.shares),
        }
        for one in agreement_offers.options(file, portfolio, now=now)
    ]


def _why(file: CaseFile, portfolio: Portfolio) -> str:
    if portfolio.policies.field.show_amount is not ShowAmount.EXACT:
        return HIDDEN
    return IN_FORCE if in_force(file.agreements) else NOTHING


def _send_paper(draft: Draft, file: CaseFile, agreement_id: str, now: datetime) -> None:
    """The signed document to the debtor, by message; where there is none, nothing goes."""
    known = draft.agreement(agreement_id)
    document = next((one for one in draft.documents if one.document_id == known.document_id), None)
    if document is not None:
        papers_out.send(
            draft,
            file,
            document,
            why=papers_out.LETTER,
            template_id=SIGNED,
            answers=agreement_id,
            now=now,
        )


def _tell_refused(
    case_id: str,
    visit_id: str,
    refusal: DomainError,
    *,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> None:
    """Once a visit: a task for people, a word on the timeline, a message to the debtor."""
    task_id = derived_id("tsk", visit_id, REFUSED)

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        if file.head.status is CaseStatus.VOID or any(one.task_id == task_id for one in file.tasks):
            return
        draft.note_refused_at_door(visit_id, code=refusal.code)
        draft.ask(
            Task(
                task_id=task_id,
                kind=TaskKind.REVIEW,
                state=TaskState.OPEN,
                cause=Cause(kind=CHANNEL, step=REFUSED, answers=visit_id),
                due_on=local_day(now, portfolio.time_zone),
                created_at=now,
            )
        )
        places = papers_out.places(file)
        if places:
            papers_out.put(
                draft,
                places[0],
                why=REFUSED,
                of=visit_id,
                template_id=REFUSED,
                answers=visit_id,
                contact_id="",
                fallback=tuple(
                    dict.fromkeys(
                        one.channel for one in places if one.channel is not places[0].channel
                    )
                ),
                now=now,
            )

    casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)
