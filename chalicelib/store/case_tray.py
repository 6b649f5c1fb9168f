"""A portfolio's messages that wait, hang or failed: what its people look through."""

import heapq
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from chalicelib.domain.contact import Attempt, AttemptState
from chalicelib.store.case_agenda import CaseAgenda
from chalicelib.store.case_keys import LIST_SHARDS, case_of, case_pk, tray_pk
from chalicelib.store.case_lists import Page
from chalicelib.store.case_rows import attempt_of

# What happened to it matters newest first; what is to come, soonest first.
NEWEST_FIRST = frozenset({AttemptState.FAILED, AttemptState.DENIED})


class CaseTray(CaseAgenda):
    """Reads of the trays in the index ``lookup``, which lag behind a write by a moment."""

    def tray(
        self,
        portfolio_id: str,
        state: AttemptState,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[tuple[str, Attempt]]:
        """
        Page through the attempts of a portfolio in one of the tray's states.

        Returns:
            (case id, attempt) each. One that moved on since the index was written is left out.
        """
        newest = state in NEWEST_FIRST
        shards = [
            self._shard(tray_pk(portfolio_id, state, shard), cursor, limit + 1, newest=newest)
            for shard in range(LIST_SHARDS)
        ]
        with ThreadPoolExecutor(LIST_SHARDS) as pool:
            read = list(pool.map(list[dict[str, Any]], shards))
        merged = heapq.merge(*read, key=lambda row: row["lookup_sk"]["S"], reverse=newest)
        rows = list(itertools.islice(merged, limit + 1))
        keys = [(case_of(row), row["sk"]["S"]) for row in rows[:limit]]
        items = self._wire.get_many(self._cases, ((case_pk(case), sk) for case, sk in keys))
        whole = {(case_of(item), item["sk"]["S"]): attempt_of(item) for item in items}
        found = [(case, whole[case, sk]) for case, sk in keys if (case, sk) in whole]
        return Page(
            tuple((case, attempt) for case, attempt in found if attempt.state is state),
            rows[limit - 1]["lookup_sk"]["S"] if len(rows) > limit else None,
        )

    def tray_count(self, portfolio_id: str, state: AttemptState, *, most: int) -> int:
        """Count a tray's attempts, up to *most*: a page shows that many and a plus sign."""

        def shard(number: int) -> int:
            rows = self._shard(tray_pk(portfolio_id, state, number), None, most, newest=False)
            return sum(1 for _ in itertools.islice(rows, most))

        with ThreadPoolExecutor(LIST_SHARDS) as pool:
            return min(most, sum(pool.map(shard, range(LIST_SHARDS))))

    def _shard(
        self, key: str, cursor: str | None, limit: int, *, newest: bool
    ) -> Iterator[dict[str, Any]]:
        values = {":pk": {"S": key}}
        condition = "lookup_pk = :pk"
        if cursor:
            condition += f" AND lookup_sk {'<' if newest else '>'} :at"
            values[":at"] = {"S": cursor}
        rows = self._wire.query(
            {
                "TableName": self._cases,
                "IndexName": "lookup",
                "KeyConditionExpression": condition,
                "ExpressionAttributeValues": values,
                "ScanIndexForward": not newest,
                "Limit": limit,
            }
        )
        return itertools.islice(rows, limit)
