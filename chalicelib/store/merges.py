"""Merges of cases in the work table: ``P#<portfolio>`` / ``MERGE#<id>``."""

from chalicelib.domain.errors import MergeRefused
from chalicelib.domain.merge import Merge, MergeState
from chalicelib.store.documents import Documents
from chalicelib.store.wire import Wire


class MergeStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._documents = Documents(wire, table, Merge, name="MERGE", key="merge_id")

    def add(self, merge: Merge) -> bool:
        return self._documents.add(merge)

    def get(self, portfolio_id: str, merge_id: str) -> Merge | None:
        return self._documents.get(portfolio_id, merge_id)

    def save(self, merge: Merge) -> Merge:
        stored = self._documents.save(merge)
        if stored is None:
            raise MergeRefused(reason="moved")
        return stored

    def proposed(
        self, portfolio_id: str, *, limit: int, cursor: str | None
    ) -> tuple[list[Merge], str | None]:
        return self._documents.page(
            portfolio_id, limit=limit, cursor=cursor, state=MergeState.PROPOSED.value
        )
