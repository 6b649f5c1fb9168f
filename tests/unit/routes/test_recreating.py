"""Taking stretches out and putting them back: shorter, nothing broken, nothing lost."""

import itertools
import random
from dataclasses import replace

import pytest

from chalicelib.geo.point import Point
from chalicelib.routes.problem import Call, Crew, Problem, Route, judge
from chalicelib.routes.recreating import ROUNDS_A_CALL, recreate
from chalicelib.routes.travel import matrices

HOUR = 3600


def a_problem(size=36, crews=3, seed=5, *, calls=None, **crew):
    """Calls around as many homes as there are crews, all with as many places as they need."""
    chance = random.Random(seed)  # noqa: S311 (the same city each time)
    points = [
        Point(19.35 + chance.random() * 0.15, -99.2 + chance.random() * 0.15)
        for _ in range(size + crews)
    ]
    metres, seconds = matrices(points)
    given = {"capacity": size // crews, "opens": 9 * HOUR, "closes": 18 * HOUR} | crew
    return Problem(
        distances=metres,
        durations=seconds,
        calls=tuple(
            Call(**({"place": n, "demand": 1, "service": 600, "worth": 30_000} | (calls or {})))
            for n in range(size)
        ),
        crews=tuple(Crew(start=size + n, end=size + n, **given) for n in range(crews)),
    )


def dealt(problem):
    """As cards are: every agent full, and every way long."""
    number = len(problem.crews)
    return [(crew, list(range(crew, len(problem.calls), number))) for crew in range(number)]


def told(problem, routes):
    return judge(problem, [Route(crew=crew, calls=tuple(calls)) for crew, calls in routes])


def test_full_agents_change_calls_with_one_another():
    problem = a_problem()
    before = dealt(problem)

    after = recreate(problem, before, seconds=60)

    verdict = told(problem, after)
    assert verdict.broken == verdict.left_out == ()
    assert verdict.distance < told(problem, before).distance / 2
    assert [len(calls) for _, calls in after] == [12, 12, 12]


def test_it_is_the_same_every_time_and_changes_nothing_of_what_it_is_given():
    problem = a_problem(size=18)
    given = dealt(problem)

    first = recreate(problem, given, seconds=60)

    assert given == dealt(problem)
    assert recreate(problem, given, seconds=60) == first


@pytest.mark.parametrize(
    ("calls", "crew"),
    [
        ({"closes": 12 * HOUR}, {"capacity": None}),
        ({"opens": 11 * HOUR, "closes": 16 * HOUR}, {}),
        ({}, {"longest": 40_000}),
        ({}, {"closes": 12 * HOUR}),
        ({"demand": 2}, {"capacity": 24}),
        ({}, {"barred": frozenset({0, 1, 2})}),
    ],
)
def test_no_limit_is_broken(calls, crew):
    problem = a_problem(calls=calls, **crew)

    verdict = told(problem, recreate(problem, [], seconds=60))

    assert verdict.broken == ()
    assert len(verdict.left_out) < len(problem.calls)


def test_what_can_be_made_by_one_alone_goes_to_that_one():
    problem = a_problem(size=12, crews=2)
    skilled = frozenset(range(4))
    first, second = problem.crews
    problem = replace(problem, crews=(replace(first, barred=skilled), second))

    routes = dict(recreate(problem, [], seconds=60))

    assert skilled <= set(routes[1])
    assert len(routes[0]) == len(routes[1]) == 6


def test_what_is_left_out_is_what_is_worth_least():
    problem = a_problem(size=12, crews=1, capacity=9)
    calls = tuple(
        replace(call, worth=None if n == 0 else 90_000 if n < 9 else 10)
        for n, call in enumerate(problem.calls)
    )
    problem = replace(problem, calls=calls)
    # What is worth least has all the places.
    routes = recreate(problem, [(0, list(range(3, 12)))], seconds=60)

    assert told(problem, routes).left_out == (9, 10, 11)


def test_what_fits_is_made_however_far():
    near, far = Point(19.4, -99.1), Point(20.4, -99.1)
    metres, seconds = matrices([far, near])
    problem = Problem(
        distances=metres,
        durations=seconds,
        calls=(Call(place=0, worth=30_000),),
        crews=(Crew(start=1, end=1),),
    )

    assert metres[0][1] > 100_000
    assert recreate(problem, [], seconds=60) == [(0, [0])]


def test_it_ends_with_its_seconds_and_the_best_until_then():
    problem = a_problem()
    clock = itertools.count()

    after = recreate(problem, dealt(problem), seconds=100, clock=lambda: float(next(clock)))

    assert next(clock) == 102 < ROUNDS_A_CALL * len(problem.calls)
    verdict = told(problem, after)
    assert verdict.broken == verdict.left_out == ()
    assert verdict.distance < told(problem, dealt(problem)).distance


def test_nothing_to_do_is_done():
    empty = replace(a_problem(size=3, crews=1), calls=())

    assert recreate(empty, [], seconds=60) == []
