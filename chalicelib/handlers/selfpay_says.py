"""What a debtor tells on the page: a promise, a payment made, a dispute, their data and wishes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from chalicelib import wiring
from chalicelib.domain.case import ContactKind
from chalicelib.domain.errors import BadField
from chalicelib.handlers.debtor_call import DebtorCall
from chalicelib.handlers.debtor_web import debtor_page
from chalicelib.handlers.selfpay import Look, desk, look, show
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.compliance import packs
    from chalicelib.domain import spoken
    from chalicelib.domain.dispute import DisputeKind
    from chalicelib.selfpay import forms, hours, reach, rights, typed
    from chalicelib.services import (
        dispute_pages,
        disputes,
        payment_reports,
        self_service,
        suppression,
    )

if TYPE_CHECKING:
    from chalice.app import Response

    from chalicelib.selfpay.forms import Form

# Why a service refuses a field, in the words of the page.
REASONS = {
    "not_positive": "amount",
    "more_than_owed": "too_much",
    "in_the_past": "past",
    "in_the_future": "future",
    "too_far": "far",
    "needs_person": "person",
    "too_many": "not_now",
}
WISHES = ("later", "less", "ill", "work", "other")


@debtor_page("GET /pagar/promesa")
def promising(call: DebtorCall) -> Response:
    return _promise(call, look(call), forms.EMPTY)


@debtor_page("POST /pagar/promesa")
def promise(call: DebtorCall) -> Response:
    seen = look(call)
    owed = seen.account.total.minor
    amount, on, form = _amount_and_day(call, seen, owed_minor=owed)
    if amount is None or on is None or form.wrong:
        return _promise(call, seen, form)
    try:
        self_service.promise(desk(call), amount_minor=amount, due_on=on, owed_minor=owed)
    except BadField as error:
        return _promise(call, seen, _refused(form, error))
    return call.to("/pagar/listo/promesa")


@debtor_page("GET /pagar/ya-pague")
def reporting(call: DebtorCall) -> Response:
    return _report(call, look(call), forms.EMPTY)


@debtor_page("POST /pagar/ya-pague")
def report(call: DebtorCall) -> Response:
    seen = look(call)
    amount, on, form = _amount_and_day(call, seen, owed_minor=seen.account.total.minor)
    if amount is None or on is None or form.wrong:
        return _report(call, seen, form)
    say = seen.tools
    try:
        self_service.report_payment(
            desk(call),
            amount_minor=amount,
            paid_on=on,
            reference=call.form.get("reference", ""),
            shown=f"{say['money'](say['minor'](amount))} · {say['short'](on)}",
        )
    except BadField as error:
        return _report(call, seen, _refused(form, error))
    return call.to("/pagar/listo/ya-pague")


@debtor_page("GET /pagar/no-puedo")
def unable(call: DebtorCall) -> Response:
    seen = look(call)
    return show(call, seen, "cannot", step="no-puedo", asks_reason=_may_ask_why(seen))


@debtor_page("POST /pagar/no-puedo")
def cannot(call: DebtorCall) -> Response:
    seen = look(call)
    wish = call.form.get("reason", "")
    known = wish in WISHES and _may_ask_why(seen)
    words = speaking_words(seen, f"cannot.{wish}") if known else ""
    self_service.cannot_pay(desk(call), wish=words, words=call.form.get("words", ""))
    return call.to("/pagar/listo/no-puedo")


@debtor_page("GET /pagar/aclarar")
def disputing(call: DebtorCall) -> Response:
    return _dispute(call, look(call), forms.EMPTY)


@debtor_page("GET /pagar/aclarar/{item}")
def disputing_one(call: DebtorCall, debt_id: str) -> Response:
    return _dispute(call, look(call), forms.EMPTY, picked=(debt_id,))


@debtor_page("POST /pagar/aclarar")
def dispute(call: DebtorCall) -> Response:
    seen = look(call)
    form = forms.Form(typed=call.form)
    picked = tuple(one.debt_id for one in seen.account.debts if f"debt_{one.debt_id}" in call.form)
    kind = call.form.get("kind", "")
    if kind not in {one.value for one in DisputeKind}:
        return _dispute(call, seen, form.with_wrong("kind", "choice"), picked=picked)
    claimed = None
    if kind == DisputeKind.WRONG_AMOUNT and call.form.get("amount", "").strip():
        claimed = _amount(call, seen)
        if claimed is None:
            return _dispute(call, seen, form.with_wrong("amount", "amount"), picked=picked)
    disputes.open(
        call.case_id,
        disputes.Claim(
            kind=DisputeKind(kind),
            source=self_service.SELF_PAY,
            debt_ids=picked,
            text=call.form.get("words", ""),
            claimed_minor=claimed,
        ),
        key=call.key,
        by=call.actor.actor_id,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        now=call.now,
    )
    return call.to("/pagar/listo/aclarar")


@debtor_page("GET /pagar/mis-datos")
def data(call: DebtorCall) -> Response:
    return _contacts(call, look(call), forms.EMPTY)


@debtor_page("POST /pagar/mis-datos")
def correct(call: DebtorCall) -> Response:
    seen = look(call)
    if call.form.get("do") == "wrong":
        self_service.not_mine(desk(call), call.form.get("contact", ""))
        return call.to("/pagar/listo/mis-datos")
    form, points = forms.Form(typed=call.form), []
    phone, mail = call.form.get("phone", "").strip(), call.form.get("email", "").strip()
    if phone:
        number = typed.phone(phone, seen.portfolio.country)
        form = form if number else form.with_wrong("phone", "phone")
        points += [(ContactKind.PHONE, number)] if number else []
    if mail:
        address = typed.email(mail)
        form = form if address else form.with_wrong("email", "email")
        points += [(ContactKind.EMAIL, address)] if address else []
    if not phone and not mail:
        form = form.with_wrong("phone", "missing")
    if form.wrong:
        return _contacts(call, seen, form)
    try:
        self_service.add_contacts(desk(call), points)
    except BadField as error:
        return _contacts(call, seen, _refused(form, error))
    for kind, value in points:  # who had it erased may always give it again
        suppression.given_again(
            seen.portfolio.portfolio_id,
            (kind.value, value),
            by=desk(call).by,
            now=call.now,
            means=wiring.suppression_means(),
        )
    return call.to("/pagar/listo/mis-datos")


@debtor_page("GET /pagar/contacto")
def reached(call: DebtorCall) -> Response:
    return _reach(call, look(call), forms.EMPTY)


@debtor_page("POST /pagar/contacto")
def choose(call: DebtorCall) -> Response:
    seen = look(call)
    shown = [one.channel for one in reach.channels(seen.file, seen.portfolio)]
    allowed = [one for one in shown if f"channel_{one.value}" in call.form]
    law = rights.build(seen.portfolio)
    offered, wish = hours.asked(law, seen.file.head.wish), None
    if offered is not None and "opens_at" in call.form:
        wish, why = hours.chosen(call.form, offered, law)
        if why:
            return _reach(call, seen, forms.Form(typed=call.form).with_wrong("opens_at", why))
    self_service.choose(
        desk(call),
        allowed=allowed,
        shown=shown,
        language=call.form.get("language", ""),
        wish=wish,
    )
    return call.to("/pagar/listo/contacto")


# What was done, after the redirect

_THEN = {
    "promesa": ("promise", ("next_reminder", "next_kept", "next_change")),
    "ya-pague": ("report", ("next_look", "next_told")),
    "no-puedo": ("cannot", ("next_person", "next_options", "next_never")),
    "aclarar": ("dispute", ("next_stop", "next_answer", "next_letter")),
    "mis-datos": ("contacts", ("next_used", "next_never")),
    "contacto": ("channels", ("next_now", "next_back")),
    "efectivo": ("cash", ("next_kept", "next_person")),
    "archivo": ("file", ("next_look", "next_there")),
}


@debtor_page("GET /pagar/listo/{item}")
def done(call: DebtorCall, step: str) -> Response:
    """Say what a form led to, read off the case as it is now."""
    seen = look(call)
    if step not in _THEN:
        return call.to("/pagar/cuenta")
    area, then = _THEN[step]
    say = seen.tools["say"]
    promised = seen.account.promise
    body = say(f"{area}.done_body")
    if step == "promesa" and promised is not None:
        amount = seen.tools["money"](seen.tools["minor"](promised.amount_minor))
        body = say("promise.done_body", amount=amount, day=seen.tools["day"](promised.due_on))
    if step == "aclarar" and seen.file.disputes:
        newest = max(seen.file.disputes, key=lambda one: one.opened_at)
        body = f"{body} {say('dispute.done_by', day=seen.tools['day'](newest.due_on))}"
    return show(
        call,
        seen,
        "done",
        title=say(f"{area}.done"),
        body=body,
        then=[say(f"{area}.{one}") for one in then],
        attach=_attach(step, seen),
    )


# Private


def _attach(step: str, seen: Look) -> str:
    """What a photo may be put beside now: what was just told."""
    if step == "aclarar" and seen.file.disputes:
        return max(seen.file.disputes, key=lambda one: one.opened_at).dispute_id
    if step == "ya-pague" and seen.file.reported:
        return max(seen.file.reported, key=lambda one: one.at).reported_id
    return ""


def _amount(call: DebtorCall, seen: Look, *, owed_minor: int = 0) -> int | None:
    return typed.amount_minor(
        call.form.get("amount", ""),
        seen.portfolio.currency,
        language=call.language,
        owed_minor=owed_minor,
    )


def _amount_and_day(
    call: DebtorCall, seen: Look, *, owed_minor: int
) -> tuple[int | None, Any, Form]:
    amount = _amount(call, seen, owed_minor=owed_minor)
    on = typed.day(call.form.get("day", ""))
    form = forms.Form(typed=call.form)
    if amount is None:
        form = form.with_wrong("amount", "amount")
    if on is None:
        form = form.with_wrong("day", "day")
    return amount, on, form


def _refused(form: Form, error: BadField) -> Form:
    field = str(error.details["field"])
    field = {"amount_minor": "amount", "due_on": "day"}.get(field, field)
    return form.with_wrong(field, REASONS.get(str(error.details["reason"]), "not_now"))


def _status(form: Form) -> int:
    return 422 if form.wrong else 200


def _example(seen: Look) -> int:
    """A round amount to show how one is written: half of what is owed, or one unit of money."""
    return max(seen.account.total.minor // 200 * 100, 100)


def _promise(call: DebtorCall, seen: Look, form: Form) -> Response:
    if seen.account.settled:
        return call.to("/pagar/cuenta")
    return show(
        call,
        seen,
        "promise",
        status=_status(form),
        step="promesa",
        form=form,
        latest=self_service.latest_promise(seen.portfolio, seen.account.today),
        example=_example(seen),
    )


def _report(call: DebtorCall, seen: Look, form: Form) -> Response:
    files = wiring.evidence_files()
    return show(
        call,
        seen,
        "report",
        status=_status(form),
        step="ya-pague",
        form=form,
        pause_days=seen.portfolio.policies.promises.pause_days,
        told=[payment_reports.for_debtor(one, files) for one in reversed(seen.file.reported)],
        example=_example(seen),
    )


def _dispute(call: DebtorCall, seen: Look, form: Form, *, picked: tuple[str, ...] = ()) -> Response:
    files = wiring.evidence_files()
    return show(
        call,
        seen,
        "dispute",
        status=_status(form),
        step="aclarar",
        form=form,
        kinds=[one.value for one in DisputeKind],
        picked=picked,
        told=[
            dispute_pages.for_debtor(one, seen.file, files) for one in reversed(seen.file.disputes)
        ],
        day_of=date.fromisoformat,
    )


def _reach(call: DebtorCall, seen: Look, form: Form) -> Response:
    law = rights.build(seen.portfolio)
    return show(
        call,
        seen,
        "channels",
        status=_status(form),
        step="contacto",
        form=form,
        channels=reach.channels(seen.file, seen.portfolio),
        spoken=spoken.language_of(seen.file, seen.portfolio),
        asked=hours.asked(law, seen.file.head.wish),
        hours=next((one.hours for one in law if one.code == "hours"), ()),
    )


def _contacts(call: DebtorCall, seen: Look, form: Form) -> Response:
    points = reach.points(seen.file)
    return show(
        call, seen, "contacts", status=_status(form), step="mis-datos", form=form, points=points
    )


def _may_ask_why(seen: Look) -> bool:
    """Some laws forbid to ask why a debt was not paid, and what would help comes close to it."""
    return "reason_for_default" not in packs.forbidden_questions(seen.portfolio.country)


def speaking_words(seen: Look, code: str) -> str:
    said: str = seen.tools["say"](code)
    return said
