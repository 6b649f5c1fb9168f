"""Documents that wait for a moment: with each a row by when it is due, moved in the same write."""

from abc import abstractmethod
from datetime import UTC, datetime
from typing import Any, TypeVar

from chalicelib.store.kept_beside import DocumentsWithRows
from chalicelib.store.wire import Item, Wire

T = TypeVar("T")


class DueDocuments(DocumentsWithRows[T]):
    """
    ``<due>`` / ``<when>#<portfolio>#<key>`` beside each document that waits for a moment.

    Args:
        due: Partition of those rows.
        kind: Of those rows.
    """

    def __init__(
        self, wire: Wire, table: str, made: type[T], *, name: str, key: str, due: str, kind: str
    ) -> None:
        super().__init__(wire, table, made, name=name, key=key)
        self._due, self._kind = due, kind

    @abstractmethod
    def _due_at(self, document: T) -> datetime | None:
        """When it is due; None while it waits for nothing."""

    def remove(self, document: T) -> bool:
        """Take away the version that was read; False when somebody has changed it since."""
        gone: dict[str, Any] = {
            "TableName": self._table,
            "Key": self._keys(*self._place(document)),
            "ConditionExpression": "version = :read",
            "ExpressionAttributeValues": {
                ":read": {"N": str(document.version)}  # type: ignore[attr-defined]
            },
        }
        operations: list[Item] = [{"Delete": gone}]
        if due := self._due_key(document):
            operations.append({"Delete": {"TableName": self._table, "Key": due}})
        return self._done(operations)

    def due(self, now: datetime, *, limit: int) -> list[tuple[str, str, datetime]]:
        """Tell which are due by *now*, the longest first: portfolio, key and since when."""
        body = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND sk < :sk",
            "ExpressionAttributeValues": {
                ":pk": {"S": self._due},
                ":sk": {"S": f"{_minute(now)}$"},  # $ comes right after #
            },
            "Limit": limit,
        }
        found = []
        for item in self._wire.call("Query", body)["Items"]:
            at, portfolio_id, key = item["sk"]["S"].split("#")
            found.append((portfolio_id, key, datetime.fromisoformat(at)))
        return found

    def _beside(self, before: T | None, after: T) -> list[Item]:
        was, is_ = self._due_key(before), self._due_key(after)
        operations: list[Item] = []
        if was and was != is_:
            operations.append({"Delete": {"TableName": self._table, "Key": was}})
        if is_:
            item = is_ | {"kind": {"S": self._kind}}
            operations.append({"Put": {"TableName": self._table, "Item": item}})
        return operations

    def _due_key(self, document: T | None) -> Item | None:
        at = None if document is None else self._due_at(document)
        if document is None or at is None:
            return None
        portfolio_id, key = self._place(document)
        sk = f"{_minute(at)}#{portfolio_id}#{key}"
        return {"pk": {"S": self._due}, "sk": {"S": sk}}


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
