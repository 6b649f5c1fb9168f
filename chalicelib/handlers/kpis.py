"""The figures of portfolios, live from their counters."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import kpis, portfolios

bp = Blueprint(__name__)


@web.route(bp, "GET /portfolios/{portfolio_id}/kpis", answer="kpis:Kpis")
def of_portfolio(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Give a portfolio's figures as of now."""
    return kpis.of_portfolio(
        portfolio_id,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        counters=wiring.counters(),
        now=call.now,
    )


@web.route(bp, "GET /portfolios/{portfolio_id}/reliability", answer="cases:PeopleReliability")
def of_people(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Say how far the promises that each person agreed are kept."""
    items = kpis.reliability_of_people(
        portfolio_id,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        counters=wiring.counters(),
        people=wiring.actor_names,
    )
    return {"items": items}


@web.route(bp, "GET /kpis", answer="kpis:AllKpis")
def everywhere(call: web.Call) -> dict[str, Any]:
    """Sum the figures of every portfolio one may see, by currency."""
    seen = portfolios.seen(actor=call.actor, portfolios=wiring.portfolios())
    return kpis.across(
        [each for each in seen if not each.archived],
        actor=call.actor,
        counters=wiring.counters(),
        now=call.now,
    )
