"""A better plan is asked for once, told as far as it is, and given up when nobody answers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.errors import PortfolioNotFound, TeamPlanNotFound
from chalicelib.domain.people import Actor, Role
from chalicelib.routes.team_plan import PlanState
from chalicelib.services import team_plans
from chalicelib.services.team_plans import Divided, Means
from tests.builders import NOW
from tests.team_plan_world import MemoryJobs, MemoryPlans, agents, crossed, visits

DAY = date(2026, 11, 24)
EVA = Actor(actor_id="user:eva", role=Role.SUPERVISOR, portfolios=("prt_1",))


class World:
    def __init__(self):
        self.plans, self.jobs = MemoryPlans(), MemoryJobs()
        self.now = NOW

    def divided(self, number=8, team=2):
        crews, wanted = agents(team), visits(number)
        return Divided(agents=crews, visits=wanted, day=crossed(crews, wanted))

    def begin(self, divided=None):
        return team_plans.begin(
            "prt_1",
            DAY,
            divided or self.divided(),
            actor=EVA,
            means=Means(plans=self.plans, jobs=self.jobs),
            now=self.now,
        )

    def find(self, plan_id, actor=EVA):
        return team_plans.find("prt_1", plan_id, actor=actor, plans=self.plans, now=self.now)

    def change(self, plan_id, **values):
        plan = self.plans.get("prt_1", plan_id)
        return self.plans.save(replace(plan, updated_at=self.now, **values))


@pytest.fixture
def world():
    return World()


def test_a_plan_waits_in_the_queue_and_says_so(world):
    plan_id = world.begin()

    assert world.jobs.sent == [{"portfolio_id": "prt_1", "plan_id": plan_id}]
    told = world.find(plan_id)
    assert (told["state"], told["problem"], told["found"]) == ("waiting", "", None)
    assert told["first"] == {"visits": 8, "left_out": 0, "metres": 20_000, "seconds": 4_000}
    kept = world.plans.get("prt_1", plan_id)
    assert (kept.created_by, kept.expires_at - NOW) == ("user:eva", timedelta(days=2))


@pytest.mark.parametrize(("number", "team"), [(5, 2), (20, 1), (0, 2)])
def test_little_needs_no_queue(world, number, team):
    assert world.begin(world.divided(number, team)) is None
    assert (world.jobs.sent, world.plans.kept) == ([], {})


def test_the_same_again_is_the_same_plan_and_asked_for_once(world):
    first = world.begin()
    world.change(first, state=PlanState.DONE)

    assert world.begin() == first
    assert len(world.jobs.sent) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda d: replace(d, visits=d.visits[:-1]),
        lambda d: replace(d, agents=(d.agents[0], replace(d.agents[1], closes=50_000))),
        lambda d: replace(d, visits=(replace(d.visits[0], worth=9), *d.visits[1:])),
        lambda d: replace(d, day=replace(d.day, stops=dict.fromkeys(d.day.stops, ()))),
    ],
)
def test_whatever_changed_makes_another_plan(world, change):
    assert world.begin() != world.begin(change(world.divided()))
    assert len(world.jobs.sent) == 2


def test_what_failed_is_sought_anew(world):
    plan_id = world.begin()
    world.change(plan_id, state=PlanState.FAILED, problem="crashed", tries=3)
    assert (world.find(plan_id)["state"], world.find(plan_id)["problem"]) == ("failed", "crashed")

    assert world.begin() == plan_id
    assert len(world.jobs.sent) == 2
    kept = world.plans.get("prt_1", plan_id)
    assert (kept.state, kept.problem, kept.tries) == (PlanState.WAITING, "", 0)


@pytest.mark.parametrize("state", [PlanState.WAITING, PlanState.PLANNING])
def test_nobody_waits_for_what_does_not_come(world, state):
    plan_id = world.begin()
    world.change(plan_id, state=state)
    world.now += timedelta(seconds=119)
    assert world.find(plan_id)["state"] == state.value
    assert world.begin() == plan_id  # patience: it is at work
    world.now += timedelta(seconds=2)

    assert (world.find(plan_id)["state"], world.find(plan_id)["problem"]) == ("failed", "overdue")
    world.begin()
    assert len(world.jobs.sent) == 2
    assert world.find(plan_id)["state"] == "waiting"


def test_a_queue_that_takes_nothing_is_asked_again_at_once(world):
    world.jobs.broken = True
    with pytest.raises(ConnectionError):
        world.begin()
    world.jobs.broken = False

    plan_id = world.begin()

    assert world.jobs.sent == [{"portfolio_id": "prt_1", "plan_id": plan_id}]
    assert world.find(plan_id)["state"] == "waiting"


def test_what_was_found_says_who_goes_where_and_what_is_missed(world):
    plan_id = world.begin()
    first = world.plans.get("prt_1", plan_id).first
    stops = {"per_0": first.stops["per_0"][:2], "per_1": first.stops["per_1"]}
    found = replace(first, stops=stops, left_out=("cas_4", "cas_6"), metres=9_000, seconds=1_800)
    world.change(plan_id, state=PlanState.DONE, found=found, left_out={"cas_4": "hours"})

    told = world.find(plan_id)

    assert told["state"] == "done"
    better = told["found"]
    assert (better["visits"], better["metres"], better["seconds"]) == (6, 9_000, 1_800)
    assert better["routes"][0] == {
        "person_id": "per_0",
        "stops": [
            {"case_id": "cas_0", "place": 1, "arrives": 0},
            {"case_id": "cas_2", "place": 2, "arrives": 0},
        ],
    }
    assert better["missed"] == [
        {"case_id": "cas_4", "reason": "hours"}, {"case_id": "cas_6", "reason": "no_room"},
    ]  # fmt: skip


def test_plans_of_other_portfolios_and_old_ones_are_not_there(world):
    plan_id = world.begin()

    with pytest.raises(TeamPlanNotFound):
        world.find("tpl_none")
    stranger = replace(EVA, portfolios=("prt_2",))
    with pytest.raises(PortfolioNotFound):
        world.find(plan_id, actor=stranger)
