"""Work that people are asked to do on a case: call, visit, prepare for court, look at it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.contact import Cause


class TaskKind(StrEnum):
    """What a person is asked to do: CALL the debtor, VISIT, prepare it for LEGAL, REVIEW it."""

    CALL = "call"
    VISIT = "visit"
    LEGAL = "legal"
    REVIEW = "review"


class TaskState(StrEnum):
    """OPEN waits for somebody; DONE was done; DROPPED is no longer wanted."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """
    Something a person is asked to do on a case.

    Args:
        task_id: Made from its cause, so that it is asked for once.
        due_on: The day it is wanted, of the portfolio's calendar.
        ended_by: Who did or dropped it: an actor as on the timeline.
    """

    task_id: str
    kind: TaskKind
    state: TaskState
    cause: Cause
    due_on: date
    created_at: datetime
    ended_at: datetime | None = None
    ended_by: str = ""
