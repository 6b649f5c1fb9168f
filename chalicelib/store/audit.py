"""What was done to people, portfolios and tokens: append-only rows of the work table."""

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from chalicelib.domain.people import AuditEvent
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.store.work_table import WorkRow, read_cursor, write_cursor

ORG = "ORG"


class AuditRow(WorkRow):
    """``ORG`` / ``AUDIT#<sortable id>``."""

    kind = UnicodeAttribute()
    subject = UnicodeAttribute()
    event = JSONAttribute()


def row_of(event: AuditEvent) -> AuditRow:
    return AuditRow(
        ORG,
        f"AUDIT#{event.event_id}",
        kind=event.kind,
        subject=event.subject,
        event=to_plain(event),
    )


def page(*, limit: int, cursor: str | None) -> tuple[list[AuditEvent], str | None]:
    """Newest first."""
    rows = AuditRow.query(
        ORG,
        AuditRow.sk.startswith("AUDIT#"),
        limit=limit,
        scan_index_forward=False,
        last_evaluated_key=read_cursor(cursor, pk=ORG),
    )
    events = [from_plain(AuditEvent, row.event) for row in rows]
    return events, write_cursor(rows.last_evaluated_key)
