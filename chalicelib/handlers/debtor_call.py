"""
One request to the debtor's page, read and checked, and the ways to answer it.

Every answer carries the policy that lets nothing run on the page.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalice.app import Request, Response

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.errors import NotFound
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor, Role
from chalicelib.handlers import asker
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import debtor_session
    from chalicelib.selfpay import pages

if TYPE_CHECKING:
    from chalicelib.domain.debtor_session import DebtorSession

COOKIE, LANGUAGE_COOKIE = "recobro_debtor", "recobro_language"
LANGUAGE_LASTS_S = 365 * 86_400
MAX_ITEM = 200


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
        sent: dict[str, str | list[str]] = {**headers_for(self.form_targets), **headers}
        if self.cookies:
            sent["Set-Cookie"] = list(self.cookies)
        return Response(text, status_code=status, headers=sent)


def new_cookie() -> str:
    """Make a name for a browser that nobody can know or guess."""
    return secrets.token_urlsafe(32)


def headers_for(form_targets: list[str]) -> dict[str, str]:
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
