"""The supervisor's side of field work: zones, agents, who visits whom, routes, debts nearby."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.errors import BadField
from chalicelib.domain.ids import derived_id, new_id
from chalicelib.domain.plain import to_plain
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import agent as agent_types
    from chalicelib.domain import assignment as assignment_types
    from chalicelib.domain import case_list, days
    from chalicelib.domain import zone as zone_types
    from chalicelib.services import (
        assigning,
        assignment_looks,
        assignment_plans,
        assignments,
        case_search,
        field_places,
        field_team,
        route_plans,
        team_plans,
    )

bp = Blueprint(__name__)

DATE = web.Query(name="date", about="Day of the portfolios' calendar.", kind="date", required=True)
PERSON = web.Query(name="person", about="Of this agent only.")
NEAR = (
    web.Query(name="lat", about="Degrees; with `lng` and `radius_m`.", kind="degrees"),
    web.Query(name="lng", about="Degrees.", kind="degrees"),
    web.Query(name="radius_m", about="1 to 10000; 1000 if none.", kind="int"),
    web.Query(name="cells", about="H3 cells with commas between, instead of a point."),
    web.Query(name="polygon", about="Corners `lat,lng` with semicolons between, instead of both."),
    web.Query(name="zone", about="Id of a zone, instead of all these."),
    web.PAGE[0],
)

GRID = (
    web.Query(name="south", about="Degrees; the part of the map.", kind="degrees", required=True),
    web.Query(name="west", about="Degrees.", kind="degrees", required=True),
    web.Query(name="north", about="Degrees.", kind="degrees", required=True),
    web.Query(name="east", about="Degrees.", kind="degrees", required=True),
    web.Query(name="size", about="H3 resolution, 5 to 10.", kind="int", required=True),
)

# Zones


@web.route(bp, "GET /zones", answer="field_planning:Zones")
def list_zones(call: web.Call) -> dict[str, Any]:
    """List the zones of the caller's portfolios."""
    found = field_team.zones(actor=call.actor, zones=wiring.field_store())
    return {"items": [_zone(one) for one in found]}


@web.route(
    bp, "POST /zones", body="field_planning:NewZone", answer="field_planning:Zone", status=201
)
def add_zone(call: web.Call) -> dict[str, Any]:
    """Draw a zone: a polygon, or H3 cells."""
    wanted = zone_types.Zone(zone_id=new_id("zon"), **_read_zone(call.body.model_dump()))
    return _zone(field_team.add_zone(wanted, actor=call.actor, zones=wiring.field_store()))


@web.route(bp, "GET /map-cells", answer="field_planning:Grid", query=GRID)
def list_cells(call: web.Call) -> dict[str, Any]:
    """List the H3 cells of a part of the map with their borders, to make a zone of them."""
    asked = call.query
    return field_team.grid(
        south=asked["south"],
        west=asked["west"],
        north=asked["north"],
        east=asked["east"],
        size=asked["size"],
        actor=call.actor,
    )


@web.route(bp, "GET /zones/{zone_id}", answer="field_planning:Zone")
def get_zone(call: web.Call, zone_id: str) -> dict[str, Any]:
    """Give one zone."""
    return _zone(field_team.zone(zone_id, actor=call.actor, zones=wiring.field_store()))


@web.route(
    bp, "PATCH /zones/{zone_id}", body="field_planning:ZoneChange", answer="field_planning:Zone"
)
def change_zone(call: web.Call, zone_id: str) -> dict[str, Any]:
    """Change a zone; what is not sent stays."""
    changes = _read_zone(call.changes())
    version = changes.pop("version")
    return _zone(
        field_team.change_zone(
            zone_id, changes, version, actor=call.actor, zones_=wiring.field_store()
        )
    )


@web.route(bp, "DELETE /zones/{zone_id}", status=204)
def remove_zone(call: web.Call, zone_id: str) -> None:
    """Take a zone away; visits that were assigned by it stay."""
    field_team.remove_zone(zone_id, actor=call.actor, zones_=wiring.field_store())


