"""
A team's day and an agent's day: visits with the hours the law allows, agents with theirs.

Times are seconds after midnight in the portfolio's zone. When not everything fits, what is worth
least is left out; a promise due today is the last. Straight lines and a circuity factor stand for
streets; a service that knows them gives the same tables to ``Tables``.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chalicelib.geo.point import Point
from chalicelib.routes import team
from chalicelib.routes.ordering import ordered
from chalicelib.routes.problem import FOREVER, Call, Crew, Matrix, Problem, Route, cost, judge
from chalicelib.routes.travel import matrices

Tables = Callable[[Sequence[Point]], tuple[Matrix, Matrix]]

SERVICE_S = 600
DAY_S = 86_400
AT_ONCE_S = 4.0  # of taking visits out and putting them back, where there is no solver
# In metres: what it costs to leave a visit out. A detour of 30 km is made for any visit, and no
# number of others outweighs a promise.
PLAIN_WORTH = 30_000
PROMISE_WORTH = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """
    Args:
        opens, closes: When it may begin: the contact decision's window of the day.
        prefers: From and to before, the debtor's best hours within it; None = nobody knows any.
        service_s: How long it takes.
        promised: A promise falls due today.
        worth: What it adds to ``PLAIN_WORTH``, in metres of detour.
        skills: What an agent must have.
    """

    visit_id: str
    point: Point
    opens: int = 0
    closes: int = DAY_S
    service_s: int = SERVICE_S
    promised: bool = False
    worth: int = 0
    skills: frozenset[str] = frozenset()
    prefers: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """
    Args:
        end: None = where the day began.
        opens, closes: Hours of work, the ways included.
        visits_max: None = as many as fit.
    """

    agent_id: str
    start: Point
    end: Point | None = None
    opens: int = 9 * 3600
    closes: int = 18 * 3600
    visits_max: int | None = None
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """
    Args:
        arrives: When the visit begins, waiting for its window included.
    """

    visit_id: str
    arrives: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """
    Args:
        stops: By agent, in order; an agent without visits has none.
        left_out: Visits that nobody makes.
        metres: Of all ways together, back home included.
        seconds: On these ways.
    """

    stops: dict[str, tuple[Stop, ...]]
    left_out: tuple[str, ...]
    metres: int
    seconds: int


def plan_team(
    agents: Sequence[Agent], visits: Sequence[Visit], *, seconds: float, tables: Tables = matrices
) -> Day:
    """
    Divide visits among agents and put each one's into order.

    Args:
        seconds: How long the solver may search; 0 = at once and without it, by cheapest
            insertion and ``recreating``, which any function of the API can.
    """
    if not agents or not visits:
        return Day(
            stops={agent.agent_id: () for agent in agents},
            left_out=tuple(visit.visit_id for visit in visits),
            metres=0,
            seconds=0,
        )
    problem = problem_of(agents, visits, tables=tables)
    routes = (
        with_promises(problem, visits, seconds)
        if seconds
        else team.insert(problem, seconds=AT_ONCE_S)
    )
    routes = preferring(problem, routes)
    return day_of(problem, agents, visits, routes)


def problem_of(
    agents: Sequence[Agent], visits: Sequence[Visit], *, tables: Tables = matrices
) -> Problem:
    """Put a team's day into the shape that solvers take: a crew each, calls as *visits* lie."""
    points = [visit.point for visit in visits]
    for agent in agents:
        points += [agent.start, agent.end or agent.start]
    distances, durations = tables(points)
    return Problem(
        distances=distances,
        durations=durations,
        calls=tuple(_call(visit, place) for place, visit in enumerate(visits)),
        crews=tuple(
            _crew(agent, len(visits) + 2 * place, visits) for place, agent in enumerate(agents)
        ),
    )


def day_of(
    problem: Problem, agents: Sequence[Agent], visits: Sequence[Visit], routes: Sequence[Route]
) -> Day:
    """Tell routes of a problem as a day: who arrives when, what is left out, how far it is."""
    orders: list[list[int]] = [[] for _ in agents]
    for route in routes:
        orders[route.crew] = list(route.calls)
    return _day(problem, agents, visits, orders)


def preferring(problem: Problem, routes: Sequence[Route]) -> list[Route]:
    """
    Put the calls of each route into an order that its preferred hours are worth.

    Neither way of dividing knows such hours: who visits whom stays.
    """
    if all(call.prefers is None for call in problem.calls):
        return list(routes)
    made = []
    for route in routes:
        inside = [problem.calls[index] for index in route.calls]
        order = ordered(inside, problem.crews[route.crew], problem.distances, problem.durations)
        other = replace(route, calls=tuple(route.calls[at] for at in order))
        made.append(min(route, other, key=lambda one: cost(problem, judge(problem, [one]))))
    return made


def with_promises(problem: Problem, visits: Sequence[Visit], seconds: float) -> list[Route]:
    """Plan with the promises as musts; only if that cannot be, as what is worth most."""
    if any(visit.promised for visit in visits):
        must = replace(
            problem,
            calls=tuple(
                replace(call, worth=None) if visit.promised else call
                for call, visit in zip(problem.calls, visits, strict=True)
            ),
        )
        routes = team.solve(must, seconds=seconds)
        if not judge(must, routes).broken:
            return routes
    return team.solve(problem, seconds=seconds)


