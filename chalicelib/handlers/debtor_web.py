"""
The routes of the debtor's page: which step is asked for, who is in, what a form says.

``debtor_page("GET /pagar/cuenta")`` registers a step. It is given a ``DebtorCall``; a step of
somebody who is not in never runs. Every form carries what proves that it is ours (``hidden()``
in the template) and a key of its own, so that a double click or the back button does nothing
twice. A step that is sent a form answers with ``call.to(...)``.
"""

from __future__ import annotations

import functools
import hmac
import importlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, unquote

from chalice.app import Blueprint, Request, Response

from chalicelib import wiring
from chalicelib.domain.errors import BadField, DomainError, FileInfected, TooLarge
from chalicelib.handlers.debtor_call import COOKIE, LANGUAGE_COOKIE, MAX_ITEM, DebtorCall
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import debtor_session
    from chalicelib.selfpay import pages
    from chalicelib.services import debtor_access

bp = Blueprint(__name__)
log = logging.getLogger("recobro")

HOME, DOOR = "/pagar/cuenta", "/pagar"
FORM = "application/x-www-form-urlencoded"
MAX_FORM_BYTES, MAX_FIELDS, MAX_VALUE = 64 * 1024, 60, 4000
# Modules whose steps are registered when the first page is asked for.
STEPS = (
    "debtor_entry",
    "selfpay",
    "selfpay_cash",
    "selfpay_chat",
    "selfpay_files",
    "selfpay_pays",
    "selfpay_plans",
    "selfpay_says",
    "selfpay_rights",
)
UNFINISHED_AFTER = timedelta(seconds=40)

View = Callable[..., Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """
    Args:
        view: Called with the ``DebtorCall``, and with the item where the path has one.
        door: For who is not in (yet); every other step needs a session.
    """

    view: View
    door: bool


# Every step by (method, first part of the path after /pagar, whether an item follows).
PAGES: dict[tuple[str, str, bool], Step] = {}


def debtor_page(method_and_path: str, *, door: bool = False) -> Callable[[View], View]:
    """
    Register a step: ``GET /pagar/cuenta``, ``POST /pagar/promesa/{item}``.

    Args:
        door: It is for who is not in; a session is neither needed nor looked up.
    """
    method, path = method_and_path.split(" ")
    _, root, *rest = path.split("/")
    if root != "pagar" or len(rest) > 2:
        raise ValueError(path)

    def wrap(view: View) -> View:
        PAGES[method, rest[0] if rest else "", len(rest) == 2] = Step(view=view, door=door)
        return view

    return wrap


def unsure(error: Exception) -> None:
    """Note that a message may have gone or not; ids and names of code only."""
    log.error("message handed over, outcome unknown", extra={"error": type(error).__name__})


# Routes


def _public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a route as one without an account; it is no part of the described API."""
    from chalicelib.handlers.web import Operation

    view.operation = Operation(  # type: ignore[attr-defined]
        body=None, answer=None, status=200, query=(), public=True, idempotent=False
    )
    return view


@bp.route("/pagar", methods=["GET"])
@_public
def door() -> Response:
    """The debtor's door."""
    return _serve("", None)


@bp.route("/pagar", methods=["POST"], content_types=[FORM])
@_public
def send_door() -> Response:
    """A form of the debtor's door."""
    return _serve("", None)


@bp.route("/pagar/{step}", methods=["GET"])
@_public
def show(step: str) -> Response:
    """A step of the debtor's page."""
    return _serve(unquote(step), None)


@bp.route("/pagar/{step}", methods=["POST"], content_types=[FORM])
@_public
def send(step: str) -> Response:
    """A form of the debtor's page."""
    return _serve(unquote(step), None)


@bp.route("/pagar/{step}/{item}", methods=["GET"])
@_public
def show_item(step: str, item: str) -> Response:
    """A step of the debtor's page about one thing."""
    return _serve(unquote(step), unquote(item))


@bp.route("/pagar/{step}/{item}", methods=["POST"], content_types=[FORM])
@_public
def send_item(step: str, item: str) -> Response:
    """A form about one thing."""
    return _serve(unquote(step), unquote(item))


def _serve(name: str, item: str | None) -> Response:
    request = bp.current_request
    path = "/".join(["/pagar", *([name] if name else []), *([item] if item is not None else [])])
    cookies = _cookies(request)
    call = DebtorCall(
        request=request,
        now=wiring.now(),
        path=path,
        cookie=cookies.get(COOKIE, ""),
        language=_language(request, cookies),
    )
    try:
        return _run(call, _found(request.method, name, item), item)
    except DomainError as error:
        return refused(call, error)
    except Exception:
        # The trace names code, not people: our own messages never carry personal data.
        log.exception("unhandled")
        return call.page("notice", status=500, **_notice("problem"))


def _run(call: DebtorCall, found: Step | None, item: str | None) -> Response:
    if found is None or (item is not None and len(item) > MAX_ITEM):
        return call.page("notice", status=404, **_notice("nowhere"))
    run = functools.partial(found.view, call, *([] if item is None else [item]))
    if not found.door:
        call.session = debtor_access.session_of(call.cookie, door=wiring.door(), now=call.now)
        if call.session is None:
            return call.to(f"{DOOR}?told=ended")
        # What was chosen on the page counts before what the case says.
        if call.session.language in pages.LANGUAGES and not _cookies(call.request).get(
            LANGUAGE_COOKIE
        ):
            call.language = call.session.language
    if call.request.method != "POST":
        return run()
    if not _read_form(call):
        return call.page("notice", status=403, **_notice("stale"))
    return run() if found.door else _once(call, run)


def _once(call: DebtorCall, run: Callable[[], Response]) -> Response:
    """Do what a form asks, unless it was done or is being done: then lead to what became of it."""
    store, session_id = wiring.debtor_access_store(), call.inside.session_id
    known = store.begin(session_id, call.form_key, now=call.now)
    if known is not None:
        return call.to(known.leads_to or f"/pagar/espere/{call.form_key}")
    try:
        answer = run()
    except DomainError:
        store.give_up(session_id, call.form_key)
        raise
    location = answer.headers.get("Location")
    if location:
        store.finish(session_id, call.form_key, str(location), now=call.now)
    else:
        store.give_up(session_id, call.form_key)  # asked again, with what was wrong
    return answer


def refused(call: DebtorCall, error: DomainError) -> Response:
    """Say on a page that something was refused; its text is that of the error's code."""
    from chalicelib.handlers.web import STATUS

    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)
    if isinstance(error, FileInfected):
        return call.page("notice", status=status, **_notice("infected") | {"back": "/pagar/cuenta"})
    return call.page("notice", status=status, **_notice("nowhere" if status == 404 else "problem"))


