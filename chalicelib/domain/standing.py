"""How a case stands by its ledger: what it owes, since when, and in which ageing buckets."""

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.book import Book
from chalicelib.domain.counters import NO_DATE


@dataclass(frozen=True, slots=True)
class Standing:
    """The derived part of a case's head; see ``CaseHead`` for what the fields mean."""

    balance_minor: int
    oldest_due_on: date | None
    due_buckets: dict[str, int]
    due_debts: dict[str, int]
    debts: int


def standing(book: Book) -> Standing:
    """
    Derive how the case stands, under the tolerance the book was opened with.

    Every debt's whole balance is in one bucket, that of its oldest unpaid part; what void
    debts still hold (nothing, unless money came in later) is in the bucket without a date.
    """
    buckets: dict[str, int] = {}
    numbers: dict[str, int] = {}
    oldest: date | None = None
    alive = 0
    for debt_id, debt in book.debts.items():
        due_on = book.oldest_due_on(debt_id)
        key = NO_DATE if due_on is None else due_on.isoformat()
        balance_minor = book.balance(debt_id).total_minor
        if balance_minor:
            buckets[key] = buckets.get(key, 0) + balance_minor
        if debt.void:
            continue
        alive += 1
        numbers[key] = numbers.get(key, 0) + 1
        if due_on is not None and (oldest is None or due_on < oldest):
            oldest = due_on
    return Standing(
        balance_minor=book.total_minor(),
        oldest_due_on=oldest,
        due_buckets={key: minor for key, minor in buckets.items() if minor},
        due_debts=numbers,
        debts=alive,
    )
