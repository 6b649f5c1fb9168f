"""Work that people are asked to do on a case, by the platform or by each other."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.contact import Cause


class TaskKind(StrEnum):
    """
    What a person is asked to do: CALL the debtor, VISIT, prepare it for LEGAL, REVIEW it.

    OTHER says in its words what; MENTION is a note in which a colleague named somebody.
    """

    CALL = "call"
    VISIT = "visit"
    LEGAL = "legal"
    REVIEW = "review"
    OTHER = "other"
    MENTION = "mention"


# What a step of a strategy may ask people for.
OF_STRATEGIES = (TaskKind.CALL, TaskKind.VISIT, TaskKind.LEGAL, TaskKind.REVIEW)
# What a person may ask another for; a mention is made by the note.
BY_HAND = (*OF_STRATEGIES, TaskKind.OTHER)


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
        owner: The person who is to do it; empty = whoever takes it.
        text: What is to be done, in the words of who asked; personal.
        outcome: What was done, in the words of who did it; personal.
    """

    task_id: str
    kind: TaskKind
    state: TaskState
    cause: Cause
    due_on: date
    created_at: datetime
    ended_at: datetime | None = None
    ended_by: str = ""
    owner: str = ""
    text: str = ""
    outcome: str = ""
