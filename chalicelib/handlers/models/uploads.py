"""Uploads: announcing a file, its columns and their mapping, its figures; merges and exports."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Form, Id, Instant, Minor, Money

Mode = Literal["debts", "balances", "payments"]
State = Literal[
    "awaiting_file",
    "reading",
    "needs_mapping",
    "checking",
    "ready",
    "applying",
    "done",
    "cancelled",
    "failed",
    "undoing",
    "undone",
]


class NewUpload(Body):
    filename: Annotated[str, Field(min_length=1, max_length=200)]
    size_bytes: Annotated[int, Field(ge=1)]
    mode: Mode
    close_absent: Annotated[
        bool, Field(description="Balances only: settle as paid what the file does not name.")
    ] = False
    apply_automatically: Annotated[
        bool, Field(description="Do not wait for a person after the review.")
    ] = False


class NewMapping(Body):
    columns: dict[str, str | None] = Field(default_factory=dict)
    answers: dict[str, str] = Field(default_factory=dict)
    sheet: str | None = None
    header_rows: list[int] | None = None


class Mapping(Answer):
    columns: dict[str, str | None]
    answers: dict[str, Any]
    sheet: str | None
    header_rows: list[int]


class Figures(Answer):
    """created + updated + unchanged + rejected = rows, always."""

    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    closed: int
    amount_minor: Minor


class Progress(Answer):
    rows_total: int | None
    rows_read: int
    rows_done: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    rows_per_s: float | None
    seconds_left: float | None


class Can(Answer):
    """What may be done with it as it stands."""

    map: bool
    apply: bool
    cancel: bool
    undo: bool


class Author(Answer):
    id: str
    name: str


class Trouble(Answer):
    code: str
    details: dict[str, Any]


class RejectReason(Answer):
    """Why rows were rejected; a row with two reasons counts under both."""

    code: str
    field: str | None
    count: int
    rows: Annotated[
        list[int], Field(description="The first of them, as a spreadsheet counts rows.")
    ]


class Upload(Answer):
    upload_id: str
    portfolio_id: str
    mode: Mode
    state: State
    filename: str
    size_bytes: int
    created_by: Author
    created_at: Instant
    updated_at: Instant
    started_at: Instant | None
    finished_at: Instant | None
    close_absent: bool
    apply_automatically: bool
    inspection: Annotated[
        dict[str, Any] | None, Field(description="What the reader found; see docs/uploads.md.")
    ]
    mapping: Mapping | None
    checked: Figures | None
    applied: Figures | None
    progress: Progress
    problem: Trouble | None
    same_as: str | None
    has_rejects: bool
    reasons: list[RejectReason]
    warnings: Annotated[
        list[RejectReason],
        Field(description="What was left out of rows that count as loaded: erased by request."),
    ]
    can: Can


class UploadList(Answer):
    items: list[Upload]
    cursor: str | None


class Announced(Answer):
    upload: Upload
    post: Form


class UploadField(Answer):
    field: str
    kind: str
    required: bool
    one_of: Annotated[
        str | None,
        Field(description="Of the fields with the same value here, one is needed."),
    ]


class UploadFields(Answer):
    items: list[UploadField]


class MergedCase(Answer):
    case_id: str
    name: str
    tax_id: str
    status: str
    balance: Money
    debts: int
    city: str
    phones: Annotated[list[str], Field(description="E.164.")]
    emails: list[str]
    addresses: Annotated[list[str], Field(description="One line each.")]
    products: Annotated[list[str], Field(description="Of its debts.")]


class MergeProposal(Answer):
    proposal_id: str
    cases: list[MergedCase]
    score: Annotated[int, Field(description="0 to 100.")]
    reasons: list[str]


class MergeProposals(Answer):
    items: list[MergeProposal]
    cursor: str | None


class NewMerge(Body):
    into: Id
    from_: Annotated[Id, Field(alias="from")]


class Merge(Answer):
    merge_id: str
    into: str
    from_: Annotated[str, Field(alias="from")]
    state: Literal["proposed", "dismissed", "merged", "undone"]


class Export(Answer):
    export_id: str
    state: Literal["running", "done", "failed"]
    rows: int
    url: str | None
