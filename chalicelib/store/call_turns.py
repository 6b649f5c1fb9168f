"""
The queue of calls, in the work table.

    CALL#<case> / -                       where the case's turn stands: the truth
    READY#<portfolio>#<day>#<segment> / <score, best first>#<case>   may be given out; with how
                                          good each hour of the day is for the case
    LATER#<portfolio> / <moment>#<case>   come back by themselves
    HELD#<portfolio> / <person>           the last case somebody took
    QUEUE#<portfolio> / DAY#<day>         cases given out that day, by segment
    QUEUE#<portfolio> / FILL              how far the list of overdue cases was gone through

A turn moves in one transaction: its own row under the version it was read at, out of the list
it stood in, into the one it goes to. Of two who move it, one does. What is asked costs what is
shown: the best of a segment is the first of its list, however long that is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from chalicelib.domain.call_turn import Listed, Place, Turn
from chalicelib.domain.plain import from_plain, instant, to_plain
from chalicelib.store.wire import Item, TransactionCancelled, Wire, WireError

CONDITION_FAILED = "ConditionalCheckFailedException"
KEPT, LIST_KEPT = timedelta(days=60), timedelta(days=3)
HIGHEST = 9_999
AT_ONCE = 25  # turns a transaction; each is up to three of its hundred rows
LAST = "~"


class CallTurnStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire = wire
        self._table = table

    # Turns

    def get(self, case_id: str) -> Turn | None:
        item = self._item(_turn_key(case_id))
        return _read(item) if item else None

    def get_many(self, case_ids: Iterable[str]) -> dict[str, Turn]:
        keys = [(f"CALL#{each}", "-") for each in case_ids]
        turns = [_read(item) for item in self._wire.get_many(self._table, keys)]
        return {turn.case_id: turn for turn in turns}

    def move(self, before: Turn | None, after: Turn, *, now: datetime) -> Turn | None:
        """Put a turn where *after* says; None, with nothing changed, when it has moved."""
        stored = replace(after, version=(before.version if before else 0) + 1)
        try:
            self._wire.transact(self._rows(before, stored, now))
        except TransactionCancelled as error:
            if any(code == "ConditionalCheckFailed" for code, _ in error.reasons):
                return None
            raise
        return stored

    def move_many(self, moves: Sequence[tuple[Turn | None, Turn]], *, now: datetime) -> int:
        """Move many, each on its own condition; says how many moved."""
        moved = 0
        for first in range(0, len(moves), AT_ONCE):
            batch = moves[first : first + AT_ONCE]
            operations = [
                operation
                for before, after in batch
                for operation in self._rows(
                    before, replace(after, version=(before.version if before else 0) + 1), now
                )
            ]
            try:
                self._wire.transact(operations)
                moved += len(batch)
            except TransactionCancelled:
                moved += sum(self.move(*one, now=now) is not None for one in batch)
        return moved

    # Lists

    def best(
        self, portfolio_id: str, day: date, segment: str, *, most: int
    ) -> list[tuple[int, str]]:
        """Give (score, case id) of the best that are ready; the list lags a moment behind."""
        listed = self.listed(portfolio_id, day, segment, most=most)
        return [(one.score, one.case_id) for one in listed]

    def listed(self, portfolio_id: str, day: date, segment: str, *, most: int) -> list[Listed]:
        """Give the same with how good each hour of the day is for them."""
        pk = _ready_pk(portfolio_id, day, segment)
        return [_ranked(item) for item in self._items(pk, LAST, most)]

    def due(self, portfolio_id: str, now: datetime, *, most: int) -> list[str]:
        """Give the cases whose moment has come, longest waiting first."""
        rows = self._keys(f"LATER#{portfolio_id}", _moment(now), most)
        return [sk.partition("#")[2] for sk in rows]

    def waiting(self, portfolio_id: str, *, most: int) -> int:
        """Count, up to *most*, the turns that come back by themselves."""
        return len(self._keys(f"LATER#{portfolio_id}", LAST, most))

    def held(self, portfolio_id: str, person_id: str) -> str | None:
        """The case that somebody took last; whether they still have it, its turn says."""
        item = self._item({"pk": {"S": f"HELD#{portfolio_id}"}, "sk": {"S": person_id}})
        return str(item["case_id"]["S"]) if item else None

    def holders(self, portfolio_id: str) -> list[tuple[str, str]]:
        """Give (person, case) of what everybody took last."""
        items = self._wire.query(
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk",
                "ExpressionAttributeValues": {":pk": {"S": f"HELD#{portfolio_id}"}},
            }
        )
        return [(item["sk"]["S"], item["case_id"]["S"]) for item in items]

    # The day

    def gave(self, portfolio_id: str, day: date, name: str, *, now: datetime) -> None:
        """Count one more of *name* on a day: a segment's id, or ``skip:<reason>``."""
        self._wire.call(
            "UpdateItem",
            {
                "TableName": self._table,
                "Key": _day_key(portfolio_id, day),
                "UpdateExpression": "ADD #name :one SET expires_at = :end",
                "ExpressionAttributeNames": {"#name": f"n_{name}"},
                "ExpressionAttributeValues": {":one": {"N": "1"}, ":end": _until(now + KEPT)},
            },
        )

    def given(self, portfolio_id: str, day: date) -> dict[str, int]:
        item = self._item(_day_key(portfolio_id, day)) or {}
        return {
            name.removeprefix("n_"): int(typed["N"])
            for name, typed in item.items()
            if name.startswith("n_")
        }

    def filled(self, portfolio_id: str) -> tuple[date | None, str | None]:
        """Give the last day that was filled up, and where to go on in the list."""
        item = self._item(_fill_key(portfolio_id))
        if not item:
            return None, None
        cursor = item.get("cursor", {}).get("S")
        return date.fromisoformat(item["day"]["S"]), cursor

    def fill(self, portfolio_id: str, before: date | None, day: date, cursor: str | None) -> bool:
        """Note that *day* is filled; False when somebody did before."""
        values: dict[str, Any] = {":day": {"S": day.isoformat()}}
        condition = "attribute_not_exists(pk)"
        if before is not None:
            condition, values[":before"] = "#day = :before", {"S": before.isoformat()}
        more = ", #cursor = :cursor" if cursor else " REMOVE #cursor"
        if cursor:
            values[":cursor"] = {"S": cursor}
        try:
            self._wire.call(
                "UpdateItem",
                {
                    "TableName": self._table,
                    "Key": _fill_key(portfolio_id),
                    "UpdateExpression": f"SET #day = :day{more}",
                    "ConditionExpression": condition,
                    "ExpressionAttributeNames": {"#day": "day", "#cursor": "cursor"},
                    "ExpressionAttributeValues": values,
                },
            )
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise
            return False
        return True

    # Private

    def _rows(self, before: Turn | None, after: Turn, now: datetime) -> list[Item]:
        condition: Item = {"ConditionExpression": "attribute_not_exists(pk)"}
        if before is not None:
            condition = {
                "ConditionExpression": "version = :read",
                "ExpressionAttributeValues": {":read": {"N": str(before.version)}},
            }
        item = _turn_key(after.case_id) | {
            "kind": {"S": "turn"},
            "version": {"N": str(after.version)},
            "turn": {"S": orjson.dumps(to_plain(after)).decode()},
            "expires_at": _until((after.until or now) + KEPT),
        }
        rows: list[Item] = [{"Put": {"TableName": self._table, "Item": item} | condition}]
        old, new = _listed(before) if before else None, _listed(after)
        if old and old != new:
            rows.append({"Delete": {"TableName": self._table, "Key": old}})
        if new and (old != new or (before is not None and before.hours != after.hours)):
            kept = {"expires_at": _until((after.until or now) + LIST_KEPT)}
            if after.hours:
                kept["hours"] = {"S": after.hours}
            rows.append({"Put": {"TableName": self._table, "Item": new | kept}})
        if after.place is Place.TAKEN:
            held = {"pk": {"S": f"HELD#{after.portfolio_id}"}, "sk": {"S": after.person_id}}
            held |= {"case_id": {"S": after.case_id}, "expires_at": _until(now + LIST_KEPT)}
            rows.append({"Put": {"TableName": self._table, "Item": held}})
        return rows

    def _item(self, key: Item) -> Item | None:
        answer = self._wire.call(
            "GetItem", {"TableName": self._table, "Key": key, "ConsistentRead": True}
        )
        item: Item | None = answer.get("Item")
        return item

    def _keys(self, pk: str, until: str, most: int) -> list[str]:
        """The sort keys of a list up to and with *until*, the first *most*."""
        return [item["sk"]["S"] for item in self._items(pk, until, most)]

    def _items(self, pk: str, until: str, most: int) -> list[Item]:
        found: list[Item] = []
        for item in self._wire.query(
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk AND sk <= :until",
                "ExpressionAttributeValues": {":pk": {"S": pk}, ":until": {"S": f"{until}{LAST}"}},
                "ProjectionExpression": "sk, hours",
                "Limit": most,
            }
        ):
            found.append(item)
            if len(found) == most:
                break
        return found


