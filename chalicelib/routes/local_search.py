"""
A way made shorter: 2-opt and Or-opt among near neighbours, and kicks that are undone if they fail.

Works on a table of its own in which place 0 is the start and the last one the end; both stay.
Only what a change has touched is looked at again, so a kick costs a fraction of a whole pass.
"""

import random

NEIGHBOURS = 8
_WINDOW = 30


def shortened(d: list[list[int]], order: list[int], kicks: int, chance: random.Random) -> list[int]:
    """
    Shorten the way 0, *order*, end.

    Args:
        d: Distances, the same both ways.
        kicks: How many disturbances to try.

    Returns:
        The best order found.
    """
    search = _Search(d, order)
    search.settle(range(1, len(d) - 1))
    if len(order) < 8:
        return search.way[1:-1]
    for _ in range(kicks):
        before = search.way[:]
        gained = search.kick(chance)
        if gained < 0:
            search.way = before
            search.place = _places(before)
    return search.way[1:-1]


class _Search:
    def __init__(self, d: list[list[int]], order: list[int]) -> None:
        self.d = d
        self.way = [0, *order, len(d) - 1]
        self.place = _places(self.way)
        inner = range(1, len(d) - 1)
        self.near = [
            sorted((other for other in inner if other != stop), key=d[stop].__getitem__)[
                :NEIGHBOURS
            ]
            for stop in range(len(d))
        ]

    def settle(self, dirty: "range | list[int]") -> int:
        """Improve around the stops of *dirty* until nothing helps; give what was gained."""
        waiting = list(dirty)
        queued = set(waiting)
        gained = 0
        while waiting:
            stop = waiting.pop()
            queued.discard(stop)
            gain, touched = self._improve(stop)
            if gain:
                gained += gain
                fresh = [t for t in touched if 0 < t < len(self.d) - 1 and t not in queued]
                waiting += fresh
                queued.update(fresh)
        return gained

    def _improve(self, stop: int) -> tuple[int, tuple[int, ...]]:
        return self._turned(stop) or self._moved(stop) or (0, ())

    def _turned(self, a: int) -> tuple[int, tuple[int, ...]] | None:
        """2-opt: join *a* to a near stop and turn what lies between."""
        d, way, place = self.d, self.way, self.place
        i = place[a]
        after, before = way[i + 1], way[i - 1]
        row = d[a]
        for c in self.near[a]:
            if row[c] >= row[after] and row[c] >= row[before]:
                return None
            j = place[c]
            c_after, c_before = way[min(j + 1, len(way) - 1)], way[j - 1]
            gain = row[after] + d[c][c_after] - row[c] - d[after][c_after]
            if gain > 0:
                self._turn(*((i + 1, j) if i < j else (j + 1, i)))
                return gain, (a, after, c, c_after)
            gain = row[before] + d[c][c_before] - row[c] - d[before][c_before]
            if gain > 0:
                self._turn(*((i, j - 1) if i < j else (j, i - 1)))
                return gain, (a, before, c, c_before)
        return None

    def _moved(self, a: int) -> tuple[int, tuple[int, ...]] | None:
        """Or-opt: move *a* and up to two stops beside it next to a near stop."""
        d, way, place = self.d, self.way, self.place
        at = place[a]
        for first, last in ((at, at), (at, at + 1), (at, at + 2), (at - 1, at), (at - 2, at)):
            if first < 1 or last > len(way) - 2:
                continue
            head, tail = way[first], way[last]
            before, after = way[first - 1], way[last + 1]
            gone = d[before][head] + d[tail][after] - d[before][after]
            if gone <= 0:
                continue
            other = tail if at == first else head
            for c in self.near[a]:
                if d[a][c] >= gone:
                    break
                j = place[c]
                if first <= j <= last:
                    continue
                for k in (j - 1, j):  # between way[k] and way[k + 1], with a beside c
                    p, q = way[k], way[k + 1]
                    if first - 1 <= k <= last:
                        continue
                    left = a if k == j else other
                    right = other if k == j else a
                    gain = gone + d[p][q] - d[p][left] - d[right][q]
                    if gain > 0:
                        self._shift(first, last, k, turned=left != head)
                        return gain, (before, after, p, q, head, tail)
        return None

    def _turn(self, i: int, j: int) -> None:
        way, place = self.way, self.place
        way[i : j + 1] = way[i : j + 1][::-1]
        for at in range(i, j + 1):
            place[way[at]] = at

    def _shift(self, first: int, last: int, k: int, *, turned: bool) -> None:
        way, place = self.way, self.place
        part = way[first : last + 1]
        if turned:
            part.reverse()
        del way[first : last + 1]
        at = k + 1 if k < first else k + 1 - len(part)
        way[at:at] = part
        for index in range(min(first, at), max(last, at + len(part)) + 1):
            if index < len(way):
                place[way[index]] = index

    def kick(self, chance: random.Random) -> int:
        """Swap two neighbouring stretches, then settle; give what was gained, or lost."""
        d, way = self.d, self.way
        size = len(way) - 2
        start = chance.randrange(1, max(2, size - 6))
        reach = min(_WINDOW, size - start + 1)
        a, b = sorted(chance.sample(range(1, reach + 1), 2))
        i, j, k = start, start + a, start + b
        if k > len(way) - 1:
            return 0
        ends = (way[i - 1], way[i], way[j - 1], way[j], way[k - 1], way[k])
        lost = d[ends[0]][ends[3]] + d[ends[4]][ends[1]] + d[ends[2]][ends[5]]
        lost -= d[ends[0]][ends[1]] + d[ends[2]][ends[3]] + d[ends[4]][ends[5]]
        way[i:k] = way[j:k] + way[i:j]
        for at in range(i, k):
            self.place[way[at]] = at
        touched = [stop for stop in ends if 0 < stop < len(d) - 1]
        return self.settle(touched) - lost


def _places(way: list[int]) -> list[int]:
    places = [0] * len(way)
    for at, stop in enumerate(way):
        places[stop] = at
    return places
