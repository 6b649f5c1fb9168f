"""A job that does one thing to many cases: what was asked, how far it is, what it did to each."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.handing_out import HandOut

# Cases of one message of the queue, and of one row that remembers what was done to them.
CHUNK = 100


class BulkAction(StrEnum):
    """What is done to each case; what it needs beside is in the job's ``terms``."""

    ASSIGN = "assign"  # person_id; empty = nobody
    HAND_OUT = "hand_out"  # person_ids; see ``domain.handing_out``
    TAG = "tag"  # tags
    UNTAG = "untag"  # tags
    STRATEGY = "strategy"  # strategy_id; ``none`` = none at all, empty = the segment's
    HOLD = "hold"  # reason, until, note
    RELEASE = "release"  # reason
    MESSAGE = "message"  # template_id, channel
    CHARGE_OFF = "charge_off"  # reason, note; asks a second person for it, debt by debt


class BulkState(StrEnum):
    """
    COUNTING looks which cases there are; READY waits for a person to say the count; STOPPED was
    told to, and can go on; FAILED was asked for what cannot be looked up.
    """

    COUNTING = "counting"
    READY = "ready"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


class Outcome(StrEnum):
    """DONE; SKIPPED: there was nothing to do; REFUSED: it may not be done."""

    DONE = "done"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one case, with a code of why where it was not done."""

    outcome: Outcome
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """
    What the preview found on the first cases it opened.

    Args:
        reasons: How many by ``<outcome>:<code>``.
        lines: Some that would not be done: ``{"case_id", "name", "outcome", "code"}``.
    """

    looked: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    lines: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkJob:
    """
    Args:
        terms: What the action needs; see ``BulkAction``.
        filters: As a list of cases is asked for; empty where rows were ticked.
        picked: The ticked rows.
        count: How many cases it is about; exact once it is READY.
        chunks: How many rows hold them.
        cursor: Where counting goes on.
        confirmed_by: Who said the count, as an actor on the timeline; every event is his.
        report: Key of the file of what was not done.
        hand_out: Of a job that hands cases out.
    """

    job_id: str
    portfolio_id: str
    action: BulkAction
    terms: dict[str, Any]
    filters: dict[str, Any]
    picked: tuple[str, ...]
    state: BulkState
    language: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    count: int = 0
    chunks: int = 0
    cursor: str | None = None
    sample: Sample = Sample()
    confirmed_by: str = ""
    report: str = ""
    hand_out: HandOut | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """
    Some cases of a job, and what became of each.

    Args:
        ran, undone: By case, ``<outcome>:<code>`` of those that were not simply done; None =
            not reached yet.
        held, before: Of a job that hands cases out: who has each case, and how many come before
            them, as ``handing_out.takers`` takes them.
    """

    job_id: str
    number: int
    case_ids: tuple[str, ...]
    ran: dict[str, str] | None = None
    undone: dict[str, str] | None = None
    held: tuple[int, ...] = ()
    before: tuple[int, ...] = ()
