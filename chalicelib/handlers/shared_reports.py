"""Reports for somebody outside: links that are made, listed and ended, and what one opens."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import asker, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import shared_reports

bp = Blueprint(__name__)

LINKS = "/portfolios/{portfolio_id}/report-links"


@web.route(bp, f"GET {LINKS}", answer="figures:ReportLinks", query=web.PAGE)
def list_links(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List the links to a portfolio's reports: by whom, until when, how often opened."""
    return shared_reports.listed(
        portfolio_id,
        actor=call.actor,
        means=wiring.shared_report_means(),
        limit=call.limit,
        cursor=call.cursor,
        now=call.now,
    )


@web.route(
    bp, f"POST {LINKS}", body="figures:NewReportLink", answer="figures:ReportLinkMade", status=201
)
def make_link(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """
    Fix what a kept report tells of some days, and make a link to it that needs no account.

    The same ``Idempotency-Key`` gives the same link.
    """
    told = call.body
    return shared_reports.make(
        portfolio_id,
        told.report_id,
        told.first,
        told.last,
        days=told.lasts_days,
        request=call.key,
        actor=call.actor,
        means=wiring.shared_report_means(),
        now=call.now,
    )


@web.route(bp, f"DELETE {LINKS}/{{link_id}}", status=204)
def end_link(call: web.Call, portfolio_id: str, link_id: str) -> None:
    """End a link now."""
    shared_reports.revoke(
        portfolio_id,
        link_id,
        actor=call.actor,
        means=wiring.shared_report_means(),
        now=call.now,
    )


@web.route(
    bp,
    "POST /shared-reports",
    body="figures:ReportLinkOpened",
    answer="figures:SharedReport",
    public=True,
)
def open_link(call: web.Call) -> dict[str, Any]:
    """
    Show the report that a link is to, and count that it was opened.

    The link travels in the body, so that no server's log holds it.
    """
    return shared_reports.opened(
        call.body.token,
        asker=asker.address_of(call.request),
        shared=wiring.shared_reports(),
        turns=wiring.turns(),
        portfolios=wiring.portfolios(),
        key=wiring.link_key(),
        now=call.now,
    )
