"""One thing done to many cases at once."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.case_filters import CaseFilters
from chalicelib.handlers.models.common import Day, Id, Instant

Action = Literal[
    "assign", "hand_out", "tag", "untag", "strategy", "hold", "release", "message", "charge_off"
]  # fmt: skip
State = Literal["counting", "ready", "running", "stopped", "done", "undoing", "undone", "failed"]


class NewBulkJob(CaseFilters):
    """
    What to do, and to which cases: those that the filters leave, or ``case_ids``.

    ``assign`` takes ``person_id`` (none: nobody's), ``hand_out`` two to fifty ``person_ids`` whose
    open cases it evens out, ``tag`` and ``untag`` take ``tags``,
    ``strategy`` takes ``strategy_id`` (``none``: no strategy works on it; absent: its segment's
    again), ``hold`` takes ``reason``, ``until``, ``note``, ``release`` a ``reason``, ``message`` a
    ``template_id`` and a ``channel``, ``charge_off`` a ``reason`` and a ``note``.
    """

    action: Action
    case_ids: list[Id] = Field(default_factory=list)
    person_id: Id | None = None
    person_ids: list[Id] | None = None
    tags: list[Annotated[str, Field(max_length=60)]] | None = None
    strategy_id: Annotated[str, Field(max_length=80)] | None = None
    reason: Annotated[str, Field(max_length=40)] | None = None
    until: Day | None = None
    note: Annotated[str, Field(max_length=500)] | None = None
    template_id: Annotated[str, Field(max_length=80)] | None = None
    channel: Annotated[str, Field(max_length=20)] | None = None


class ChangeBulkJob(Body):
    """``begin`` takes the ``count`` that the job was told to be about."""

    do: Literal["begin", "stop", "go_on", "undo"]
    count: Annotated[int, Field(ge=0)] = 0


class Left(Answer):
    case_id: str
    name: str
    outcome: Literal["skipped", "refused"]
    code: str


class Sample(Answer):
    """What would happen to the first ``looked`` cases; ``reasons`` by ``<outcome>:<code>``."""

    looked: int
    reasons: dict[str, int]
    lines: list[Left]


class Share(Answer):
    """
    One of those that cases are handed out to: open cases ``has`` now and ``after``; of the list's
    ``gets`` from others and ``gives`` to others.
    """

    person_id: str
    name: str
    has: int
    gets: int
    gives: int
    after: int


class HandOut(Answer):
    """``left_out``: cases of the list that owe nothing. No ``shares`` before all is counted."""

    left_out: int
    shares: list[Share]


class Figures(Answer):
    """done + skipped + refused + left = the job's count, always."""

    done: int
    skipped: int
    refused: int
    left: int


class Undone(Answer):
    done: int
    skipped: int
    refused: int


class Who(Answer):
    id: str
    name: str


class Can(Answer):
    confirm: bool
    stop: bool
    resume: bool
    undo: bool


class BulkJob(Answer):
    """
    ``url``: a CSV file of the cases that were not done, with the reasons, for some minutes.
    ``hand_out``: of that action alone.
    """

    job_id: str
    portfolio_id: str
    action: Action
    terms: dict[str, Any]
    filters: dict[str, Any]
    picked: int
    state: State
    count: int
    sample: Sample
    hand_out: HandOut | None
    figures: Figures
    undone: Undone
    reasons: dict[str, int]
    created_by: Who
    created_at: Instant
    updated_at: Instant
    url: str | None
    can: Can


class BulkJobs(Answer):
    items: list[BulkJob]
    cursor: str | None


class Colleague(Answer):
    person_id: str
    name: str
    role: Literal["admin", "supervisor", "agent"]


class Colleagues(Answer):
    items: list[Colleague]
