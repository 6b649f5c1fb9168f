"""
Where agents are and were: the tracking table, of which every row goes by itself.

Rows (docs/data-model.md): ``AGENT#<person>`` / ``NOW`` and ``SHIFT#<id>``;
``TRAIL#<person>#<day, UTC>`` / ``<first point>#<hash>``; ``DEVICE#<device>#<day>`` / ``<person>``;
``ALARMS`` / ``<alarm id>``.
"""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

import orjson

from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.domain.tracking import Alarm, Fix, Presence, Shift
from chalicelib.geo.cells import cell_of
from chalicelib.store.attributes import instant_text
from chalicelib.store.segments import packed, unpacked
from chalicelib.store.wire import Item, TransactionCancelled, Wire, WireError

CONDITION_FAILED = "ConditionalCheckFailedException"
NOW = "NOW"
ALARMS = "ALARMS"
SHARDS = 4  # an index partition takes 1,000 writes a second, and a batch is two of them
ALARMS_KEPT = timedelta(days=365)


class TrackingStore:
    """
    Args:
        kept: How long trails, shifts and positions are kept.
    """

    def __init__(self, wire: Wire, table: str, *, kept: timedelta) -> None:
        self._wire, self._table = wire, table
        self.kept = kept

    # One agent now

    def presence(self, person_id: str) -> Presence | None:
        item = self._get(f"AGENT#{person_id}", NOW)
        return _presence(item) if item else None

    def save(self, presence: Presence) -> bool:
        """Write over the version it was read at; False when somebody else has since."""
        try:
            self._wire.call("PutItem", self._put_presence(presence))
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise
            return False
        return True

    def heard(self, *, since: datetime | None, until: datetime | None = None) -> list[Presence]:
        """
        Give the agents of whom something was last heard in a stretch of time.

        Args:
            since: None = from the beginning. Both ends belong to it.
        """
        low = instant_text(since) if since else "0"
        high = f"{instant_text(until)}~" if until else "~"
        found: list[Presence] = []
        for shard in range(SHARDS):
            body = {
                "TableName": self._table,
                "IndexName": "live",
                "KeyConditionExpression": "live_pk = :pk AND live_sk BETWEEN :low AND :high",
                "ExpressionAttributeValues": {
                    ":pk": {"S": f"LIVE#{shard}"},
                    ":low": {"S": low},
                    ":high": {"S": high},
                },
            }
            found += [_presence(item) for item in self._wire.query(body)]
        return found

    # Shifts

    def shift(self, person_id: str, shift_id: str) -> Shift | None:
        item = self._get(f"AGENT#{person_id}", f"SHIFT#{shift_id}")
        return _shift(item) if item else None

    def shifts(self, person_id: str) -> list[Shift]:
        """All that are kept, oldest first."""
        found = [_shift(item) for item in self._query(f"AGENT#{person_id}", prefix="SHIFT#")]
        return sorted(found, key=lambda one: one.started_at)

    def put_shift(self, shift: Shift, presence: Presence | None) -> bool:
        """Write a shift, and with it what it does to *presence*; False when that has moved."""
        put = {
            "TableName": self._table,
            "Item": _keys(f"AGENT#{shift.person_id}", f"SHIFT#{shift.shift_id}")
            | {
                "body": {"S": orjson.dumps(to_plain(shift)).decode()},
                "expires_at": self._gone(shift.started_at),
            },
        }
        if presence is None:
            self._wire.call("PutItem", put)
            return True
        try:
            self._wire.transact([{"Put": put}, {"Put": self._put_presence(presence)}])
        except TransactionCancelled:
            return False
        return True

    # Trails

    def add_points(
        self, person_id: str, fixes: Sequence[Fix], *, device_id: str, received_at: datetime
    ) -> None:
        """
        Write a batch, oldest first: a row for each day (UTC) in it.

        The key is made of the content, so that a repeat writes the same row again.
        """
        for day, some in groupby(fixes, key=lambda fix: fix.at.astimezone(UTC).date()):
            group = list(some)
            points = packed(group)
            digest = hashlib.sha256(points.encode()).hexdigest()[:16]
            item = _keys(_trail(person_id, day), f"{instant_text(group[0].at)}#{digest}") | {
                "points": {"B": points},
                "cells": {"S": " ".join(sorted({cell_of(fix.lat, fix.lng) for fix in group}))},
                "device_id": {"S": device_id},
                "received_at": _epoch(received_at),
                "expires_at": self._gone(group[-1].at),
            }
            self._wire.call("PutItem", {"TableName": self._table, "Item": item})

    def points(
        self,
        person_id: str,
        *,
        since: datetime,
        until: datetime,
        now: datetime,
        cells: frozenset[str] | None = None,
    ) -> list[Fix]:
        """
        Give the points of a stretch of time, in order, each moment once.

        Args:
            cells: Only batches with a point in one of these H3 cells; other points of theirs come
                along. Batches from before they carried their cells always come.
        """
        found: dict[datetime, Fix] = {}
        day = since.astimezone(UTC).date()
        while day <= until.astimezone(UTC).date():
            for item in self._query(_trail(person_id, day)):
                if int(item["expires_at"]["N"]) > now.timestamp() and _touches(item, cells):
                    for fix in unpacked(item["points"]["B"]):
                        if since <= fix.at <= until:
                            found.setdefault(fix.at, fix)
            day += timedelta(days=1)
        return [found[at] for at in sorted(found)]

    def arrived(
        self, person_id: str, *, since: datetime, until: datetime, after: datetime
    ) -> list[tuple[datetime, datetime]]:
        """
        Say of which stretches points were received from a moment on.

        Args:
            since, until: Of which days (UTC) the points may be.

        Returns:
            The first and the last point of each batch.
        """
        found: list[tuple[datetime, datetime]] = []
        day = since.astimezone(UTC).date()
        while day <= until.astimezone(UTC).date():
            for item in self._query(_trail(person_id, day), received=after):
                fixes = unpacked(item["points"]["B"])
                found.append((fixes[0].at, fixes[-1].at))
            day += timedelta(days=1)
        return found

    def note_device(self, device_id: str, day: str, person_id: str, *, now: datetime) -> None:
        """Remember that this person used this device on that day."""
        item = _keys(f"DEVICE#{device_id}#{day}", person_id) | {"expires_at": self._gone(now)}
        self._wire.call("PutItem", {"TableName": self._table, "Item": item})

    def people_on(self, device_id: str, day: str) -> set[str]:
        return {item["sk"]["S"] for item in self._query(f"DEVICE#{device_id}#{day}")}

    # Alarms

    def add_alarm(self, alarm: Alarm) -> bool:
        """Keep a new one; False, with nothing changed, when it is known."""
        return self._put_alarm(alarm, "attribute_not_exists(pk)", {})

    def alarm(self, alarm_id: str) -> Alarm | None:
        item = self._get(ALARMS, alarm_id)
        return _alarm(item) if item else None

    def alarms(self) -> list[Alarm]:
        """All that are kept, newest first."""
        found = [_alarm(item) for item in self._query(ALARMS)]
        return sorted(found, key=lambda one: one.received_at, reverse=True)

    def save_alarm(self, alarm: Alarm) -> Alarm | None:
        """Write over the version it was read at; None when somebody else has since."""
        stored = replace(alarm, version=alarm.version + 1)
        read = {":read": {"N": str(alarm.version)}}
        return stored if self._put_alarm(stored, "version = :read", read) else None

    # How rows lie

    def _put_alarm(self, alarm: Alarm, condition: str, values: dict[str, Any]) -> bool:
        body: dict[str, Any] = {
            "TableName": self._table,
            "Item": _keys(ALARMS, alarm.alarm_id)
            | {
                "body": {"S": orjson.dumps(to_plain(alarm)).decode()},
                "version": {"N": str(alarm.version)},
                "expires_at": _epoch(alarm.received_at + ALARMS_KEPT),
            },
            "ConditionExpression": condition,
        }
        if values:
            body["ExpressionAttributeValues"] = values
        try:
            self._wire.call("PutItem", body)
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise
            # The write may have been ours, its answer lost and the request repeated.
            return self.alarm(alarm.alarm_id) == alarm
        return True

    def _put_presence(self, presence: Presence) -> dict[str, Any]:
        heard_at = presence.heard_at or datetime.now(UTC)
        plain = to_plain(replace(presence, version=presence.version + 1))
        item = _keys(f"AGENT#{presence.person_id}", NOW) | {
            "live_pk": {"S": f"LIVE#{zlib.crc32(presence.person_id.encode()) % SHARDS}"},
            "live_sk": {"S": f"{instant_text(heard_at)}#{presence.person_id}"},
            # What is not known is left out: a row of up to a kilobyte is one write unit.
            "body": {"S": orjson.dumps(_lean(plain)).decode()},
            "version": {"N": str(presence.version + 1)},
            "expires_at": self._gone(heard_at),
        }
        body: dict[str, Any] = {"TableName": self._table, "Item": item}
        if presence.version == 0:
            body["ConditionExpression"] = "attribute_not_exists(pk)"
        else:
            body["ConditionExpression"] = "version = :read"
            body["ExpressionAttributeValues"] = {":read": {"N": str(presence.version)}}
        return body

    def _get(self, pk: str, sk: str) -> Item | None:
        asked = {"TableName": self._table, "Key": _keys(pk, sk), "ConsistentRead": True}
        return self._wire.call("GetItem", asked).get("Item")

    def _query(
        self, pk: str, *, prefix: str = "", received: datetime | None = None
    ) -> Iterator[Item]:
        body: dict[str, Any] = {
            "TableName": self._table,
            "ConsistentRead": True,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": pk}},
        }
        if prefix:
            body["KeyConditionExpression"] += " AND begins_with(sk, :sk)"
            body["ExpressionAttributeValues"][":sk"] = {"S": prefix}
        if received is not None:
            body["FilterExpression"] = "received_at >= :received"
            body["ExpressionAttributeValues"][":received"] = _epoch(received)
        return self._wire.query(body)

    def _gone(self, since: datetime) -> Item:
        return _epoch(since + self.kept)


def _lean(plain: dict[str, Any]) -> dict[str, Any]:
    """Drop what ``from_plain`` puts back by itself: fields that are None, at any depth."""
    return {
        name: _lean(value) if isinstance(value, dict) else value
        for name, value in plain.items()
        if value is not None
    }


def _keys(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _epoch(at: datetime) -> Item:
    return {"N": str(int(at.timestamp()))}


def _touches(item: Item, cells: frozenset[str] | None) -> bool:
    carried = item.get("cells", {}).get("S")
    return cells is None or carried is None or not cells.isdisjoint(str(carried).split())


def _trail(person_id: str, day: date) -> str:
    return f"TRAIL#{person_id}#{day.isoformat()}"


def _presence(item: Item) -> Presence:
    return from_plain(Presence, orjson.loads(item["body"]["S"]))


def _shift(item: Item) -> Shift:
    return from_plain(Shift, orjson.loads(item["body"]["S"]))


def _alarm(item: Item) -> Alarm:
    return from_plain(Alarm, orjson.loads(item["body"]["S"]))
