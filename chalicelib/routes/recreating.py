"""
Making a plan shorter by taking stretches of it out and putting each call back where it costs least.

After Christiaens and Vanden Berghe's string removals (2020): stretches around one place, of several
routes at once, so that what is put back finds room beside it. Moving calls one by one ends where
every agent has as many visits as he may make, and that is how days are shared out. What is a little
worse is taken, too, less and less of it.
"""

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence

from chalicelib.routes.problem import FOREVER, MUST, Problem

ROUNDS_A_CALL = 40
_NEAR = 12  # beside so many of its neighbours a call may be put
_TAKEN = 10  # calls a round, about
_STRETCH = 10  # calls of one route, at most
# What worse is taken, at first and at last: in ways from one call to the next.
_WARM, _COLD = 2.0, 0.01
_BLINK = 0.01  # how often a good place is not seen, so that not all rounds go the same way
# What fits is made, however far: whether it is worth its way is for people to say.
_DEARER = 1_000_000


class _Trip:
    """One agent's calls, and what tells quickly whether another fits."""

    __slots__ = ("begins", "calls", "crew", "latest", "load", "metres")

    def __init__(self, crew: int, calls: list[int]) -> None:
        self.crew, self.calls = crew, calls
        self.begins: list[int] = []
        self.latest: list[int] = []  # by when each must begin for the rest to be in time
        self.load = self.metres = 0


Undo = dict[int, tuple[_Trip, list[int]]]


