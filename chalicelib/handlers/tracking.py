"""An agent's own day (shifts, points, his trail) and the agents on a supervisor's map."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.errors import SessionEnded
from chalicelib.domain.people import Actor, Person, Role
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import tracking as words
    from chalicelib.services import access, live, passes, pings, sessions, shifts, trails

bp = Blueprint(__name__)

DATE = web.Query(name="date", about="A day where the agent works, yyyy-mm-dd; today by default.")
SINCE = web.Query(name="since", about="The mark of the last answer; everything by default.")
PLACE = (
    web.Query(name="lat", about="Degrees.", kind="degrees", required=True),
    web.Query(name="lng", about="Degrees.", kind="degrees", required=True),
    web.Query(name="radius_m", about="10 to 500; 100 if none.", kind="int"),
    web.Query(name="date", about="Day of the portfolio's calendar.", kind="date", required=True),
)
TEAM = web.Query(name="team", about="Only those of this team.")


@web.route(
    bp,
    "POST /field/shifts",
    body="tracking:StartShift",
    answer="tracking:CurrentShift",
    status=201,
    rescued=True,
)
def start_shift(call: web.Call) -> Any:
    """
    Clock in. From now on positions are taken, until clocking out.

    The id is the phone's, so the same again is the same shift (answered 201 as well).
    """
    person = _agent(call.actor)
    shift, _ = shifts.start(
        call.body.shift_id,
        call.body.started_at,
        person=person,
        tracking=wiring.tracking(),
        now=call.now,
    )
    if call.body.point is not None:
        pings.record(
            [_fix(call.body.point)],
            person_id=person.person_id,
            device_id=call.body.device_id,
            tracking=wiring.tracking(),
            now=call.now,
        )
    return _current(shift, call)


@web.route(
    bp,
    "PATCH /field/shifts/{shift_id}",
    body="tracking:EndShift",
    answer="tracking:CurrentShift",
    rescued=True,
)
def end_shift(call: web.Call, shift_id: str) -> dict[str, Any]:
    """Clock out: the agent leaves the map, and later positions are refused."""
    shift = shifts.end(
        shift_id,
        call.body.ended_at,
        person_id=_agent_id(call.actor),
        tracking=wiring.tracking(),
        now=call.now,
    )
    return _current(shift, call)


@web.route(bp, "GET /field/shifts/current", answer="tracking:CurrentShift")
def current_shift(call: web.Call) -> dict[str, Any]:
    """Say whether one is at work, and how long positions are kept."""
    shift = shifts.current(_agent_id(call.actor), tracking=wiring.tracking(), now=call.now)
    return _current(shift, call)


@web.route(
    bp, "POST /field/pings", body="tracking:Pings", answer="tracking:PingsTaken", rescued=True
)
def take_pings(call: web.Call) -> dict[str, Any]:
    """
    Take a batch of up to 1,000 points, of up to seven days ago, in any order.

    What is refused is not stored, and need not be sent again. A batch that is sent twice is
    kept once.
    """
    outcome = pings.record(
        [_fix(point) for point in call.body.points],
        person_id=_agent_id(call.actor),
        device_id=call.body.device_id,
        at_case=call.body.case_id,
        tracking=wiring.tracking(),
        now=call.now,
    )
    return taken(outcome)


@web.route(bp, "GET /field/trail", answer="tracking:Trail", query=(DATE,))
def own_trail(call: web.Call) -> dict[str, Any]:
    """Show an agent what is known of his day, and until when it is kept."""
    found = trails.of_person(
        _agent(call.actor),
        call.query.get("date"),
        portfolios=wiring.portfolios(),
        tracking=wiring.tracking(),
        cases=wiring.cases(),
        now=call.now,
    )
    return _trail(found, call)


@web.route(bp, "GET /agents/live", answer="tracking:Live", query=(SINCE, TEAM))
def live_agents(call: web.Call) -> dict[str, Any]:
    """Show where the agents are: all of them at first, then what changed since the last mark."""
    delta = live.changed(
        call.query.get("since"),
        team=call.query.get("team"),
        actor=call.actor,
        tracking=wiring.tracking(),
        now=call.now,
    )
    return {
        "items": [_sight(one) for one in delta.sights],
        "mark": delta.mark,
        "whole": delta.whole,
        "server_time": call.now,
    }


@web.route(bp, "GET /portfolios/{portfolio_id}/passes", answer="tracking:Passes", query=PLACE)
def passes_near(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """
    Say which agents of the portfolio were near a point on a day, and what they reported there.

    Only points taken in a shift are known, and for as long as they are kept: nobody found is no
    proof that nobody came.
    """
    asked = call.query
    tracking = wiring.tracking()
    found = passes.near(
        portfolio_id,
        lat=asked["lat"],
        lng=asked["lng"],
        radius_m=asked.get("radius_m", 100),
        day=asked["date"],
        actor=call.actor,
        portfolios=wiring.portfolios(),
        tracking=tracking,
        cases=wiring.cases(),
        now=call.now,
    )
    return {"items": [asdict(one) for one in found], "kept_days": tracking.kept.days}


@web.route(bp, "GET /agents/{person_id}/trail", answer="tracking:Trail", query=(DATE,))
def agent_trail(call: web.Call, person_id: str) -> dict[str, Any]:
    """Show an agent's day: the way, stops, trips, visits, and until when it is kept."""
    found = trails.of_agent(
        person_id,
        call.query.get("date"),
        actor=call.actor,
        people=wiring.people(),
        portfolios=wiring.portfolios(),
        tracking=wiring.tracking(),
        cases=wiring.cases(),
        now=call.now,
    )
    return _trail(found, call)


