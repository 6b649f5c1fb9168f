"""Making a plan shorter by moving one call at a time to where it costs less."""

import time
from collections.abc import Callable

from chalicelib.routes.problem import Problem

Length = Callable[[int, list[int]], int]  # of a route by crew and calls; large when it breaks


def relocate(
    problem: Problem,
    routes: list[tuple[int, list[int]]],
    *,
    length: Length,
    broken: int,
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """
    Move calls between and within routes while that shortens the whole; changes *routes*.

    Every move keeps hours, windows, capacities and skills: what *length* says of the longer
    route is below *broken*.

    Args:
        seconds: Stop after so many, with what was found.
    """
    until = clock() + seconds
    better = True
    while better and clock() < until:
        better = False
        for source, (_, calls) in enumerate(routes):
            for index in list(calls):
                if clock() > until:
                    return
                if _moved(problem, routes, source, index, length, broken):
                    better = True


def _moved(  # noqa: PLR0917 (a move is all of these)
    problem: Problem,
    routes: list[tuple[int, list[int]]],
    source: int,
    index: int,
    length: Length,
    broken: int,
) -> bool:
    crew, calls = routes[source]
    at = calls.index(index)
    rest = calls[:at] + calls[at + 1 :]
    saved = length(crew, calls) - length(crew, rest)
    found: list[tuple[int, int, int]] = []
    for number, (other, theirs) in enumerate(routes):
        way = _way(problem, other, rest if number == source else theirs)
        place = problem.calls[index].place
        metres = problem.distances
        for position in range(len(way) - 1):
            here, there = way[position], way[position + 1]
            cost = metres[here][place] + metres[place][there] - metres[here][there]
            if cost < saved:
                found.append((cost, number, position))
    for _, number, position in sorted(found)[:_TRIES]:
        other, theirs = routes[number]
        base = rest if number == source else theirs
        longer = [*base[:position], index, *base[position:]]
        if length(other, longer) < broken:
            if longer == calls:
                return False
            calls[:] = rest
            theirs[:] = longer
            return True
    return False


_TRIES = 12


def _way(problem: Problem, crew: int, calls: list[int]) -> list[int]:
    """The places of a route, from where it starts to where it ends."""
    known = problem.crews[crew]
    return [known.start, *(problem.calls[index].place for index in calls), known.end]
