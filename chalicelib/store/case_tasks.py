"""Open tasks without their cases: of people, of nobody yet, the first due first."""

import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.store.case_disputes import CaseDisputes
from chalicelib.store.case_keys import (
    LIST_SHARDS,
    case_of,
    case_pk,
    own_tasks_pk,
    task_keys,
    tasks_pk,
)
from chalicelib.store.case_lists import Page
from chalicelib.store.case_rows import task_shape
from chalicelib.store.wire import WireError

# Most rows that one partition gives for one page, whatever is asked of them.
ROWS_READ_LIMIT = 1_000
CONDITION_FAILED = "ConditionalCheckFailedException"
NEVER, EVER = "0", "9"  # before and after every day, and after whatever follows a day
SIDE_BY_SIDE = 8


@dataclass(frozen=True, slots=True)
class _Read:
    """
    What one partition gave.

    Args:
        upto: Nothing of the partition is missing up to this key; None = nothing at all is.
    """

    rows: list[dict[str, Any]]
    upto: str | None


class CaseTasks(CaseDisputes):
    """Reads of the index ``lookup``, which lags behind a write by a moment."""

    def tasks(
        self,
        *,
        portfolio_id: str = "",
        owners: Sequence[str] = (),
        kind: TaskKind | None = None,
        first: date | None = None,
        last: date | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[tuple[str, Task]]:
        """
        Page through open tasks, the first due first.

        Args:
            portfolio_id: Only of this one; required when there are no owners.
            owners: Whose, up to a hundred people; none = the portfolio's that nobody has taken.
            first, last: Only those due from and up to these days.

        Returns:
            (case id, task) each. A page may hold less than was asked for and have a cursor; one
            that was ended or given away since the index was written is left out.
        """
        keys = [own_tasks_pk(one) for one in owners] or [
            tasks_pk(portfolio_id, shard) for shard in range(LIST_SHARDS)
        ]
        low = max(f"{cursor} " if cursor else NEVER, first.isoformat() if first else NEVER)
        high = f"{last.isoformat()}~" if last else EVER
        if low > high:
            return Page((), None)

        def read(key: str) -> _Read:
            rows = self._of_tasks(key, low, high)
            found: list[dict[str, Any]] = []
            for number, row in enumerate(rows, start=1):
                at = str(row["lookup_sk"]["S"])
                if _wanted(at, portfolio_id, kind):
                    found.append(row)
                if len(found) > limit or number == ROWS_READ_LIMIT:
                    return _Read(found, at)
            return _Read(found, None)

        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            parts = list(pool.map(read, keys))
        safe = min((part.upto for part in parts if part.upto is not None), default=None)
        merged = sorted(itertools.chain.from_iterable(part.rows for part in parts), key=_at)
        known = [row for row in merged if safe is None or _at(row) <= safe]
        more = _at(known[limit - 1]) if len(known) > limit else safe
        asked = set(owners) or {""}
        found = self._as_they_are(known[:limit])
        return Page(tuple(one for one in found if one[1].owner in asked), more)

    def late_tasks(self, person_id: str, until: date, *, most: int) -> list[tuple[str, date]]:
        """Give (portfolio id, day due) of a person's open tasks up to a day, up to *most*."""
        rows = self._of_tasks(own_tasks_pk(person_id), NEVER, f"{until.isoformat()}~")
        found = (_at(row).split("#") for row in itertools.islice(rows, most))
        return [(portfolio_id, date.fromisoformat(day)) for day, portfolio_id, *_ in found]

    def list_tasks(self, portfolio_id: str, case_ids: Sequence[str], *, write: bool) -> int:
        """
        Put open tasks of cases into their lists where they are in none; says how many.

        Args:
            write: Else they are only counted.
        """
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            lacking = pool.map(self._unlisted, case_ids)
            rows = [
                (case_id, row) for case_id, of in zip(case_ids, lacking, strict=True) for row in of
            ]
        if not write:
            return len(rows)
        return sum(self._enlist(portfolio_id, case_id, row) for case_id, row in rows)

    # Private

    def _unlisted(self, case_id: str) -> list[dict[str, Any]]:
        rows = self._wire.query(
            {
                "TableName": self._cases,
                "ConsistentRead": True,
                "KeyConditionExpression": "pk = :pk AND begins_with(sk, :task)",
                "ExpressionAttributeValues": {
                    ":pk": {"S": case_pk(case_id)},
                    ":task": {"S": "TASK#"},
                },
            }
        )
        return [
            row
            for row in rows
            if row["state"]["S"] == TaskState.OPEN.value and "lookup_pk" not in row
        ]

    def _enlist(self, portfolio_id: str, case_id: str, row: dict[str, Any]) -> bool:
        """Whoever changes the task meanwhile puts it into its list himself."""
        task = task_shape.read(row, task_id=row["sk"]["S"].partition("#")[2])
        keys = task_keys(portfolio_id, case_id, task)
        own = {name: keys.pop(name) for name in ("pk", "sk")}
        try:
            self._wire.call(
                "UpdateItem",
                {
                    "TableName": self._cases,
                    "Key": {name: {"S": text} for name, text in own.items()},
                    "UpdateExpression": "SET " + ", ".join(f"{name} = :{name}" for name in keys),
                    "ConditionExpression": "#state = :open AND attribute_not_exists(lookup_pk)",
                    "ExpressionAttributeNames": {"#state": "state"},
                    "ExpressionAttributeValues": {
                        ":open": {"S": TaskState.OPEN.value},
                        **{f":{name}": {"S": text} for name, text in keys.items()},
                    },
                },
            )
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise
            return False
        return True

    def _of_tasks(self, key: str, low: str, high: str) -> Any:
        return self._wire.query(
            {
                "TableName": self._cases,
                "IndexName": "lookup",
                "KeyConditionExpression": "lookup_pk = :pk AND lookup_sk BETWEEN :low AND :high",
                "ExpressionAttributeValues": {
                    ":pk": {"S": key},
                    ":low": {"S": low},
                    ":high": {"S": high},
                },
                "Limit": 100,
            }
        )

    def _as_they_are(self, rows: Sequence[dict[str, Any]]) -> list[tuple[str, Task]]:
        keys = [(row["pk"]["S"], row["sk"]["S"]) for row in rows]
        items = self._wire.get_many(self._cases, keys)
        whole = {
            (item["pk"]["S"], item["sk"]["S"]): (
                case_of(item),
                task_shape.read(item, task_id=item["sk"]["S"].partition("#")[2]),
            )
            for item in items
        }
        found = [whole[key] for key in keys if key in whole]
        return [(case_id, task) for case_id, task in found if task.state is TaskState.OPEN]


def _at(row: dict[str, Any]) -> str:
    return str(row["lookup_sk"]["S"])


def _wanted(key: str, portfolio_id: str, kind: TaskKind | None) -> bool:
    _, of_portfolio, of_kind, _ = key.split("#", 3)
    return (not portfolio_id or of_portfolio == portfolio_id) and (
        kind is None or of_kind == kind.value
    )