def taken(outcome: pings.Outcome) -> dict[str, Any]:
    return {
        "accepted": outcome.accepted,
        "refused": [{"index": index, "code": why} for index, why in outcome.refused],
    }


def _agent_id(actor: Actor) -> str:
    access.need(actor, Role.AGENT)
    return sessions.person_of(actor)


def _agent(actor: Actor) -> Person:
    person = wiring.people().get(_agent_id(actor))
    if person is None:
        raise SessionEnded
    return person


def _fix(point: Any) -> words.Fix:
    return words.Fix(**{field.name: getattr(point, field.name) for field in fields(words.Fix)})


def _shift(shift: words.Shift, now: datetime) -> dict[str, Any]:
    return {
        "shift_id": shift.shift_id,
        "started_at": shift.started_at,
        "ended_at": shift.end(now),
        "ends_by": shift.started_at + words.LONGEST_SHIFT,
    }


def _current(shift: words.Shift | None, call: web.Call) -> dict[str, Any]:
    return {
        "shift": _shift(shift, call.now) if shift else None,
        "server_time": call.now,
        "kept_days": wiring.tracking().kept.days,
    }


def _trail(found: trails.Trail, call: web.Call) -> dict[str, Any]:
    return {
        "person_id": found.person_id,
        "date": found.day,
        "time_zone": found.time_zone,
        "points": found.points,
        "stops": [
            {
                "started_at": stop.started_at,
                "finished_at": stop.finished_at,
                "lat": stop.point.lat,
                "lng": stop.point.lng,
                "duration_s": round(stop.duration_s),
            }
            for stop in found.stops
        ],
        "trips": found.trips,
        "shifts": [_shift(shift, call.now) for shift in found.shifts],
        "visits": found.visits,
        "received": found.received,
        "distance_m": found.distance_m,
        "kept_days": found.kept_days,
        "kept_until": found.kept_until,
    }


def _sight(one: live.Sight) -> dict[str, Any]:
    known, fix = one.presence, one.presence.fix
    return {
        "person_id": known.person_id,
        "name": known.name,
        "team": known.team,
        "state": one.state,
        "why": one.why,
        "since": one.since,
        "at": fix.at if fix else None,
        "heard_at": known.heard_at,
        "lat": fix.lat if fix else None,
        "lng": fix.lng if fix else None,
        "accuracy_m": fix.accuracy_m if fix else None,
        "speed_ms": fix.speed_ms if fix else None,
        "heading": fix.heading if fix else None,
        "battery": fix.battery if fix else None,
        "charging": fix.charging if fix else None,
        "network": fix.network if fix else None,
        "activity": fix.activity if fix else None,
        "case_id": known.case_id,
        "alarm": known.alarm_id,
    }
