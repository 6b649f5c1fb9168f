"""Changes of several cases in one transaction, with the counters they move together."""

from typing import Any

from chalicelib.domain.case import CaseChange
from chalicelib.domain.errors import AlreadyRecorded, CaseMoved, DomainError
from chalicelib.store import cash as cash_rows
from chalicelib.store import counters as counter_rows
from chalicelib.store.case_rows import operations, payments
from chalicelib.store.shape import Operation
from chalicelib.store.wire import TRANSACTION_LIMIT, TransactionCancelled


class Pack:
    """Changes that are written by one transaction, with the counters they move together."""

    def __init__(self, cases: str, work: str, portfolio_id: str) -> None:
        self.changes: list[CaseChange] = []
        self.portfolio_id = portfolio_id
        self._cases = cases
        self._work = work
        self._operations: list[Operation] = []
        self._starts: list[int] = []
        self._sums: counter_rows.Sums = {}
        self._payments: set[str] = set()

    def takes(self, change: CaseChange, more: list[Operation] | None = None) -> bool:
        """Take a change in, with its operations when they are made, if there is room for it."""
        more = [
            *(more or operations(self._cases, change)),
            *cash_rows.operations(self._work, change.cash),
        ]
        sums = counter_rows.sums_by_row(change.counters) if change.counters else {}
        rows = len(self._sums.keys() | sums.keys())
        paid = payments(change).keys()
        if (
            len(self._operations) + len(more) + rows > TRANSACTION_LIMIT
            or paid & self._payments
            or change.after.portfolio_id != self.portfolio_id
        ):
            return False
        self.changes.append(change)
        self._starts.append(len(self._operations))
        self._operations += more
        self._payments |= paid
        for row, moved in sums.items():
            held = self._sums.setdefault(row, {})
            for name, by in moved.items():
                held[name] = held.get(name, 0) + by
        return True

    def operations(self, shard: int) -> list[Operation]:
        updates = counter_rows.updates(self._work, self.portfolio_id, self._sums, shard)
        return [*self._operations, *updates]

    def refused(self, cancelled: TransactionCancelled) -> dict[str, DomainError]:
        """Read from the reasons which changes were refused, and why."""
        refused: dict[str, DomainError] = {}
        bounds = [*self._starts[1:], len(self._operations)]
        for change, start, end in zip(self.changes, self._starts, bounds, strict=True):
            for place in range(start, end):
                code, old = cancelled.reasons[place]
                if code != "ConditionalCheckFailed":
                    continue
                case_id = change.after.case_id
                if place == start:
                    refused[case_id] = CaseMoved(case_id=case_id)
                else:
                    refused[case_id] = self._recorded(place, old)
        return refused

    def _recorded(self, place: int, old: dict[str, Any] | None) -> AlreadyRecorded:
        operation: Any = self._operations[place]  # one with a condition of its own is no text
        ours = operation["Put"]["Item"]
        old = old or {}
        told = "content" if "content" in ours else "visit_id"  # of a payment, of a cash receipt
        return AlreadyRecorded(
            key=ours["pk"]["S"],
            case_id=old.get("case_id", {}).get("S"),
            same=old.get(told) == ours[told],
        )
