"""When a promise to pay is kept: by how much was paid, from the day it was made to its last."""

from collections.abc import Iterable, Sequence
from datetime import date

from chalicelib.domain.case import GIVEN_UP, PromiseState, PromiseToPay
from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import Entry, EntryKind, reversals


def paid_towards(promise: PromiseToPay, entries: Iterable[Entry], time_zone: str) -> int:
    """
    Sum what was paid towards a promise, in minor units.

    It counts by the day it was paid, from the promise's own to its last, however late the
    bank's file brings it; not what was on record when the promise was made.
    """
    return sum(minor for _, minor in _payments(promise, entries, time_zone))


def credited(
    promises: Iterable[PromiseToPay], entries: Iterable[Entry], time_zone: str
) -> dict[str, int]:
    """
    Say what was paid towards each promise, in minor units.

    One on its own gets all that was paid in its time. Those of a series share: a payment counts
    once, for the one that ends first and still lacks something; what is paid when its last day
    is over counts for those that follow.
    """
    known = tuple(entries)
    found: dict[str, int] = {}
    series: dict[str, list[PromiseToPay]] = {}
    for promise in promises:
        if promise.series_id and promise.state not in GIVEN_UP:
            series.setdefault(promise.series_id, []).append(promise)
        else:
            found[promise.promise_id] = paid_towards(promise, known, time_zone)
    for together in series.values():
        found |= _shared(together, known, time_zone)
    return found


def verdict(promise: PromiseToPay, paid_minor: int) -> PromiseState:
    """
    Say what a promise is once its last day is over, or earlier if it is kept.

    >>> from datetime import UTC, date, datetime
    >>> promise = PromiseToPay(promise_id="p", amount_minor=10_000, due_on=date(2026, 12, 4),
    ...     state=PromiseState.OPEN, made_at=datetime(2026, 12, 1, tzinfo=UTC), made_by="user:ana")
    >>> [verdict(promise, paid).value for paid in (9_500, 9_499, 3_000, 2_999)]
    ['kept', 'partial', 'partial', 'broken']
    """
    if paid_minor * 100 >= promise.amount_minor * promise.kept_percent:
        return PromiseState.KEPT
    if paid_minor * 100 >= promise.amount_minor * promise.partial_percent:
        return PromiseState.PARTIAL
    return PromiseState.BROKEN


def next_open(promises: Iterable[PromiseToPay]) -> PromiseToPay | None:
    """The open promise that ends first: of a series, the one that is due now."""
    waiting = [one for one in promises if one.state is PromiseState.OPEN]
    return min(waiting, key=lambda one: (one.last_day, one.promise_id), default=None)


def _shared(
    together: Sequence[PromiseToPay], entries: tuple[Entry, ...], time_zone: str
) -> dict[str, int]:
    in_turn = sorted(together, key=lambda one: (one.last_day, one.due_on, one.promise_id))
    left = {one.promise_id: one.amount_minor for one in in_turn}
    # All were made at one moment: what counts for the last of them may count for any.
    for paid_on, minor in sorted(_payments(in_turn[-1], entries, time_zone)):
        for one in in_turn:
            if paid_on <= one.last_day:
                part = min(minor, left[one.promise_id])
                left[one.promise_id] -= part
                minor -= part  # noqa: PLW2901 - what is left of the payment
    return {one.promise_id: one.amount_minor - left[one.promise_id] for one in in_turn}


def _payments(
    promise: PromiseToPay, entries: Iterable[Entry], time_zone: str
) -> list[tuple[date, int]]:
    known = tuple(entries)
    undone = reversals(known)
    since = local_day(promise.made_at, time_zone)
    return [
        (entry.effective_on, -entry.amount_minor)
        for entry in known
        if entry.kind is EntryKind.PAYMENT
        and entry.entry_id not in undone
        and since <= entry.effective_on <= promise.last_day
        and entry.recorded_at >= promise.made_at
    ]
