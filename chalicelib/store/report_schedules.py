"""
Reports that go by e-mail, in the work table.

``P#<portfolio>`` / ``RSCHEDULE#<id>`` the schedule; ``REPORTS_DUE`` / ``<when>#<portfolio>#<id>``
one that is active, by when it is due, moved in the same transaction; ``P#<portfolio>`` /
``RMAIL#<schedule>#<when>#<who asked>`` a time that it was due and what became of it.
"""

from datetime import datetime, timedelta

from chalicelib.domain.people import AuditEvent
from chalicelib.domain.report_schedule import Mailing, ReportSchedule, ScheduleState
from chalicelib.store import audit as audit_rows
from chalicelib.store.documents import Documents
from chalicelib.store.due_documents import DueDocuments
from chalicelib.store.wire import Item, Wire

DUE = "REPORTS_DUE"
KEPT = timedelta(days=400)  # what was sent to whom


class ReportScheduleStore(DueDocuments[ReportSchedule]):
    def __init__(self, wire: Wire, table: str) -> None:
        super().__init__(
            wire, table, ReportSchedule,
            name="RSCHEDULE", key="schedule_id", due=DUE, kind="report_due",
        )  # fmt: skip

    def _due_at(self, document: ReportSchedule) -> datetime | None:
        return document.next_at if document.state is ScheduleState.ACTIVE else None

    def audit(self, event: AuditEvent) -> None:
        """Write what was done; the same event again changes nothing."""
        self._wire.call(
            "PutItem", {"TableName": self._table, "Item": audit_rows.row_of(event).serialize()}
        )


class MailingStore(Documents[Mailing]):
    def __init__(self, wire: Wire, table: str) -> None:
        super().__init__(wire, table, Mailing, name="RMAIL", key="key")

    def newest(self, portfolio_id: str, schedule_id: str, *, limit: int) -> list[Mailing]:
        """Tell the last times that a schedule was due or asked for, the newest first."""
        body = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
            "ExpressionAttributeValues": {
                ":pk": {"S": self._pk(portfolio_id)},
                ":sk": {"S": f"{self._name}#{schedule_id}#"},
            },
            "ScanIndexForward": False,
            "Limit": limit,
        }
        return [self._read(item) for item in self._wire.call("Query", body)["Items"]]

    def _item(self, document: Mailing) -> Item:
        expires = int((document.due_at + KEPT).timestamp())
        return super()._item(document) | {"expires_at": {"N": str(expires)}}