def _notice(kind: str) -> dict[str, Any]:
    return {"kind": kind, "said": "", "go": "", "wait_s": 0, "back": HOME}


def _found(method: str, name: str, item: str | None) -> Step | None:
    for module in STEPS:
        importlib.import_module(f"chalicelib.handlers.{module}")
    return PAGES.get((method, name, item is not None))


def _read_form(call: DebtorCall) -> bool:
    """Read a form; False when it is not one that this browser was given."""
    raw = call.request.raw_body
    if len(raw) > MAX_FORM_BYTES:
        raise TooLarge(limit_bytes=MAX_FORM_BYTES)
    try:
        text = raw.decode() if isinstance(raw, bytes) else raw
        sent = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError as error:
        raise BadField(field="form", reason="not_text") from error
    token, call.form_key = sent.pop("_form", ""), sent.pop("_once", "")[:64]
    call.form = {name[:64]: value[:MAX_VALUE].replace("\0", "") for name, value in sent.items()}
    if not call.cookie or not call.form_key:
        return False
    return hmac.compare_digest(
        token.encode(), debtor_session.form_token(call.cookie, wiring.link_key()).encode()
    )


def _cookies(request: Request) -> dict[str, str]:
    try:
        read = SimpleCookie(str(request.headers.get("cookie", "")))
    except CookieError:
        return {}
    return {name: one.value for name, one in read.items()}


def _language(request: Request, cookies: dict[str, str]) -> str:
    chosen = cookies.get(LANGUAGE_COOKIE, "")
    if chosen in pages.LANGUAGES:
        return chosen
    asked = str(request.headers.get("accept-language", "")).lower().split(",")
    found = (code for tag in asked if (code := tag.strip()[:2]) in pages.LANGUAGES)
    return next(found, pages.LANGUAGES[0])
