"""Where somebody was: the day's trail, for his supervisors and himself, and around a moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from chalicelib.domain.errors import AgentNotFound, BadField
from chalicelib.domain.people import Actor, Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.tracking import Fix, Shift
from chalicelib.domain.visit import Standing, Visit
from chalicelib.geo import trail
from chalicelib.geo.motion import Timed
from chalicelib.geo.stops import Stop
from chalicelib.services.access import MANAGERS, need, shares
from chalicelib.services.shifts import Tracking
from chalicelib.visits.trust import Ping

MOST_VISITS = 100
# Each portfolio is four queries; an agent has one or two.
MOST_PORTFOLIOS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Trails:
    """What the reception of visits asks: was his phone there, and who else used it."""

    tracking: Tracking
    clock: Callable[[], datetime]

    def around(self, person_id: str, since: datetime, until: datetime) -> list[Ping]:
        """Give a person's points between two moments, in order."""
        fixes = self.tracking.points(person_id, since=since, until=until, now=self.clock())
        return [
            Ping(at=fix.at, point=fix.point, accuracy_m=fix.accuracy_m)
            if fix.accuracy_m is not None
            else Ping(at=fix.at, point=fix.point)
            for fix in fixes
        ]

    def people_on(self, device_id: str, day: date) -> set[str]:
        """Say who sent positions from a device on a day (UTC)."""
        return self.tracking.people_on(device_id, day.isoformat())


class People(Protocol):
    def get(self, person_id: str) -> Person | None: ...


class Portfolios(Protocol):
    def some(self, portfolio_ids: tuple[str, ...]) -> list[Portfolio]: ...


class Page(Protocol):
    """Of (case id, visit)."""

    @property
    def items(self) -> Sequence[tuple[str, Visit]]: ...


class Cases(Protocol):
    def visits(
        self,
        portfolio_id: str,
        standings: Sequence[Standing],
        *,
        person_id: str = ...,
        since: datetime | None = ...,
        until: datetime | None = ...,
        limit: int = ...,
    ) -> Page: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """A visit of the day; where he was when he arrived, as the phone had it."""

    visit_id: str
    case_id: str
    at: datetime
    lat: float | None
    lng: float | None
    verdict: str
    disposition: str


@dataclass(frozen=True, slots=True)
class Step(Timed):
    """A place at a time, with all that the phone said of it."""

    fix: Fix


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    started_at: datetime
    finished_at: datetime
    distance_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """
    A day of one agent.

    Args:
        time_zone: Whose day it is: of his first portfolio.
        points: Jumps dropped, simplified to 10 m.
        received: How many points there are in all.
        kept_until: When the last of them is deleted.
    """

    person_id: str
    day: date
    time_zone: str
    points: list[Fix]
    stops: list[Stop]
    trips: list[Trip]
    shifts: list[Shift]
    visits: list[Visited]
    received: int
    distance_m: float
    kept_days: int
    kept_until: datetime


def of_agent(
    person_id: str,
    day: str | None,
    *,
    actor: Actor,
    people: People,
    portfolios: Portfolios,
    tracking: Tracking,
    cases: Cases,
    now: datetime,
) -> Trail:
    """
    Give an agent's day to a supervisor of one of his portfolios.

    Raises:
        AgentNotFound: None such, or none of one's portfolios.
    """
    need(actor, *MANAGERS)
    person = people.get(person_id)
    if person is None or not shares(actor, person.portfolios):
        raise AgentNotFound
    return of_person(person, day, portfolios=portfolios, tracking=tracking, cases=cases, now=now)


def of_person(
    person: Person,
    day: str | None,
    *,
    portfolios: Portfolios,
    tracking: Tracking,
    cases: Cases,
    now: datetime,
) -> Trail:
    """
    Give somebody's own day.

    Args:
        day: ``yyyy-mm-dd``; None = today where he works.
    """
    zone = zone_of(person, portfolios)
    on = _day(day) if day else now.astimezone(ZoneInfo(zone)).date()
    since = datetime.combine(on, time.min, ZoneInfo(zone)).astimezone(UTC)
    until = datetime.combine(on + timedelta(days=1), time.min, ZoneInfo(zone)).astimezone(UTC)
    until -= timedelta(microseconds=1)
    fixes = tracking.points(person.person_id, since=since, until=until, now=now)
    steps = trail.without_jumps([Step(fix.at, fix.point, fix) for fix in fixes])
    stops, trips = trail.stops_and_trips(steps)
    shifts = [
        shift
        for shift in tracking.shifts(person.person_id)
        if shift.started_at <= until and (shift.end(now) or now) >= since
    ]
    return Trail(
        person_id=person.person_id,
        day=on,
        time_zone=zone,
        points=[step.fix for step in trail.simplified(steps)],
        stops=stops,
        trips=[
            Trip(
                started_at=steps[one.first].at,
                finished_at=steps[one.last].at,
                distance_m=round(one.distance_m),
            )
            for one in trips
        ],
        shifts=shifts,
        visits=_visits(person, since, until, cases),
        received=len(fixes),
        distance_m=round(sum(one.distance_m for one in trips)),
        kept_days=tracking.kept.days,
        kept_until=(fixes[-1].at if fixes else until) + tracking.kept,
    )


def _visits(person: Person, since: datetime, until: datetime, cases: Cases) -> list[Visited]:
    """His visits of the day in his portfolios, in order."""
    found: list[Visited] = []
    for portfolio_id in person.portfolios[:MOST_PORTFOLIOS]:
        page = cases.visits(
            portfolio_id,
            tuple(Standing),
            person_id=person.person_id,
            since=since,
            until=until,
            limit=MOST_VISITS,
        )
        for case_id, visit in page.items:
            arrival = visit.report.fixes[0] if visit.report.fixes else None
            found.append(
                Visited(
                    visit_id=visit.visit_id,
                    case_id=case_id,
                    at=visit.at,
                    lat=arrival.lat if arrival else None,
                    lng=arrival.lng if arrival else None,
                    verdict=visit.findings.verdict.verdict,
                    disposition=visit.report.disposition,
                )
            )
    return sorted(found, key=lambda one: one.at)


def zone_of(person: Person, portfolios: Portfolios) -> str:
    """The time zone he works in: his first portfolio's."""
    own: Sequence[str] = [one for one in person.portfolios if one != "*"]
    found = portfolios.some(tuple(own[:1]))
    return found[0].time_zone if found else "UTC"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadField(field="date", reason="not_a_date") from error
