"""Trackers' tokens in the work table: ``ORG`` / ``TRACKER#<id>``, found by ``TRACKER#<sha256>``."""

import contextlib
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from chalicelib.domain.people import AuditEvent
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.domain.tracking import Tracker
from chalicelib.store.wire import Item, TransactionCancelled, Wire

ORG = "ORG"


class TrackerStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire, self._table = wire, table

    def add(self, tracker: Tracker, *, token_hash: str, audit: AuditEvent) -> None:
        self._wire.transact(
            [
                self._put(tracker, token_hash),
                self._put_pointer(tracker, token_hash),
                self._put_audit(audit),
            ]
        )

    def by_hash(self, token_hash: str) -> Tracker | None:
        """One read: the pointer holds the whole record. Gone once it is revoked."""
        item = self._get(f"TRACKER#{token_hash}", "-")
        return _tracker(item) if item else None

    def get(self, tracker_id: str) -> Tracker | None:
        item = self._get(ORG, f"TRACKER#{tracker_id}")
        return _tracker(item) if item else None

    def all(self) -> list[Tracker]:
        body = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
            "ExpressionAttributeValues": {":pk": {"S": ORG}, ":sk": {"S": "TRACKER#"}},
        }
        return [_tracker(item) for item in self._wire.query(body)]

    def revoke(self, tracker: Tracker, *, audit: AuditEvent, now: datetime) -> None:
        token_hash = self._hash_of(tracker)
        keys = _keys(f"TRACKER#{token_hash}", "-")
        self._wire.transact(
            [
                self._put(replace(tracker, revoked_at=now), token_hash),
                {"Delete": {"TableName": self._table, "Key": keys}},
                self._put_audit(audit),
            ]
        )

    def note_use(self, tracker: Tracker, *, now: datetime) -> None:
        """Say when it was last heard; one that was revoked meanwhile stays so."""
        token_hash = self._hash_of(tracker)
        seen = replace(tracker, last_seen_at=now)
        pointer = self._put_pointer(seen, token_hash)
        pointer["Put"]["ConditionExpression"] = "attribute_exists(pk)"
        with contextlib.suppress(TransactionCancelled):
            self._wire.transact([self._put(seen, token_hash), pointer])

    def _hash_of(self, tracker: Tracker) -> str:
        item = self._get(ORG, f"TRACKER#{tracker.tracker_id}")
        return str(item["token_hash"]["S"]) if item else ""

    def _put(self, tracker: Tracker, token_hash: str) -> Item:
        return self._row(ORG, f"TRACKER#{tracker.tracker_id}", tracker, token_hash)

    def _put_pointer(self, tracker: Tracker, token_hash: str) -> Item:
        return self._row(f"TRACKER#{token_hash}", "-", tracker, token_hash)

    def _row(self, pk: str, sk: str, tracker: Tracker, token_hash: str) -> Item:
        body = {"S": orjson.dumps(to_plain(tracker)).decode()}
        item = _keys(pk, sk) | {"body": body, "token_hash": {"S": token_hash}}
        return {"Put": {"TableName": self._table, "Item": item}}

    def _put_audit(self, audit: AuditEvent) -> Item:
        from chalicelib.store import audit as audit_rows

        item: dict[str, Any] = audit_rows.row_of(audit).serialize()
        return {"Put": {"TableName": self._table, "Item": item}}

    def _get(self, pk: str, sk: str) -> Item | None:
        asked = {"TableName": self._table, "Key": _keys(pk, sk), "ConsistentRead": True}
        return self._wire.call("GetItem", asked).get("Item")


def _keys(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _tracker(item: Item) -> Tracker:
    return from_plain(Tracker, orjson.loads(item["body"]["S"]))
