"""Agreements: simulated, proposed, decided on, accepted with proof, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.plain import from_plain
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import agreement as agreement_types
    from chalicelib.domain import agreement_policy
    from chalicelib.domain import agreements as agreed_types
    from chalicelib.services import (
        agreement_offers,
        agreement_pages,
        agreement_papers,
        agreement_previews,
        agreement_proofs,
        agreements,
        case_pages,
        casework,
        field_agreements,
    )

if TYPE_CHECKING:
    from chalicelib.domain.agreement import Offer
    from chalicelib.domain.case import CaseFile
    from chalicelib.domain.portfolio import Portfolio

bp = Blueprint(__name__)

CASE = "/cases/{case_id}"
ONE = f"{CASE}/agreements/{{agreement_id}}"


@web.route(
    bp,
    f"POST {CASE}/agreement-simulations",
    body="agreements:Simulate",
    answer="agreements:Offered",
)
def simulate(call: web.Call, case_id: str) -> dict[str, Any]:
    """Work out what may be offered, and hold an offer to the limits; changes nothing."""
    file, portfolio = casework.opened(
        case_id, actor=call.actor, cases=wiring.cases(), portfolios=wiring.portfolios()
    )
    body, now = call.body, call.now
    found = None
    if body.offer is not None:
        kind = agreed_types.AgreementKind(body.kind)
        debts = tuple(body.debts)
        offer = _offer(body.offer)
        found = agreement_offers.simulate(
            file, portfolio, offer, kind=kind, debt_ids=debts, now=now
        )
    options = agreement_offers.options(
        file, portfolio, affordable_minor=body.affordable_minor, now=now
    )
    limits = agreement_offers.limits_of(file, portfolio, now=now)
    return agreement_pages.offered(limits, options, found, portfolio)


@web.route(
    bp,
    f"POST {CASE}/agreements",
    body="agreements:NewAgreement",
    answer="cases:CasePage",
    status=201,
    repeat=lambda call, _receipt, path: _opened(call, path["case_id"]),
)
def propose(call: web.Call, case_id: str) -> dict[str, Any]:
    """Put an offer on the table; one beyond the limits waits for a second person."""
    body = call.body
    opened = agreements.propose(
        case_id,
        offer=_offer(body.offer),
        kind=agreed_types.AgreementKind(body.kind),
        debt_ids=tuple(body.debts),
        channel=body.channel,
        reason=body.reason,
        key=call.key,
        **call.casework,
    )
    return _page(call, opened)


@web.route(bp, f"GET {ONE}", answer="common:Link")
def preview(call: web.Call, case_id: str, agreement_id: str) -> dict[str, Any]:
    """Make the paper of an agreement as it is now; answers a short-lived address of the PDF."""
    url = agreement_papers.preview(
        case_id, agreement_id, files=wiring.export_files(), **call.casework
    )
    return {"url": url}


@web.route(bp, f"PATCH {ONE}", body="agreements:ChangeAgreement", answer="cases:CasePage")
def change(call: web.Call, case_id: str, agreement_id: str) -> dict[str, Any]:
    """Say yes or no to what goes beyond the limits, or call an agreement off."""
    body = call.body
    if body.decision == "cancelled":
        opened = agreements.cancel(case_id, agreement_id, reason=body.reason, **call.casework)
    else:
        opened = agreements.decide(
            case_id,
            agreement_id,
            approved=body.decision == "approved",
            reason=body.reason,
            **call.casework,
        )
    return _page(call, opened)


@web.route(bp, f"POST {ONE}/code", answer="agreements:CodeSent", status=201)
def send_code(call: web.Call, case_id: str, agreement_id: str) -> dict[str, Any]:
    """Send the debtor a code with which they accept."""
    return agreement_proofs.send_code(
        case_id,
        agreement_id,
        actor=call.actor,
        means=wiring.coding(_problem),
        now=call.now,
    )


@web.route(bp, f"POST {ONE}/acceptance", body="agreements:Acceptance", answer="cases:CasePage")
def accept(call: web.Call, case_id: str, agreement_id: str) -> dict[str, Any]:
    """Put an agreement in force that the debtor accepted; its document is issued with it."""
    body = call.body
    proof = agreement_proofs.of_staff(
        case_id,
        agreement_id,
        kind=agreed_types.ProofKind(body.proof),
        reference=body.reference,
        code=body.code,
        sha256=body.sha256,
        actor=call.actor,
        means=wiring.coding(_problem),
        now=call.now,
    )
    opened = agreements.accept(
        case_id,
        agreement_id,
        proof=proof,
        issue=agreement_papers.issuer(wiring.issuing(), call.now),
        **call.casework,
    )
    return _page(call, opened)


@web.route(
    bp,
    "GET /field/agreements",
    answer="field_agreements:FieldOffers",
    query=(web.Query(name="cases", about="Ids, with commas between; 60 at most.", required=True),),
)
def field_offers(call: web.Call) -> dict[str, Any]:
    """Work out what may be signed at the doors of today, for the phone to keep."""
    ids = [one for one in call.query["cases"].split(",") if one]
    return field_agreements.offered(
        ids,
        actor=call.actor,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        now=call.now,
    )


@web.route(
    bp,
    "POST /field/agreements",
    body="field_agreements:FieldAgreement",
    answer="field_agreements:Taken",
    rescued=True,
)
def sign_at_door(call: web.Call) -> dict[str, Any]:
    """Put in force what a debtor signed at the door, after its visit. Safe to repeat."""
    body = call.body
    signed = field_agreements.sign(
        body.case_id,
        body.visit_id,
        offer=_offer(body.offer),
        kind=agreed_types.AgreementKind(body.kind),
        shares=[
            agreement_types.Share(
                number=one.number,
                due_on=one.due_on,
                amount_minor=one.amount_minor,
            )
            for one in body.shares
        ],
        signed_at=body.signed_at,
        issue=agreement_papers.issuer(wiring.issuing(), call.now),
        **call.casework,
    )
    return {
        "agreement_id": signed.agreement_id,
        "state": signed.state.value,
        "document_id": signed.document_id,
    }


@web.route(
    bp,
    "POST /portfolios/{portfolio_id}/agreement-previews",
    body="agreements:PreviewLimits",
    answer="agreements:LimitsPreview",
)
def try_limits(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Say what limits would offer a case or an example, before they are saved; changes nothing."""
    body = call.body
    found = agreement_previews.preview(
        portfolio_id,
        limits=_read(agreement_policy.AgreementLimits, body.agreements),
        rules=[_read(agreement_policy.AgreementRule, rule) for rule in body.agreement_rules],
        example=body.example and _read(agreement_previews.Example, body.example),
        case_id=body.case_id,
        actor=call.actor,
        cases=wiring.cases(),
        known=wiring.portfolios(),
        now=call.now,
    )
    laid_out = agreement_pages.offered(found.limits, found.options, None, found.portfolio)
    name = found.file.head.name if body.case_id else ""
    return laid_out | {"rule": found.rule, "name": name}


