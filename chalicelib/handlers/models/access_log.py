"""Who looked at whose data."""

from typing import Literal

from chalicelib.handlers.models import Answer
from chalicelib.handlers.models.common import Instant

Kind = Literal[
    "case.opened",
    "statement.taken",
    "documents.opened",
    "export.asked",
    "export.taken",
    "bulk_file.taken",
    "upload.taken",
    "rejects.taken",
    "report.taken",
    "pack.taken",
    "rescue.opened",
    "letters.taken",
    "lake.taken",
    "data_request.opened",
    "data_requests.taken",
    "data_letter.taken",
    "data.suppressed",
    "suppression.ended",
    "data_request.erase_ask",
    "data_request.erase_withdraw",
    "data_request.erase_approve",
    "data_request.erase_reject",
]


class Looker(Answer):
    id: str
    name: str


class Look(Answer):
    """``of``: the export, job or upload whose file it was."""

    kind: Kind
    at: Instant
    actor: Looker
    case_id: str
    name: str
    of: str


class AccessLog(Answer):
    items: list[Look]
    cursor: str | None
