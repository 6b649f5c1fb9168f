"""A portfolio's disputes: those under way by the day to answer, those that ended newest first."""

import itertools
from typing import Any

from chalicelib.domain.dispute import Dispute
from chalicelib.store.case_keys import case_of, disputes_pk
from chalicelib.store.case_lists import Page
from chalicelib.store.case_money import CaseMoney
from chalicelib.store.case_rows import dispute_of

ROWS_READ_LIMIT = 1_000


class CaseDisputes(CaseMoney):
    """Reads of the queue in the index ``lookup``, which lags behind a write by a moment."""

    def disputes(
        self,
        portfolio_id: str,
        *,
        live: bool,
        owner: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[tuple[str, Dispute]]:
        """
        Page through a portfolio's disputes.

        Args:
            live: Those under way, the first to answer first; else those that ended, newest first.
            owner: Only those of a person; empty = only those of nobody; None = all.

        Returns:
            (case id, dispute) each. A page may hold less than was asked for and have a cursor.
        """
        values = {":pk": {"S": disputes_pk(portfolio_id, live=live)}}
        condition = "lookup_pk = :pk"
        if cursor:
            condition += f" AND lookup_sk {'>' if live else '<'} :at"
            values[":at"] = {"S": cursor}
        rows = self._wire.query(
            {
                "TableName": self._cases,
                "IndexName": "lookup",
                "KeyConditionExpression": condition,
                "ExpressionAttributeValues": values,
                "ScanIndexForward": live,
                "Limit": limit + 1,
            }
        )
        kept: list[dict[str, Any]] = []
        at: str | None = None
        for row in itertools.islice(rows, ROWS_READ_LIMIT):
            if len(kept) == limit:
                break
            at = str(row["lookup_sk"]["S"])
            if owner is None or at.rpartition("#")[2] == owner:
                kept.append(row)
        else:
            at = None
        keys = ((row["pk"]["S"], row["sk"]["S"]) for row in kept)
        items = self._wire.get_many(self._cases, keys)
        whole = {item["sk"]["S"]: (case_of(item), dispute_of(item)) for item in items}
        found = [whole[row["sk"]["S"]] for row in kept if row["sk"]["S"] in whole]
        return Page(tuple(one for one in found if one[1].live is live), at)
