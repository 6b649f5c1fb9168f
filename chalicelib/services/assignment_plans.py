"""Proposing who visits whom on a day: what is due, what lies in a zone, what a rule picks."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from chalicelib.domain import ageing
from chalicelib.domain.agent import AgentProfile
from chalicelib.domain.assignment import AssignmentState, Why
from chalicelib.domain.case import (
    Address,
    CaseFile,
    CaseFilter,
    PointQuality,
    PromiseState,
)
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import BadField, PortfolioNotFound
from chalicelib.domain.people import Actor, Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.task import TaskKind, TaskState
from chalicelib.domain.zone import Zone
from chalicelib.geo.point import Point
from chalicelib.routes.day import Agent, Visit, plan_team
from chalicelib.services import casework, field_places, field_team, visit_windows
from chalicelib.services.access import MANAGERS, need_portfolio
from chalicelib.services.assigning import OPEN
from chalicelib.services.best_hours import best_hours
from chalicelib.services.field_places import place_of
from chalicelib.services.field_ports import FieldCases, FieldPortfolios
from chalicelib.services.field_team import People, Profiles, Zones
from chalicelib.strategies.facts import facts_of
from chalicelib.strategies.model import Playbook
from chalicelib.strategies.playbook import segment_of

MOST_CASES = 200  # opened for one proposal
MOST_AGENTS = 20
SPARE = 1  # visits that one agent may have above an even share, for a shorter way
QUALITIES = (PointQuality.ROOFTOP, PointQuality.STREET, PointQuality.TOWN, PointQuality.NONE)
# Metres of detour that a hundred days past due are worth.
WORTH_OF_DPD = 20


class Ids(Protocol):
    @property
    def items(self) -> Sequence[str]: ...


class PlanCases(FieldCases, casework.ListedCases, Protocol):
    def asking_for_visits(
        self, portfolio_id: str, until: date, *, limit: int = ..., cursor: str | None = ...
    ) -> Ids: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """The stores that a proposal is made from."""

    cases: PlanCases
    portfolios: FieldPortfolios
    people: People
    profiles: Profiles
    zones: Zones
    playbook: Callable[[str], Playbook | None] = lambda _: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    What a proposal is wanted of.

    Args:
        how: ``due`` (promises and visit tasks), ``zone`` or ``rule``.
        people: Among whom; empty = all of the actor's agents who work that day (of a zone with
            people of its own: those).
        where: What a case must be, whatever the way; a band is a range of due dates in it.
        segment_id: Of the portfolio's segments, the one the case must be in; empty = any.
        most: How many visits at most.
    """

    portfolio_id: str
    day: date
    how: str
    zone_id: str = ""
    people: tuple[str, ...] = ()
    where: CaseFilter = field(default_factory=CaseFilter)
    sort: str = "due"
    segment_id: str = ""
    most: int = MOST_CASES


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    file: CaseFile
    address: Address
    point: Point
    window: tuple[int, int]
    why: Why
    task_id: str
    dpd: int


def propose(asked: Asked, *, actor: Actor, stores: Stores, now: datetime) -> dict[str, Any]:
    """
    Propose visits for a day, divided among agents evenly and by way; nothing is written.

    Promises due come first, then what is longest due. Who has visits that day already gets
    fewer; nobody gets more than he can make in his hours.

    Returns:
        ``items`` to be applied as they are, ``agents`` with their loads, ``left_out`` by reason.

    Raises:
        PortfolioNotFound, ZoneNotFound: None that the actor may see.
        BadField: Nobody to go, or a day that is past.
    """
    need_portfolio(actor, asked.portfolio_id, *MANAGERS)
    portfolio = stores.portfolios.get(asked.portfolio_id)
    if portfolio is None:
        raise PortfolioNotFound
    if asked.day < local_day(now, portfolio.time_zone):
        raise BadField(field="date", reason="in_the_past")
    zone = (
        field_team.zone(asked.zone_id, actor=actor, zones=stores.zones) if asked.zone_id else None
    )
    agents = _agents(asked, zone, actor, stores)
    keys = _keys(asked, zone, stores)
    files = stores.cases.open_many(list(keys)[:MOST_CASES])
    left_out: Counter[str] = Counter()
    playbook = stores.playbook(asked.portfolio_id) if asked.segment_id else None
    look = _Look(asked=asked, portfolio=portfolio, now=now, left_out=left_out, playbook=playbook)
    left_out["later"] = max(0, len(keys) - MOST_CASES)
    picked = [
        found
        for case_id, file in files.items()
        if (found := look.at(file, keys[case_id])) is not None
    ]
    picked.sort(key=lambda c: (c.why is not Why.PROMISE, c.why is not Why.TASK, -c.dpd))
    left_out["most"] = max(0, len(picked) - asked.most)
    picked = picked[: asked.most]
    loads = {
        person.person_id: len(stores.cases.agenda_of(person.person_id, asked.day))
        for person, _ in agents
    }
    who = _divided(picked, agents, loads)
    left_out["no_room"] = len(picked) - len(who)
    return {
        "date": asked.day.isoformat(),
        "portfolio_id": asked.portfolio_id,
        "items": [_item(c, who[c.file.head.case_id], portfolio, now) for c in picked
                  if c.file.head.case_id in who],
        "agents": [
            {
                "person_id": person.person_id,
                "name": person.name,
                "visits": loads[person.person_id],
                "added": sum(1 for one in who.values() if one == person.person_id),
                "visits_max": profile.visits_max,
            }
            for person, profile in agents
        ],
        "left_out": [
            {"reason": reason, "cases": number} for reason, number in left_out.items() if number
        ],
        "considered": len(files),
    }  # fmt: skip


