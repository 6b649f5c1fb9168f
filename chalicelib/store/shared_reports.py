"""Reports shared with somebody outside, in the work table: ``P#<portfolio>`` / ``SHARED#<id>``."""

from chalicelib.domain.people import AuditEvent
from chalicelib.domain.shared_report import SharedReport
from chalicelib.store import audit as audit_rows
from chalicelib.store.documents import Documents
from chalicelib.store.wire import Wire


class SharedReportStore(Documents[SharedReport]):
    def __init__(self, wire: Wire, table: str) -> None:
        super().__init__(wire, table, SharedReport, name="SHARED", key="link_id")

    def audit(self, event: AuditEvent) -> None:
        """Write what was done; the same event again changes nothing."""
        self._wire.call(
            "PutItem", {"TableName": self._table, "Item": audit_rows.row_of(event).serialize()}
        )
