"""Paying on the page: what, how, off to the provider, and back to what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.errors import (
    BadField,
    CheckoutNotFound,
    DebtNotFound,
    NothingToPay,
    ProviderUnavailable,
)
from chalicelib.handlers.debtor_call import DebtorCall
from chalicelib.handlers.debtor_web import debtor_page
from chalicelib.handlers.selfpay import Look, look, show
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import checkout as ck
    from chalicelib.domain import document
    from chalicelib.messages import formats
    from chalicelib.selfpay import forms, paying, typed
    from chalicelib.services import checkouts

if TYPE_CHECKING:
    from chalice.app import Response

    from chalicelib.domain.checkout import Target
    from chalicelib.selfpay.forms import Form

AMOUNT = "amount"


@debtor_page("GET /pagar/pago")
def choose(call: DebtorCall) -> Response:
    """Ask what is to be paid, and how."""
    return _choose(call, look(call), forms.EMPTY, call.query.get("que", ""))


@debtor_page("POST /pagar/pago")
def pay(call: DebtorCall) -> Response:
    """Start paying; the same thing started twice is one payment."""
    seen = look(call)
    form = forms.Form(typed=call.form)
    what = call.form.get("what", "")
    target, given_minor = _target(call, seen, what)
    if what == AMOUNT and given_minor is None:
        return _choose(call, seen, form.with_wrong("amount", "amount"), what)
    ways = paying.ways(wiring.payment_methods(call.portfolio_id))
    way = next((one for one in ways if one.code == call.form.get("means")), None)
    if target is None or way is None:
        return _choose(call, seen, form.with_wrong("what", "choice"), what)
    back = f"{settings().site_url}/pagar/pagado/{{checkout_id}}"
    try:
        started = checkouts.start(
            call.case_id,
            target,
            provider=way.provider,
            method=way.method,
            by=call.actor.actor_id,
            language=call.language,
            return_url=back,
            cancel_url=back,
            amount_minor=given_minor,
            contact_id=call.contact_id,
            means=wiring.paying(),
            now=call.now,
        )
    except NothingToPay:
        wrong = ("amount", "too_much") if what == AMOUNT else ("what", "changed")
        return _choose(call, seen, form.with_wrong(*wrong), what)
    except (BadField, DebtNotFound):
        return _choose(call, seen, form.with_wrong("what", "changed"), what)
    except ProviderUnavailable:
        return _choose(call, seen, form.with_wrong("what", "not_now"), what)
    return call.to(f"/pagar/ir/{started.checkout_id}")


@debtor_page("GET /pagar/ir/{item}")
def leave(call: DebtorCall, checkout_id: str) -> Response:
    """Lead on to the provider's page, or show by what numbers to pay."""
    found = checkouts.found(call.case_id, checkout_id, cases=wiring.cases())
    if found.url and found.live_at(call.now):
        return call.leave(found.url)
    return call.to(f"/pagar/pagado/{checkout_id}")


@debtor_page("GET /pagar/pagado/{item}")
def became(call: DebtorCall, checkout_id: str) -> Response:
    """Say what became of a payment, read off the case."""
    seen = look(call)
    found = next((one for one in seen.file.checkouts if one.checkout_id == checkout_id), None)
    if found is None:
        raise CheckoutNotFound(checkout_id=checkout_id)
    receipts = [
        one
        for one in seen.file.documents
        if one.kind is document.DocumentKind.RECEIPT
        and one.annulled_at is None
        and one.issued_at >= found.started_at
    ]
    state = paying.state_of(found, found.shown_at(call.now))
    live = found.live_at(call.now)
    paid = state in ("paid", "partly")
    return show(
        call,
        seen,
        "checkout",
        state=state,
        amount=formats.Amount(found.paid_minor if paid else found.amount_minor, found.currency),
        receipt=max(receipts, key=lambda one: one.issued_at).document_id
        if paid and receipts
        else "",
        url=found.url if live else "",
        instructions=found.instructions if live else (),
        live=live,
        until=found.expires_at,
    )


# Private


def _target(call: DebtorCall, seen: Look, what: str) -> tuple[Target | None, int | None]:
    if what == AMOUNT:
        minor = typed.amount_minor(
            call.form.get("amount", ""),
            seen.portfolio.currency,
            language=call.language,
            owed_minor=seen.account.total.minor,
        )
        return ck.Target(pays=ck.Pays.AMOUNT), minor
    known = _choices(call, seen)
    found = next((one for one in known if one.code == what), None)
    return (found.target, found.given_minor) if found else (None, None)


def _choices(call: DebtorCall, seen: Look) -> tuple[paying.Choice, ...]:
    offer = wiring.offered(seen.file, seen.portfolio, call.now)
    return paying.choices(seen.account, seen.agreement, offer)


def _choose(call: DebtorCall, seen: Look, form: Form, what: str) -> Response:
    ways = paying.ways(wiring.payment_methods(call.portfolio_id))
    if seen.account.settled or not ways:
        return call.to("/pagar/cuenta")
    known = _choices(call, seen)
    codes = {one.code for one in known} | {AMOUNT}
    return show(
        call,
        seen,
        "pay",
        status=422 if form.wrong else 200,
        step="pago",
        form=form,
        choices=known,
        chosen=what if what in codes else known[0].code,
        ways=ways,
        means=call.form.get("means", ways[0].code),
        example=max(seen.account.total.minor // 200 * 100, 100),
    )
