"""
Who wants a place in a segment's quota of a day.

``BIDS#<portfolio>#<day>#<segment>`` / ``<score, best first>#<case>``: one row a bid, which goes by
itself some days after.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.store.wire import Wire

KEPT = timedelta(days=3)
HIGHEST = 9_999_999


class BidStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire = wire
        self._table = table

    def place(
        self, portfolio_id: str, day: date, bids: Sequence[tuple[str, int, str]], *, now: datetime
    ) -> None:
        """Note (segment, score, case) bids; one with another score stands beside the first."""
        until = {"N": str(int((now + KEPT).timestamp()))}
        self._wire.put_many(
            self._table,
            [
                {
                    "pk": {"S": _pk(portfolio_id, day, segment_id)},
                    "sk": {"S": f"{_rank(score)}#{case_id}"},
                    "expires_at": until,
                }
                for segment_id, score, case_id in bids
            ],
        )

    def best(self, portfolio_id: str, day: date, segment_id: str, *, most: int) -> list[str]:
        """Give the case ids of the best bids, in order: one query of so many rows."""
        found: dict[str, None] = {}
        for item in self._rows(portfolio_id, day, segment_id):
            found[_case(item)] = None
            if len(found) == most:
                break
        return list(found)

    def drop(self, portfolio_id: str, day: date, segment_id: str, case_ids: Sequence[str]) -> None:
        """Forget the best bids, those of *case_ids*."""
        placed = set(case_ids)
        for item in self._rows(portfolio_id, day, segment_id):
            if _case(item) not in placed:
                break
            key = {"pk": item["pk"], "sk": item["sk"]}
            self._wire.call("DeleteItem", {"TableName": self._table, "Key": key})

    def _rows(self, portfolio_id: str, day: date, segment_id: str) -> Iterator[dict[str, Any]]:
        return self._wire.query(
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk",
                "ExpressionAttributeValues": {":pk": {"S": _pk(portfolio_id, day, segment_id)}},
                "ConsistentRead": True,
            }
        )


def _pk(portfolio_id: str, day: date, segment_id: str) -> str:
    return f"BIDS#{portfolio_id}#{day.isoformat()}#{segment_id}"


def _rank(score: int) -> str:
    """
    Write a score so that the best sorts first.

    >>> _rank(90) < _rank(7) < _rank(0)
    True
    """
    return f"{HIGHEST - min(max(score, 0), HIGHEST):07d}"


def _case(item: dict[str, Any]) -> str:
    key: str = item["sk"]["S"]
    return key.partition("#")[2]
