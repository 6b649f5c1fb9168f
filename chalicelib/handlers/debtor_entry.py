"""The debtor's door as pages: a link or what is typed, a second fact, the way out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.domain.errors import TooManyAttempts
from chalicelib.handlers import debtor_call, debtor_web
from chalicelib.handlers.debtor_call import DebtorCall
from chalicelib.handlers.debtor_web import DOOR, HOME, debtor_page
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.selfpay import pages
    from chalicelib.services import debtor_access

if TYPE_CHECKING:
    from chalice.app import Response

    from chalicelib.services.debtor_access import Asked

TYPED, CODE = "/pagar/entrar", "/pagar/codigo"
# Pages of ours, and nothing that a browser could take for another address.
OURS = re.compile(rf"{DOOR}(/[A-Za-z0-9_-]+){{0,2}}")
WRONG = ("wrong", "locked")
TOLD = ("ended", "left", "locked")


@debtor_page("GET /pagar", door=True)
def typing(call: DebtorCall) -> Response:
    """Ask whom somebody owes, and for the tax id."""
    told = call.query.get("told", "")
    return call.page("typing", told=told if told in TOLD else "")


@debtor_page("POST /pagar", door=True)
def typed(call: DebtorCall) -> Response:
    creditor, tax_id = call.form.get("creditor", ""), call.form.get("tax_id", "")
    debtor_access.by_typing(creditor, tax_id, door=wiring.door(), cookie=call.cookie, now=call.now)
    return call.to(TYPED)


@debtor_page("GET /pagar/a/{item}", door=True)
def opened(call: DebtorCall, token: str) -> Response:
    """Show whose link it is, and ask for the second fact; looking at it changes nothing."""
    asked = debtor_access.by_link(token, door=wiring.door(), now=call.now)
    return _question(call, asked) if asked else _no_link(call)


@debtor_page("POST /pagar/a/{item}", door=True)
def answered(call: DebtorCall, token: str) -> Response:
    asked = debtor_access.by_link(token, door=wiring.door(), now=call.now)
    return _answer(call, asked, token) if asked else _no_link(call)


@debtor_page("GET /pagar/entrar", door=True)
def typed_question(call: DebtorCall) -> Response:
    """Ask whoever typed for the second fact, whether there is such a debtor or not."""
    asked = debtor_access.typed_by(call.cookie, door=wiring.door(), now=call.now)
    return _question(call, asked) if asked else call.to(f"{DOOR}?told=ended")


@debtor_page("POST /pagar/entrar", door=True)
def typed_answer(call: DebtorCall) -> Response:
    asked = debtor_access.typed_by(call.cookie, door=wiring.door(), now=call.now)
    return _answer(call, asked) if asked else call.to(f"{DOOR}?told=ended")


@debtor_page("GET /pagar/codigo", door=True)
def code_question(call: DebtorCall) -> Response:
    """Ask for the one-time code, whether one was sent or not."""
    wrong = call.query.get("no", "")
    return call.page("code", wrong=wrong if wrong in WRONG else "")


@debtor_page("POST /pagar/codigo", door=True)
def code_answer(call: DebtorCall) -> Response:
    cookie = debtor_call.new_cookie()
    try:
        session = debtor_access.answer_code(
            call.form.get("code", ""),
            door=wiring.door(),
            codes=wiring.coding(debtor_web.unsure),
            knocked=call.cookie,
            address=call.address,
            cookie=cookie,
            now=call.now,
        )
    except TooManyAttempts:
        return call.to(f"{CODE}?no=locked")
    return _let_in(call, session is not None, cookie)


@debtor_page("POST /pagar/salir")
def leave(call: DebtorCall) -> Response:
    wiring.debtor_access_store().end_session(call.inside.session_id)
    call.set_cookie(debtor_call.COOKIE, "", lasts_s=0)
    return call.to(f"{DOOR}?told=left")


@debtor_page("GET /pagar/idioma/{item}", door=True)
def speak(call: DebtorCall, language: str) -> Response:
    """Choose the language; what is typed on the page is lost, nothing else."""
    if language in pages.LANGUAGES:
        lasts_s = debtor_call.LANGUAGE_LASTS_S
        call.set_cookie(debtor_call.LANGUAGE_COOKIE, language, lasts_s=lasts_s)
    back = call.query.get("de", "")
    return call.to(back if OURS.fullmatch(back) else DOOR)


@debtor_page("GET /pagar/espere/{item}")
def wait(call: DebtorCall, form_key: str) -> Response:
    """Wait for a form that is being worked on, and lead to what became of it."""
    once = wiring.debtor_access_store().once(call.inside.session_id, form_key)
    if once is None:
        return call.to(HOME)
    if once.leads_to:
        return call.to(once.leads_to)
    unknown = call.now - once.at > debtor_web.UNFINISHED_AFTER
    return call.page(
        "notice",
        kind="unknown" if unknown else "working",
        said="",
        go="" if unknown else call.path,
        wait_s=2,
        back=HOME if unknown else "",
    )


# Private


def _question(call: DebtorCall, asked: Asked) -> Response:
    wrong = call.query.get("no", "")
    portfolio = asked.portfolio
    return call.page(
        "door",
        brand=portfolio.branding.display_name if portfolio else "",
        contact_line=portfolio.branding.contact_line if portfolio else "",
        typed=bool(asked.typed),
        wrong=wrong if wrong in WRONG else "",
    )


def _answer(call: DebtorCall, asked: Asked, token: str = "") -> Response:
    if call.form.get("do") == "code":
        return _send_code(call, asked, token)
    cookie = debtor_call.new_cookie()  # who is let in is not who knocked
    try:
        session = debtor_access.answer(
            asked,
            call.form.get("fact", ""),
            door=wiring.door(),
            address=call.address,
            cookie=cookie,
            now=call.now,
        )
    except TooManyAttempts:
        return call.to(f"{call.path}?no=locked")
    return _let_in(call, session is not None, cookie)


def _let_in(call: DebtorCall, right: bool, cookie: str) -> Response:
    if not right:
        return call.to(f"{call.path}?no=wrong")
    call.set_cookie(debtor_call.COOKIE, cookie)
    return call.to(HOME)


def _send_code(call: DebtorCall, asked: Asked, token: str) -> Response:
    try:
        debtor_access.ask_code(
            asked,
            door=wiring.door(),
            codes=wiring.coding(debtor_web.unsure),
            send=lambda message: wiring.messages().send([message]),
            cookie=call.cookie,
            token=token,
            now=call.now,
        )
    except TooManyAttempts:
        return call.to(f"{call.path}?no=locked")
    return call.to(CODE)


def _no_link(call: DebtorCall) -> Response:
    return call.page("notice", status=404, kind="link", said="", go="", wait_s=0, back=DOOR)
