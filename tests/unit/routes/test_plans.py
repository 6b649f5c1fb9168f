"""Plans keep hours, capacity and skills, and leave out what matters least."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.geo.point import Point
from chalicelib.routes import team
from chalicelib.routes.day import Agent, Visit, order_day, plan_team
from chalicelib.routes.ordering import ordered
from chalicelib.routes.problem import Call, Crew, Problem, Route, judge
from chalicelib.routes.travel import matrices

HOME = Point(19.4, -99.15)


def town(count, seed=5):
    chance = random.Random(seed)  # noqa: S311 - invented places
    return [
        Point(19.4 + chance.uniform(-0.05, 0.05), -99.15 + chance.uniform(-0.05, 0.05))
        for _ in range(count)
    ]


def problem_of(points, **crew):
    metres, seconds = matrices([HOME, *points])
    calls = tuple(Call(place=place) for place in range(1, len(metres)))
    return Problem(distances=metres, durations=seconds, calls=calls, crews=(Crew(**crew),))


def length(problem, order):
    return judge(problem, [Route(crew=0, calls=tuple(order))]).distance


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 14), st.integers(0, 1000))
def test_an_order_holds_every_call_once(count, seed):
    problem = problem_of(town(count, seed))

    order = ordered(problem.calls, problem.crews[0], problem.distances, problem.durations)

    assert sorted(order) == list(range(count))


def test_a_small_day_is_in_the_best_order():
    from itertools import permutations

    for seed in range(8):
        problem = problem_of(town(6, seed))
        best = min(length(problem, order) for order in permutations(range(6)))

        order = ordered(problem.calls, problem.crews[0], problem.distances, problem.durations)

        assert length(problem, order) == best


def test_a_day_of_fifty_stops_is_within_a_hundredth_of_the_solvers():
    problem = problem_of(town(50))
    solved = judge(problem, team.solve(problem, seconds=0, rounds=2000)).distance

    order = ordered(problem.calls, problem.crews[0], problem.distances, problem.durations)

    assert length(problem, order) <= 1.01 * solved


def test_one_way_streets_do_not_trap_the_search():
    chance = random.Random(2)  # noqa: S311 - invented ways
    table = [[0 if i == j else chance.randrange(1, 100) for j in range(12)] for i in range(12)]
    calls = [Call(place=place) for place in range(1, 12)]

    assert sorted(ordered(calls, Crew(), table, table)) == list(range(11))


@pytest.mark.parametrize(
    ("routes", "broken"),
    [
        ([Route(crew=0, calls=(0, 1)), Route(crew=0, calls=(2,))], "2 of 1 agents"),
        ([Route(crew=0, calls=(0, 1))], "call 2 is left out"),
        ([Route(crew=0, calls=(0, 1, 1, 2))], "a call is made twice"),
        ([Route(crew=0, calls=(0, 1, 2))], "route 1: load 3 > 2"),
    ],
)
def test_a_plan_that_breaks_a_limit_is_told(routes, broken):
    table = [[0, 1, 1, 1], [1, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 0]]
    calls = tuple(Call(place=place, demand=1) for place in (1, 2, 3))
    problem = Problem(distances=table, durations=table, calls=calls, crews=(Crew(capacity=2),))

    assert broken in judge(problem, routes).broken


def visits(count, **more):
    return [Visit(visit_id=f"v{n}", point=point, **more) for n, point in enumerate(town(count))]


def planned(kind, agent, wanted):
    if kind == "team":
        return plan_team([agent], wanted, seconds=0.4)
    return order_day(agent, wanted)


@pytest.mark.parametrize("kind", ["team", "one"])
def test_visits_begin_within_their_hours_and_the_agents(kind):
    agent = Agent(agent_id="a", start=HOME)
    early = Visit(visit_id="early", point=Point(19.36, -99.2), opens=9 * 3600, closes=10 * 3600)
    late = Visit(visit_id="late", point=Point(19.41, -99.15), opens=15 * 3600, closes=16 * 3600)

    day = planned(kind, agent, [late, early, *visits(8)])

    begins = {stop.visit_id: stop.arrives for stop in day.stops["a"]}
    assert day.left_out == ()
    assert 9 * 3600 <= begins["early"] <= 10 * 3600
    assert 15 * 3600 <= begins["late"] <= 16 * 3600


@pytest.mark.parametrize("kind", ["team", "one"])
def test_a_promise_due_today_is_never_left_out_for_others(kind):
    agent = Agent(agent_id="a", start=HOME, closes=12 * 3600)
    promised = Visit(visit_id="promised", point=Point(19.50, -99.25), promised=True)

    day = planned(kind, agent, [*visits(25), promised])

    assert "promised" in {stop.visit_id for stop in day.stops["a"]}
    assert day.left_out


@pytest.mark.parametrize("kind", ["team", "one"])
def test_an_agent_makes_no_more_visits_than_he_may_and_none_without_the_skill(kind):
    agent = Agent(agent_id="a", start=HOME, visits_max=4, skills=frozenset({"moto"}))
    farm = Visit(visit_id="farm", point=town(1)[0], skills=frozenset({"lancha"}))
    shop = Visit(visit_id="shop", point=town(1)[0], skills=frozenset({"moto"}), worth=20_000)

    day = planned(kind, agent, [farm, shop, *visits(6)])

    made = [stop.visit_id for stop in day.stops["a"]]
    assert len(made) == 4
    assert "farm" in day.left_out
    assert "shop" in made


def test_of_several_searches_the_best_is_kept():
    problem = problem_of(town(12))

    plan = team.solve_best(problem, seconds=0.1, jobs=2)

    assert judge(problem, plan).broken == ()
    assert length(problem, plan[0].calls) <= length(problem, range(12))


def test_a_team_shares_the_day_and_each_ends_where_he_wants():
    north, south = Point(19.45, -99.15), Point(19.35, -99.15)
    agents = [
        Agent(agent_id="n", start=north, visits_max=8),
        Agent(agent_id="s", start=south, end=north, visits_max=8),
        Agent(agent_id="off", start=south, opens=0, closes=0),
    ]

    day = plan_team(agents, visits(16), seconds=0.4)

    assert day.left_out == ()
    assert (len(day.stops["n"]), len(day.stops["s"]), day.stops["off"]) == (8, 8, ())


def test_nobody_at_work_leaves_everything_out():
    day = plan_team([], visits(2), seconds=1)

    assert (day.stops, day.left_out) == ({}, ("v0", "v1"))