def _listed(turn: Turn) -> Item | None:
    """The key of the row that a turn's place is listed under."""
    if turn.place is Place.READY:
        rank = f"{HIGHEST - min(max(turn.score, 0), HIGHEST):04d}"
        pk = _ready_pk(turn.portfolio_id, turn.day, turn.segment)
        return {"pk": {"S": pk}, "sk": {"S": f"{rank}#{turn.case_id}"}}
    if turn.place in (Place.LATER, Place.TAKEN) and turn.until is not None:
        sk = f"{_moment(turn.until)}#{turn.case_id}"
        return {"pk": {"S": f"LATER#{turn.portfolio_id}"}, "sk": {"S": sk}}
    return None


def _ranked(item: Item) -> Listed:
    rank, _, case_id = item["sk"]["S"].partition("#")
    return Listed(HIGHEST - int(rank), case_id, item.get("hours", {}).get("S", ""))


def _ready_pk(portfolio_id: str, day: date, segment: str) -> str:
    return f"READY#{portfolio_id}#{day.isoformat()}#{segment}"


def _turn_key(case_id: str) -> Item:
    return {"pk": {"S": f"CALL#{case_id}"}, "sk": {"S": "-"}}


def _day_key(portfolio_id: str, day: date) -> Item:
    return {"pk": {"S": f"QUEUE#{portfolio_id}"}, "sk": {"S": f"DAY#{day.isoformat()}"}}


def _fill_key(portfolio_id: str) -> Item:
    return {"pk": {"S": f"QUEUE#{portfolio_id}"}, "sk": {"S": "FILL"}}


def _moment(at: datetime) -> str:
    """Whole seconds, so that all have one length and sort by time."""
    return instant(at.replace(microsecond=0))


def _until(at: datetime) -> Item:
    return {"N": str(int(at.timestamp()))}


def _read(item: Item) -> Turn:
    return from_plain(Turn, orjson.loads(item["turn"]["S"]))
