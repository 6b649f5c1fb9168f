"""Visits as supervisors see them: the list, one, and the word on it."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import actors, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import visit as visits
    from chalicelib.services import visit_points, visit_review

bp = Blueprint(__name__)

ONE = "/visits/{case_id}/{visit_id}"
STANDINGS = ("received", "review", "accepted", "rejected")


@web.route(
    bp,
    "GET /visits",
    answer="visit_review:VisitLines",
    query=(
        web.Query(name="portfolio", about="Whose visits.", required=True),
        web.Query(
            name="state", about="What became of them; all if none is given.", choices=STANDINGS
        ),
        web.Query(name="person", about="Id of who made them."),
        web.Query(name="from", about="First day, of the portfolio's calendar.", kind="date"),
        web.Query(name="to", about="Last day.", kind="date"),
        *web.PAGE,
    ),
)
def list_visits(call: web.Call) -> dict[str, Any]:
    """List a portfolio's visits, the last one first."""
    asked = call.query
    return visit_review.listed(
        asked["portfolio"],
        state=visits.Standing(asked["state"]) if "state" in asked else None,
        person_id=asked.get("person", ""),
        first=asked.get("from"),
        last=asked.get("to"),
        cursor=call.cursor,
        limit=call.limit,
        actor=call.actor,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        people=wiring.actor_names,
    )


@web.route(bp, f"GET {ONE}", answer="visit_review:VisitPage")
def get(call: web.Call, case_id: str, visit_id: str) -> dict[str, Any]:
    """Open a visit: what was reported, what speaks against it, links to its photos."""
    return visit_review.page(
        case_id,
        visit_id,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        **_seen(call),
    )


@web.route(
    bp, f"POST {ONE}/review", body="visit_review:VisitReview", answer="visit_review:VisitPage"
)
def review(call: web.Call, case_id: str, visit_id: str) -> dict[str, Any]:
    """Accept or reject a visit; nobody one of their own."""
    file, portfolio, visit = visit_review.review(
        case_id, visit_id, accept=call.body.accept, reason=call.body.reason, **call.casework
    )
    return visit_review.page_of(file, portfolio, visit, **_seen(call))


@web.route(
    bp,
    "GET /visit-points",
    answer="visit_points:ProposedPoints",
    query=(web.Query(name="portfolio", about="Whose addresses.", required=True),),
)
def list_points(call: web.Call) -> dict[str, Any]:
    """List the better points that visits propose for addresses."""
    items = visit_points.listed(
        call.query["portfolio"],
        actor=call.actor,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
    )
    return {"items": items}


@web.route(
    bp,
    "POST /visit-points/{case_id}/{address_id}",
    body="visit_points:PointDecision",
    status=204,
)
def decide_point(call: web.Call, case_id: str, address_id: str) -> None:
    """Take a proposed point into its address, or leave the address as it is."""
    visit_points.decide(case_id, address_id, accept=call.body.accept, **call.casework)


def _seen(call: web.Call) -> dict[str, Any]:
    return {
        "language": actors.language(call.actor),
        "actor": call.actor,
        "files": wiring.evidence_files(),
        "trails": wiring.trails(),
        "questions": wiring.questionnaires(),
        "people": wiring.actor_names,
    }
