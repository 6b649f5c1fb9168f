"""Who looked at what: one line of the access log."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Looking again within this time is the same look: a page reads its case after every step.
SAME_LOOK = timedelta(minutes=5)


class LookKind(StrEnum):
    CASE = "case.opened"
    STATEMENT = "statement.taken"
    DOCUMENTS = "documents.opened"
    EXPORT_ASKED = "export.asked"
    EXPORT = "export.taken"
    BULK_FILE = "bulk_file.taken"
    UPLOAD = "upload.taken"
    REJECTS = "rejects.taken"
    REPORT = "report.taken"
    PACK = "pack.taken"
    RESCUE = "rescue.opened"
    LETTERS = "letters.taken"
    LAKE = "lake.taken"
    DATA_REQUEST = "data_request.opened"
    DATA_REQUESTS = "data_requests.taken"
    DATA_LETTER = "data_letter.taken"
    SUPPRESSED = "data.suppressed"
    SUPPRESSION_ENDED = "suppression.ended"
    ERASURE_ASKED = "data_request.erase_ask"
    ERASURE_WITHDRAWN = "data_request.erase_withdraw"
    ERASURE_APPROVED = "data_request.erase_approve"
    ERASURE_REJECTED = "data_request.erase_reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """
    Args:
        actor: As on the timeline: ``user:<id>`` or ``service:<id>``.
        case_id: Whose data, where it is one case's.
        of: What else was looked at: an export, an upload, a report, days of the lake.
    """

    kind: LookKind
    at: datetime
    actor: str
    portfolio_id: str
    case_id: str = ""
    of: str = ""

    @property
    def slot(self) -> datetime:
        """The beginning of the five minutes it falls into."""
        start = self.at.replace(second=0, microsecond=0)
        return start - timedelta(minutes=start.minute % (SAME_LOOK.seconds // 60))
