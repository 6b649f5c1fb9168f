"""Routes of a day: while an agent is on the way, within the law, for whom there is time."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.agent import AgentProfile
from chalicelib.domain.contact import AttemptState, Channel, Direction
from chalicelib.domain.people import Actor, Person, Role
from chalicelib.geo.point import Point
from chalicelib.services import route_plans
from tests.builders import a_debt, a_draft, a_portfolio, an_attempt, change_of, reopened
from tests.contract.test_field import HERE, an_address, an_assignment
from tests.fakes import MemoryCases

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # eleven in Mexico City
DAY = NOON.date()
EVA = Actor(actor_id="user:eva", role=Role.SUPERVISOR, portfolios=("prt_test",))


class Office:
    """People, profiles and portfolios; two agents."""

    def __init__(self, **profile):
        values = {"start": (HERE.lat, HERE.lng)} | profile
        self.kept = {"ana": AgentProfile(person_id="ana", **values)}
        self.portfolio = a_portfolio()

    def page(self, *, limit, cursor):
        people = [
            Person(person_id=name, email="", name=name, role=Role.AGENT, portfolios=("prt_test",))
            for name in ("ana", "luz")
        ]
        return people, None

    def profiles(self):
        return self.kept

    def get(self, _):
        return self.portfolio


@pytest.fixture
def cases():
    """Four visits along a street, Ana's: 400, 800, 1200 and 1600 m north."""
    cases = MemoryCases()
    for number in range(1, 5):
        draft = a_draft(a_debt(f"F-{number}"), key=f"D-{number}")
        draft.put_address(an_address(400 * number))
        cases.commit(change_of(draft))
        file = cases.open(draft.case_id)
        planned = reopened(file, now=NOON)
        planned.assign(an_assignment(file.addresses[0].address_id, f"asg_{number}", day=DAY))
        cases.commit(change_of(planned))
    return cases


def plan(cases, office=None, people=("ana",), now=NOON, **parts):
    office = office or Office()
    clock = parts.pop("clock", lambda: 0.0)
    stores = route_plans.Stores(
        cases=cases, portfolios=office, people=office, profiles=office, **parts
    )
    return route_plans.plan(DAY, people, actor=EVA, stores=stores, now=now, clock=clock)


def order(cases):
    found = [one for file in cases.files.values() for one in file.assignments if one.place]
    return [one.assignment_id for one in sorted(found, key=lambda one: one.place)]


def test_a_day_is_put_into_order_and_kept(cases):
    [route] = plan(cases)["routes"]

    assert order(cases) in (
        ["asg_1", "asg_2", "asg_3", "asg_4"], ["asg_4", "asg_3", "asg_2", "asg_1"],
    )  # fmt: skip
    assert route["stops"][0]["arrives"] >= 11 * 3600
    before = {case_id: file.head.version for case_id, file in cases.files.items()}
    plan(cases)
    assert before == {case_id: file.head.version for case_id, file in cases.files.items()}


def test_on_the_way_it_begins_where_he_is_and_what_was_made_stays_made(cases):
    plan(cases)
    north = Point(HERE.lat + 1_700 / 111_195, HERE.lng)
    made = next(f for f in cases.files.values() if f.assignments[0].assignment_id == "asg_4")
    draft = reopened(made, now=NOON)
    draft.finish_assignment("asg_4")
    cases.commit(change_of(draft))

    [route] = plan(cases, where=lambda _: north)["routes"]

    assert route["made"] == 1
    assert [stop["assignment_id"] for stop in route["stops"]] == ["asg_3", "asg_2", "asg_1"]
    assert [stop["place"] for stop in route["stops"]] == [2, 3, 4]


def test_what_does_not_fit_into_his_hours_is_said_and_a_promise_is_not_among_it(cases):
    promise = next(f for f in cases.files.values() if f.assignments[0].assignment_id == "asg_4")
    one = promise.assignments[0]
    cases.files[promise.head.case_id] = replace(
        promise, assignments=(replace(one, why=type(one.why)("promise")),)
    )

    [route] = plan(cases, Office(closes="11:45"))["routes"]

    assert route["left_out"]
    assert "asg_4" not in route["left_out"]


def test_the_laws_hours_are_kept(cases):
    office = Office(opens="05:00")
    limits = replace(office.portfolio.policies.contact, opens_at="12:00")
    office.portfolio = replace(
        office.portfolio, policies=replace(office.portfolio.policies, contact=limits)
    )

    [route] = plan(cases, office)["routes"]

    assert route["stops"][0]["arrives"] == 12 * 3600


def reached_at(cases, name, *hours):
    """Let an assignment's debtor have been reached by call at these hours of days before."""
    file = next(f for f in cases.files.values() if f.assignments[0].assignment_id == name)
    draft = reopened(file, now=NOON)
    for number, hour in enumerate(hours):
        at = datetime(2026, 11, 2 + number, hour, 30, tzinfo=ZoneInfo("America/Mexico_City"))
        draft.record(
            an_attempt(
                f"att_{number}", channel=Channel.CALL, direction=Direction.OUT,
                state=AttemptState.DONE, outcome="answered", sent_at=at.astimezone(UTC),
                not_before=None,
            )
        )  # fmt: skip
    cases.commit(change_of(draft))


def test_a_debtors_best_hours_choose_where_the_way_is_as_long(cases):
    reached_at(cases, "asg_2", 13, 14, 13)

    [route] = plan(cases, Office(visit_minutes=20))["routes"]

    # From noon to three: only the last of four from eleven on is that late, on the way home.
    [second] = [s for s in route["stops"] if s["assignment_id"] == "asg_2"]
    assert second["place"] == 4
    assert route["left_out"] == []


def test_best_hours_that_come_after_his_day_leave_nobody_out(cases):
    reached_at(cases, "asg_1", 18, 19, 18)

    [route] = plan(cases, Office(closes="15:00"))["routes"]

    assert route["left_out"] == []
    assert len(route["stops"]) == 4


def test_for_whom_there_was_no_time_is_asked_for_again(cases):
    ticks = iter([0.0, 1.0, 99.0])

    found = plan(cases, people=("ana", "luz"), clock=lambda: next(ticks))

    assert [route["person_id"] for route in found["routes"]] == ["ana"]
    assert found["later"] == ["luz"]
