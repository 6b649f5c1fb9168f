"""
Reports that go by e-mail, in the work table.

``P#<portfolio>`` / ``RSCHEDULE#<id>`` the schedule; ``REPORTS_DUE`` / ``<when>#<portfolio>#<id>``
one that is active, by when it is due, moved in the same transaction; ``P#<portfolio>`` /
``RMAIL#<schedule>#<when>#<who asked>`` a time that it was due and what became of it.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.people import AuditEvent
from chalicelib.domain.report_schedule import Mailing, ReportSchedule, ScheduleState
from chalicelib.store import audit as audit_rows
from chalicelib.store.documents import Documents
from chalicelib.store.wire import Item, TransactionCancelled, Wire

DUE = "REPORTS_DUE"
KEPT = timedelta(days=400)  # what was sent to whom
_FAILED = "ConditionalCheckFailed"


class ReportScheduleStore(Documents[ReportSchedule]):
    def __init__(self, wire: Wire, table: str) -> None:
        super().__init__(wire, table, ReportSchedule, name="RSCHEDULE", key="schedule_id")

    def add(self, document: ReportSchedule) -> bool:
        """Keep a new one; False, with nothing changed, when its id is taken by another."""
        if self._write(None, document, "attribute_not_exists(pk)", {}):
            return True
        return self.get(document.portfolio_id, document.schedule_id) == document

    def save(self, document: ReportSchedule) -> ReportSchedule | None:
        """Write over the version it was read at; None when somebody else has since."""
        before = self.get(document.portfolio_id, document.schedule_id)
        if before is None or before.version != document.version:
            return None
        stored = replace(document, version=document.version + 1)
        read = {":read": {"N": str(document.version)}}
        return stored if self._write(before, stored, "version = :read", read) else None

    def remove(self, document: ReportSchedule) -> bool:
        """Take away the version that was read; False when somebody has changed it since."""
        keys = self._keys(document.portfolio_id, document.schedule_id)
        gone: dict[str, Any] = {
            "TableName": self._table,
            "Key": keys,
            "ConditionExpression": "version = :read",
            "ExpressionAttributeValues": {":read": {"N": str(document.version)}},
        }
        operations: list[Item] = [{"Delete": gone}]
        if due := _due_key(document):
            operations.append({"Delete": {"TableName": self._table, "Key": due}})
        return self._done(operations)

    def due(self, now: datetime, *, limit: int) -> list[tuple[str, str, datetime]]:
        """Tell which are due by *now*, the longest first: portfolio, schedule and since when."""
        body = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND sk < :sk",
            "ExpressionAttributeValues": {
                ":pk": {"S": DUE},
                ":sk": {"S": f"{_minute(now)}$"},  # $ comes right after #
            },
            "Limit": limit,
        }
        found = []
        for item in self._wire.call("Query", body)["Items"]:
            at, portfolio_id, schedule_id = item["sk"]["S"].split("#")
            found.append((portfolio_id, schedule_id, datetime.fromisoformat(at)))
        return found

    def audit(self, event: AuditEvent) -> None:
        """Write what was done; the same event again changes nothing."""
        self._wire.call(
            "PutItem", {"TableName": self._table, "Item": audit_rows.row_of(event).serialize()}
        )

    def _write(
        self,
        before: ReportSchedule | None,
        after: ReportSchedule,
        condition: str,
        values: dict[str, Any],
    ) -> bool:
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": self._item(after),
            "ConditionExpression": condition,
        }
        if values:
            put["ExpressionAttributeValues"] = values
        was, is_ = _due_key(before), _due_key(after)
        operations: list[Item] = [{"Put": put}]
        if was and was != is_:
            operations.append({"Delete": {"TableName": self._table, "Key": was}})
        if is_:
            item = is_ | {"kind": {"S": "report_due"}}
            operations.append({"Put": {"TableName": self._table, "Item": item}})
        return self._done(operations)

    def _done(self, operations: list[Item]) -> bool:
        """Write all; False, with nothing written, where the first one's condition fails."""
        try:
            self._wire.transact(operations)
        except TransactionCancelled as cancelled:
            if cancelled.reasons[0][0] != _FAILED:
                raise
            return False
        return True


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


def _due_key(schedule: ReportSchedule | None) -> Item | None:
    if schedule is None or schedule.state is not ScheduleState.ACTIVE:
        return None
    sk = f"{_minute(schedule.next_at)}#{schedule.portfolio_id}#{schedule.schedule_id}"
    return {"pk": {"S": DUE}, "sk": {"S": sk}}


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