def _read(kind: type[Any], body: Any) -> Any:
    return from_plain(kind, body.model_dump(mode="json"))


@web.route(
    bp,
    "GET /agreement-approvals",
    answer="agreements:Approvals",
    query=(web.Query(name="portfolio", about="Whose agreements.", required=True),),
)
def approvals(call: web.Call) -> dict[str, Any]:
    """List what waits for a second person, the first to lapse first."""
    portfolio_id = call.query["portfolio"]
    found = agreements.waiting(portfolio_id, actor=call.actor, cases=wiring.cases(), now=call.now)
    portfolio = wiring.portfolios().get(portfolio_id)
    who = wiring.actor_names({one.made_by for _, one in found})
    items = [
        {
            "case_id": file.head.case_id,
            "name": file.head.name,
            "balance": {"minor": file.head.balance_minor, "currency": file.head.currency},
            "agreement": agreement_pages.one_of(
                one, file, portfolio, actor=call.actor, who=who, now=call.now
            ),
        }
        for file, one in found
        if portfolio is not None
    ]
    return {"items": items, "cursor": None}


def _offer(body: Any) -> Offer:
    return agreement_types.Offer(
        instalments=body.instalments,
        frequency=agreement_policy.Frequency(body.frequency),
        down_payment_minor=body.down_payment_minor,
        first_on=body.first_on,
        discount_principal_ppm=body.discount_principal_ppm,
        discount_interest_ppm=body.discount_interest_ppm,
        discount_fees_ppm=body.discount_fees_ppm,
        affordable_minor=body.affordable_minor,
        capitalise=body.capitalise,
    )


def _opened(call: web.Call, case_id: str) -> dict[str, Any]:
    return _page(
        call,
        casework.opened(
            case_id, actor=call.actor, cases=wiring.cases(), portfolios=wiring.portfolios()
        ),
    )


def _page(call: web.Call, opened: tuple[CaseFile, Portfolio]) -> dict[str, Any]:
    file, portfolio = opened
    return case_pages.page_of(
        file, portfolio, actor=call.actor, now=call.now, people=wiring.actor_names
    )


def _problem(error: Exception) -> None:
    web.log.error("code may not have gone: %s", type(error).__name__)
