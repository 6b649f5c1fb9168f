"""Exports in the work table: ``P#<portfolio>`` / ``EXPORT#<id>``."""

from chalicelib.domain.export import Export
from chalicelib.store.documents import Documents
from chalicelib.store.wire import Wire


class ExportStore(Documents[Export]):
    def __init__(self, wire: Wire, table: str) -> None:
        super().__init__(wire, table, Export, name="EXPORT", key="export_id")
