"""How a case stands by its ledger: what it owes, since when, and in which ageing buckets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.book import Book
from chalicelib.domain.counters import NO_DATE
from chalicelib.domain.quick import quick


@quick
@dataclass(frozen=True, slots=True)
class Standing:
    """The derived part of a case's head; see ``CaseHead`` for what the fields mean."""

    balance_minor: int
    oldest_due_on: date | None
    due_buckets: dict[str, int]
    due_debts: dict[str, int]
    debts: int


class Standings:
    """
    How a case stands while its book is added to, under the tolerance the book was opened with.

    Every debt's whole balance is in one bucket, that of its oldest unpaid part; what void
    debts still hold (nothing, unless money came in later) is in the bucket without a date.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._parts: dict[str, tuple[str, int, bool]] = {}
        self._buckets: dict[str, int] = {}
        self._numbers: dict[str, int] = {}

    def now(self, touched: Iterable[str]) -> Standing:
        """
        Derive how the case stands.

        Args:
            touched: Debts that may have moved since this was asked last; the first time all
                are looked at.
        """
        book = self._book
        for debt_id in touched if self._parts else book.debts:
            if debt_id in self._parts:
                self._count(debt_id, -1)
            due_on = book.oldest_due_on(debt_id)
            key = NO_DATE if due_on is None else due_on.isoformat()
            minor = book.balance(debt_id).total_minor
            self._parts[debt_id] = (key, minor, not book.debts[debt_id].void)
            self._count(debt_id, 1)
        numbers = {key: debts for key, debts in self._numbers.items() if debts}
        oldest = min((key for key in numbers if key != NO_DATE), default=None)
        return Standing(
            balance_minor=book.total_minor(),
            oldest_due_on=None if oldest is None else date.fromisoformat(oldest),
            due_buckets={key: minor for key, minor in self._buckets.items() if minor},
            due_debts=numbers,
            debts=sum(numbers.values()),
        )

    def owing(self) -> dict[str, date]:
        """Since when each debt owes that does, as it stood when ``now`` was asked last."""
        return {
            debt_id: date.fromisoformat(key)
            for debt_id, (key, _, _) in self._parts.items()
            if key != NO_DATE
        }

    def _count(self, debt_id: str, sign: int) -> None:
        key, minor, alive = self._parts[debt_id]
        if minor:
            self._buckets[key] = self._buckets.get(key, 0) + sign * minor
        if alive:
            self._numbers[key] = self._numbers.get(key, 0) + sign
