"""Cash taken at the door without a code: the debtor says afterwards whether it is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.domain.errors import BadField, ReceiptNotFound
from chalicelib.handlers.debtor_call import DebtorCall
from chalicelib.handlers.debtor_web import debtor_page
from chalicelib.handlers.selfpay import desk, look, show
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain.cash import Word
    from chalicelib.domain.days import local_day
    from chalicelib.selfpay import forms, typed
    from chalicelib.services import cash_words

if TYPE_CHECKING:
    from datetime import date

    from chalice.app import Response

    from chalicelib.domain.cash import Receipt
    from chalicelib.handlers.selfpay import Look
    from chalicelib.selfpay.forms import Form

STEP = "efectivo"
REASONS = {"needs_message": "by_message", "not_positive": "amount"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CashView:
    """A receipt as its debtor sees it; ``heard``: what they said: yes, other, none."""

    key: str
    number: str
    amount_minor: int
    day: date
    word: str
    heard: str
    said_minor: int | None


@debtor_page(f"GET /pagar/{STEP}")
def asked(call: DebtorCall) -> Response:
    """Ask about the one receipt that waits for an answer, or list what there is."""
    seen = look(call)
    known = receipts(call, seen)
    waiting = [one for one in known if one.word is Word.OPEN]
    only = waiting[0] if len(waiting) == 1 else None
    return _ask(call, seen, known, only, forms.EMPTY)


@debtor_page(f"GET /pagar/{STEP}/{{item}}")
def asked_one(call: DebtorCall, key: str) -> Response:
    seen = look(call)
    known = receipts(call, seen)
    return _ask(call, seen, known, _of(known, key), forms.EMPTY)


@debtor_page(f"POST /pagar/{STEP}/{{item}}")
def answer(call: DebtorCall, key: str) -> Response:
    """Hear the debtor; what they said before may be changed as long as they are asked."""
    seen = look(call)
    known = receipts(call, seen)
    one = _of(known, key)
    form, said = forms.Form(typed=call.form), call.form.get("do", "")
    if said not in ("yes", "other", "none"):
        return _ask(call, seen, known, one, form.with_wrong("do", "choice"))
    minor = {"yes": None, "none": 0}.get(said)
    if said == "other":
        minor = typed.amount_minor(
            call.form.get("amount", ""), one.currency, language=call.language
        )
        if minor is None:
            return _ask(call, seen, known, one, form.with_wrong("amount", "amount"))
    try:
        cash_words.answer(
            desk(call),
            key,
            said_minor=minor,
            words=call.form.get("words", ""),
            proved=_proved(call, seen),
            book=wiring.cash(),
        )
    except BadField as error:
        code = REASONS.get(str(error.details["reason"]), "not_now")
        return _ask(call, seen, known, one, form.with_wrong(str(error.details["field"]), code))
    return call.to(f"/pagar/listo/{STEP}")


def receipts(call: DebtorCall, seen: Look) -> list[Receipt]:
    """Give the receipts that this debtor is asked about."""
    return cash_words.of_case(seen.file, book=wiring.cash(), now=call.now)


# Private


def _of(known: list[Receipt], key: str) -> Receipt:
    for one in known:
        if one.key == key:
            return one
    raise ReceiptNotFound(number=key)


def _proved(call: DebtorCall, seen: Look) -> bool:
    return cash_words.may_confirm(seen.file, call.contact_id, call.inside.proof)


def _ask(
    call: DebtorCall, seen: Look, known: list[Receipt], one: Receipt | None, form: Form
) -> Response:
    return show(
        call,
        seen,
        "cash",
        status=422 if form.wrong else 200,
        step=STEP,
        form=form,
        asked=_view(one, seen) if one else None,
        told=[_view(each, seen) for each in known if one is None or each.key != one.key],
        may_confirm=_proved(call, seen),
    )


def _view(one: Receipt, seen: Look) -> CashView:
    denied = "none" if one.said_minor == 0 else "other"
    return CashView(
        key=one.key,
        number=one.number,
        amount_minor=one.amount_minor,
        day=local_day(one.at, seen.portfolio.time_zone),
        word=one.word.value,
        heard=denied if one.word is Word.DENIED else "yes",
        said_minor=one.said_minor,
    )
