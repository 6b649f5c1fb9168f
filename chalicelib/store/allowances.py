"""
What may still be planned of a day's quota, or of the budgets of a month and its days.

``ALLOW#<portfolio>`` / ``<name>``: one row with what was granted so far, in all and by part - of
a month by its days - so that one write grants of both or of neither. Rows of days and months
that are over go by themselves.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.store.wire import Wire, WireError

CONDITION_FAILED = "ConditionalCheckFailedException"
TRIES = 12
KEPT = timedelta(days=60)
ALL = "used"


class AllowanceStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire = wire
        self._table = table

    def grant(
        self,
        portfolio_id: str,
        name: str,
        amounts: Sequence[int],
        *,
        most: int | None,
        part: str = "",
        part_most: int | None = None,
        now: datetime,
    ) -> int:
        """
        Grant as many of *amounts*, from the first, as still fit under *most* and *part_most*.

        Of workers who ask at once, all together never get more of either.

        Args:
            name: What is counted, such as ``quota#2026-11-22#early``.
            most: The limit of the sum of all that was granted under the name; None = none.
            part: What of it is counted beside, such as ``day_22`` of a month; empty = nothing.
            part_most: The limit of the part; None = none.

        Returns:
            How many were granted.
        """
        for _ in range(TRIES):
            row = self._row(portfolio_id, name)
            used = {key: _number(row, key) for key in _parts(part)}
            limits = ((ALL, most), (part, part_most if part else None))
            room = min((most - used[key] for key, most in limits if most is not None), default=None)
            number, total = _fitting(amounts, room)
            if number == 0 or self._add(portfolio_id, name, total, used, now):
                return number
        return 0  # many ask at once: the rest of the day's quota is for them

    def give_back(
        self, portfolio_id: str, name: str, amount: int, *, part: str = "", now: datetime
    ) -> None:
        """
        Take back part of what was granted, for it was not used.

        More than was ever granted - before there was a limit, nothing was - is not taken back.
        """
        parts = _parts(part)
        body = _update(portfolio_id, name, dict.fromkeys(parts, -amount), now)
        names = body["ExpressionAttributeNames"]
        body["ConditionExpression"] = " AND ".join(f"{alias} >= :amount" for alias in names)
        body["ExpressionAttributeValues"][":amount"] = {"N": str(amount)}
        self._write(body)

    def used(self, portfolio_id: str, name: str, part: str = "") -> int:
        return _number(self._row(portfolio_id, name), part or ALL)

    def _row(self, portfolio_id: str, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self._wire.call(
            "GetItem",
            {
                "TableName": self._table,
                "Key": _key(portfolio_id, name),
                "ConsistentRead": True,
            },
        ).get("Item", {})
        return found

    def _add(
        self, portfolio_id: str, name: str, total: int, used: dict[str, int], now: datetime
    ) -> bool:
        body = _update(portfolio_id, name, dict.fromkeys(used, total), now)
        names = body["ExpressionAttributeNames"]
        # What was never counted has no attribute; what was all given back has a zero.
        body["ConditionExpression"] = " AND ".join(
            f"{alias} = :was{alias[1:]}"
            if used[key]
            else f"(attribute_not_exists({alias}) OR {alias} = :was{alias[1:]})"
            for alias, key in names.items()
        )
        body["ExpressionAttributeValues"] |= {
            f":was{alias[1:]}": {"N": str(used[key])} for alias, key in names.items()
        }
        return self._write(body)

    def _write(self, body: dict[str, Any]) -> bool:
        """Say whether the condition held."""
        try:
            self._wire.call("UpdateItem", {"TableName": self._table} | body)
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise
            return False
        return True


def _update(portfolio_id: str, name: str, amounts: dict[str, int], now: datetime) -> dict[str, Any]:
    names = {f"#p{n}": key for n, key in enumerate(amounts)}
    adds = ", ".join(f"{alias} :by{alias[1:]}" for alias in names)
    return {
        "Key": _key(portfolio_id, name),
        "UpdateExpression": f"ADD {adds} SET expires_at = :end",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {
            ":end": {"N": str(int((now + KEPT).timestamp()))},
        }
        | {f":by{alias[1:]}": {"N": str(amounts[key])} for alias, key in names.items()},
    }


def _key(portfolio_id: str, name: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": f"ALLOW#{portfolio_id}"}, "sk": {"S": name}}


def _parts(part: str) -> list[str]:
    return [ALL, part] if part else [ALL]


def _number(row: dict[str, Any], key: str) -> int:
    return int(row[key]["N"]) if key in row else 0


def _fitting(amounts: Sequence[int], room: int | None) -> tuple[int, int]:
    """
    How many amounts from the first fit into *room*, and their sum; all where there is no limit.

    >>> _fitting([3, 4, 1], 7)
    (2, 7)
    """
    total = 0
    for number, amount in enumerate(amounts):
        if room is not None and total + amount > room:
            return number, total
        total += amount
    return len(amounts), total
