"""Visits found without their case: by id, by what they left behind, by what became of them."""

import heapq
import itertools
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from chalicelib.domain.visit import Standing, Visit
from chalicelib.store.attributes import instant_text
from chalicelib.store.case_field import CaseField
from chalicelib.store.case_keys import case_of, case_pk, mark_pk, photos_pk, standing_pk
from chalicelib.store.case_lists import Page
from chalicelib.store.case_rows import visit_of

ROWS_READ_LIMIT = 2_000
_HIGHEST = "~"


class CaseVisits(CaseField):
    """Reads of visits; those by a mark are consistent, lists lag behind a write by a moment."""

    def visit(self, case_id: str, visit_id: str) -> Visit | None:
        items = self._wire.get_many(self._cases, [(case_pk(case_id), f"VISIT#{visit_id}")])
        return visit_of(items[0]) if items else None

    def marked(self, family: str, value: str, *, most: int = 10) -> frozenset[str]:
        """Say what left a mark (``visit.Mark``), up to *most* of them."""
        rows = self._wire.query(
            {
                "TableName": self._cases,
                "KeyConditionExpression": "pk = :pk",
                "ExpressionAttributeValues": {":pk": {"S": mark_pk(family, value)}},
                "ConsistentRead": True,
                "Limit": most,
            }
        )
        return frozenset(row["sk"]["S"] for row in itertools.islice(rows, most))

    def visits(
        self,
        portfolio_id: str,
        standings: Collection[Standing],
        *,
        person_id: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[tuple[str, Visit]]:
        """
        Page through a portfolio's visits, the last one first.

        Args:
            since, until: When they ended; *until* is not within.

        Returns:
            (case id, visit) each. A page may hold less than was asked for and have a cursor.
        """
        low = instant_text(since) if since else ""
        high = min(filter(None, (cursor, instant_text(until) if until else _HIGHEST)))
        if high <= low:
            return Page(())
        merged = heapq.merge(
            *(self._of(standing_pk(portfolio_id, one), low, high, limit) for one in standings),
            key=lambda row: row["lookup_sk"]["S"],
            reverse=True,
        )
        kept: list[dict[str, Any]] = []
        at: str | None = None
        for number, row in enumerate(merged):
            if len(kept) == limit or number == ROWS_READ_LIMIT:
                break
            at = row["lookup_sk"]["S"]
            if not person_id or at.rpartition("#")[2] == person_id:
                kept.append(row)
        else:
            at = None
        items = self._wire.get_many(self._cases, ((row["pk"]["S"], row["sk"]["S"]) for row in kept))
        whole = {item["sk"]["S"]: (case_of(item), visit_of(item)) for item in items}
        found = [whole[row["sk"]["S"]] for row in kept if row["sk"]["S"] in whole]
        return Page(tuple(one for one in found if one[1].standing in standings), at)

    def visits_without_photos(
        self, shard: int, until: datetime, *, cursor: str | None = None, limit: int = 200
    ) -> Page[tuple[str, str]]:
        """
        Page through visits of all portfolios, received up to *until*, whose photos are looked for.

        Args:
            shard: 0 to ``case_keys.LIST_SHARDS`` - 1.

        Returns:
            (case id, visit id) each, the longest waiting first.
        """
        rows, more = self._due(photos_pk(shard), instant_text(until), cursor, limit)
        return Page(tuple((case_of(row), row["sk"]["S"][6:]) for row in rows), more)

    def _of(self, key: str, low: str, high: str, limit: int) -> Iterator[dict[str, Any]]:
        for row in self._wire.query(
            {
                "TableName": self._cases,
                "IndexName": "lookup",
                "KeyConditionExpression": "lookup_pk = :pk AND lookup_sk BETWEEN :low AND :high",
                "ExpressionAttributeValues": {
                    ":pk": {"S": key},
                    ":low": {"S": low or " "},
                    ":high": {"S": high},
                },
                "ScanIndexForward": False,
                "Limit": limit + 1,
            }
        ):
            if row["lookup_sk"]["S"] != high:  # the cursor's own row was on the last page
                yield row
