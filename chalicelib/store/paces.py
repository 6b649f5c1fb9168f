"""
When the next message may be handed to a provider, by the identity that sends.

``PACE#<lane>`` / ``PACE``: ``free_at``, in milliseconds since 1970. One write a message, on one row
an identity: providers take some hundreds a second at most, a row a thousand.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.pacing import Turn
from chalicelib.store.wire import Wire, WireError

CONDITION_FAILED = "ConditionalCheckFailedException"
TRIES = 12
KEPT = timedelta(days=1)
# Further ahead no place is ever given: whoever finds one is after a clock that went back.
NEVER = timedelta(hours=1)


class PaceStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire = wire
        self._table = table

    def take(self, lane: str, *, step: timedelta, now: datetime, most_ahead: timedelta) -> Turn:
        """
        Take the next place in *lane*, and move on what follows by *step*.

        Of many who ask at once, no two get the same place.

        Args:
            most_ahead: Beyond this no place is kept: the answer is when the lane is free.
        """
        moment, one = _ms(now), max(1, round(step / timedelta(milliseconds=1)))
        limit, never = _ms(now + most_ahead), _ms(now + most_ahead + NEVER)
        behind = {":step": one, ":now": moment, ":limit": limit}
        idle = {":next": moment + one, ":now": moment, ":never": never}
        for _ in range(TRIES):
            moved = self._move(
                lane, "free_at + :step", "free_at >= :now AND free_at <= :limit", behind, now
            )
            if moved is not None:
                return Turn(_instant(moved - one), True)
            free = "attribute_not_exists(free_at) OR free_at < :now OR free_at > :never"
            if self._move(lane, ":next", free, idle, now) is not None:
                return Turn(now, True)
            taken = self._free_at(lane)
            if limit < taken <= never:
                return Turn(_instant(taken), False)
        return Turn(now + most_ahead, False)  # many ask at once: later

    def _move(
        self, lane: str, to: str, condition: str, values: dict[str, int], now: datetime
    ) -> int | None:
        body = {
            "TableName": self._table,
            "Key": _key(lane),
            "UpdateExpression": f"SET free_at = {to}, expires_at = :end",
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {
                name: {"N": str(value)}
                for name, value in (values | {":end": int((now + KEPT).timestamp())}).items()
            },
            "ReturnValues": "UPDATED_NEW",
        }
        try:
            answer = self._wire.call("UpdateItem", body)
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise
            return None
        return int(answer["Attributes"]["free_at"]["N"])

    def _free_at(self, lane: str) -> int:
        row: dict[str, Any] = self._wire.call(
            "GetItem", {"TableName": self._table, "Key": _key(lane), "ConsistentRead": True}
        ).get("Item", {})
        return int(row.get("free_at", {}).get("N", 0))


def _key(lane: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": f"PACE#{lane}"}, "sk": {"S": "PACE"}}


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
