"""Documents with rows beside them, in lists or by when they are due, that move in one write."""

from abc import abstractmethod
from dataclasses import replace
from typing import Any, TypeVar

from chalicelib.store.documents import Documents
from chalicelib.store.wire import Item, TransactionCancelled

_FAILED = "ConditionalCheckFailed"

T = TypeVar("T")


class DocumentsWithRows(Documents[T]):
    @abstractmethod
    def _beside(self, before: T | None, after: T) -> list[Item]:
        """What of the rows beside a document changes with it."""

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
        return self._done([{"Put": put}, *self._beside(before, after)])

    def _done(self, operations: list[Item]) -> bool:
        """Write all; False, with nothing written, where the first one's condition fails."""
        try:
            self._wire.transact(operations)
        except TransactionCancelled as cancelled:
            if cancelled.reasons[0][0] != _FAILED:
                raise
            return False
        return True
