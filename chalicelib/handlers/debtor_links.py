"""Links to a debtor's page, made and taken back by people."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import debtor_links

bp = Blueprint(__name__)
LINKS = "/cases/{case_id}/links"


@web.route(bp, f"GET {LINKS}", answer="debtor_links:LinksPage")
def index(call: web.Call, case_id: str) -> dict[str, Any]:
    """List the links to the debtor's page that people made; the addresses are kept nowhere."""
    return debtor_links.page(case_id, **_stores(call))


@web.route(
    bp, f"POST {LINKS}", body="debtor_links:NewLink", answer="debtor_links:MadeLink", status=201
)
def make(call: web.Call, case_id: str) -> dict[str, Any]:
    """Make a link to hand over; the answer is the only place where its address stands."""
    return debtor_links.make(
        case_id,
        days=call.body.days,
        url=lambda one, at, lasts: wiring.debtor_url(one, now=at, lasts=lasts),
        key=wiring.link_key(),
        **_stores(call),
    )


@web.route(bp, f"DELETE {LINKS}/{{link_id}}", answer="debtor_links:LinksPage")
def revoke(call: web.Call, case_id: str, link_id: str) -> dict[str, Any]:
    """Take back one link, or with `all` every one, those in messages too; its visitors are out."""
    return debtor_links.revoke(case_id, link_id, **_stores(call))


def _stores(call: web.Call) -> dict[str, Any]:
    return call.casework | {"links": wiring.debtor_access_store(), "names": wiring.actor_names}
