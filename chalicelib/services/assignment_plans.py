"""Proposing who visits whom on a day: what is due, what lies in a zone, what a rule picks."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain import ageing
from chalicelib.domain.agent import AgentProfile
from chalicelib.domain.assignment import AssignmentState, Why
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import BadField
from chalicelib.domain.names import folded
from chalicelib.domain.people import Actor, Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.zone import Zone
from chalicelib.geo.point import Point
from chalicelib.routes.day import Agent, Visit, plan_team
from chalicelib.services import assignment_looks, field_team, team_plans
from chalicelib.services.access import MANAGERS, open_portfolio
from chalicelib.services.assignment_looks import Asked, Candidate, Look, Stores
from chalicelib.services.team_plans import Divided

MOST_AGENTS = 20
SPARE = 1  # visits that one agent may have above an even share, for a shorter way
# Metres of detour that a hundred days past due are worth.
WORTH_OF_DPD = 20


def propose(asked: Asked, *, actor: Actor, stores: Stores, now: datetime) -> dict[str, Any]:
    """
    Propose visits for a day, divided among agents evenly and by way; no case is changed.

    Promises due come first, then what is longest due. Who has visits that day already gets
    fewer; nobody gets more than he can make in his hours. What a case asks of its agent, such as
    a language, goes to who has it; that is asked as soon as anybody of the portfolio has it.

    Returns:
        ``items`` to be applied as they are, ``agents`` with their loads, ``left_out`` by reason,
        ``cursor`` to look on from, None when every case was looked at; ``plan_id`` of a better
        division that is sought now (``team_plans.find``), None when there is little to divide.

    Raises:
        PortfolioNotFound, ZoneNotFound: None that the actor may see.
        BadField: Nobody to go, or a day that is past.
    """
    portfolio = open_portfolio(actor, asked.portfolio_id, stores.portfolios, *MANAGERS)
    if asked.day < local_day(now, portfolio.time_zone):
        raise BadField(field="date", reason="in_the_past")
    zone = (
        field_team.zone(asked.zone_id, actor=actor, zones=stores.zones) if asked.zone_id else None
    )
    agents, skills = _agents(asked, zone, actor, stores)
    left_out: Counter[str] = Counter()
    look = Look(
        asked=asked,
        portfolio=portfolio,
        now=now,
        left_out=left_out,
        playbook=stores.playbook(asked.portfolio_id) if asked.segment_id else None,
        skills=skills,
    )
    found = assignment_looks.find(asked, zone, look, stores=stores)
    able = [_skills(profile) for _, profile in agents]
    picked = [c for c in found.candidates if any(c.skills <= one for one in able)]
    left_out["skills"] = len(found.candidates) - len(picked)
    loads = {person.person_id: _load(person, asked, stores) for person, _ in agents}
    divided = _divided(picked, agents, loads)
    stops = {
        stop.visit_id: (person_id, place, stop.arrives)
        for person_id, way in divided.day.stops.items()
        for place, stop in enumerate(way, start=1)
    }
    left_out["no_room"] = len(picked) - len(stops)
    items = [_item(c, stops.get(c.file.head.case_id), portfolio, now) for c in picked]
    return {
        "date": asked.day.isoformat(),
        "portfolio_id": asked.portfolio_id,
        "items": [item for item in items if item["person_id"]],
        "without_room": [item for item in items if not item["person_id"]],
        "agents": [
            {
                "person_id": person.person_id,
                "name": person.name,
                "visits": loads[person.person_id],
                "added": len(divided.day.stops.get(person.person_id, ())),
                "visits_max": profile.visits_max,
            }
            for person, profile in agents
        ],
        "left_out": [
            {"reason": reason, "cases": number} for reason, number in left_out.items() if number
        ],
        "considered": found.considered,
        "cursor": found.cursor,
        "metres": divided.day.metres,
        "seconds": divided.day.seconds,
        "plan_id": team_plans.begin(
            portfolio.portfolio_id, asked.day, divided, actor=actor, means=stores.better, now=now
        ),
    }


# Private


def _agents(
    asked: Asked, zone: Zone | None, actor: Actor, stores: Stores
) -> tuple[list[tuple[Person, AgentProfile]], frozenset[str]]:
    """Who may go, with their profiles; and what anybody who visits for the portfolio can."""
    known = stores.profiles.profiles()
    wanted = asked.people or (zone.people if zone else ())
    found = []
    skills: frozenset[str] = frozenset()
    for person in field_team.team(actor=actor, people=stores.people):
        profile = known.get(person.person_id) or AgentProfile(person_id=person.person_id)
        mine = profile.portfolios or person.portfolios
        if "*" not in mine and asked.portfolio_id not in mine:
            continue
        skills |= _skills(profile)
        if person.person_id in wanted or (not wanted and profile.works_on(asked.day)):
            found.append((person, profile))
    if not found:
        raise BadField(field="people", reason="missing")
    return found[:MOST_AGENTS], skills


def _load(person: Person, asked: Asked, stores: Stores) -> int:
    """How many visits of that day are his, made or to make; not those that were taken back."""
    keys = stores.cases.agenda_of(person.person_id, asked.day)
    his = stores.cases.assignments(keys).values()
    return sum(1 for one in his if one.state is not AssignmentState.WITHDRAWN)


def _skills(profile: AgentProfile) -> frozenset[str]:
    return frozenset(map(folded, profile.skills))


def _divided(
    picked: Sequence[Candidate],
    agents: Sequence[tuple[Person, AgentProfile]],
    loads: Mapping[str, int],
) -> Divided:
    """Give each his cases: short ways, and nobody far above his even share."""
    share = even_share(len(picked), [loads[p.person_id] for p, _ in agents])
    visits = [
        Visit(
            visit_id=c.file.head.case_id,
            point=c.point,
            opens=c.window[0],
            closes=c.window[1],
            prefers=c.prefers,
            promised=c.why is Why.PROMISE,
            worth=c.dpd * WORTH_OF_DPD,
            skills=c.skills,
        )
        for c in picked
    ]
    crews = [
        Agent(
            agent_id=person.person_id,
            start=Point(*profile.start) if profile.start else _middle(picked),
            end=Point(*profile.end) if profile.end else None,
            opens=profile.opens_s,
            closes=profile.closes_s,
            visits_max=max(
                0,
                min(profile.visits_max - loads[person.person_id], share - loads[person.person_id]),
            ),
            skills=_skills(profile),
        )
        for person, profile in agents
    ]
    crews = [crew for crew in crews if crew.visits_max]
    day = plan_team(crews, visits, seconds=0)
    return Divided(agents=tuple(crews), visits=tuple(visits), day=day)


def even_share(visits: int, loads: Iterable[int]) -> int:
    """
    Give how many visits a day one agent may come to, just above an even share.

    >>> even_share(10, [0, 0]), even_share(10, [8, 0])
    (6, 10)
    """
    all_loads = list(loads)
    return -(-(visits + sum(all_loads)) // len(all_loads)) + SPARE


def _middle(picked: Sequence[Candidate]) -> Point:
    """Somewhere among the visits, for who begins his day anywhere."""
    lats, lngs = sorted(c.point.lat for c in picked), sorted(c.point.lng for c in picked)
    return Point(lats[len(lats) // 2], lngs[len(lngs) // 2]) if picked else Point(0, 0)


def _item(
    c: Candidate, stop: tuple[str, int, int] | None, portfolio: Portfolio, now: datetime
) -> dict[str, Any]:
    """*stop*: who makes it, as his how manieth and when; None = nobody."""
    head = c.file.head
    person_id, place, arrives = stop or ("", 0, 0)
    return {
        "case_id": head.case_id,
        "address_id": c.address.address_id,
        "person_id": person_id,
        "name": head.name,
        "city": c.address.city or head.city,
        "lat": c.point.lat,
        "lng": c.point.lng,
        "balance": {"minor": head.balance_minor, "currency": head.currency},
        "dpd": ageing.legal_dpd(head.oldest_due_on, local_day(now, portfolio.time_zone)),
        "why": c.why.value,
        "task_id": c.task_id,
        "opens": c.window[0],
        "closes": c.window[1],
        "place": place,
        "arrives": arrives,
    }