# Agents


@web.route(bp, "GET /agents", answer="field_planning:Agents", query=(DATE,))
def list_agents(call: web.Call) -> dict[str, Any]:
    """List the agents of the caller's portfolios: profile, and their visits on a day."""
    return field_team.agents(
        call.query["date"],
        actor=call.actor,
        people=wiring.people(),
        profiles=wiring.field_store(),
        cases=wiring.cases(),
    )


@web.route(bp, "GET /agents/{person_id}/profile", answer="field_planning:Profile")
def get_profile(call: web.Call, person_id: str) -> dict[str, Any]:
    """Give how an agent works; version 0 stands for the defaults."""
    return field_team.profile(
        person_id, actor=call.actor, people=wiring.people(), profiles=wiring.field_store()
    )


@web.route(
    bp,
    "PUT /agents/{person_id}/profile",
    body="field_planning:NewProfile",
    answer="field_planning:Profile",
)
def put_profile(call: web.Call, person_id: str) -> dict[str, Any]:
    """Say how an agent works: hours, start and end, how many visits, skills."""
    sent = call.body.model_dump()
    for name in ("start", "end"):
        if sent[name]:
            sent[name] = (sent[name]["lat"], sent[name]["lng"])
    lists = {name: tuple(sent[name]) for name in ("weekdays", "skills", "portfolios")}
    return field_team.put_profile(
        agent_types.AgentProfile(person_id=person_id, **sent | lists),
        actor=call.actor,
        people=wiring.people(),
        profiles=wiring.field_store(),
    )


# Assignments


@web.route(
    bp,
    "POST /assignments/preview",
    body="field_planning:Proposal",
    answer="field_planning:Proposed",
)
def preview(call: web.Call) -> dict[str, Any]:
    """
    Propose visits of a day, divided among agents at once; no case is changed.

    Where `plan_id` is given, a division with less way is sought: ask for it until it is there.
    """
    body = call.body
    portfolio = wiring.portfolios().get(body.portfolio_id)
    where = case_list.CaseFilter(
        city=body.where.city,
        tag=body.where.tag,
        min_minor=body.where.min_minor,
        max_minor=body.where.max_minor,
    )
    if portfolio is not None and call.actor.sees(body.portfolio_id):
        today = days.local_day(call.now, portfolio.time_zone)
        where = case_search.with_band(where, body.where.band, portfolio, today)
    return assignment_plans.propose(
        assignment_looks.Asked(
            portfolio_id=body.portfolio_id,
            day=body.date,
            how=body.how,
            zone_id=body.zone_id,
            people=tuple(body.people),
            where=where,
            sort=body.sort,
            segment_id=body.segment_id,
            most=body.most,
            cursor=body.cursor,
        ),
        actor=call.actor,
        stores=wiring.planning(),
        now=call.now,
    )


@web.route(
    bp, "GET /portfolios/{portfolio_id}/team-plans/{plan_id}", answer="field_planning:TeamPlan"
)
def get_team_plan(call: web.Call, portfolio_id: str, plan_id: str) -> dict[str, Any]:
    """Tell how far a better division of a proposal is, and what was found."""
    return team_plans.find(
        portfolio_id, plan_id, actor=call.actor, plans=wiring.team_plans(), now=call.now
    )


@web.route(
    bp,
    "POST /assignments",
    body="field_planning:NewAssignments",
    answer="field_planning:Assigned",
    status=201,
)
def assign(call: web.Call) -> dict[str, Any]:
    """
    Assign visits, each for itself: by hand, or as a preview proposed them.

    The same `batch_id` again assigns nothing twice.
    """
    body = call.body
    wanted = [
        assigning.Wanted(
            # Made of the batch, so that a repeat meets itself.
            assignment_id=derived_id("asg", body.batch_id, one.case_id, one.address_id),
            case_id=one.case_id,
            address_id=one.address_id,
            person_id=one.person_id,
            day=body.date,
            why=assignment_types.Why(one.why),
            task_id=one.task_id,
            batch_id=body.batch_id,
            instead_of=one.instead_of,
        )
        for one in body.items
    ]
    return assignments.apply(
        body.portfolio_id,
        body.batch_id,
        body.date,
        wanted,
        people=wiring.people(),
        batches=wiring.field_store(),
        **call.casework,
    )


