"""What waits for a second person's word: agreements, charge-offs; or for a last letter."""

from collections.abc import Sequence
from typing import Any

from chalicelib.store.case_keys import LETTERS, approvals_pk, case_of, charge_offs_pk
from chalicelib.store.case_tasks import CaseTasks


class CaseAgreements(CaseTasks):
    """Reads of them in the index ``agenda``, which lags behind a write by a moment."""

    def approvals(self, portfolio_id: str, *, limit: int = 100) -> Sequence[tuple[str, str]]:
        """(case id, agreement id) of what waits for a second person, the first to lapse first."""
        return self._waiting(approvals_pk(portfolio_id), limit)

    def charge_offs(self, portfolio_id: str, *, limit: int = 100) -> Sequence[tuple[str, str]]:
        """(case id, debt id) of charge-offs that wait for a second person, the oldest first."""
        return self._waiting(charge_offs_pk(portfolio_id), limit)

    def letters_due(self, *, limit: int = 100) -> Sequence[tuple[str, str]]:
        """(case id, agreement id) of completed agreements without a letter, the oldest first."""
        return self._waiting(LETTERS, limit)

    def _waiting(self, key: str, limit: int) -> Sequence[tuple[str, str]]:
        rows: list[tuple[str, str]] = []
        query: dict[str, Any] = {
            "TableName": self._cases,
            "IndexName": "agenda",
            "KeyConditionExpression": "agenda_pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": key}},
            "Limit": limit,
        }
        for row in self._wire.query(query):
            rows.append((case_of(row), row["sk"]["S"].partition("#")[2]))
            if len(rows) == limit:
                break
        return rows
