"""What is to be planned, and what a plan costs: the same for every solver."""

from collections.abc import Sequence
from dataclasses import dataclass

Matrix = Sequence[Sequence[int]]

FOREVER = 10**12
MUST = 1_000_000  # worth this much, a call comes before every other
# Metres that beginning a call in its preferred hours is worth: ten minutes of way in a city, as
# long as a visit takes.
PREFERRED_M = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """
    A visit to be made.

    Args:
        place: Its row and column in the matrices.
        demand: What it takes of a crew's capacity; 1 when capacity counts visits.
        service: How long it takes.
        opens, closes: When it may begin: the law's hours.
        prefers: From and to before, when it had better begin; worth ``PREFERRED_M`` of way, and
            not to be waited for. None = at any time alike.
        worth: What leaving it out costs, in distance; None = it must be made.
    """

    place: int
    demand: int = 0
    service: int = 0
    opens: int = 0
    closes: int = FOREVER
    worth: int | None = None
    prefers: tuple[int, int] | None = None

    def preferred_at(self, begins: int) -> bool:
        return self.prefers is None or self.prefers[0] <= begins < self.prefers[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """
    Agents who are alike.

    Args:
        number: How many there are.
        start, end: Places.
        opens, closes: Their hours.
        longest: Distance that one may travel.
        barred: Places that they may not visit, for want of a skill.
    """

    number: int = 1
    capacity: int | None = None
    start: int = 0
    end: int = 0
    opens: int = 0
    closes: int = FOREVER
    longest: int = FOREVER
    barred: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """
    Args:
        distances: Between places, row to column.
        durations: As *distances*; in the unit of all times here.
    """

    distances: Matrix
    durations: Matrix
    calls: tuple[Call, ...]
    crews: tuple[Crew, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """
    Args:
        crew: Index of the crew.
        calls: Indices of its calls, in order.
    """

    crew: int
    calls: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """
    What a plan costs and whether it can be driven, counted anew from the problem.

    Args:
        left_out: Calls that may be left out and are.
        broken: What is wrong, in words for an operator; empty when it can be driven.
        outside: How many calls begin at none of the hours that they prefer.
    """

    distance: int
    left_out: tuple[int, ...]
    broken: tuple[str, ...]
    outside: int = 0


def judge(problem: Problem, routes: Sequence[Route]) -> Verdict:
    """
    Count a plan's distance and hold it to every limit.

    A solver's own word is not taken for it.
    """
    broken: list[str] = []
    made = [call for route in routes for call in route.calls]
    if len(set(made)) < len(made):
        broken.append("a call is made twice")
    missing = sorted(set(range(len(problem.calls))) - set(made))
    broken += [f"call {call} is left out" for call in missing if problem.calls[call].worth is None]
    for index, crew in enumerate(problem.crews):
        used = sum(1 for route in routes if route.crew == index and route.calls)
        if used > crew.number:
            broken.append(f"{used} of {crew.number} agents")
    total = outside = 0
    for number, route in enumerate(routes, start=1):
        distance, missed, problems = _drive(problem, route)
        total += distance
        outside += missed
        broken += [f"route {number}: {text}" for text in problems]
    return Verdict(distance=total, left_out=tuple(missing), broken=tuple(broken), outside=outside)


def _drive(problem: Problem, route: Route) -> tuple[int, int, list[str]]:
    """Give the distance, how many calls begin outside their preferred hours, what is broken."""
    crew = problem.crews[route.crew]
    broken: list[str] = []
    distance = load = outside = 0
    here, now = crew.start, crew.opens
    for index in route.calls:
        call = problem.calls[index]
        if call.place in crew.barred:
            broken.append(f"call {index} is barred")
        distance += problem.distances[here][call.place]
        now = max(now + problem.durations[here][call.place], call.opens)
        if now > call.closes:
            broken.append(f"call {index} at {now}, closes {call.closes}")
        outside += not call.preferred_at(now)
        now += call.service
        load += call.demand
        here = call.place
    if route.calls:
        distance += problem.distances[here][crew.end]
        now += problem.durations[here][crew.end]
    if crew.capacity is not None and load > crew.capacity:
        broken.append(f"load {load} > {crew.capacity}")
    if now > crew.closes:
        broken.append(f"back at {now}, closes {crew.closes}")
    if distance > crew.longest:
        broken.append(f"distance {distance} > {crew.longest}")
    return distance, outside, broken


def cost(problem: Problem, verdict: Verdict) -> tuple[int, int]:
    """
    Give what plans of one problem are compared by, the better the less.

    Returns:
        How many limits are broken; then the distance, with what it costs to leave calls out and
        to make them outside their preferred hours.
    """
    left_out = sum(problem.calls[call].worth or 0 for call in verdict.left_out)
    outside = PREFERRED_M * verdict.outside
    return len(verdict.broken), verdict.distance + left_out + outside


def why_left_out(problem: Problem, call: int) -> str:
    """
    Say why no crew makes a call.

    Returns:
        ``skills``: barred to all; ``hours``: none could make it even as the only one;
        ``no_room``: others took the time or the places.
    """
    place = problem.calls[call].place
    able = [index for index, crew in enumerate(problem.crews) if place not in crew.barred]
    if not able:
        return "skills"
    alone = any(not _drive(problem, Route(crew=index, calls=(call,)))[2] for index in able)
    return "no_room" if alone else "hours"
