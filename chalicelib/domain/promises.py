"""When a promise to pay is kept: by how much was paid, from the day it was made to its last."""

from collections.abc import Iterable

from chalicelib.domain.case import PromiseState, PromiseToPay
from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import Entry, EntryKind, reversals

# Parts per hundred of what was promised: from here on it counts as kept, or as partly kept.
KEPT_PERCENT = 95
PARTIAL_PERCENT = 30


def paid_towards(promise: PromiseToPay, entries: Iterable[Entry], time_zone: str) -> int:
    """
    Sum what was paid towards a promise, in minor units.

    It counts by the day it was paid, from the promise's own to its last, however late the
    bank's file brings it; not what was on record when the promise was made.
    """
    known = tuple(entries)
    undone = reversals(known)
    since = local_day(promise.made_at, time_zone)
    return sum(
        -entry.amount_minor
        for entry in known
        if entry.kind is EntryKind.PAYMENT
        and entry.entry_id not in undone
        and since <= entry.effective_on <= promise.last_day
        and entry.recorded_at >= promise.made_at
    )


def verdict(promise: PromiseToPay, paid_minor: int) -> PromiseState:
    """
    Say what a promise is once its last day is over, or earlier if it is kept.

    >>> from datetime import UTC, date, datetime
    >>> promise = PromiseToPay(promise_id="p", amount_minor=10_000, due_on=date(2026, 12, 4),
    ...     state=PromiseState.OPEN, made_at=datetime(2026, 12, 1, tzinfo=UTC), made_by="user:ana")
    >>> [verdict(promise, paid).value for paid in (9_500, 9_499, 3_000, 2_999)]
    ['kept', 'partial', 'partial', 'broken']
    """
    if paid_minor * 100 >= promise.amount_minor * KEPT_PERCENT:
        return PromiseState.KEPT
    if paid_minor * 100 >= promise.amount_minor * PARTIAL_PERCENT:
        return PromiseState.PARTIAL
    return PromiseState.BROKEN
