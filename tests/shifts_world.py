"""Shifts of an invented team, walked in straight lines; and what they come to, by hand."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise

from chalicelib.domain.days import local_day
from chalicelib.domain.people import Person, Role
from chalicelib.domain.tracking import Fix
from chalicelib.geo.distance import metres_between
from chalicelib.services import pings, shifts
from tests.facts_by_hand import ZONE
from tests.lake_world import Agents
from tests.year_contacts import at

TEAM = {"per_1": ("prt_test",), "per_2": ("prt_test", "prt_other"), "per_3": ("prt_other",)}
POINTS = 20


def work(agents: Agents, first: date, last: date) -> None:
    """Each of the team works every third day, some hours, and sends a point each half minute."""
    for number, (person_id, portfolios) in enumerate(TEAM.items()):
        person = Person(
            person_id=person_id, email="a@example.com", name="", role=Role.AGENT,
            portfolios=portfolios,
        )  # fmt: skip
        day = first + timedelta(days=number)
        while day <= last:
            _shift(agents, person, day)
            day += timedelta(days=3)


def _shift(agents: Agents, person: Person, day: date) -> None:
    began, shift_id = at(day, 9, day.day), f"shf_{person.person_id}_{day}"
    ended = began + timedelta(hours=3, seconds=7 * day.day)
    shifts.start(shift_id, began, person=person, tracking=agents, now=began)
    fixes = [
        Fix(
            at=began + timedelta(seconds=30 * (n + 1)),
            lat=19.4 + n * (1 + day.day % 5) / 2_000,
            lng=-99.1,
            accuracy_m=5,
        )
        for n in range(POINTS)
    ]
    pings.record(
        fixes, person_id=person.person_id, device_id="d", tracking=agents, now=fixes[-1].at
    )
    shifts.end(shift_id, ended, person_id=person.person_id, tracking=agents, now=ended)


def by_hand(first: date, last: date, began: date) -> Counter[tuple[str, str]]:
    """Seconds and metres of the portfolio's shifts, by how many portfolios share them."""
    agents = Agents()
    work(agents, began, last)
    sums: Counter[tuple[str, str]] = Counter()
    for person_id, portfolios in TEAM.items():
        if "prt_test" not in portfolios:
            continue
        for one in agents.shifts(person_id):
            if first <= local_day(one.started_at, ZONE) <= last:
                shared = str(len(portfolios))
                sums["field", shared] += int((_end(one) - one.started_at).total_seconds())
                fixes = [
                    fix
                    for _, some in agents.batches[person_id]
                    for fix in some
                    if one.started_at <= fix.at <= _end(one)
                ]
                way = (metres_between(a.point, b.point) for a, b in pairwise(fixes))
                sums["km", shared] += round(sum(way))
    return sums


def _end(shift) -> datetime:
    return shift.ended_at
