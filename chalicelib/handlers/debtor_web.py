"""
Between HTTP and the debtor's page: who is in, what a form says, what goes out.

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
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from chalice.app import Blueprint, Request, Response

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.errors import BadField, DomainError, FileInfected, NotFound, TooLarge
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor, Role
from chalicelib.handlers import asker
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import debtor_session
    from chalicelib.selfpay import pages
    from chalicelib.services import debtor_access

if TYPE_CHECKING:
    from chalicelib.domain.debtor_session import DebtorSession

bp = Blueprint(__name__)
log = logging.getLogger("recobro")

COOKIE, LANGUAGE_COOKIE = "recobro_debtor", "recobro_language"
HOME, DOOR = "/pagar/cuenta", "/pagar"
FORM = "application/x-www-form-urlencoded"
MAX_FORM_BYTES, MAX_FIELDS, MAX_VALUE, MAX_ITEM = 64 * 1024, 60, 4000, 200
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
)
UNFINISHED_AFTER = timedelta(seconds=40)
LANGUAGE_LASTS_S = 365 * 86_400

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


@dataclass(slots=True, kw_only=True)
class DebtorCall:
    """
    One request to the page, read and checked.

    Args:
        cookie: Names the browser; what a form's token is made of.
        form: Fields as they were sent, cut; the page's own hidden ones left out.
        form_key: The form's own key; empty for a GET.
        path: As asked for, to come back to.
    """

    request: Request
    now: datetime
    path: str
    cookie: str
    language: str
    form: dict[str, str] = field(default_factory=dict)
    form_key: str = ""
    session: DebtorSession | None = None
    cookies: list[str] = field(default_factory=list)
    form_targets: list[str] = field(default_factory=list)

    @property
    def inside(self) -> DebtorSession:
        if self.session is None:
            raise NotFound
        return self.session

    @property
    def case_id(self) -> str:
        return self.inside.case_id

    @property
    def portfolio_id(self) -> str:
        return self.inside.portfolio_id

    @property
    def contact_id(self) -> str:
        """The contact point whose link was opened; empty when none was."""
        return self.inside.contact_id

    @property
    def actor(self) -> Actor:
        """The debtor: sees no portfolio, so that what is asked for staff refuses it."""
        return Actor(actor_id=f"debtor:{self.case_id}", role=Role.DEBTOR, portfolios=())

    @property
    def key(self) -> str:
        """Name this form for ever, as an ``Idempotency-Key`` does."""
        return derived_id("key", self.inside.session_id, self.form_key)

    @property
    def query(self) -> dict[str, str]:
        sent: dict[str, str] = dict(self.request.query_params or {})
        return {name: text[:MAX_ITEM] for name, text in sent.items()}

    @property
    def address(self) -> str:
        return asker.address_of(self.request)

    def page(self, template: str, *, status: int = 200, **view: Any) -> Response:
        """Answer a page; what every page is given besides *view*: see ``pages/base``."""
        shown = {"brand": "", "inside": self.session is not None, "here": self.path} | view
        text = pages.render(template, self.language, hidden=self._hidden, **shown)
        return self._answer(text, status, {"Content-Type": "text/html; charset=utf-8"})

    def to(self, path: str) -> Response:
        """Send the browser on to a page of ours (POST, redirect, GET)."""
        if not path.startswith("/pagar") or path.startswith("/pagar//"):
            raise ValueError("not a page of ours")
        return self._answer("", 303, {"Location": path})

    def leave(self, url: str, said: str = "") -> Response:
        """
        Send the browser on to somebody else's page, such as a payment provider's.

        By a page of ours in between: a form's policy names us alone, and holds for redirects too.
        """
        return self.page("notice", kind="leaving", said=said, go=url, wait_s=0, back="")

    def download(self, url: str) -> Response:
        """Send the browser on to a file of ours that lies elsewhere, asked for without a form."""
        return self._answer("", 303, {"Location": url})

    def allow_forms_to(self, origin: str) -> None:
        """Let a form on this page be sent to another origin, such as a bucket."""
        self.form_targets.append(origin)

    def set_cookie(self, name: str, value: str, *, lasts_s: int | None = None) -> None:
        rules = "Path=/pagar; HttpOnly; SameSite=Lax"
        rules += "; Secure" if settings().secure_cookies else ""
        rules += f"; Max-Age={lasts_s}" if lasts_s is not None else ""
        self.cookies.append(f"{name}={value}; {rules}")

    def _hidden(self) -> Any:
        from markupsafe import Markup

        if not self.cookie:
            self.cookie = new_cookie()
            self.set_cookie(COOKIE, self.cookie)
        token = debtor_session.form_token(self.cookie, wiring.link_key())
        return Markup(
            '<input type="hidden" name="_form" value="{}">'
            '<input type="hidden" name="_once" value="{}">'
        ).format(token, secrets.token_urlsafe(12))

    def _answer(self, text: str, status: int, headers: dict[str, str]) -> Response:
        sent: dict[str, str | list[str]] = {**_headers(self.form_targets), **headers}
        if self.cookies:
            sent["Set-Cookie"] = list(self.cookies)
        return Response(text, status_code=status, headers=sent)


def new_cookie() -> str:
    """Make a name for a browser that nobody can know or guess."""
    return secrets.token_urlsafe(32)


def unsure(error: Exception) -> None:
    """Note that a message may have gone or not; ids and names of code only."""
    log.error("message handed over, outcome unknown", extra={"error": type(error).__name__})


def _headers(form_targets: list[str]) -> dict[str, str]:
    targets = " ".join(["'self'", *form_targets])
    policy = (
        f"default-src 'none'; style-src {pages.style_source()}; img-src 'self' data:; "
        f"form-action {targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
    }


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
