"""Contact with a debtor: what is allowed now, what was said, what is on hold, unsubscription."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.errors import LinkExpired
from chalicelib.handlers import unsubscribing, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import contact as contact_types
    from chalicelib.services import consents, holds, report_schedules

if TYPE_CHECKING:
    from chalicelib.domain.case import CaseFile
    from chalicelib.domain.portfolio import Portfolio

bp = Blueprint(__name__)

ONE = "/cases/{case_id}"
FORM = "application/x-www-form-urlencoded"


def _again(call: web.Call, _receipt: dict[str, Any], path: dict[str, str]) -> dict[str, Any]:
    return _opened(call, path["case_id"])


def _opened(call: web.Call, case_id: str) -> dict[str, Any]:
    from chalicelib.services import contact_pages  # with the law: only where it is asked

    return contact_pages.page(case_id, people=wiring.actor_names, **call.casework)


@web.route(bp, f"GET {ONE}/contact", answer="contact:ContactPage")
def get(call: web.Call, case_id: str) -> dict[str, Any]:
    """Say for every phone, e-mail and address what is allowed now, or why not and from when."""
    return _opened(call, case_id)


@web.route(
    bp,
    f"POST {ONE}/consents",
    body="contact:NewConsent",
    answer="contact:ContactPage",
    status=201,
    repeat=_again,
)
def consent(call: web.Call, case_id: str) -> dict[str, Any]:
    """Record what the debtor allows or refuses; a refusal stops what waits to go."""
    said = call.body
    return _page(
        call,
        consents.say(
            case_id,
            state=contact_types.ConsentState(said.state),
            contact_id=said.contact_id,
            channel=contact_types.Channel(said.channel) if said.channel else None,
            source=said.source,
            words=said.words,
            **call.casework,
        ),
    )


@web.route(
    bp,
    f"PATCH {ONE}/contacts/{{contact_id}}",
    body="contact:ChangeContact",
    answer="contact:ContactPage",
)
def mark(call: web.Call, case_id: str, contact_id: str) -> dict[str, Any]:
    """Record that a contact point is right, wrong, or somebody else's."""
    said = call.body
    return _page(
        call,
        consents.found_out(
            case_id,
            contact_id,
            quality=said.quality or "",
            party=said.party or "",
            **call.casework,
        ),
    )


@web.route(
    bp,
    f"POST {ONE}/holds",
    body="contact:NewHold",
    answer="contact:ContactPage",
    status=201,
    repeat=_again,
)
def hold(call: web.Call, case_id: str) -> dict[str, Any]:
    """Stop collection for a reason, up to a day or until somebody lifts it."""
    said = call.body
    return _page(
        call,
        holds.place(
            case_id,
            reason=contact_types.HoldReason(said.reason),
            until=said.until,
            note=said.note,
            key=call.key,
            **call.casework,
        ),
    )


@web.route(
    bp,
    f"PATCH {ONE}/holds/{{hold_id}}",
    body="contact:ChangeHold",
    answer="contact:ContactPage",
)
def lift(call: web.Call, case_id: str, hold_id: str) -> dict[str, Any]:
    """End a hold before its time."""
    return _page(call, holds.lift(case_id, hold_id, **call.casework))


@web.route(bp, "GET /portfolios/{portfolio_id}/contact-rules", answer="contact:RulesPage")
def rules(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Show what applies to contact in a portfolio, with article and source; and its own limits."""
    from chalicelib.services import contact_rules

    return contact_rules.page(
        portfolio_id, actor=call.actor, portfolios=wiring.portfolios(), now=call.now
    )


@web.route(bp, "GET /unsubscribe/{token}", public=True)
def offer_unsubscription(call: web.Call, token: str) -> Response:
    """Ask whether messages there shall stop: a page, as nothing may happen by looking."""
    if report_schedules.is_stop_link(token, key=wiring.link_key(), now=call.now):
        return unsubscribing.offer(call.request)
    try:
        consents.check_link(token, key=wiring.link_key(), now=call.now)
    except LinkExpired:
        return unsubscribing.expired(call.request)
    return unsubscribing.offer(call.request)


@web.route(
    bp,
    "POST /unsubscribe/{token}",
    public=True,
    accepts=(FORM, "multipart/form-data", "application/json"),
)
def unsubscribe(call: web.Call, token: str) -> Response:
    """Stop messages there, by a mail program's one click (RFC 8058) or the page's button."""
    if report_schedules.is_stop_link(token, key=wiring.link_key(), now=call.now):
        report_schedules.stop_by_link(
            token, key=wiring.link_key(), stops=wiring.report_stops(), now=call.now
        )
        return unsubscribing.done(call.request)
    try:
        consents.unsubscribe(
            token,
            key=wiring.link_key(),
            cases=wiring.cases(),
            portfolios=wiring.portfolios(),
            now=call.now,
        )
    except LinkExpired:
        return unsubscribing.expired(call.request)
    return unsubscribing.done(call.request)


def _page(call: web.Call, changed: tuple[CaseFile, Portfolio]) -> dict[str, Any]:
    from chalicelib.services import contact_pages

    file, portfolio = changed
    return contact_pages.page_of(
        file, portfolio, actor=call.actor, now=call.now, people=wiring.actor_names
    )
