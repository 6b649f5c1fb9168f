"""An upload: a file on its way to becoming cases."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class UploadMode(StrEnum):
    DEBTS = "debts"
    BALANCES = "balances"
    PAYMENTS = "payments"


class UploadState(StrEnum):
    """
    awaiting_file -> reading -> needs_mapping -> checking -> ready -> applying -> done
    with cancelled, failed (the file cannot be read), undoing -> undone.
    A file whose shape is remembered and raises no question skips needs_mapping; an upload
    asked to apply by itself skips waiting in ready.
    """

    AWAITING_FILE = "awaiting_file"
    READING = "reading"
    NEEDS_MAPPING = "needs_mapping"
    CHECKING = "checking"
    READY = "ready"
    APPLYING = "applying"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Every row is accounted for: created + updated + unchanged + rejected == rows."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    closed: int = 0  # debts absent from a balance file, closed on request; not rows
    amount_minor: int = 0  # exact sum of the accepted rows' amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    upload_id: str
    portfolio_id: str
    mode: UploadMode
    state: UploadState
    filename: str
    size_bytes: int
    created_by: str
    created_at: datetime
    updated_at: datetime
    object_key: str
    sha256: str | None = None
    close_absent: bool = False
    apply_automatically: bool = False
    inspection: dict[str, Any] | None = None  # intake.inspect's findings, JSON-safe
    mapping: dict[str, Any] | None = None  # the mapping in force, JSON-safe
    checked: Figures | None = None  # figures of the review
    applied: Figures | None = None
    chunks: int | None = None
    chunks_done: int = 0
    rows_read: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    problem: dict[str, Any] | None = None  # {"code", "details"} when failed
    same_as: str | None = None  # earlier upload of the identical file
    rejects_key: str | None = None
    version: int = 1
    extra: dict[str, Any] = field(default_factory=dict)
