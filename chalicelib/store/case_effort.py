"""What people did, found without its case; cases by when somebody last turned to the debtor."""

import heapq
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any

from chalicelib.domain.case import PromiseToPay
from chalicelib.domain.contact import Attempt
from chalicelib.domain.coverage import Untouched
from chalicelib.domain.ledger import Entry
from chalicelib.domain.visit import Visit
from chalicelib.store.attributes import instant_text
from chalicelib.store.case_agreements import CaseAgreements
from chalicelib.store.case_keys import (
    LIST_SHARDS,
    NEVER,
    NO_DUE_DATE,
    case_of,
    credit_pk,
    did_pk,
    touched_pk,
)
from chalicelib.store.case_lists import Page
from chalicelib.store.case_rows import attempt_of, entry_shape, promise_shape, visit_of

Done = Attempt | Visit | PromiseToPay


class CaseEffort(CaseAgreements):
    """Reads of the index ``near``, which lags behind a write by a moment."""

    def did(
        self, portfolio_id: str, person_id: str, since: datetime, until: datetime, *, most: int
    ) -> list[tuple[str, Done]]:
        """
        Give what a person did from one moment to another, the last first, up to *most*.

        Returns:
            (case id, attempt, visit or promise) each.
        """
        rows = itertools.islice(
            self._near(
                did_pk(portfolio_id, person_id), instant_text(since), instant_text(until), back=True
            ),
            most,
        )
        return [(case_of(item), _done(item)) for item in self._whole(rows)]

    def credits(
        self,
        portfolio_id: str,
        person_id: str,
        first: date,
        last: date,
        *,
        cursor: str | None = None,
        limit: int = 500,
    ) -> Page[tuple[str, Entry]]:
        """Page through payments put down to a person, by their days: (case id, entry) each."""
        low = f"{cursor} " if cursor else first.isoformat()
        rows = self._near(credit_pk(portfolio_id, person_id), low, f"{last.isoformat()}~")
        found = list(itertools.islice(rows, limit + 1))
        items = self._whole(found[:limit])
        entries = [
            (case_of(item), entry_shape.read(item, entry_id=item["sk"]["S"][6:])) for item in items
        ]
        more = found[limit - 1]["near_sk"]["S"] if len(found) > limit else None
        return Page(tuple(entries), more)

    def untouched(
        self, portfolio_id: str, before: date, *, cursor: str | None = None, limit: int
    ) -> Page[Untouched]:
        """Page through cases that owe and nobody turned to since *before*, the longest first."""
        low, high = f"{cursor} " if cursor else NEVER, before.isoformat()

        def read(shard: int) -> list[dict[str, Any]]:
            rows = self._near(touched_pk(portfolio_id, shard), low, high)
            return list(itertools.islice(rows, limit + 1))

        with ThreadPoolExecutor(LIST_SHARDS) as pool:
            shards = list(pool.map(read, range(LIST_SHARDS)))
        merged = heapq.merge(*shards, key=lambda row: row["near_sk"]["S"])
        found = list(itertools.islice(merged, limit + 1))
        more = found[limit - 1]["near_sk"]["S"] if len(found) > limit else None
        return Page(tuple(_untouched(row) for row in found[:limit]), more)

    # Private

    def _near(
        self, pk: str, low: str, high: str, *, back: bool = False
    ) -> Iterator[dict[str, Any]]:
        return self._wire.query(
            {
                "TableName": self._cases,
                "IndexName": "near",
                "KeyConditionExpression": "near_pk = :pk AND near_sk BETWEEN :low AND :high",
                "ExpressionAttributeValues": {
                    ":pk": {"S": pk},
                    ":low": {"S": low},
                    ":high": {"S": high},
                },
                "ScanIndexForward": not back,
            }
        )

    def _whole(self, rows: Any) -> list[dict[str, Any]]:
        """Read the rows that an index named, in its order; those that are gone are left out."""
        keys = [(row["pk"]["S"], row["sk"]["S"]) for row in rows]
        known = {
            (item["pk"]["S"], item["sk"]["S"]): item
            for item in self._wire.get_many(self._cases, keys, consistent=False)
        }
        return [known[key] for key in keys if key in known]


def _done(item: dict[str, Any]) -> Done:
    match item["kind"]["S"]:
        case "attempt":
            return attempt_of(item)
        case "visit":
            return visit_of(item)
    promise: PromiseToPay = promise_shape.read(item, promise_id=item["sk"]["S"][8:])
    return promise


def _untouched(row: dict[str, Any]) -> Untouched:
    touched, due, _ = row["near_sk"]["S"].split("#")
    return Untouched(
        case_id=case_of(row),
        touched_on=None if touched == NEVER else date.fromisoformat(touched),
        due_on=None if due == NO_DUE_DATE else date.fromisoformat(due),
    )
