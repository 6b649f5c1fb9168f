"""The agent's phone: his day, what lies near him, a visit he adds."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import field_days

bp = Blueprint(__name__)

DATE = web.Query(name="date", about="Day of the portfolios' calendar; today if none.", kind="date")
MARK = web.Query(
    name="mark", about="The `mark` of the last answer: the same day is not sent again."
)
LAT = web.Query(name="lat", about="Degrees, WGS 84.", kind="degrees", required=True)
LNG = web.Query(name="lng", about="Degrees, WGS 84.", kind="degrees", required=True)


@web.route(bp, "GET /field/day", answer="field_days:FieldDay", query=(DATE, MARK))
def day(call: web.Call) -> dict[str, Any]:
    """Give an agent's day: stops in order, what the portfolios allow, what was withdrawn."""
    return field_days.day(
        call.query.get("date"),
        call.query.get("mark", ""),
        actor=call.actor,
        field=wiring.field(),
        now=call.now,
    )


@web.route(bp, "GET /field/near", answer="field_days:NearStops", query=(LAT, LNG))
def near(call: web.Call) -> dict[str, Any]:
    """List the nearest open cases of the agent's portfolios that nobody is to visit yet."""
    return field_days.near(
        call.query["lat"], call.query["lng"], actor=call.actor, field=wiring.field(), now=call.now
    )


@web.route(
    bp,
    "POST /field/assignments",
    body="field_days:NewFieldAssignment",
    answer="field_days:Stop",
    status=201,
    rescued=True,
)
def add(call: web.Call) -> dict[str, Any]:
    """Add a visit to one's own day; the same id again answers the same stop."""
    return field_days.add(
        call.body.assignment_id,
        call.body.case_id,
        call.body.address_id,
        actor=call.actor,
        field=wiring.field(),
        now=call.now,
    )
