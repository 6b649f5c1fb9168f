"""
What people are still to be told by e-mail, in the work table.

``P#<portfolio>`` / ``NBOX#<person>`` the box; ``NOTICES_DUE`` / ``<when>#<portfolio>#<person>`` one
that something waits in, by when it is to go, moved in the same transaction.
"""

from datetime import datetime

from chalicelib.domain.notice import NoticeBox
from chalicelib.store.due_documents import DueDocuments
from chalicelib.store.wire import Wire


class NoticeBoxStore(DueDocuments[NoticeBox]):
    def __init__(self, wire: Wire, table: str) -> None:
        super().__init__(
            wire, table, NoticeBox,
            name="NBOX", key="person_id", due="NOTICES_DUE", kind="notice_due",
        )  # fmt: skip

    def _due_at(self, document: NoticeBox) -> datetime | None:
        return document.next_at
