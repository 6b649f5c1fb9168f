"""
Who passed by a place on a day, and which visits were reported there.

Candidates come from the H3 cells that batches of points and visits carry; the verdict is the
distance. Only what was recorded in a shift is known: that nobody is found proves nothing.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Actor
from chalicelib.domain.tracking import Fix, Presence
from chalicelib.domain.visit import Standing
from chalicelib.geo.distance import metres_between
from chalicelib.geo.point import Point
from chalicelib.services import field_places
from chalicelib.services.access import MANAGERS, open_portfolio
from chalicelib.services.field_places import Area
from chalicelib.services.field_ports import FieldPortfolios
from chalicelib.services.shifts import Tracking
from chalicelib.services.trails import Cases
from chalicelib.services.visit_judging import best_fix

LEAST_M, MOST_M = 10, 500
APART = timedelta(minutes=10)  # not seen there for longer: he came again
MOST_VISITS = 200
AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A visit; ``at``: when it ended."""

    case_id: str
    visit_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """
    A time that somebody was there.

    Args:
        distance_m, accuracy_m: Of the nearest point.
        points: How many were within.
        visits: Those he reported from there then.
    """

    person_id: str
    name: str
    team: str
    since: datetime
    until: datetime
    distance_m: float
    accuracy_m: float | None
    points: int
    visits: tuple[Reported, ...]


def near(
    portfolio_id: str,
    *,
    lat: float,
    lng: float,
    radius_m: int,
    day: date,
    actor: Actor,
    portfolios: FieldPortfolios,
    tracking: Tracking,
    cases: Cases,
    now: datetime,
) -> list[Pass]:
    """
    Give the times that agents of a portfolio were near a point on its day, in order.

    Raises:
        PortfolioNotFound, NotAllowed: As everywhere.
        BadField: No point, or a radius that is no place.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    if not LEAST_M <= radius_m <= MOST_M:
        raise BadField(field="radius_m", reason="out_of_range", least=LEAST_M, most=MOST_M)
    area = field_places.around(lat, lng, radius_m)
    zone = ZoneInfo(portfolio.time_zone)
    since = datetime.combine(day, time.min, zone).astimezone(UTC)
    until = datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)
    until -= timedelta(microseconds=1)
    reported = _reported(portfolio_id, area, since, until, cases)

    def of(agent: Presence) -> list[Pass]:
        fixes = tracking.points(
            agent.person_id, since=since, until=until, now=now, cells=frozenset(area.cells)
        )
        stays = list(_parted([fix for fix in fixes if area.holds(fix.point)]))
        told = reported.get(agent.person_id, ())
        return [_pass(agent, stay, Point(lat, lng), told) for stay in stays]

    agents = [
        one
        for one in tracking.heard(since=None)
        if portfolio_id in one.portfolios or "*" in one.portfolios
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = [one for some in pool.map(of, agents) for one in some]
    return sorted(found, key=lambda one: (one.since, one.name))


def _reported(
    portfolio_id: str, area: Area, since: datetime, until: datetime, cases: Cases
) -> dict[str, list[Reported]]:
    """The visits reported from there, by person."""
    found: dict[str, list[Reported]] = {}
    page = cases.visits(portfolio_id, tuple(Standing), since=since, until=until, limit=MOST_VISITS)
    cells = frozenset(area.cells)
    for case_id, visit in page.items:
        fix = best_fix(visit.report) if visit.findings.cell in cells else None
        if fix is not None and area.holds(Point(fix.lat, fix.lng)):
            told = Reported(case_id=case_id, visit_id=visit.visit_id, at=visit.at)
            found.setdefault(visit.person_id, []).append(told)
    return found


def _parted(fixes: Sequence[Fix]) -> Iterator[list[Fix]]:
    stay: list[Fix] = []
    for fix in fixes:
        if stay and fix.at - stay[-1].at > APART:
            yield stay
            stay = []
        stay.append(fix)
    if stay:
        yield stay


def _pass(
    agent: Presence,
    stay: Sequence[Fix],
    middle: Point,
    reported: Sequence[Reported],
) -> Pass:
    nearest = min(stay, key=lambda fix: metres_between(fix.point, middle))
    first, last = stay[0].at, stay[-1].at
    return Pass(
        person_id=agent.person_id,
        name=agent.name,
        team=agent.team,
        since=first,
        until=last,
        distance_m=round(metres_between(nearest.point, middle), 1),
        accuracy_m=nearest.accuracy_m,
        points=len(stay),
        visits=tuple(one for one in reported if first - APART <= one.at <= last + APART),
    )
