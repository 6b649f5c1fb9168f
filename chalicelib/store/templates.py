"""
A portfolio's own texts in the work table.

The current one is ``P#<portfolio>`` / ``TEMPLATE#<key>``; every version stays under
``TEMPLATE_V#<key>#<version>``, written in the same transaction.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.messages.template import OwnTemplate
from chalicelib.store.wire import TransactionCancelled, Wire

REMEMBERED_S = 30.0


class TemplateStore:
    """
    Args:
        clock: Seconds that only go forward; the texts of a portfolio that is being written to
            are remembered for ``REMEMBERED_S``.
    """

    def __init__(
        self, wire: Wire, table: str, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._wire, self._table, self._clock = wire, table, clock
        self._remembered: dict[str, tuple[float, Mapping[str, OwnTemplate]]] = {}

    def get(self, portfolio_id: str, key: str) -> OwnTemplate | None:
        item = self._wire.call(
            "GetItem",
            {
                "TableName": self._table,
                "Key": _keys(portfolio_id, f"TEMPLATE#{key}"),
                "ConsistentRead": True,
            },
        ).get("Item")
        return _read(item) if item else None

    def all(self, portfolio_id: str) -> list[OwnTemplate]:
        """Every current text of a portfolio, withdrawn ones too: tens, one query."""
        return [_read(item) for item in self._query(portfolio_id, "TEMPLATE#")]

    def remembered(self, portfolio_id: str) -> Mapping[str, OwnTemplate]:
        """Those by key, at most ``REMEMBERED_S`` old: for sending, thousands at a time."""
        now = self._clock()
        known = self._remembered.get(portfolio_id)
        if known is None or now - known[0] > REMEMBERED_S:
            known = (now, {each.key: each for each in self.all(portfolio_id)})
            self._remembered[portfolio_id] = known
        return known[1]

    def versions(self, portfolio_id: str, key: str) -> list[OwnTemplate]:
        """Every version there was, newest first."""
        found = self._query(portfolio_id, f"TEMPLATE_V#{key}#", newest_first=True)
        return [_read(item) for item in found]

    def save(self, own: OwnTemplate) -> bool:
        """
        Write over the version before it; False, with nothing changed, when that is not there.

        Safe to repeat: the same text written twice is there once.
        """
        body = {
            "kind": {"S": "template"},
            "version": {"N": str(own.version)},
            "body": {"S": orjson.dumps(to_plain(own)).decode()},
        }
        current = _keys(own.portfolio_id, f"TEMPLATE#{own.key}")
        version = _keys(own.portfolio_id, f"TEMPLATE_V#{own.key}#{own.version:06d}")
        put: dict[str, Any] = {"TableName": self._table, "Item": current | body}
        if own.version == 1:
            put["ConditionExpression"] = "attribute_not_exists(pk)"
        else:
            put["ConditionExpression"] = "version = :before"
            put["ExpressionAttributeValues"] = {":before": {"N": str(own.version - 1)}}
        kept = {
            "TableName": self._table,
            "Item": version | body,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        try:
            self._wire.transact([{"Put": put}, {"Put": kept}])
        except TransactionCancelled:
            # It may have been ours, its answer lost and the request repeated.
            return self.get(own.portfolio_id, own.key) == own
        self._remembered.pop(own.portfolio_id, None)
        return True

    def _query(self, portfolio_id: str, begins: str, *, newest_first: bool = False) -> Any:
        return self._wire.query(
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
                "ExpressionAttributeValues": {
                    ":pk": {"S": f"P#{portfolio_id}"},
                    ":sk": {"S": begins},
                },
                "ScanIndexForward": not newest_first,
            }
        )


def _keys(portfolio_id: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": f"P#{portfolio_id}"}, "sk": {"S": sk}}


def _read(item: Mapping[str, Any]) -> OwnTemplate:
    return from_plain(OwnTemplate, orjson.loads(item["body"]["S"]))
