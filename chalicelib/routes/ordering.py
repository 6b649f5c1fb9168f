"""
One agent's day put into order: nearest neighbour, 2-opt, Or-opt, and a few kicks.

Pure Python and quick enough for a request (some 10 ms for 50 stops): for re-planning while the
agent is on the way. Windows are kept when they can be; lateness counts before distance.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.routes.problem import FOREVER, Call, Crew, Matrix

KICKS = 10
_LATE = 1_000_000  # a second too late is worse than a thousand kilometres


@dataclass(frozen=True, slots=True)
class _Leg:
    """The calls of one route in a matrix of their own: 0 is the start, the last one the end."""

    distances: list[list[int]]
    durations: list[list[int]]
    calls: Sequence[Call]
    crew: Crew

    @property
    def timed(self) -> bool:
        return any(call.opens > 0 or call.closes < FOREVER for call in self.calls)

    def cost(self, order: list[int]) -> int:
        """Distance of the whole way, lateness dearest of all."""
        distances = self.distances
        total, here = 0, 0
        for stop in order:
            total += distances[here][stop]
            here = stop
        total += distances[here][-1]
        return total + (_LATE * self._late(order) if self.timed else 0)

    def _late(self, order: list[int]) -> int:
        late, here, now = 0, 0, self.crew.opens
        for stop in order:
            call = self.calls[stop - 1]
            now = max(now + self.durations[here][stop], call.opens)
            late += max(0, now - call.closes)
            now += call.service
            here = stop
        return late + max(0, now + self.durations[here][-1] - self.crew.closes)


def ordered(
    calls: Sequence[Call], crew: Crew, distances: Matrix, durations: Matrix, *, kicks: int = KICKS
) -> list[int]:
    """
    Put calls into order.

    Args:
        calls: Of one agent; capacity is not looked at.
        kicks: How often a good order is disturbed to find a better one; always the same ways.

    Returns:
        Indices into *calls*.
    """
    if not calls:
        return []
    places = [crew.start, *(call.place for call in calls), crew.end]
    leg = _Leg(
        [[distances[a][b] for b in places] for a in places],
        [[durations[a][b] for b in places] for a in places],
        calls,
        crew,
    )
    best = _polished(leg, _nearest(leg))
    cost = leg.cost(best)
    chance = random.Random(len(calls))  # noqa: S311 - a search that repeats itself, no secret
    for _ in range(kicks if len(calls) >= 8 else 0):
        other = _polished(leg, _kicked(best, chance))
        other_cost = leg.cost(other)
        if other_cost < cost:
            best, cost = other, other_cost
    return [stop - 1 for stop in best]


def _nearest(leg: _Leg) -> list[int]:
    left = list(range(1, len(leg.distances) - 1))
    order, here = [], 0
    while left:
        here = min(left, key=leg.distances[here].__getitem__)
        left.remove(here)
        order.append(here)
    return order


def _kicked(order: list[int], chance: random.Random) -> list[int]:
    """Swap two neighbouring stretches: what 2-opt cannot undo in one step."""
    a, b, c = sorted(chance.sample(range(len(order) + 1), 3))
    return order[:a] + order[b:c] + order[a:b] + order[c:]


def _polished(leg: _Leg, order: list[int]) -> list[int]:
    plain = _shortened(leg.distances, order)
    if not leg.timed:
        return plain
    # Windows seldom bind: the short way is kept when it is in time.
    if leg.cost(plain) < _LATE:
        return plain
    return _timely(leg, plain if leg.cost(plain) < leg.cost(order) else order)


def _shortened(d: list[list[int]], order: list[int]) -> list[int]:
    """
    Apply 2-opt and Or-opt by distance alone until neither helps.

    Both count on a way being as long back as forth; where it is not, on the mean of the two.
    """
    d = [[row[j] + d[j][i] for j in range(len(d))] for i, row in enumerate(d)]
    way = [0, *order, len(d) - 1]
    while _two_opt(d, way) or _or_opt(d, way):
        pass
    return way[1:-1]


def _two_opt(d: list[list[int]], way: list[int]) -> bool:
    improved = False
    for i in range(1, len(way) - 2):
        a = way[i - 1]
        row_a = d[a]
        for j in range(i + 1, len(way) - 1):
            b, c, e = way[i], way[j], way[j + 1]
            if row_a[c] + d[b][e] < row_a[b] + d[c][e]:
                way[i : j + 1] = way[i : j + 1][::-1]
                improved = True
    return improved


def _or_opt(d: list[list[int]], way: list[int]) -> bool:
    """Move one to three stops elsewhere, either way round."""
    improved = False
    for length in (1, 2, 3):
        i = 1
        while i + length < len(way):
            before, first = way[i - 1], way[i]
            last, after = way[i + length - 1], way[i + length]
            gain = d[before][first] + d[last][after] - d[before][after]
            if gain > 0 and _moved(d, way, i, length, gain):
                improved = True
            i += 1
    return improved


def _moved(d: list[list[int]], way: list[int], i: int, length: int, gain: int) -> bool:
    first, last = way[i], way[i + length - 1]
    row_first, row_last = d[first], d[last]
    best, where, turned = gain, -1, False
    for k in range(len(way) - 1):
        if i - 1 <= k < i + length:
            continue
        p, q = way[k], way[k + 1]
        base = d[p][q]
        straight = row_first[p] + row_last[q] - base
        reverse = row_last[p] + row_first[q] - base
        if straight < best:
            best, where, turned = straight, k, False
        if reverse < best:
            best, where, turned = reverse, k, True
    if where < 0:
        return False
    part = way[i : i + length]
    if turned:
        part.reverse()
    del way[i : i + length]
    at = where + 1 if where < i else where + 1 - length
    way[at:at] = part
    return True


def _timely(leg: _Leg, order: list[int]) -> list[int]:
    """Search with lateness counted: first by moving single stops, then by turning stretches."""
    best, cost = order, leg.cost(order)
    improved = True
    while improved:
        improved = False
        for candidate in _neighbours(best):
            other = leg.cost(candidate)
            if other < cost:
                best, cost, improved = candidate, other, True
                break
    return best


def _neighbours(order: list[int]) -> "list[list[int]]":
    found: list[list[int]] = []
    for i in range(len(order)):
        rest = order[:i] + order[i + 1 :]
        found += [[*rest[:k], order[i], *rest[k:]] for k in range(len(order)) if k != i]
    for i in range(len(order) - 1):
        for j in range(i + 2, len(order) + 1):
            found.append(order[:i] + order[i:j][::-1] + order[j:])
    return found
