"""What is due: the cases to look at on a day, and the messages whose moment has come."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from chalicelib.domain.contact import DueMessage
from chalicelib.store.attributes import instant_text
from chalicelib.store.case_keys import (
    HEAD,
    NO_DUE_DATE,
    case_of,
    case_pk,
    list_pk,
    list_shard,
    message_pk,
    outbox_pk,
    outbox_sk,
)
from chalicelib.store.case_lists import Page
from chalicelib.store.wire import Wire, WireError

CONDITION_FAILED = "ConditionalCheckFailedException"
LAST = "~"  # sorts after every id


class CaseAgenda:
    """
    Reads of the index ``agenda``, which lag behind a write by a moment, and leases on it.

    Its cost is that of what is due, however large the portfolio.
    """

    def __init__(self, wire: Wire, table: str) -> None:
        self._wire = wire
        self._cases = table

    def due_cases(
        self,
        portfolio_id: str,
        shard: int,
        until: date,
        *,
        cursor: str | None = None,
        limit: int = 200,
    ) -> Page[str]:
        """
        Page through the cases on the agenda up to and with *until*, longest waiting first.

        Args:
            shard: 0 to ``case_keys.LIST_SHARDS`` - 1.

        Returns:
            Case ids. A case that is looked at leaves; going on by the cursor misses none.
        """
        rows, more = self._due(list_pk(portfolio_id, shard), until.isoformat(), cursor, limit)
        return Page(tuple(case_of(row) for row in rows), more)

    def due_messages(
        self, shard: int, until: datetime, *, cursor: str | None = None, limit: int = 200
    ) -> Page[DueMessage]:
        """Page through the planned messages of all portfolios that may go by *until*."""
        rows, more = self._due(outbox_pk(shard), instant_text(until), cursor, limit)
        found = tuple(
            DueMessage(
                case_id=case_of(row),
                attempt_id=row["sk"]["S"].partition("#")[2],
                at=datetime.fromisoformat(row["agenda_sk"]["S"].partition("#")[0]),
            )
            for row in rows
        )
        return Page(found, more)

    def lease(self, message: DueMessage, until: datetime) -> bool:
        """
        Put a due message off, for who took it to work on in the meantime.

        Says whether it was still there as it was read: of two who lease, one gets it. The case
        does not change, and the message comes back by itself if nothing becomes of it.
        """
        try:
            self._wire.call(
                "UpdateItem",
                {
                    "TableName": self._cases,
                    "Key": {
                        "pk": {"S": case_pk(message.case_id)},
                        "sk": {"S": f"ATTEMPT#{message.attempt_id}"},
                    },
                    "UpdateExpression": "SET agenda_sk = :until",
                    "ConditionExpression": "agenda_sk = :read",
                    "ExpressionAttributeValues": {
                        ":read": {"S": outbox_sk(message.at, message.case_id, message.attempt_id)},
                        ":until": {"S": outbox_sk(until, message.case_id, message.attempt_id)},
                    },
                },
            )
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise
            return False
        return True

    def case_of_message(self, provider: str, provider_id: str) -> tuple[str, str] | None:
        """Find (case id, attempt id) of a message by the provider's own id of it."""
        for row in self._wire.query(
            {
                "TableName": self._cases,
                "IndexName": "lookup",
                "KeyConditionExpression": "lookup_pk = :pk",
                "ExpressionAttributeValues": {":pk": {"S": message_pk(provider, provider_id)}},
                "Limit": 1,
            }
        ):
            return case_of(row), row["sk"]["S"].partition("#")[2]
        return None

    def owing(
        self, portfolio_id: str, shard: int, *, cursor: str | None = None, limit: int = 200
    ) -> Page[str]:
        """Page through the ids of all cases of a shard that owe something, oldest debt first."""
        low = f"{cursor} " if cursor else "0"  # just above the last one
        rows: list[dict[str, Any]] = []
        for row in self._wire.query(
            {
                "TableName": self._cases,
                "IndexName": "by_due",
                "KeyConditionExpression": "list_pk = :pk AND due_sk BETWEEN :low AND :high",
                "ExpressionAttributeValues": {
                    ":pk": {"S": list_pk(portfolio_id, shard)},
                    ":low": {"S": low},
                    ":high": {"S": NO_DUE_DATE},
                },
                "ProjectionExpression": "pk, due_sk",
                "Limit": limit + 1,
            }
        ):
            if len(rows) == limit:
                return Page(tuple(case_of(row) for row in rows), str(rows[-1]["due_sk"]["S"]))
            rows.append(row)
        return Page(tuple(case_of(row) for row in rows), None)

    def bring_forward(self, portfolio_id: str, case_id: str, day: date) -> bool:
        """
        Have a case looked at on *day* at the latest; says whether that is sooner than it was.

        The case's version grows: whoever read it before and says another day is refused.
        """
        key = list_pk(portfolio_id, list_shard(case_id))
        try:
            self._wire.call(
                "UpdateItem",
                {
                    "TableName": self._cases,
                    "Key": {"pk": {"S": case_pk(case_id)}, "sk": {"S": HEAD}},
                    "UpdateExpression": "SET agenda_pk = :pk, agenda_sk = :day ADD version :one",
                    "ConditionExpression": "list_pk = :pk AND NOT agenda_sk <= :day",
                    "ExpressionAttributeValues": {
                        ":pk": {"S": key},
                        ":day": {"S": f"{day.isoformat()}#{case_id}"},
                        ":one": {"N": "1"},
                    },
                },
            )
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise
            return False
        return True

    def _due(
        self, key: str, until: str, cursor: str | None, limit: int
    ) -> tuple[Sequence[dict[str, Any]], str | None]:
        """Read up to *limit* rows of one agenda; the cursor is the last one's sort key."""
        names = "agenda_pk = :pk AND agenda_sk BETWEEN :low AND :high"
        low = f"{cursor} " if cursor else "0"  # just above the last one
        rows: list[dict[str, Any]] = []
        for row in self._wire.query(
            {
                "TableName": self._cases,
                "IndexName": "agenda",
                "KeyConditionExpression": names,
                "ExpressionAttributeValues": {
                    ":pk": {"S": key},
                    ":low": {"S": low},
                    ":high": {"S": f"{until}#{LAST}"},
                },
                "Limit": limit + 1,
            }
        ):
            if len(rows) == limit:
                return rows, str(rows[-1]["agenda_sk"]["S"])
            rows.append(row)
        return rows, None
