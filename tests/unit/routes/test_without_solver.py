"""A team's day without the solver: nothing broken, promises kept, not far from the solver's."""

import random

import pytest

from chalicelib.geo.point import Point
from chalicelib.routes import team
from chalicelib.routes.day import Agent, Visit, plan_team
from chalicelib.routes.problem import Call, Crew, Problem, judge
from chalicelib.routes.travel import matrices

SEED = 3


def places(number):
    rng = random.Random(SEED)  # noqa: S311 (the same city each time)
    return [Point(19.35 + rng.random() * 0.15, -99.2 + rng.random() * 0.15) for _ in range(number)]


def a_team(visits, agents, **values):
    points = places(visits + agents)
    asked = [
        Visit(visit_id=str(n), point=point, opens=7 * 3600, closes=20 * 3600, promised=n % 15 == 0)
        for n, point in enumerate(points[:visits])
    ]
    most = round(visits / agents * 1.15) + 1
    crews = [
        Agent(agent_id=str(n), start=point, visits_max=most, **values)
        for n, point in enumerate(points[visits:])
    ]
    return crews, asked


def test_everything_fits_and_nobody_has_more_than_he_can_make():
    crews, visits = a_team(60, 3)

    day = plan_team(crews, visits, seconds=0)

    assert day.left_out == ()
    made = [stop.visit_id for stops in day.stops.values() for stop in stops]
    assert sorted(made) == sorted(visit.visit_id for visit in visits)
    for crew in crews:
        stops = day.stops[crew.agent_id]
        assert len(stops) <= crew.visits_max
        assert [stop.arrives for stop in stops] == sorted(stop.arrives for stop in stops)


def test_when_not_everything_fits_promises_are_kept():
    crews, visits = a_team(60, 2, closes=12 * 3600)

    left = set(plan_team(crews, visits, seconds=0).left_out)

    assert left
    assert not left & {visit.visit_id for visit in visits if visit.promised}


def test_moving_calls_shortens_a_plan_and_breaks_nothing():
    size = 40
    points = places(size + 1)
    metres, seconds = matrices(points)
    problem = Problem(
        distances=metres,
        durations=seconds,
        calls=tuple(Call(place=n, demand=1, service=600, closes=60_000) for n in range(size)),
        crews=(Crew(number=4, capacity=12, start=size, end=size, closes=60_000),),
    )

    rough, fine = team.insert(problem), team.insert(problem, seconds=5)

    before, after = judge(problem, rough), judge(problem, fine)
    assert after.broken == before.broken == ()
    assert after.distance <= before.distance
    assert sorted(call for route in fine for call in route.calls) == list(range(size))


@pytest.mark.skipif(not team.has_solver(), reason="PyVRP is not installed")
def test_it_is_not_far_from_what_the_solver_finds():
    crews, visits = a_team(60, 3)

    quick = plan_team(crews, visits, seconds=0)
    solved = plan_team(crews, visits, seconds=2)

    assert quick.metres <= 1.2 * solved.metres
