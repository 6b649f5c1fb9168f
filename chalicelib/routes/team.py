"""
A day divided among agents.

By PyVRP (MIT) where it is installed; else by cheapest insertion, ``recreating`` and ``ordering``,
which is some percent longer but needs nothing.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any

from chalicelib.routes.ordering import ordered
from chalicelib.routes.problem import FOREVER, MUST, Call, Problem, Route, Verdict, judge
from chalicelib.routes.recreating import recreate

_UNREACHABLE = 10**9
_LONG_ROUTE = 15
_MANY_CALLS = 100


def has_solver() -> bool:
    import importlib.util

    return importlib.util.find_spec("pyvrp") is not None


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int = 1,
    rounds: int | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> list[Route]:
    """
    Plan with PyVRP, which knows no preferred hours: ``day.preferring`` looks at them afterwards.

    Args:
        seconds: How long it may search; it uses them.
        rounds: Stop after so many steps instead, for the same plan on every machine.
        clock: Counts the seconds; a processor's, on a busy machine.

    Returns:
        Routes with at least one call. They may break a limit when nothing better was found:
        ``problem.judge`` tells.
    """
    import numpy as np
    import pyvrp

    profiles = _profiles(problem)
    began = clock()
    stop = (
        (lambda _best: clock() - began > seconds)
        if rounds is None
        else pyvrp.stop.MaxIterations(rounds)
    )
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(x=0, y=0) for _ in problem.distances],
        clients=[_client(call) for call in problem.calls],
        depots=[pyvrp.Depot(place) for place in _depots(problem)],
        vehicle_types=_vehicles(problem),
        distance_matrices=[_closed(np.array(problem.distances), barred) for barred in profiles],
        duration_matrices=[_closed(np.array(problem.durations), frozenset()) for _ in profiles],
    )
    found = pyvrp.solve(
        data, stop, seed=seed, collect_stats=False, display=False, params=_params(problem, seconds)
    )
    return [
        Route(
            crew=route.vehicle_type(),
            calls=tuple(a.idx for a in route if a.type == pyvrp.ActivityType.CLIENT),
        )
        for route in found.best.routes()
        if route.num_clients()
    ]


def _params(problem: Problem, seconds: float) -> Any:
    """
    Tune PyVRP to a team's day in seconds; its own settings are for minutes.

    Up to a hundred calls its own are best. Beyond, a shorter memory than its 300 steps, and where
    routes are long, fewer neighbours: measured on the shared instances (docs/routes.md).
    """
    import pyvrp
    from pyvrp.search import NeighbourhoodParams

    if len(problem.calls) <= _MANY_CALLS:
        return pyvrp.SolveParams()
    memory = max(20, min(300, round(5 * seconds)))
    ils = pyvrp.IteratedLocalSearchParams(history_length=memory)
    if _stops_a_route(problem) < _LONG_ROUTE:
        return pyvrp.SolveParams(ils=ils)
    return pyvrp.SolveParams(ils=ils, neighbourhood=NeighbourhoodParams(num_neighbours=30))


def _stops_a_route(problem: Problem) -> float:
    demand = sum(call.demand for call in problem.calls)
    capacity = max((crew.capacity or demand or 1) for crew in problem.crews)
    agents = sum(crew.number for crew in problem.crews)
    return len(problem.calls) / max(1.0, min(agents, demand / capacity))


def solve_best(problem: Problem, *, seconds: float, seed: int = 1, jobs: int = 1) -> list[Route]:
    """
    Plan with PyVRP several times at once, each another way, and keep the best plan.

    Args:
        seconds: Of each search's own processor; by the clock twice as long at most.
        jobs: Searches, one for each processor there is.
    """
    if jobs <= 1:
        return _shared(problem, seconds, seed)
    with ProcessPoolExecutor(jobs) as pool:
        searches = [pool.submit(_shared, problem, seconds, seed + job) for job in range(jobs)]
        plans = [search.result() for search in searches]
    return min(plans, key=lambda routes: _rank(judge(problem, routes)))


def _shared(problem: Problem, seconds: float, seed: int) -> list[Route]:
    """Search on a machine that others use too."""
    began = time.monotonic()
    own = time.process_time()

    def clock() -> float:
        return max(time.process_time() - own, (time.monotonic() - began) / 2)

    return solve(problem, seconds=seconds, seed=seed, clock=clock)


def _rank(verdict: Verdict) -> tuple[int, int, int]:
    return len(verdict.broken), len(verdict.left_out), verdict.distance


def insert(problem: Problem, *, seconds: float = 0.0) -> list[Route]:
    """
    Plan without a solver: each call where it costs least, then every route put into order.

    Args:
        seconds: How long stretches may be taken out and put back to shorten the whole.
    """
    routes: list[tuple[int, list[int]]] = []
    free = [crew.number for crew in problem.crews]
    order = sorted(range(len(problem.calls)), key=lambda i: _hardest_first(problem, i))
    for index in order:
        best = _cheapest(problem, routes, index)
        opened = _opened(problem, free, index)
        if opened is not None and (best is None or opened[0] < best[0]):
            free[opened[1]] -= 1
            routes.append((opened[1], [index]))
        elif best is not None:
            routes[best[1]][1].insert(best[2], index)
    if seconds:
        routes = recreate(problem, routes, seconds=seconds)
    for crew, calls in routes:
        calls[:] = _in_order(problem, crew, calls)
    return [Route(crew=crew, calls=tuple(calls)) for crew, calls in routes if calls]


def _total(problem: Problem, routes: Sequence[tuple[int, list[int]]]) -> int:
    return sum(_length(problem, crew, calls) for crew, calls in routes)


def _in_order(problem: Problem, crew: int, calls: list[int]) -> list[int]:
    inside = [replace(problem.calls[index], prefers=None) for index in calls]
    order = ordered(inside, problem.crews[crew], problem.distances, problem.durations)
    better = [calls[place] for place in order]
    if _length(problem, crew, better) < _length(problem, crew, calls):
        return better
    return calls


def _hardest_first(problem: Problem, index: int) -> tuple[bool, int, int]:
    """What must be made or nearly so, then what closes first, then what is far away."""
    call, home = problem.calls[index], problem.crews[0].start
    optional = call.worth is not None and call.worth < MUST
    return optional, call.closes, -problem.distances[home][call.place]


def _cheapest(
    problem: Problem, routes: Sequence[tuple[int, list[int]]], index: int
) -> tuple[int, int, int] | None:
    best: tuple[int, int, int] | None = None
    for number, (crew, calls) in enumerate(routes):
        before = _length(problem, crew, calls)
        for place in range(len(calls) + 1):
            after = _length(problem, crew, [*calls[:place], index, *calls[place:]])
            if after < FOREVER and (best is None or after - before < best[0]):
                best = (after - before, number, place)
    return best


def _opened(problem: Problem, free: list[int], index: int) -> tuple[int, int] | None:
    """What a route of its own costs: only opened when it is the cheapest place, or the only."""
    costs = [(_length(problem, crew, [index]), crew) for crew, left in enumerate(free) if left > 0]
    return min((cost for cost in costs if cost[0] < FOREVER), default=None)


def _length(problem: Problem, crew_index: int, calls: Sequence[int]) -> int:
    """Distance of a route; ``FOREVER`` when it breaks a limit."""
    crew = problem.crews[crew_index]
    distance = load = 0
    here, now = crew.start, crew.opens
    for index in calls:
        call = problem.calls[index]
        distance += problem.distances[here][call.place]
        now = max(now + problem.durations[here][call.place], call.opens)
        load += call.demand
        if call.place in crew.barred:
            return FOREVER
        if now > call.closes or (crew.capacity is not None and load > crew.capacity):
            return FOREVER
        now += call.service
        here = call.place
    distance += problem.distances[here][crew.end]
    late = now + problem.durations[here][crew.end] > crew.closes
    return FOREVER if late or distance > crew.longest else distance


def _client(call: Call) -> Any:
    import pyvrp

    return pyvrp.Client(
        call.place,
        delivery=[call.demand],
        service_duration=call.service,
        tw_early=call.opens,
        tw_late=call.closes,
        prize=call.worth or 0,
        required=call.worth is None,
    )


def _depots(problem: Problem) -> list[int]:
    return sorted({place for crew in problem.crews for place in (crew.start, crew.end)})


def _vehicles(problem: Problem) -> Any:
    import pyvrp

    profiles = _profiles(problem)
    depots = _depots(problem)
    total = sum(call.demand for call in problem.calls)
    return [
        pyvrp.VehicleType(
            num_available=crew.number,
            capacity=[total if crew.capacity is None else crew.capacity],
            start_depot=depots.index(crew.start),
            end_depot=depots.index(crew.end),
            tw_early=crew.opens,
            tw_late=crew.closes,
            max_distance=crew.longest,
            profile=profiles.index(crew.barred),
        )
        for crew in problem.crews
    ]


def _profiles(problem: Problem) -> list[frozenset[int]]:
    return list(dict.fromkeys(crew.barred for crew in problem.crews))


def _closed(distances: Any, barred: frozenset[int]) -> Any:
    """Make places so far away that no plan goes there."""
    for place in barred:
        distances[:, place] = _UNREACHABLE
        distances[place, place] = 0
    return distances
