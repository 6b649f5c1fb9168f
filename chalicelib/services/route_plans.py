"""Putting agents' days into order, before they go out and while they are on the way."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.agent import AgentProfile
from chalicelib.domain.assignment import Assignment, AssignmentState, Why
from chalicelib.domain.case import CaseFile
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import BadField, PersonNotFound
from chalicelib.domain.people import Actor, Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.geo.point import Point
from chalicelib.routes.day import Agent, Tables, Visit, order_day
from chalicelib.routes.travel import matrices
from chalicelib.services import visit_windows
from chalicelib.services.access import MANAGERS, need
from chalicelib.services.best_hours import best_hours
from chalicelib.services.field_places import place_of
from chalicelib.services.field_ports import FieldCases, FieldPortfolios
from chalicelib.services.field_team import People, Profiles, team

MOST_PEOPLE = 20
# A function of the API has 28 seconds; who is not planned by then is asked for again.
BUDGET_S = 15.0
ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """
    What routes are planned from.

    Args:
        tables: Ways between points: straight lines made longer, or a service that knows streets.
        where: Where somebody is now, if that is known.
    """

    cases: FieldCases
    portfolios: FieldPortfolios
    people: People
    profiles: Profiles
    tables: Tables = matrices
    where: Callable[[str], Point | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class _Stop:
    file: CaseFile
    portfolio: Portfolio
    assignment: Assignment
    point: Point


def plan(
    day: date,
    people: Sequence[str] = (),
    *,
    actor: Actor,
    stores: Stores,
    now: datetime,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """
    Put each one's visits of a day into order, and keep it with the visits.

    Promises first if not all fit; each visit within the law's window, and in the debtor's best
    hours where they are worth the way; from where he is, if it is today and he has begun. Those
    he has made stay made.

    Returns:
        ``routes`` by person with metres and when he is back, visits that do not fit
        (``left_out``), and ``later``: people for whom there was no time; ask again for them.

    Raises:
        PersonNotFound: None that the actor looks after.
        BadField: Too many people.
    """
    need(actor, *MANAGERS)
    known = {one.person_id: one for one in team(actor=actor, people=stores.people)}
    wanted = list(dict.fromkeys(people)) or list(known)
    if len(wanted) > MOST_PEOPLE and people:
        raise BadField(field="people", reason="too_long", most=MOST_PEOPLE)
    profiles = stores.profiles.profiles()
    until = clock() + BUDGET_S
    routes: list[dict[str, Any]] = []
    later = []
    for person_id in wanted:
        if person_id not in known:
            raise PersonNotFound(person_id=person_id)
        if clock() > until:
            later.append(person_id)
            continue
        profile = profiles.get(person_id) or AgentProfile(person_id=person_id)
        made = _one(day, known[person_id], profile, actor=actor, stores=stores, now=now)
        if made is not None:
            routes.append(made)
    return {"date": day.isoformat(), "routes": routes, "later": later}


def _one(
    day: date,
    person: Person,
    profile: AgentProfile,
    *,
    actor: Actor,
    stores: Stores,
    now: datetime,
) -> dict[str, Any] | None:
    """Plan one day; None when there is nothing to plan."""
    keys = stores.cases.agenda_of(person.person_id, day)
    visits = stores.cases.assignments(keys)
    planned = {k: a for k, a in visits.items() if a.state is AssignmentState.PLANNED}
    if not planned:
        return None
    made = [a for a in visits.values() if a.state is AssignmentState.DONE]
    files = stores.cases.open_many(dict.fromkeys(key.case_id for key in planned))
    stops = []
    portfolios: dict[str, Portfolio] = {}
    unplaced = 0
    for key, assignment in planned.items():
        file = files[key.case_id]
        portfolio = portfolios.get(file.head.portfolio_id) or stores.portfolios.get(
            file.head.portfolio_id
        )
        address = next((a for a in file.addresses if a.address_id == assignment.address_id), None)
        point = place_of(address) if address else None
        if portfolio is None or point is None or not actor.sees(portfolio.portfolio_id):
            unplaced += 1
            continue
        portfolios[portfolio.portfolio_id] = portfolio
        stops.append(_Stop(file, portfolio, assignment, point))
    agent = _agent(day, profile, stops, made=len(made), stores=stores, now=now)
    found = order_day(
        agent, [_visit(stop, day, profile, now) for stop in stops], tables=stores.tables
    )
    order = found.stops[person.person_id]
    place = {stop.visit_id: (n, stop.arrives) for n, stop in enumerate(order, start=len(made) + 1)}
    _keep(stops, place, actor=actor, stores=stores, now=now)
    return {
        "person_id": person.person_id,
        "name": person.name,
        "made": len(made),
        "stops": [
            {"assignment_id": stop.visit_id, "place": place[stop.visit_id][0],
             "arrives": stop.arrives}
            for stop in order
        ],
        "left_out": list(found.left_out),
        "without_point": unplaced,
        "metres": found.metres,
        "back": max((stop.arrives for stop in order), default=0) + profile.visit_minutes * 60,
    }  # fmt: skip


def _agent(
    day: date,
    profile: AgentProfile,
    stops: Sequence[_Stop],
    *,
    made: int,
    stores: Stores,
    now: datetime,
) -> Agent:
    zone = next((stop.portfolio.time_zone for stop in stops), "UTC")
    opens = profile.opens_s
    here = None
    if day == local_day(now, zone):
        local = now.astimezone(ZoneInfo(zone))
        opens = max(opens, local.hour * 3600 + local.minute * 60)
        here = stores.where(profile.person_id)
    start = here or (Point(*profile.start) if profile.start else None)
    first = min(stops, key=lambda s: (s.point.lat, s.point.lng)).point if stops else Point(0, 0)
    end = Point(*profile.end) if profile.end else (Point(*profile.start) if profile.start else None)
    return Agent(
        agent_id=profile.person_id,
        start=start or first,
        end=end,
        opens=opens,
        closes=max(profile.closes_s, opens),
        visits_max=max(0, profile.visits_max - made),
        skills=frozenset(profile.skills),
    )


def _visit(stop: _Stop, day: date, profile: AgentProfile, now: datetime) -> Visit:
    address_id = stop.assignment.address_id
    found = visit_windows.window_of_day(stop.file, stop.portfolio, address_id, day, now=now)
    window, prefers = (0, 0), None  # the law has no hour of the day any more: it will not fit
    if found is not None:
        window = visit_windows.seconds_of_day(found, stop.portfolio, day)
        prefers = best_hours(stop.file, stop.portfolio.time_zone, within=window)
    return Visit(
        visit_id=stop.assignment.assignment_id,
        point=stop.point,
        opens=window[0],
        closes=window[1],
        prefers=prefers,
        service_s=profile.visit_minutes * 60,
        promised=stop.assignment.why is Why.PROMISE,
    )


def _keep(
    stops: Sequence[_Stop],
    place: dict[str, tuple[int, int]],
    *,
    actor: Actor,
    stores: Stores,
    now: datetime,
) -> None:
    """Write the places that changed; a case that somebody else changed is opened again."""
    left = {stop.file.head.case_id: stop for stop in stops}
    files = {case_id: stop.file for case_id, stop in left.items()}
    for _ in range(ROUNDS):
        changes = []
        for case_id, stop in left.items():
            draft = Draft(files[case_id], stop.portfolio, actor=actor.actor_id, now=now)
            at, arrives = place.get(stop.assignment.assignment_id, (0, 0))
            draft.place_assignment(stop.assignment.assignment_id, at, arrives)
            change = draft.change()
            if change is not None:
                changes.append(change)
        moved = [
            change.after.case_id
            for change, outcome in zip(changes, stores.cases.commit_many(changes), strict=True)
            if outcome is not None
        ]
        if not moved:
            return
        left = {case_id: left[case_id] for case_id in moved}
        files = stores.cases.open_many(moved)