def order_day(agent: Agent, visits: Sequence[Visit], *, tables: Tables = matrices) -> Day:
    """
    Put one agent's visits into order, at once: also while he is on the way.

    When not all of them fit, promises are placed first, then what lengthens the way least.
    """
    points = [*(visit.point for visit in visits), agent.start, agent.end or agent.start]
    distances, durations = tables(points)
    crew = _crew(agent, len(visits), visits)
    problem = Problem(
        distances=distances,
        durations=durations,
        calls=tuple(_call(visit, place) for place, visit in enumerate(visits)),
        crews=(crew,),
    )
    left = [place for place, visit in enumerate(visits) if visit.skills <= agent.skills]
    few = agent.visits_max is None or len(left) <= agent.visits_max
    order = _in_order(problem, crew, left) if few else []
    if not few or _late(problem, crew, order):
        order = _filled(problem, crew, visits, left, [])
        order = _filled(problem, crew, visits, left, _in_order(problem, crew, order))
    return _day(problem, [agent], visits, [order])


def _in_order(problem: Problem, crew: Crew, places: list[int]) -> list[int]:
    """Put them into order; as they are, when they are in time only so."""
    calls = [problem.calls[place] for place in places]
    order = [places[at] for at in ordered(calls, crew, problem.distances, problem.durations)]
    return places if _late(problem, crew, order) and not _late(problem, crew, places) else order


def _filled(
    problem: Problem, crew: Crew, visits: Sequence[Visit], places: list[int], order: list[int]
) -> list[int]:
    """Add to *order* what still fits, one by one: promises, then the smallest detour."""
    waiting = [place for place in places if place not in order]
    while waiting and (crew.capacity is None or len(order) < crew.capacity):
        fitting = next(
            (
                (place, longer)
                for place, at in _detours(problem, crew, visits, waiting, order)
                if not _late(problem, crew, longer := [*order[:at], place, *order[at:]])
            ),
            None,
        )
        if fitting is None:
            return order
        waiting.remove(fitting[0])
        order = fitting[1]
    return order


def _detours(
    problem: Problem, crew: Crew, visits: Sequence[Visit], waiting: list[int], order: list[int]
) -> list[tuple[int, int]]:
    """Where each of *waiting* could go into *order*, the best first."""
    way = [crew.start, *order, crew.end]
    metres = problem.distances
    found = [
        (
            not visits[place].promised,
            metres[way[at]][place]
            + metres[place][way[at + 1]]
            - metres[way[at]][way[at + 1]]
            - visits[place].worth,
            place,
            at,
        )
        for place in waiting
        for at in range(len(order) + 1)
    ]
    return [(place, at) for _, _, place, at in sorted(found)]


def _worth(visit: Visit) -> int:
    return visit.worth + (PROMISE_WORTH if visit.promised else PLAIN_WORTH)


def _call(visit: Visit, place: int) -> Call:
    return Call(
        place=place,
        demand=1,
        service=visit.service_s,
        opens=visit.opens,
        closes=visit.closes,
        worth=_worth(visit),
        prefers=visit.prefers,
    )


def _crew(agent: Agent, place: int, visits: Sequence[Visit]) -> Crew:
    return Crew(
        capacity=agent.visits_max,
        start=place,
        end=place + 1,
        opens=agent.opens,
        closes=agent.closes,
        barred=frozenset(
            number for number, visit in enumerate(visits) if not visit.skills <= agent.skills
        ),
    )


def _arrivals(problem: Problem, crew: Crew, order: Sequence[int]) -> tuple[list[int], int, int]:
    """Give when each call begins, when the agent is back, and the metres of the way."""
    begins: list[int] = []
    here, now, metres = crew.start, crew.opens, 0
    for index in order:
        call = problem.calls[index]
        metres += problem.distances[here][call.place]
        now = max(now + problem.durations[here][call.place], call.opens)
        begins.append(now)
        now += call.service
        here = call.place
    if not order:
        return begins, crew.opens, 0
    return (
        begins,
        now + problem.durations[here][crew.end],
        metres + problem.distances[here][crew.end],
    )


def _late(problem: Problem, crew: Crew, order: Sequence[int]) -> bool:
    begins, back, _ = _arrivals(problem, crew, order)
    late = any(
        begin > problem.calls[index].closes for begin, index in zip(begins, order, strict=True)
    )
    return late or back > min(crew.closes, FOREVER)


def _day(
    problem: Problem, agents: Sequence[Agent], visits: Sequence[Visit], orders: list[list[int]]
) -> Day:
    stops: dict[str, tuple[Stop, ...]] = {}
    metres = seconds = 0
    for agent, crew, order in zip(agents, problem.crews, orders, strict=True):
        begins, _, way = _arrivals(problem, crew, order)
        metres += way
        seconds += _on_the_way(problem, crew, order)
        stops[agent.agent_id] = tuple(
            Stop(visit_id=visits[index].visit_id, arrives=begin)
            for index, begin in zip(order, begins, strict=True)
        )
    made = {stop.visit_id for route in stops.values() for stop in route}
    left_out = tuple(visit.visit_id for visit in visits if visit.visit_id not in made)
    return Day(stops=stops, left_out=left_out, metres=metres, seconds=seconds)


def _on_the_way(problem: Problem, crew: Crew, order: Sequence[int]) -> int:
    way = [crew.start, *(problem.calls[index].place for index in order), crew.end]
    if not order:
        return 0
    return sum(problem.durations[here][there] for here, there in itertools.pairwise(way))