@web.route(
    bp,
    "DELETE /portfolios/{portfolio_id}/assignment-batches/{batch_id}",
    answer="field_planning:Undone",
)
def undo(call: web.Call, portfolio_id: str, batch_id: str) -> dict[str, Any]:
    """Take back what was assigned together; visits that were made stay."""
    return assignments.undo(portfolio_id, batch_id, batches=wiring.field_store(), **call.casework)


@web.route(bp, "DELETE /cases/{case_id}/assignments/{assignment_id}", status=204)
def withdraw(call: web.Call, case_id: str, assignment_id: str) -> None:
    """Take one planned visit back; its agent is told."""
    assignments.withdraw(case_id, assignment_id, **call.casework)


@web.route(bp, "GET /assignments", answer="field_planning:Assignments", query=(DATE, PERSON))
def list_assignments(call: web.Call) -> dict[str, Any]:
    """List the visits of a day, in route order by agent."""
    return assignments.listed(
        call.query["date"], call.query.get("person", ""), people=wiring.people(), **call.casework
    )


@web.route(
    bp, "POST /routes/plans", body="field_planning:NewPlan", answer="field_planning:RoutePlan"
)
def plan(call: web.Call) -> dict[str, Any]:
    """
    Put the visits of a day into order, agent by agent; also while they are on the way.

    Whoever is in `later` was not planned for want of time: ask again for them.
    """
    return route_plans.plan(
        call.body.date,
        call.body.people,
        actor=call.actor,
        stores=wiring.routing(),
        now=call.now,
    )


# Debts nearby


@web.route(bp, "GET /portfolios/{portfolio_id}/near", answer="field_planning:Near", query=NEAR)
def near(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List the debts around a point, in H3 cells, in a polygon or in a zone."""
    return field_places.near(
        portfolio_id,
        _area(call),
        limit=call.limit,
        actor=call.actor,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        now=call.now,
    )


def _area(call: web.Call) -> field_places.Area:
    asked = call.query
    if "zone" in asked:
        found = field_team.zone(asked["zone"], actor=call.actor, zones=wiring.field_store())
        return field_places.of_zone(found)
    if "cells" in asked:
        cells = tuple(asked["cells"].split(","))
        drawn = zone_types.Zone(zone_id="", name="-", cells=cells)
        return field_places.of_zone(field_team.checked(drawn, actor=call.actor))
    if "polygon" in asked:
        drawn = zone_types.Zone(zone_id="", name="-", polygon=_corners(asked["polygon"]))
        return field_places.of_zone(field_team.checked(drawn, actor=call.actor))
    if "lat" not in asked or "lng" not in asked:
        raise BadField(field="lat", reason="missing")
    return field_places.around(asked["lat"], asked["lng"], asked.get("radius_m", 1000))


def _corners(text: str) -> tuple[tuple[float, float], ...]:
    try:
        pairs = [corner.split(",") for corner in text.split(";")]
        return tuple((float(lat), float(lng)) for lat, lng in pairs)
    except ValueError as error:
        raise BadField(field="polygon", reason="bad_format") from error


def _read_zone(sent: dict[str, Any]) -> dict[str, Any]:
    read = dict(sent)
    if sent.get("polygon") is not None:
        read["polygon"] = tuple((corner["lat"], corner["lng"]) for corner in sent["polygon"])
    for name in ("cells", "people", "portfolios"):
        if sent.get(name) is not None:
            read[name] = tuple(sent[name])
    return read


def _zone(zone: zone_types.Zone) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(zone)
    del plain["state"]
    corners = [{"lat": lat, "lng": lng} for lat, lng in zone.polygon]
    return plain | field_team.outline(zone) | {"polygon": corners}
