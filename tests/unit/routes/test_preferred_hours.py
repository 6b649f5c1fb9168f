"""A debtor's best hours are worth some way, and never a visit, a wait or the law's window."""

from dataclasses import replace

import pytest

from chalicelib.geo.point import Point
from chalicelib.routes.day import Agent, Visit, order_day, plan_team, preferring, problem_of
from chalicelib.routes.ordering import ordered
from chalicelib.routes.problem import PREFERRED_M, Call, Crew, Problem, Route, cost, judge
from chalicelib.routes.team_plan import better

HOUR = 3600
A_METRE = 1 / 111_195 / 1.3  # of latitude, for one of way


def street(*metres, **crew):
    """Calls along a straight street, the agent at 0; 5 m/s, ten minutes each."""
    places = (0, *metres)
    distances = [[abs(a - b) for b in places] for a in places]
    return Problem(
        distances=distances,
        durations=[[round(far / 5) for far in row] for row in distances],
        calls=tuple(Call(place=n, service=600) for n in range(1, len(places))),
        crews=(Crew(opens=9 * HOUR, **crew),),
    )


def prefers(problem, **hours):
    calls = [replace(c, prefers=hours.get(f"c{n}")) for n, c in enumerate(problem.calls)]
    return replace(problem, calls=tuple(calls))


def order(problem):
    return ordered(problem.calls, problem.crews[0], problem.distances, problem.durations)


def test_of_two_ways_as_long_the_preferred_hours_choose():
    problem = street(1_000, 2_000, 3_000)
    late = (9 * HOUR + 1_500, 12 * HOUR)

    # Out and back is as long either way round: who is near is visited on the way home.
    assert order(prefers(problem, c0=late)) == [1, 2, 0]
    assert order(prefers(problem, c2=late)) == [0, 1, 2]


@pytest.mark.parametrize(("between", "turned"), [(1_490, True), (1_510, False)])
def test_they_are_worth_so_much_way_and_no_more(between, turned):
    """The day ends at the farther one; going back for the nearer one is twice what lies between."""
    problem = street(1_000, 1_000 + between, end=2)
    wanted = prefers(problem, c0=(9 * HOUR + 1_000, 18 * HOUR))

    assert order(problem) == [0, 1]
    assert order(wanted) == ([1, 0] if turned else [0, 1])


def test_nobody_waits_for_them():
    agent = Agent(agent_id="a", start=Point(19.4, -99.1), opens=9 * HOUR)
    visit = Visit(
        visit_id="v", point=Point(19.4 + 1_000 * A_METRE, -99.1), prefers=(15 * HOUR, 18 * HOUR)
    )

    day = order_day(agent, [visit])

    assert [(stop.visit_id, stop.arrives // 60) for stop in day.stops["a"]] == [("v", 9 * 60 + 3)]


def test_the_laws_window_comes_before_them():
    problem = street(1_000, 2_000, 3_000)
    calls = list(problem.calls)
    calls[0] = replace(calls[0], closes=9 * HOUR + 600, prefers=(10 * HOUR, 12 * HOUR))

    assert order(replace(problem, calls=tuple(calls)))[0] == 0


def test_a_visit_that_no_preferred_hour_allows_is_made_all_the_same():
    agent = Agent(agent_id="a", start=Point(19.4, -99.1), opens=9 * HOUR, closes=12 * HOUR)
    visit = Visit(
        visit_id="v", point=Point(19.4 + 1_000 * A_METRE, -99.1), prefers=(17 * HOUR, 20 * HOUR)
    )

    assert order_day(agent, [visit]).left_out == ()
    assert plan_team([agent], [visit], seconds=0).left_out == ()


def test_the_judge_counts_calls_outside_and_what_they_cost():
    problem = prefers(street(1_000, 2_000), c0=(8 * HOUR, 10 * HOUR), c1=(15 * HOUR, 16 * HOUR))
    verdict = judge(problem, [Route(crew=0, calls=(0, 1))])

    assert (verdict.distance, verdict.outside, verdict.broken) == (4_000, 1, ())
    assert cost(problem, verdict) == (0, 4_000 + PREFERRED_M)


def test_after_a_division_each_route_is_turned_and_everybody_keeps_his_visits():
    team = [Agent(agent_id=n, start=Point(19.4 + far, -99.1)) for n, far in (("a", 0), ("b", 0.1))]
    visits = [
        Visit(visit_id=f"{n}{at}", point=Point(19.4 + far + at * 1_000 * A_METRE, -99.1))
        for n, far in (("a", 0), ("b", 0.1))
        for at in (1, 2, 3)
    ]
    late = (9 * HOUR + 1_500, 18 * HOUR)
    visits = [replace(one, prefers=late if one.visit_id == "a1" else None) for one in visits]
    problem = problem_of(team, visits)
    routes = [Route(crew=0, calls=(0, 1, 2)), Route(crew=1, calls=(3, 4, 5))]

    assert preferring(problem, routes) == [Route(crew=0, calls=(1, 2, 0)), routes[1]]
    plain = problem_of(team, [replace(one, prefers=None) for one in visits])
    assert preferring(plain, routes) == routes

    day = plan_team(team, visits, seconds=0)
    assert [stop.visit_id for stop in day.stops["a"]] == ["a2", "a3", "a1"]


def test_a_better_plan_is_one_that_meets_more_of_them():
    agent = Agent(agent_id="a", start=Point(19.4, -99.1))
    visits = [
        Visit(visit_id=str(at), point=Point(19.4 + at * 1_000 * A_METRE, -99.1)) for at in (1, 2, 3)
    ]
    first = plan_team([agent], visits, seconds=0)
    visits[0] = replace(
        visits[0], prefers=(first.stops["a"][0].arrives + 1_500, 18 * HOUR)
    )  # the first plan does not know it yet, when it begins with that one
    assert first.stops["a"][0].visit_id == "1"

    found = better([agent], visits, first, search=lambda *_: [Route(crew=0, calls=(0, 1, 2))])

    assert found is not None
    assert found[0].metres == first.metres
    assert [stop.visit_id for stop in found[0].stops["a"]][-1] == "1"
