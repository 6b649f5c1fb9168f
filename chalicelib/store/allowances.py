"""
What may still be planned of a day's quota or a month's budget.

``ALLOW#<portfolio>`` / ``<name>``: one row with what was granted so far. Rows of days and
months that are over go by themselves.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.store.wire import Wire, WireError

CONDITION_FAILED = "ConditionalCheckFailedException"
TRIES = 12
KEPT = timedelta(days=60)


class AllowanceStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire = wire
        self._table = table

    def grant(
        self, portfolio_id: str, name: str, amounts: Sequence[int], *, most: int, now: datetime
    ) -> int:
        """
        Grant as many of *amounts*, from the first, as still fit under *most*.

        Of workers who ask at once, all together never get more.

        Args:
            name: What is counted, such as ``quota#2026-11-22#early``.
            most: The limit of the sum of all that was granted under the name.

        Returns:
            How many were granted.
        """
        for _ in range(TRIES):
            used = self.used(portfolio_id, name)
            number, total = _fitting(amounts, most - used)
            if number == 0 or self._add(portfolio_id, name, total, used, now):
                return number
        return 0  # many ask at once: the rest of the day's quota is for them

    def give_back(self, portfolio_id: str, name: str, amount: int, *, now: datetime) -> None:
        """Take back part of what was granted, for it was not used."""
        self._update(portfolio_id, name, -amount, now)

    def used(self, portfolio_id: str, name: str) -> int:
        item = self._wire.call(
            "GetItem",
            {
                "TableName": self._table,
                "Key": _key(portfolio_id, name),
                "ConsistentRead": True,
            },
        ).get("Item")
        return int(item["used"]["N"]) if item else 0

    def _add(self, portfolio_id: str, name: str, total: int, used: int, now: datetime) -> bool:
        try:
            self._update(portfolio_id, name, total, now, expected=used)
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise
            return False
        return True

    def _update(
        self, portfolio_id: str, name: str, amount: int, now: datetime, expected: int | None = None
    ) -> None:
        body = {
            "TableName": self._table,
            "Key": _key(portfolio_id, name),
            "UpdateExpression": "ADD #used :amount SET expires_at = :end",
            "ExpressionAttributeNames": {"#used": "used"},
            "ExpressionAttributeValues": {
                ":amount": {"N": str(amount)},
                ":end": {"N": str(int((now + KEPT).timestamp()))},
            },
        }
        if expected is not None:
            body["ConditionExpression"] = (
                "#used = :expected" if expected else "attribute_not_exists(pk) OR #used = :expected"
            )
            body["ExpressionAttributeValues"][":expected"] = {"N": str(expected)}  # type: ignore[index]
        self._wire.call("UpdateItem", body)


def _key(portfolio_id: str, name: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": f"ALLOW#{portfolio_id}"}, "sk": {"S": name}}


def _fitting(amounts: Sequence[int], room: int) -> tuple[int, int]:
    """
    How many amounts from the first fit into *room*, and their sum.

    >>> _fitting([3, 4, 1], 7)
    (2, 7)
    """
    total = 0
    for number, amount in enumerate(amounts):
        if total + amount > room:
            return number, total
        total += amount
    return len(amounts), total
