"""A better plan is sought once, however often its message comes, and told only if it is one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.routes.problem import Route, judge
from chalicelib.routes.team_plan import PlanState
from chalicelib.services import team_planning
from tests.builders import NOW
from tests.team_plan_world import MemoryPlans, a_plan

LATER = timedelta(seconds=91)


class World:
    """One plan, its store, and workers that search as told."""

    def __init__(self, **values):
        self.plans = MemoryPlans()
        self.plan = a_plan(**values)
        self.plans.add(self.plan)
        self.now = NOW
        self.searched = 0

    @property
    def kept(self):
        return self.plans.get(self.plan.portfolio_id, self.plan.plan_id)

    def work(self, search=None):
        def counted(problem, visits, seconds):
            self.searched += 1
            return (search or halves)(problem, visits, seconds)

        return team_planning.work(
            self.plan.portfolio_id,
            self.plan.plan_id,
            plans=self.plans,
            clock=lambda: self.now,
            search=counted,
        )


def halves(problem, visits, seconds):
    """Each agent his half of the street, the nearest first."""
    half = len(visits) // 2
    return [
        Route(crew=0, calls=tuple(range(half))),
        Route(crew=1, calls=tuple(reversed(range(half, len(visits))))),
    ]


def as_first(problem, visits, seconds):
    return [Route(crew=crew, calls=tuple(range(crew, len(visits), 2))) for crew in (0, 1)]


@pytest.fixture
def world():
    return World()


def test_what_is_shorter_is_kept(world):
    done = world.work()

    assert done == world.kept
    assert (done.state, done.tries, done.problem) == (PlanState.DONE, 1, "")
    assert {who: len(stops) for who, stops in done.found.stops.items()} == {"per_0": 4, "per_1": 4}
    assert [stop.visit_id for stop in done.found.stops["per_0"]] == [f"cas_{n}" for n in range(4)]
    assert done.found.metres < 13_000
    assert done.found.seconds == pytest.approx(done.found.metres / 5, abs=20)  # 18 km/h


def test_what_is_no_shorter_is_not_told(world):
    done = world.work(as_first)

    assert (done.state, done.found, done.left_out) == (PlanState.DONE, None, {})


def test_a_solvers_own_figures_are_not_believed():
    """What it says can be driven, and cannot, is not taken."""
    one, other = a_plan().agents
    world = World(agents=(one, replace(other, visits_max=3)))

    assert world.work().found is None


def test_a_plan_that_makes_more_visits_is_better_though_longer():
    team, wanted = a_plan().agents, a_plan().visits
    first = a_plan().first
    fewer = replace(
        first,
        stops={"per_0": first.stops["per_0"][:1], "per_1": ()},
        left_out=tuple(one.visit_id for one in wanted[1:]),
    )
    world = World(agents=team, visits=wanted, first=fewer)

    assert len(world.work().found.left_out) == 0


def test_why_visits_are_left_out_is_told():
    plan = a_plan()
    near = plan.visits[0]
    more = (
        replace(near, visit_id="cas_closed", closes=3_600),
        replace(near, visit_id="cas_late"),
        replace(near, visit_id="cas_guarani", skills=frozenset({"guarani"})),
    )
    wanted = (*plan.visits, *more)
    first = replace(plan.first, left_out=tuple(one.visit_id for one in more))
    world = World(visits=wanted, first=first)

    done = world.work(lambda problem, visits, seconds: halves(problem, visits[:8], seconds))

    assert done.left_out == {
        "cas_closed": "hours", "cas_late": "no_room", "cas_guarani": "skills",
    }  # fmt: skip


def test_a_message_that_comes_twice_makes_no_second_plan(world):
    first = world.work()

    assert world.work() is None
    assert (world.searched, world.kept) == (1, first)


def test_what_another_worker_is_at_is_left_to_him(world):
    def meanwhile(problem, visits, seconds):
        assert world.kept.state is PlanState.PLANNING
        assert world.work() is None
        return halves(problem, visits, seconds)

    assert world.work(meanwhile).state is PlanState.DONE
    assert world.searched == 1


def test_of_two_workers_at_one_moment_one_goes_on(world):
    plan = world.kept
    world.plans.get = lambda *_: plan  # both have read it before either wrote

    assert world.work().state is PlanState.DONE
    assert world.work() is None
    assert world.searched == 1


def test_what_a_worker_died_of_is_tried_again_some_times(world):
    class Died(BaseException):
        pass

    def die(*_):
        raise Died

    for _ in range(team_planning.MOST_TRIES):
        with pytest.raises(Died):
            world.work(die)
        assert world.work() is None  # he may still be at it
        world.now += LATER
    told = world.work()

    assert (told.state, told.problem) == (PlanState.FAILED, "crashed")
    assert world.searched == team_planning.MOST_TRIES


def test_what_died_once_is_done_by_the_next(world):
    with pytest.raises(KeyboardInterrupt):
        world.work(lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    world.now += LATER

    assert (world.work().state, world.kept.tries) == (PlanState.DONE, 2)


def test_a_search_that_fails_is_noted_and_not_repeated(world):
    def fail(*_):
        raise ValueError("no such matrix")

    with pytest.raises(ValueError, match="no such matrix"):
        world.work(fail)

    assert (world.kept.state, world.kept.problem) == (PlanState.FAILED, "unsolved")
    assert world.work() is None


def test_a_plan_that_has_gone_is_nobodys(world):
    world.plans.kept.clear()

    assert world.work() is None


def test_the_solver_itself_keeps_every_limit():
    """PyVRP, as the function uses it."""
    pytest.importorskip("pyvrp")
    world = World()
    seen = {}

    def solve(problem, visits, seconds):
        from chalicelib.routes.day import with_promises

        seen["routes"] = with_promises(problem, visits, 0.3)
        seen["verdict"] = judge(problem, seen["routes"])
        return seen["routes"]

    done = world.work(solve)

    assert seen["verdict"].broken == ()
    assert done.found.metres == seen["verdict"].distance
    assert done.found.metres < 13_000
