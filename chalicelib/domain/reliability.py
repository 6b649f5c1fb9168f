"""How far promises are kept: of a debtor, and of those whom somebody agreed them with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from chalicelib.domain.case import PromiseState, PromiseToPay
from chalicelib.domain.people import PERSON

MILLE = 1_000
# What is taken for known before anything is: one promise kept and one broken. A debtor with one
# promise kept is no 100, and one with one broken no 0.
PRIOR_KEPT, PRIOR = 1, 2
PREFIX = "promises_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """
    What became of promises whose last day is over, or that were kept before it.

    Args:
        matured: How many: the others say nothing yet, and those given up never do.
        kept_minor: What was paid towards them, of each no more than was promised.
        share_mille: The sum of what part of each was paid, in thousandths.
    """

    matured: int = 0
    kept: int = 0
    partial: int = 0
    broken: int = 0
    promised_minor: int = 0
    kept_minor: int = 0
    share_mille: int = 0

    @property
    def score(self) -> int | None:
        """
        0 to 100: what part of a promise to expect; None when nothing has matured.

        >>> Reliability().score is None
        True
        >>> Reliability(matured=1, kept=1, share_mille=1000).score
        67
        >>> Reliability(matured=20, kept=20, share_mille=20_000).score
        95
        """
        if not self.matured:
            return None
        expected = self.share_mille + PRIOR_KEPT * MILLE
        return round(100 * expected / ((self.matured + PRIOR) * MILLE))


def of(promises: Iterable[PromiseToPay]) -> Reliability:
    """Add up what became of promises; those that have not matured are left out."""
    return _read(_added(sums(one) for one in promises))


def sums(promise: PromiseToPay) -> dict[str, int]:
    """What one promise adds to the figures, by the names of ``Reliability``; nothing while open."""
    if not promise.matured:
        return {}
    # Kept within the tolerance is kept: nobody is less reliable for a few cents.
    kept = promise.state is PromiseState.KEPT
    paid = promise.amount_minor if kept else min(promise.paid_minor, promise.amount_minor)
    return {
        "matured": 1,
        promise.state.value: 1,
        "promised_minor": promise.amount_minor,
        "kept_minor": paid,
        "share_mille": paid * MILLE // promise.amount_minor,
    }


def by_person(promises: Iterable[PromiseToPay]) -> dict[str, dict[str, int]]:
    """
    The same by the person who agreed them, if one did: the bot's and the page's are nobody's.

    As counters have them: with a prefix, for PARTIAL is a word of DynamoDB's own.
    """
    found: dict[str, list[dict[str, int]]] = {}
    for one in promises:
        if one.made_by.startswith(PERSON) and one.matured:
            found.setdefault(one.made_by.removeprefix(PERSON), []).append(sums(one))
    return {
        person: {PREFIX + name: value for name, value in _added(several).items()}
        for person, several in found.items()
    }


def by_day(promises: Iterable[PromiseToPay]) -> dict[str, dict[str, int]]:
    """How many matured, by the day they were promised for: ``{"2026-11-22": {...}}``."""
    days: dict[str, list[dict[str, int]]] = {}
    for one in promises:
        if one.matured:
            counted = {"promises_matured": 1, f"promises_{one.state.value}": 1}
            days.setdefault(one.due_on.isoformat(), []).append(counted)
    return {day: _added(several) for day, several in days.items()}


def read(figures: Mapping[str, int]) -> Reliability:
    """Read sums back that were kept as counters; see ``by_person``."""
    return _read({name.removeprefix(PREFIX): value for name, value in figures.items()})


def _read(figures: Mapping[str, int]) -> Reliability:
    return Reliability(**{one.name: figures.get(one.name, 0) for one in fields(Reliability)})


def _added(several: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in several:
        for name, value in one.items():
            total[name] = total.get(name, 0) + value
    return total
