"""Looking for the cases that a proposal of visits may take: page by page, and one by one."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from chalicelib.domain import ageing
from chalicelib.domain.assignment import AssignmentState, Why
from chalicelib.domain.case import Address, CaseFile, PointQuality, PromiseState
from chalicelib.domain.case_list import CaseFilter
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import BadField
from chalicelib.domain.names import folded
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.task import TaskKind, TaskState
from chalicelib.domain.zone import Zone
from chalicelib.geo.point import Point
from chalicelib.services import casework, field_places, team_plans, visit_windows
from chalicelib.services.assigning import OPEN
from chalicelib.services.best_hours import best_hours
from chalicelib.services.field_places import place_of
from chalicelib.services.field_ports import FieldCases, FieldPortfolios
from chalicelib.services.field_team import People, Profiles, Zones
from chalicelib.strategies.facts import facts_of
from chalicelib.strategies.model import Playbook
from chalicelib.strategies.playbook import segment_of

MOST_VISITS = 200  # in one proposal
PAGE = 100
# Cases looked at before a proposal is content with those it has, so that a promise comes before
# what merely stands first in the list; and at most, which takes a few seconds.
ENOUGH, MOST_LOOKED = 200, 1_000
QUALITIES = (PointQuality.ROOFTOP, PointQuality.STREET, PointQuality.TOWN, PointQuality.NONE)


class Ids(Protocol):
    @property
    def items(self) -> Sequence[str]: ...

    @property
    def cursor(self) -> str | None: ...


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
    better: team_plans.Means
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
        cursor: Where an earlier proposal stopped looking; None = from the start.
    """

    portfolio_id: str
    day: date
    how: str
    zone_id: str = ""
    people: tuple[str, ...] = ()
    where: CaseFilter = field(default_factory=CaseFilter)
    sort: str = "due"
    segment_id: str = ""
    most: int = MOST_VISITS
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """``skills``: what its agent must have, of those that somebody of the portfolio has."""

    file: CaseFile
    address: Address
    point: Point
    window: tuple[int, int]
    why: Why
    task_id: str
    dpd: int
    skills: frozenset[str] = frozenset()
    prefers: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """
    Args:
        candidates: Promises first, then tasks, then what is longest due; *most* of them.
        considered: How many cases were looked at.
        cursor: Where to look on; None when all have been looked at.
    """

    candidates: Sequence[Candidate]
    considered: int
    cursor: str | None


def find(asked: Asked, zone: Zone | None, look: "Look", *, stores: Stores) -> Found:
    """
    Look through the cases until there are enough, or for as long as one request may.

    What was found beyond *most* is found again by looking on, once the others are assigned.
    """
    picked: list[Candidate] = []
    seen: set[str] = set()  # a promise and a task of one case lie apart
    on = asked.cursor
    for keys, after in _pages(asked, zone, stores):
        before, on = on, after
        new = [case_id for case_id in keys if case_id not in seen]
        seen.update(new)
        picked += [
            found
            for case_id, file in stores.cases.open_many(new).items()
            if (found := look.at(file, keys[case_id])) is not None
        ]
        enough = len(seen) >= ENOUGH and len(picked) >= asked.most
        if enough or len(seen) >= MOST_LOOKED:
            on = before if len(picked) > asked.most else after
            break
    picked.sort(key=lambda c: (c.why is not Why.PROMISE, c.why is not Why.TASK, -c.dpd))
    look.left_out["most"] = max(0, len(picked) - asked.most)
    return Found(candidates=picked[: asked.most], considered=len(seen), cursor=on)


def wanted_skills(file: CaseFile) -> frozenset[str]:
    """
    Name what a case's agent may need, folded: its tags, and the products of what it owes.

    A language is a tag such as ``maya``; it asks something of agents once one of them has it.
    """
    products = (debt.product for debt in file.debts if not debt.void)
    return frozenset(filter(None, map(folded, (*file.head.tags, *products))))


def _pages(
    asked: Asked, zone: Zone | None, stores: Stores
) -> Iterator[tuple[dict[str, str], str | None]]:
    """Case ids, each with the address that was found or "" for any; and where to go on."""
    if asked.how == "zone":
        yield from _of_zone(asked, zone, stores)
        return
    cursor = asked.cursor
    while True:
        if asked.how == "due":
            due = stores.cases.asking_for_visits(
                asked.portfolio_id, asked.day, limit=PAGE, cursor=cursor
            )
            ids, cursor = list(due.items), due.cursor
        else:
            lines = stores.cases.list(
                asked.portfolio_id, sort=asked.sort, where=asked.where, limit=PAGE, cursor=cursor
            )
            ids = [one.case_id for one in lines.items if one.status in OPEN]
            cursor = lines.cursor
        yield dict.fromkeys(ids, ""), cursor
        if cursor is None:
            return


def _of_zone(
    asked: Asked, zone: Zone | None, stores: Stores
) -> Iterator[tuple[dict[str, str], str | None]]:
    if zone is None:
        raise BadField(field="zone_id", reason="missing")
    area = field_places.of_zone(zone)
    places = field_places.found(asked.portfolio_id, area, cases=stores.cases)
    known = {key.case_id: key.address_id for key, _ in reversed(places)}
    left = sorted(case_id for case_id in known if case_id > (asked.cursor or ""))
    for first in range(0, len(left), PAGE):
        page = left[first : first + PAGE]
        last = page[-1] == left[-1]
        yield {case_id: known[case_id] for case_id in page}, None if last else page[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Looks at cases one by one, and counts why those are left out that are."""

    asked: Asked
    portfolio: Portfolio
    now: datetime
    left_out: Counter[str]
    playbook: Playbook | None
    skills: frozenset[str]

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
            window=window,
            prefers=best_hours(file, zone, within=window),
            why=why,
            task_id=task_id,
            dpd=ageing.legal_dpd(file.head.oldest_due_on, asked.day),
            skills=wanted_skills(file) & self.skills,
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