# Private


def _agents(
    asked: Asked, zone: Zone | None, actor: Actor, stores: Stores
) -> list[tuple[Person, AgentProfile]]:
    known = stores.profiles.profiles()
    wanted = asked.people or (zone.people if zone else ())
    found = []
    for person in field_team.team(actor=actor, people=stores.people):
        profile = known.get(person.person_id) or AgentProfile(person_id=person.person_id)
        mine = profile.portfolios or person.portfolios
        if "*" not in mine and asked.portfolio_id not in mine:
            continue
        if person.person_id in wanted or (not wanted and profile.works_on(asked.day)):
            found.append((person, profile))
    if not found:
        raise BadField(field="people", reason="missing")
    return found[:MOST_AGENTS]


def _keys(asked: Asked, zone: Zone | None, stores: Stores) -> dict[str, str]:
    """Case ids to look at, each with the address that was found; empty for any."""
    if asked.how == "zone":
        if zone is None:
            raise BadField(field="zone_id", reason="missing")
        area = field_places.of_zone(zone)
        places = field_places.found(asked.portfolio_id, area, cases=stores.cases)
        return {key.case_id: key.address_id for key, _ in places}
    if asked.how == "due":
        due = stores.cases.asking_for_visits(asked.portfolio_id, asked.day, limit=2 * MOST_CASES)
        return dict.fromkeys(due.items, "")
    lines = stores.cases.list(
        asked.portfolio_id, sort=asked.sort, where=asked.where, limit=2 * MOST_CASES
    )
    return dict.fromkeys((one.case_id for one in lines.items if one.status in OPEN), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """Looks at cases one by one, and counts why those are left out that are."""

    asked: Asked
    portfolio: Portfolio
    now: datetime
    left_out: Counter[str]
    playbook: Playbook | None

    def at(self, file: CaseFile, address_id: str) -> Candidate | None:
        reason = self._reason(file)
        if reason:
            self.left_out[reason] += 1
            return None
        asked, zone = self.asked, self.portfolio.time_zone
        address = _best_address(file, address_id)
        point = place_of(address) if address else None
        if address is None or point is None:
            self.left_out["no_point"] += 1
            return None
        found = visit_windows.window_of_day(
            file, self.portfolio, address.address_id, asked.day, now=self.now
        )
        if found is None:
            self.left_out["not_allowed"] += 1
            return None
        window = visit_windows.seconds_of_day(found, self.portfolio, asked.day)
        why, task_id = _why(file, asked)
        return Candidate(
            file=file,
            address=address,
            point=point,
            window=best_hours(file, zone, within=window),
            why=why,
            task_id=task_id,
            dpd=ageing.legal_dpd(file.head.oldest_due_on, asked.day),
        )

    def _reason(self, file: CaseFile) -> str:
        today = local_day(self.now, self.portfolio.time_zone)
        if file.head.status not in OPEN:
            return "case_closed"
        if not self.asked.where.holds(file.head) or not self._in_segment(file):
            return "rule"
        taken = (a.state is AssignmentState.PLANNED and a.day >= today for a in file.assignments)
        return "taken" if any(taken) else ""

    def _in_segment(self, file: CaseFile) -> bool:
        if not self.asked.segment_id:
            return True
        facts = facts_of(file, self.portfolio, self.asked.day)
        found = segment_of(self.playbook, facts) if self.playbook else None
        return found is not None and found.segment_id == self.asked.segment_id


def _best_address(file: CaseFile, address_id: str) -> Address | None:
    if address_id:
        return next((a for a in file.addresses if a.address_id == address_id), None)
    placed = [a for a in file.addresses if place_of(a) is not None]
    return min(placed, key=lambda a: QUALITIES.index(a.quality), default=None)


def _why(file: CaseFile, asked: Asked) -> tuple[Why, str]:
    if any(p.state is PromiseState.OPEN and p.due_on <= asked.day for p in file.promises):
        return Why.PROMISE, ""
    task = next(
        (
            t
            for t in file.tasks
            if t.kind is TaskKind.VISIT and t.state is TaskState.OPEN and t.due_on <= asked.day
        ),
        None,
    )
    if task is not None:
        return Why.TASK, task.task_id
    return (Why.ZONE if asked.how == "zone" else Why.RULE), ""


def _divided(
    picked: Sequence[Candidate],
    agents: Sequence[tuple[Person, AgentProfile]],
    loads: Mapping[str, int],
) -> dict[str, str]:
    """Give the person for each case: short ways, and nobody far above his even share."""
    share = even_share(len(picked), [loads[p.person_id] for p, _ in agents])
    visits = [
        Visit(
            visit_id=c.file.head.case_id,
            point=c.point,
            opens=c.window[0],
            closes=c.window[1],
            promised=c.why is Why.PROMISE,
            worth=c.dpd * WORTH_OF_DPD,
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
            skills=frozenset(profile.skills),
        )
        for person, profile in agents
    ]
    crews = [crew for crew in crews if crew.visits_max]
    day = plan_team(crews, visits, seconds=0)
    return {stop.visit_id: person for person, stops in day.stops.items() for stop in stops}


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


def _item(c: Candidate, person_id: str, portfolio: Portfolio, now: datetime) -> dict[str, Any]:
    head = c.file.head
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
    }
