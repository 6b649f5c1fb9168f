"""
The numbers debtors pay to, as rows of the work table.

``PAYREFS#<prefix>`` / ``-`` counts them; ``CASE#<case_id>`` / ``PAYREF#<debt>#<prefix>`` is a
debt's own; ``PAYREF#<number>`` / ``-`` says whose a number is. A prefix may serve several
portfolios of one creditor, so numbers are counted by prefix: no two debts ever share one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.store.wire import TransactionCancelled

if TYPE_CHECKING:
    from chalicelib.store.wire import Item, Wire


class PaymentReferenceStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire, self._table = wire, table

    def number(self, prefix: str, case_id: str, debt_id: str) -> int:
        mine = _key(f"CASE#{case_id}", f"PAYREF#{debt_id}#{prefix}")
        known = self._get(mine)
        if known is None:
            put = {
                "TableName": self._table,
                "Item": mine | {"number": {"N": str(self._next(prefix))}},
                "ConditionExpression": "attribute_not_exists(pk)",
            }
            try:
                self._wire.transact([{"Put": put}])
                known = put["Item"]  # type: ignore[assignment]
            except TransactionCancelled:
                # Somebody else gave it one this moment; ours is never used.
                known = self._get(mine)
        if known is None:
            raise LookupError(case_id)
        return int(known["number"]["N"])

    def keep(self, portfolio_id: str, reference: str, case_id: str, debt_id: str) -> None:
        item = _key(f"PAYREF#{reference}", "-") | {
            "portfolio_id": {"S": portfolio_id},
            "case_id": {"S": case_id},
            "debt_id": {"S": debt_id},
        }
        self._wire.call("PutItem", {"TableName": self._table, "Item": item})

    def find(self, portfolio_id: str, reference: str) -> tuple[str, str] | None:
        """
        Say whose a number is, as (case id, debt id); the debt is empty for a whole case.

        Returns:
            None for a number that nobody in the portfolio was given.
        """
        item = self._get(_key(f"PAYREF#{reference}", "-"))
        if item is None or item["portfolio_id"]["S"] != portfolio_id:
            return None
        return item["case_id"]["S"], item["debt_id"]["S"]

    def _next(self, prefix: str) -> int:
        answer = self._wire.call(
            "UpdateItem",
            {
                "TableName": self._table,
                "Key": _key(f"PAYREFS#{prefix}", "-"),
                "UpdateExpression": "ADD given :one",
                "ExpressionAttributeValues": {":one": {"N": "1"}},
                "ReturnValues": "UPDATED_NEW",
            },
        )
        return int(answer["Attributes"]["given"]["N"])

    def _get(self, key: Item) -> Item | None:
        asked = {"TableName": self._table, "Key": key, "ConsistentRead": True}
        item: Item | None = self._wire.call("GetItem", asked).get("Item")
        return item


def _key(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}