class _Search:
    def __init__(self, problem: Problem, routes: Sequence[tuple[int, Sequence[int]]]) -> None:
        self.problem = problem
        self.chance = random.Random(len(problem.calls))  # noqa: S311 - repeats itself, no secret
        self.trips = [_Trip(crew, list(calls)) for crew, calls in routes]
        for number, crew in enumerate(problem.crews):
            idle = min(crew.number, len(problem.calls)) - sum(one == number for one, _ in routes)
            self.trips += [_Trip(number, []) for _ in range(idle)]
        self.at: list[_Trip | None] = [None] * len(problem.calls)
        for trip in self.trips:
            for index in trip.calls:
                self.at[index] = trip
            self._measure(trip)
        self.missing = {index for index, trip in enumerate(self.at) if trip is None}
        places = [call.place for call in problem.calls]
        rows = [problem.distances[place] for place in places]
        self.near = [
            sorted(range(len(rows)), key=[row[place] for place in places].__getitem__)
            for row in rows
        ]
        self.home = [problem.distances[problem.crews[0].start][place] for place in places]
        self.worth = [
            _DEARER * (FOREVER if call.worth is None else call.worth) for call in problem.calls
        ]

    def cost(self) -> int:
        """Metres, with what it costs to leave calls out."""
        out = sum(self.worth[index] for index in self.missing)
        return out + sum(trip.metres for trip in self.trips)

    def round(self, more: float) -> bool:
        """Take out and put back once; False, with all as it was, if that costs *more* or above."""
        before, missing = self.cost(), self.missing
        undo: Undo = {}
        waiting = self._in_turn([*self._taken(undo), *sorted(missing)])
        self.missing = set()
        for index in waiting:
            if (where := self._cheapest(index)) is None:
                self.missing.add(index)
                continue
            trip, position = where
            undo.setdefault(id(trip), (trip, list(trip.calls)))
            trip.calls.insert(position, index)
            self.at[index] = trip
            self._measure(trip)
        if self.cost() < before + more:
            return True
        self.missing = missing
        for index in waiting:
            self.at[index] = None
        for trip, trip.calls in undo.values():
            for index in trip.calls:
                self.at[index] = trip
            self._measure(trip)
        return False

    def _taken(self, undo: Undo) -> list[int]:
        """Take out stretches around one call, of it and of its neighbours' trips."""
        chance, out = self.chance, list[int]()
        made = [len(trip.calls) for trip in self.trips if trip.calls]
        longest = min(_STRETCH, sum(made) / max(1, len(made)))
        trips = max(1, int(chance.uniform(1, 4 * _TAKEN / (1 + longest))))
        for index in self.near[chance.randrange(len(self.at))]:
            trip = self.at[index]
            if trip is None or id(trip) in undo:
                continue
            calls = trip.calls
            size = int(chance.uniform(1, min(longest, len(calls)) + 1))
            middle = calls.index(index)
            first = chance.randint(max(0, middle - size + 1), min(middle, len(calls) - size))
            undo[id(trip)] = (trip, calls)
            out += calls[first : first + size]
            trip.calls = calls[:first] + calls[first + size :]
            self._measure(trip)
            if len(undo) == trips:
                break
        for index in out:
            self.at[index] = None
        return out

    def _in_turn(self, waiting: list[int]) -> list[int]:
        """In the order in which they are put back: what must be made, the far, the near, any."""
        how = self.chance.random()
        self.chance.shuffle(waiting)
        if how < 0.4:
            far = -1 if how < 0.3 else 1
            waiting.sort(key=lambda index: far * self.home[index])
        waiting.sort(key=lambda index: self.worth[index] < _DEARER * MUST)
        return waiting

    def _cheapest(self, index: int) -> tuple[_Trip, int] | None:
        """Where a call lengthens the way least; None where it fits nowhere."""
        best, found = FOREVER, None
        problem, call = self.problem, self.problem.calls[index]
        metres, place = problem.distances, call.place
        row, calls, blind = metres[place], problem.calls, self.chance.random
        for trip, position in self._places(index):
            crew, theirs = problem.crews[trip.crew], trip.calls
            before = calls[theirs[position - 1]].place if position else crew.start
            after = calls[theirs[position]].place if position < len(theirs) else crew.end
            way = metres[before][place] + row[after]
            more = way - metres[before][after] if theirs else way
            if more < best and blind() > _BLINK and self._fits(trip, position, index, more):
                best, found = more, (trip, position)
        return found

    def _places(self, index: int) -> Iterator[tuple[_Trip, int]]:
        """Where it may be put: beside its neighbours, and first and last of each trip."""
        left = _NEAR
        for other in self.near[index]:
            if (trip := self.at[other]) is not None:
                position = trip.calls.index(other)
                yield trip, position
                yield trip, position + 1
                left -= 1
                if left == 0:
                    break
        idle = set()
        for trip in self.trips:
            if trip.calls:
                yield trip, 0
                yield trip, len(trip.calls)
            elif trip.crew not in idle:  # agents who are alike
                idle.add(trip.crew)
                yield trip, 0

    def _fits(self, trip: _Trip, position: int, index: int, more: int) -> bool:
        problem, call, calls = self.problem, self.problem.calls[index], trip.calls
        crew, seconds = problem.crews[trip.crew], problem.durations
        if crew.capacity is not None and trip.load + call.demand > crew.capacity:
            return False
        if call.place in crew.barred or trip.metres + more > crew.longest:
            return False
        now, here = crew.opens, crew.start
        if position:
            last = problem.calls[calls[position - 1]]
            now, here = trip.begins[position - 1] + last.service, last.place
        begins = max(now + seconds[here][call.place], call.opens)
        if begins > call.closes:
            return False
        there, by = crew.end, crew.closes
        if position < len(calls):
            there, by = problem.calls[calls[position]].place, trip.latest[position]
        return begins + call.service + seconds[call.place][there] <= by

    def _measure(self, trip: _Trip) -> None:
        """Count a trip anew; its calls are known to fit."""
        calls, crew = self.problem.calls, self.problem.crews[trip.crew]
        metres, seconds = self.problem.distances, self.problem.durations
        here, now, way, load = crew.start, crew.opens, 0, 0
        begins, latest = [], []
        for index in trip.calls:
            call = calls[index]
            way += metres[here][call.place]
            now = max(now + seconds[here][call.place], call.opens)
            begins.append(now)
            now += call.service
            load += call.demand
            here = call.place
        there, by = crew.end, crew.closes
        for index in reversed(trip.calls):
            call = calls[index]
            by = min(call.closes, by - seconds[call.place][there] - call.service)
            latest.append(by)
            there = call.place
        latest.reverse()
        trip.metres = way + metres[here][crew.end] if trip.calls else 0
        trip.begins, trip.latest, trip.load = begins, latest, load


def recreate(
    problem: Problem,
    routes: Sequence[tuple[int, Sequence[int]]],
    *,
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
) -> list[tuple[int, list[int]]]:
    """
    Shorten a plan that breaks nothing, and make what it leaves out where that can be.

    Unless *seconds* end it, the same every time.

    Args:
        routes: A crew and its calls each.
        seconds: Stop after so many, with the best that was found.

    Returns:
        Routes that keep all hours, windows, capacities and skills.
    """
    search = _Search(problem, routes)
    until = clock() + seconds
    rounds = ROUNDS_A_CALL * len(problem.calls)
    cost = lowest = search.cost()
    best = [list(trip.calls) for trip in search.trips]
    step = sum(trip.metres for trip in search.trips) / max(1, len(problem.calls))
    for number in range(rounds):
        if clock() > until:
            break
        warmth = step * _WARM * (_COLD / _WARM) ** (number / rounds)
        if search.round(-warmth * math.log(1 - search.chance.random())):
            cost = search.cost()
            if cost < lowest:
                lowest, best = cost, [list(trip.calls) for trip in search.trips]
    return [(trip.crew, calls) for trip, calls in zip(search.trips, best, strict=True)]
