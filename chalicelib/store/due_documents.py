"""Documents that wait for a moment: with each a row by when it is due, moved in the same write."""

from abc import abstractmethod
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from chalicelib.store.documents import Documents
from chalicelib.store.wire import Item, TransactionCancelled, Wire

_FAILED = "ConditionalCheckFailed"

T = TypeVar("T")


class DueDocuments(Documents[T]):
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

    def add(self, document: T) -> bool:
        """Keep a new one; False, with nothing changed, when its id is taken by another."""
        if self._write(None, document, "attribute_not_exists(pk)", {}):
            return True
        return self.get(*self._place(document)) == document

    def save(self, document: T) -> T | None:
        """Write over the version it was read at; None when somebody else has since."""
        version: int = document.version  # type: ignore[attr-defined]
        before = self.get(*self._place(document))
        if before is None or before.version != version:  # type: ignore[attr-defined]
            return None
        stored: T = replace(document, version=version + 1)  # type: ignore[type-var]
        read = {":read": {"N": str(version)}}
        return stored if self._write(before, stored, "version = :read", read) else None

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

    def _place(self, document: T) -> tuple[str, str]:
        portfolio_id: str = document.portfolio_id  # type: ignore[attr-defined]
        return portfolio_id, getattr(document, self._key)

    def _write(self, before: T | None, after: T, condition: str, values: dict[str, Any]) -> bool:
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": self._item(after),
            "ConditionExpression": condition,
        }
        if values:
            put["ExpressionAttributeValues"] = values
        was, is_ = self._due_key(before), self._due_key(after)
        operations: list[Item] = [{"Put": put}]
        if was and was != is_:
            operations.append({"Delete": {"TableName": self._table, "Key": was}})
        if is_:
            item = is_ | {"kind": {"S": self._kind}}
            operations.append({"Put": {"TableName": self._table, "Item": item}})
        return self._done(operations)

    def _done(self, operations: list[Item]) -> bool:
        """Write all; False, with nothing written, where the first one's condition fails."""
        try:
            self._wire.transact(operations)
        except TransactionCancelled as cancelled:
            if cancelled.reasons[0][0] != _FAILED:
                raise
            return False
        return True

    def _due_key(self, document: T | None) -> Item | None:
        at = None if document is None else self._due_at(document)
        if document is None or at is None:
            return None
        portfolio_id, key = self._place(document)
        sk = f"{_minute(at)}#{portfolio_id}#{key}"
        return {"pk": {"S": self._due}, "sk": {"S": sk}}


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
