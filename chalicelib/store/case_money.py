"""What paying leaves at cases, found without its case: payments, checkouts, documents."""

import heapq
import itertools
from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar

from chalicelib.domain.checkout import Checkout, CheckoutState
from chalicelib.domain.document import IssuedDocument
from chalicelib.domain.received import Received, ReceivedStanding
from chalicelib.domain.reported import Reported, ReportedState
from chalicelib.store.case_keys import case_of, checkouts_pk, code_pk, received_pk, reported_pk
from chalicelib.store.case_lists import Page
from chalicelib.store.case_rows import checkout_of, document_of, received_of, reported_of
from chalicelib.store.case_visits import CaseVisits

T = TypeVar("T")
# How many pages are looked through for one of what was told by one way.
MOST_PAGES = 20


class CaseMoney(CaseVisits):
    """Reads through the lookup: they lag behind a write by a moment."""

    def of_code(self, code: str) -> tuple[str, IssuedDocument] | None:
        """Find a document by the code that is printed on it: (portfolio id, document)."""
        rows = itertools.islice(self._listed(code_pk(code), None, 1), 1)
        keys = [(row["pk"]["S"], row["sk"]["S"]) for row in rows]
        items = self._wire.get_many(self._cases, keys)
        return (items[0]["portfolio_id"]["S"], document_of(items[0])) if items else None

    def received(
        self,
        portfolio_id: str,
        standings: Collection[ReceivedStanding],
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[tuple[str, Received]]:
        """Page through a portfolio's payments, the last one first: (case id, payment) each."""
        keys = [received_pk(portfolio_id, one) for one in standings]
        page = self._newest(keys, received_of, cursor, limit)
        return Page(tuple(one for one in page.items if one[1].standing in standings), page.cursor)

    def checkouts(
        self,
        portfolio_id: str,
        states: Collection[CheckoutState],
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[tuple[str, Checkout]]:
        """Page through what debtors set out to pay, the last one first: (case id, checkout)."""
        keys = [checkouts_pk(portfolio_id, one) for one in states]
        page = self._newest(keys, checkout_of, cursor, limit)
        return Page(tuple(one for one in page.items if one[1].state in states), page.cursor)

    def reported(
        self,
        portfolio_id: str,
        states: Collection[ReportedState],
        *,
        source: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[tuple[str, Reported]]:
        """
        Page through what debtors say they paid, the last one first: (case id, report) each.

        Args:
            source: Only what was told there first. Looked for among so many at most: a page
                may be short, and its cursor go on.
        """
        keys = [reported_pk(portfolio_id, one) for one in states]
        found: list[tuple[str, Reported]] = []
        for _ in range(MOST_PAGES if source else 1):
            page = self._newest(keys, reported_of, cursor, limit - len(found))
            found += [
                one
                for one in page.items
                if one[1].state in states and source in ("", one[1].source)
            ]
            cursor = page.cursor
            if cursor is None or len(found) >= limit:
                break
        return Page(tuple(found), cursor)

    # Private

    def _newest(
        self,
        keys: Collection[str],
        read: Callable[[dict[str, Any]], T],
        cursor: str | None,
        limit: int,
    ) -> Page[tuple[str, T]]:
        merged = heapq.merge(
            *(self._listed(key, cursor, limit + 1) for key in keys),
            key=lambda row: row["lookup_sk"]["S"],
            reverse=True,
        )
        rows = list(itertools.islice(merged, limit + 1))
        kept, more = rows[:limit], len(rows) > limit
        items = self._wire.get_many(self._cases, ((row["pk"]["S"], row["sk"]["S"]) for row in kept))
        whole = {item["sk"]["S"]: (case_of(item), read(item)) for item in items}
        found = tuple(whole[row["sk"]["S"]] for row in kept if row["sk"]["S"] in whole)
        return Page(found, kept[-1]["lookup_sk"]["S"] if more else None)

    def _listed(self, key: str, before: str | None, limit: int) -> Iterator[dict[str, Any]]:
        condition, values = "lookup_pk = :pk", {":pk": {"S": key}}
        if before:
            condition, values = (
                f"{condition} AND lookup_sk < :high",
                values | {":high": {"S": before}},
            )
        return self._wire.query(
            {
                "TableName": self._cases,
                "IndexName": "lookup",
                "KeyConditionExpression": condition,
                "ExpressionAttributeValues": values,
                "ScanIndexForward": False,
                "Limit": limit,
            }
        )
