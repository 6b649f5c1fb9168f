"""
Requests about people's own data, in the work table.

``P#<portfolio>`` / ``DREQ#<id>`` the request; ``DREQS#<portfolio>#live`` / ``<last day>#<id>`` one
that is under way, by when it is due, and ``DREQS#<portfolio>#ended`` / ``<ended>#<id>`` one that
is not, moved in the same transaction; ``DREQ_OF#<case>`` / ``<id>`` of each case it is about.
"""

from collections.abc import Sequence
from datetime import UTC, date
from typing import Any

from chalicelib.domain.data_request import DataRequest
from chalicelib.store.documents import opened, sealed
from chalicelib.store.kept_beside import DocumentsWithRows
from chalicelib.store.wire import Item, Wire


class DataRequestStore(DocumentsWithRows[DataRequest]):
    def __init__(self, wire: Wire, table: str) -> None:
        super().__init__(wire, table, DataRequest, name="DREQ", key="request_id")

    def listed(
        self, portfolio_id: str, *, live: bool, limit: int, cursor: str | None
    ) -> tuple[list[DataRequest], str | None]:
        """Read those under way, the first due first, or those that ended, the newest first."""
        pk = _list_pk(portfolio_id, live=live)
        body: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": pk}},
            "ScanIndexForward": live,
            "Limit": limit,
            "ConsistentRead": True,
        }
        if cursor:
            body["ExclusiveStartKey"] = {"pk": {"S": pk}, "sk": {"S": opened(cursor)}}
        answer = self._wire.call("Query", body)
        keys = [item["sk"]["S"] for item in answer["Items"]]
        found = self._many(portfolio_id, [key.partition("#")[2] for key in keys])
        more = sealed(keys[-1]) if keys and "LastEvaluatedKey" in answer else None
        return found, more

    def due(self, portfolio_id: str, until: date, *, most: int) -> list[date]:
        """Give the last days of those under way that are due by *until*, the first first."""
        answer = self._wire.call(
            "Query",
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk AND sk < :sk",
                "ExpressionAttributeValues": {
                    ":pk": {"S": _list_pk(portfolio_id, live=True)},
                    ":sk": {"S": f"{until.isoformat()}$"},  # $ comes right after #
                },
                "ConsistentRead": True,
                "Limit": most,
            },
        )
        return [date.fromisoformat(item["sk"]["S"].partition("#")[0]) for item in answer["Items"]]

    def of_case(self, portfolio_id: str, case_id: str) -> list[DataRequest]:
        """Give the requests that are about a case, the oldest first."""
        body = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": _case_pk(case_id)}},
            "ConsistentRead": True,
        }
        keys = [item["sk"]["S"] for item in self._wire.query(body)]
        found = self._many(portfolio_id, keys)
        return sorted(found, key=lambda one: (one.made_at, one.request_id))

    def _many(self, portfolio_id: str, ids: Sequence[str]) -> list[DataRequest]:
        """Read several, in the order of *ids*."""
        keys = [(self._pk(portfolio_id), f"{self._name}#{one}") for one in ids]
        found = {
            one.request_id: one for one in map(self._read, self._wire.get_many(self._table, keys))
        }
        return [found[one] for one in ids if one in found]

    def _beside(self, before: DataRequest | None, after: DataRequest) -> list[Item]:
        operations: list[Item] = []
        was = _listed_at(before) if before else None
        is_ = _listed_at(after)
        if was is not None and was != is_:
            operations.append({"Delete": {"TableName": self._table, "Key": was}})
        if was != is_:
            operations.append({"Put": {"TableName": self._table, "Item": is_ | _KIND}})
        known = set(before.case_ids) if before else set()
        operations += [
            {
                "Put": {
                    "TableName": self._table,
                    "Item": {"pk": {"S": _case_pk(case_id)}, "sk": {"S": after.request_id}} | _KIND,
                }
            }
            for case_id in after.case_ids
            if case_id not in known
        ]
        return operations


_KIND = {"kind": {"S": "data_request"}}


def _listed_at(request: DataRequest) -> Item:
    """Where it stands in its portfolio's list."""
    at = request.ended_at or request.made_at
    order = request.due_on.isoformat() if request.live else f"{at.astimezone(UTC):%Y%m%dT%H%M%S}"
    return {
        "pk": {"S": _list_pk(request.portfolio_id, live=request.live)},
        "sk": {"S": f"{order}#{request.request_id}"},
    }


def _list_pk(portfolio_id: str, *, live: bool) -> str:
    return f"DREQS#{portfolio_id}#{'live' if live else 'ended'}"


def _case_pk(case_id: str) -> str:
    return f"DREQ_OF#{case_id}"
