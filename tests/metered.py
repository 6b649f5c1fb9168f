"""A small DynamoDB in memory that counts what it would bill: for what a path costs."""

import base64
import math
from collections.abc import Iterator
from typing import Any

from chalicelib.store.wire import WireError

KILOBYTE = 1024
READ_BYTES = 4096


class MeteredWire:
    """
    What ``store.wire.Wire`` answers to the calls of the tracking store; no secondary index is
    kept, but its writes are counted.

    Attributes:
        requests: How many were sent.
        write_units, read_units: As on-demand tables bill them, the index ``live`` included.
    """

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], dict[str, Any]] = {}
        self.requests = 0
        self.write_units = 0
        self.read_units = 0.0

    def call(self, operation: str, body: dict[str, Any]) -> dict[str, Any]:
        self.requests += 1
        if operation == "GetItem":
            row = self.rows.get(_key(body["Key"]))
            self._read([row] if row else [], consistent=bool(body.get("ConsistentRead")))
            return {"Item": row} if row else {}
        if operation == "PutItem":
            self._put(body, units=1)
            return {}
        if operation == "TransactWriteItems":
            for one in body["TransactItems"]:
                self._put(one["Put"], units=2)
            return {}
        raise NotImplementedError(operation)

    def query(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        self.requests += 1
        values = body["ExpressionAttributeValues"]
        pk, prefix = values[":pk"]["S"], values.get(":sk", {"S": ""})["S"]
        found = [
            self.rows[key]
            for key in sorted(self.rows)
            if key[0] == pk and key[1].startswith(prefix)
        ]
        self._read(found, consistent=bool(body.get("ConsistentRead")))
        if after := values.get(":received"):  # what is left out is read and billed all the same
            found = [row for row in found if int(row["received_at"]["N"]) >= int(after["N"])]
        return iter(found)

    def transact(self, operations: list[dict[str, Any]]) -> None:
        self.call("TransactWriteItems", {"TransactItems": operations})

    def _put(self, body: dict[str, Any], *, units: int) -> None:
        item = body["Item"]
        key = _key(item)
        there = self.rows.get(key)
        read = body.get("ExpressionAttributeValues", {}).get(":read")
        fresh = "attribute_not_exists" in body.get("ConditionExpression", "")
        self.write_units += units * math.ceil(max(size_of(item), size_of(there)) / KILOBYTE)
        if (fresh and there) or (read and (there or {}).get("version") != read):
            raise WireError("ConditionalCheckFailedException", 400)
        if "live_pk" in item:
            # A moved index key is an entry taken out and one put in.
            entries = (
                [item] if there is None or there["live_sk"] == item["live_sk"] else [there, item]
            )
            self.write_units += sum(math.ceil(size_of(one) / KILOBYTE) for one in entries)
        self.rows[key] = item

    def _read(self, rows: list[dict[str, Any]], *, consistent: bool) -> None:
        units = math.ceil(max(1, sum(map(size_of, rows))) / READ_BYTES)
        self.read_units += units if consistent else units / 2


def size_of(item: dict[str, Any] | None) -> int:
    """Bytes of an item as DynamoDB counts them: names and values."""
    total = 0
    for name, typed in (item or {}).items():
        [(kind, value)] = typed.items()
        total += len(name.encode())
        if kind == "B":
            total += len(base64.b64decode(value))
        elif kind == "N":
            total += len(value) // 2 + 1
        else:
            total += len(str(value).encode())
    return total


def _key(item: dict[str, Any]) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]
