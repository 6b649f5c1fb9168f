"""One-time codes as rows of the work table: ``CODE#<id>`` / ``-``; they go away by themselves."""

from dataclasses import replace
from typing import Any

import orjson

from chalicelib.domain.one_time_code import OneTimeCode
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.store.documents import CONDITION_FAILED
from chalicelib.store.wire import Wire, WireError

KEPT_S = 3600  # after it is too old: to look into, should somebody ask


class OneTimeCodeStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire, self._table = wire, table

    def add(self, code: OneTimeCode) -> None:
        self._put(code, ConditionExpression="attribute_not_exists(pk)")

    def get(self, code_id: str) -> OneTimeCode | None:
        item = self._wire.call(
            "GetItem", {"TableName": self._table, "Key": _key(code_id), "ConsistentRead": True}
        ).get("Item")
        return from_plain(OneTimeCode, orjson.loads(item["body"]["S"])) if item else None

    def save(self, code: OneTimeCode) -> bool:
        """Write over the version it was read at; False when somebody else has since."""
        try:
            self._put(
                replace(code, version=code.version + 1),
                ConditionExpression="version = :read",
                ExpressionAttributeValues={":read": {"N": str(code.version)}},
            )
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise
            return False
        return True

    def _put(self, code: OneTimeCode, **condition: Any) -> None:
        item = _key(code.code_id) | {
            "kind": {"S": "one_time_code"},
            "expires_at": {"N": str(int(code.expires_at.timestamp()) + KEPT_S)},
            "version": {"N": str(code.version)},
            "body": {"S": orjson.dumps(to_plain(code)).decode()},
        }
        self._wire.call("PutItem", {"TableName": self._table, "Item": item} | condition)


def _key(code_id: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": f"CODE#{code_id}"}, "sk": {"S": "-"}}
