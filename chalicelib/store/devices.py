"""Phones that sign visits, as rows of the work table: ``DEVICES`` / ``<device>#<person>``."""

from typing import Any

import orjson

from chalicelib.domain.device import Device
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.store.documents import CONDITION_FAILED, opened, sealed
from chalicelib.store.wire import Wire, WireError

PK = "DEVICES"


class DeviceStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire, self._table = wire, table

    def get(self, device_id: str, person_id: str) -> Device | None:
        item = self._wire.call(
            "GetItem",
            {
                "TableName": self._table,
                "Key": _key(f"{device_id}#{person_id}"),
                "ConsistentRead": True,
            },
        ).get("Item")
        return _read(item) if item else None

    def add(self, device: Device) -> bool:
        try:
            self._put(device, ConditionExpression="attribute_not_exists(pk)")
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise
            return False
        return True

    def save(self, device: Device) -> None:
        self._put(device)

    def of(self, device_id: str) -> list[Device]:
        return [_read(item) for item in self._wire.query(self._query(f"{device_id}#"))]

    def page(self, *, limit: int, cursor: str | None) -> tuple[list[Device], str | None]:
        body = self._query("") | {"Limit": limit}
        if cursor:
            body["ExclusiveStartKey"] = _key(opened(cursor))
        answer = self._wire.call("Query", body)
        last = answer.get("LastEvaluatedKey")
        found = [_read(item) for item in answer["Items"]]
        return found, sealed(last["sk"]["S"]) if last else None

    def _query(self, prefix: str) -> dict[str, Any]:
        body: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": PK}},
            "ConsistentRead": True,
        }
        if prefix:
            body["KeyConditionExpression"] += " AND begins_with(sk, :sk)"
            body["ExpressionAttributeValues"][":sk"] = {"S": prefix}
        return body

    def _put(self, device: Device, **condition: str) -> None:
        item = _key(f"{device.device_id}#{device.person_id}") | {
            "kind": {"S": "device"},
            "body": {"S": orjson.dumps(to_plain(device)).decode()},
        }
        self._wire.call("PutItem", {"TableName": self._table, "Item": item} | condition)


def _key(sk: str) -> dict[str, Any]:
    return {"pk": {"S": PK}, "sk": {"S": sk}}


def _read(item: dict[str, Any]) -> Device:
    return from_plain(Device, orjson.loads(item["body"]["S"]))
