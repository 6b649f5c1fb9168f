"""
Handing cases out between people so that their open cases come out even.

Whoever has some of the cases keeps as many as fall to him, the first of them, and the rest are
dealt one by one to whoever has least at that moment. It follows from the numbers alone, so a case
at a place of the list has one taker, whoever asks and however often.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NOBODY = -1  # of those that are handed out to


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """
    One of those that cases are handed out to.

    Args:
        has: Open cases now, those of the list included.
        held: How many of the list's cases those are.
        share: How many of the list's cases are his afterwards.
    """

    person_id: str
    name: str
    has: int
    held: int
    share: int = 0

    @property
    def keeps(self) -> int:
        return min(self.held, self.share)

    @property
    def gets(self) -> int:
        return self.share - self.keeps

    @property
    def gives(self) -> int:
        return self.held - self.keeps

    @property
    def beside(self) -> int:
        """Open cases that are not of the list; a counter that lags has no fewer than none."""
        return max(0, self.has - self.held)

    @property
    def after(self) -> int:
        return self.beside + self.share


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOut:
    """
    What a job that hands cases out knows of its list.

    Args:
        seen: How many cases were counted that each of the people has, in the order of the job's
            ``person_ids``; of all others at the end.
        left_out: Cases of the list that owe nothing: they make nobody any work.
        shares: In the order of the job's ``person_ids``, once all is counted.
    """

    seen: tuple[int, ...]
    left_out: int = 0
    shares: tuple[Share, ...] = ()


def shared(people: Sequence[Share], cases: int) -> tuple[Share, ...]:
    """
    Say how many of so many cases are whose afterwards, so that open cases come out even.

    What does not divide goes to whom has them already, then by name and id.

    >>> two = [Share(person_id="a", name="Ana", has=9, held=0),
    ...        Share(person_id="b", name="Beto", has=4, held=0)]
    >>> [one.share for one in shared(two, 8)]
    [2, 6]
    >>> [one.after for one in shared(two, 8)]
    [11, 10]
    """
    level, over = _level(sorted(one.beside for one in people), cases)
    room = [one for one in people if one.beside <= level]
    room.sort(key=lambda one: (one.held <= level - one.beside, *_order(one)))
    lucky = {one.person_id for one in room[:over]}
    return tuple(
        Share(
            person_id=one.person_id,
            name=one.name,
            has=one.has,
            held=one.held,
            share=max(0, level - one.beside) + (one.person_id in lucky),
        )
        for one in people
    )


def takers(shares: Sequence[Share], held: Sequence[int], before: Sequence[int]) -> list[str]:
    """
    Say to whom each of some cases of the list goes, one after another.

    Args:
        held: Who has each of them now, as a place in *shares*, or ``NOBODY``.
        before: How many cases of the list come before them that each has; others' at the end.
    """
    *own, others = before
    dealt = others + sum(
        max(0, seen - share.keeps) for seen, share in zip(own, shares, strict=True)
    )
    rounds = list(_rounds(shares))
    found: list[str] = []
    for holder in held:
        if holder != NOBODY:
            own[holder] += 1
            if own[holder] <= shares[holder].keeps:
                found.append(shares[holder].person_id)
                continue
        found.append(_dealt_to(rounds, dealt))
        dealt += 1
    return found


def _order(one: Share) -> tuple[str, str]:
    return (one.name.casefold(), one.person_id)


def _level(beside: Sequence[int], cases: int) -> tuple[int, int]:
    """
    Say how many open cases all with no more than that come to have, and how many get one over.

    Args:
        beside: Ascending.
    """
    for number in range(1, len(beside)):
        room = (beside[number] - beside[number - 1]) * number
        if cases < room:
            return beside[number - 1] + cases // number, cases % number
        cases -= room
    return beside[-1] + cases // len(beside), cases % len(beside)


def _rounds(shares: Sequence[Share]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """
    Give how dealing goes on: (the first case of it, who take turns from it on).

    Those with least take turns, by name, until they have as many as the next, who joins them.
    """
    ranked = sorted(shares, key=lambda one: one.beside + one.keeps)
    first = 0
    for number, one in enumerate(ranked, start=1):
        turns = tuple(each.person_id for each in sorted(ranked[:number], key=_order))
        yield first, turns
        if number < len(ranked):
            later = ranked[number]
            first += (later.beside + later.keeps - one.beside - one.keeps) * number


def _dealt_to(rounds: Sequence[tuple[int, tuple[str, ...]]], place: int) -> str:
    first, turns = next(one for one in reversed(rounds) if one[0] <= place)
    return turns[(place - first) % len(turns)]
