"""
Who takes part in an A/B test: ``AB#<portfolio>#<strategy>@<version>#<shard>`` / ``<case>``; one of
the forecast has ``forecast@<test>`` in the place of the strategy, and what a model told of cases
in a month ``told@<model>@<month>``, with the chance in the place of the arm.

One row a case, in sixteen partitions; counting reads them, never the cases of the portfolio.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date

from chalicelib.domain.experiment import Enrolment
from chalicelib.store.wire import Wire, WireError

CONDITION_FAILED = "ConditionalCheckFailedException"
SHARDS = 16


class EnrolmentStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire = wire
        self._table = table

    def enrol(self, portfolio_id: str, strategy: str, arm: str, case_id: str, on: date) -> None:
        """Note that a case takes part from a day on; the first word stands. Safe to repeat."""
        shard = _shard(case_id)
        try:
            self._wire.call(
                "PutItem",
                {
                    "TableName": self._table,
                    "Item": {
                        "pk": {"S": _pk(portfolio_id, strategy, shard)},
                        "sk": {"S": case_id},
                        "kind": {"S": "enrolment"},
                        "arm": {"S": arm},
                        "since": {"S": on.isoformat()},
                    },
                    "ConditionExpression": "attribute_not_exists(pk)",
                },
            )
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise

    def known(self, portfolio_id: str, strategy: str, case_ids: Iterable[str]) -> set[str]:
        """Say which of some cases take part."""
        keys = [(_pk(portfolio_id, strategy, _shard(one)), one) for one in case_ids]
        return {item["sk"]["S"] for item in self._wire.get_many(self._table, keys)}

    def enrolled(self, portfolio_id: str, strategy: str, *, after: str = "") -> Iterator[Enrolment]:
        """
        Read who takes part, in no order that has to do with what became of them.

        Args:
            after: Go on behind this case.
        """
        for shard in range(_shard(after) if after else 0, SHARDS):
            behind = after if after and shard == _shard(after) else " "
            for item in self._wire.query(
                {
                    "TableName": self._table,
                    "KeyConditionExpression": "pk = :pk AND sk > :behind",
                    "ExpressionAttributeValues": {
                        ":pk": {"S": _pk(portfolio_id, strategy, shard)},
                        ":behind": {"S": behind},
                    },
                }
            ):
                yield Enrolment(
                    case_id=item["sk"]["S"],
                    arm=item["arm"]["S"],
                    since=date.fromisoformat(item["since"]["S"]),
                )


def _shard(case_id: str) -> int:
    return hashlib.sha256(case_id.encode()).digest()[1] % SHARDS


def _pk(portfolio_id: str, strategy: str, shard: int) -> str:
    return f"AB#{portfolio_id}#{strategy}#{shard}"
