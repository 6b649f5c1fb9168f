"""Paying in parts: offers side by side, one signed with a one-time code, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.domain.errors import (
    AgreementBeyondLimits,
    AgreementInForce,
    AgreementNotFound,
    CodeNotSent,
    CodeNotValid,
    TooManyAttempts,
)
from chalicelib.handlers import debtor_web
from chalicelib.handlers.debtor_call import DebtorCall
from chalicelib.handlers.debtor_web import debtor_page
from chalicelib.handlers.selfpay import Look, look, show
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import agreements as agreed
    from chalicelib.selfpay import forms, plans, typed
    from chalicelib.services import agreement_papers, agreement_proofs, agreements, one_time_codes

if TYPE_CHECKING:
    from chalice.app import Response

    from chalicelib.selfpay.forms import Form
    from chalicelib.selfpay.plans import PlanView
    from chalicelib.services.agreements import Option

PURPOSE = "agreement"


@debtor_page("GET /pagar/plan")
def compare(call: DebtorCall) -> Response:
    """Show what can be agreed, with what the debtor can pay each time if they say so."""
    seen = look(call)
    known = agreed.in_force(seen.file.agreements)
    if known is not None:
        return call.to(f"/pagar/acuerdo/{known.agreement_id}")
    asked = call.query.get("puedo", "")
    form = forms.Form(typed={"puedo": asked})
    affordable = 0
    if asked:
        read = typed.amount_minor(asked, seen.portfolio.currency, language=call.language)
        form = form if read else form.with_wrong("puedo", "amount")
        affordable = read or 0
    offers = [view for _, view in _offers(call, seen, affordable)]
    status = 422 if form.wrong else 200
    return show(call, seen, "plans", status=status, step="plan", form=form, offers=offers)


@debtor_page("GET /pagar/plan/{item}")
def plan(call: DebtorCall, code: str) -> Response:
    seen = look(call)
    found = _found(call, seen, code)
    return _plan(call, seen, found[1], forms.EMPTY) if found else call.to("/pagar/plan")


@debtor_page("POST /pagar/plan/{item}")
def send_code(call: DebtorCall, code: str) -> Response:
    """Send a code to sign an offer with: for these very terms."""
    seen = look(call)
    found = _found(call, seen, code)
    if found is None:
        return call.to("/pagar/plan")
    view = found[1]
    try:
        sent = one_time_codes.confirm(
            call.case_id,
            PURPOSE,
            view.terms,
            by=call.actor.actor_id,
            means=wiring.coding(debtor_web.unsure),
            now=call.now,
        )
    except (CodeNotSent, TooManyAttempts) as error:
        why = "no_code" if isinstance(error, CodeNotSent) else "codes"
        return _plan(call, seen, view, forms.EMPTY.with_wrong("send", why))
    return call.to(f"/pagar/firma/{code}?c={sent.code_id}")


@debtor_page("GET /pagar/firma/{item}")
def signing(call: DebtorCall, code: str) -> Response:
    seen = look(call)
    found = _found(call, seen, code)
    if found is None:
        return call.to("/pagar/plan")
    return _sign(call, seen, found[1], call.query.get("c", ""), forms.EMPTY)


@debtor_page("POST /pagar/firma/{item}")
def sign(call: DebtorCall, code: str) -> Response:
    """Put an offer in force whose code was read back."""
    seen = look(call)
    found = _found(call, seen, code)
    if found is None:
        return call.to("/pagar/plan")
    option, view = found
    code_id = call.form.get("code_id", "")
    try:
        proof = one_time_codes.check(
            code_id,
            call.form.get("code", ""),
            case_id=call.case_id,
            purpose=PURPOSE,
            subject=view.terms,
            means=wiring.coding(debtor_web.unsure),
            now=call.now,
        )
        made = agreements.accept_offer(
            call.case_id,
            offer=option.offer,
            kind=option.kind,
            proof=agreed.Proof(
                kind=agreed.ProofKind.CODE,
                reference=proof.code_id,
                to=agreement_proofs.masked(seen.file, proof.contact_id),
            ),
            key=call.key,
            by=call.actor.actor_id,
            issue=agreement_papers.issuer(wiring.issuing(), call.now),
            cases=wiring.cases(),
            portfolios=wiring.portfolios(),
            now=call.now,
        )
    except CodeNotValid:
        return _sign(call, seen, view, code_id, forms.EMPTY.with_wrong("code", "code"))
    except (AgreementInForce, AgreementBeyondLimits):
        return call.to("/pagar/plan")
    return call.to(f"/pagar/acuerdo/{made.agreement_id}")


@debtor_page("GET /pagar/acuerdo/{item}")
def agreement(call: DebtorCall, agreement_id: str) -> Response:
    seen = look(call)
    found = next((a for a in seen.file.agreements if a.agreement_id == agreement_id), None)
    if found is None or found.signed_at is None:
        raise AgreementNotFound(agreement_id=agreement_id)
    tolerance = seen.portfolio.policies.tolerance_minor
    view = plans.signed(seen.file, found, tolerance_minor=tolerance)
    return show(call, seen, "agreement", agreement=view)


# Private


def _offers(call: DebtorCall, seen: Look, affordable_minor: int) -> list[tuple[Option, PlanView]]:
    found = agreements.options(
        seen.file, seen.portfolio, affordable_minor=affordable_minor or None, now=call.now
    )
    worth = [
        one
        for one in found
        # All at once for all that is owed is no agreement: that is simply paying.
        if one.kind is not agreed.AgreementKind.SETTLEMENT or one.simulation.saved_minor > 0
    ]
    return [
        (
            one,
            plans.offered(
                one.kind,
                one.simulation,
                seen.portfolio.currency,
                affordable_minor=affordable_minor,
            ),
        )
        for one in worth
    ]


def _found(call: DebtorCall, seen: Look, code: str) -> tuple[Option, PlanView] | None:
    """Find an offer among those that may be made now; what was typed into the address counts for
    nothing else.
    """
    affordable = plans.affordable_of(code)
    if affordable is None:
        return None
    return next((one for one in _offers(call, seen, affordable) if one[1].code == code), None)


def _plan(call: DebtorCall, seen: Look, view: PlanView, form: Form) -> Response:
    limits = agreements.limits_of(seen.file, seen.portfolio, now=call.now)
    status = 422 if form.wrong else 200
    return show(
        call, seen, "plan", status=status, step="plan", form=form, offer=view, limits=limits
    )


def _sign(call: DebtorCall, seen: Look, view: PlanView, code_id: str, form: Form) -> Response:
    status = 422 if form.wrong else 200
    return show(
        call, seen, "sign", status=status, step="plan", form=form, offer=view, code_id=code_id
    )
