"""Saved views in the work table: ``P#<portfolio>`` / ``VIEW#<id>``."""

from chalicelib.domain.saved_view import SavedView
from chalicelib.store.documents import Documents
from chalicelib.store.wire import Wire

PAGE = 200


class SavedViewStore(Documents[SavedView]):
    def __init__(self, wire: Wire, table: str) -> None:
        super().__init__(wire, table, SavedView, name="VIEW", key="view_id")

    def all(self, portfolio_id: str) -> list[SavedView]:
        """Every view of a portfolio; ``services.saved_views`` keeps them few."""
        found: list[SavedView] = []
        cursor: str | None = None
        while True:
            page, cursor = self.page(portfolio_id, limit=PAGE, cursor=cursor)
            found += page
            if cursor is None:
                return found

    def remove(self, view: SavedView) -> None:
        key = self._keys(view.portfolio_id, view.view_id)
        self._wire.call("DeleteItem", {"TableName": self._table, "Key": key})
