"""Owned cases that the counter of open cases does not know of yet: found, and counted once."""

from collections import Counter
from collections.abc import Sequence

from chalicelib.domain.case import CaseHead
from chalicelib.domain.counters import counts_for
from chalicelib.store import counters as counter_rows
from chalicelib.store.case_effort import CaseEffort
from chalicelib.store.case_keys import HEAD, case_of, case_pk
from chalicelib.store.case_rows import head_of
from chalicelib.store.shape import Operation
from chalicelib.store.wire import TransactionCancelled

# Of a transaction's 100 items; the rest is for the counters of as many people.
CASES_AT_ONCE = 45


class CaseOwners(CaseEffort):
    """Whom cases count for; every change of a case says it anew (``CaseHead.counted_for``)."""

    _work: str

    def count_owners(self, portfolio_id: str, case_ids: Sequence[str], *, write: bool) -> int:
        """
        Count owned cases that their owner's counter lacks; says how many.

        A head says whom its case counts for, and takes that on in the transaction that counts
        it, so each is counted once however often this comes. It moves the case's version:
        whoever opened the case before would count it again.

        Args:
            write: Else nothing is changed.
        """
        keys = ((case_pk(key), HEAD) for key in case_ids)
        heads = {case_of(item): head_of(item) for item in self._wire.get_many(self._cases, keys)}
        lacking = [head for head in heads.values() if head.counted_for != _owner(head)]
        if not write:
            return len(lacking)
        return sum(
            self._count(portfolio_id, lacking[first : first + CASES_AT_ONCE])
            for first in range(0, len(lacking), CASES_AT_ONCE)
        )

    def _count(self, portfolio_id: str, heads: Sequence[CaseHead]) -> int:
        while heads:
            moves: Counter[str] = Counter()
            for head in heads:
                moves[_owner(head)] += 1
                moves[head.counted_for] -= 1
            sums = {f"CASES#{key}": {"open_cases": by} for key, by in moves.items() if key}
            counted = counter_rows.updates(self._work, portfolio_id, sums, counter_rows.any_shard())
            try:
                self._wire.transact([*map(self._told, heads), *counted])
                return len(heads)
            except TransactionCancelled as cancelled:
                # Whoever changed a case meanwhile counted it.
                left = [
                    head
                    for head, (code, _) in zip(heads, cancelled.reasons, strict=False)
                    if code != "ConditionalCheckFailed"
                ]
                if len(left) == len(heads):
                    raise
                heads = left
        return 0

    def _told(self, head: CaseHead) -> Operation:
        return {
            "Update": {
                "TableName": self._cases,
                "Key": {"pk": {"S": case_pk(head.case_id)}, "sk": {"S": HEAD}},
                "UpdateExpression": "SET counted_for = :owner, version = :next",
                "ConditionExpression": "version = :known",
                "ExpressionAttributeValues": {
                    ":owner": {"S": _owner(head)},
                    ":next": {"N": str(head.version + 1)},
                    ":known": {"N": str(head.version)},
                },
            }
        }


def _owner(head: CaseHead) -> str:
    return counts_for(head.owner, head.status)
