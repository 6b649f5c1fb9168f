"""Tasks as people ask for them, take them and do them."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Day, DayText, Instant, Money, Who

Kind = Literal["call", "visit", "legal", "review", "other", "mention"]
State = Literal["open", "done", "dropped"]
Words = Annotated[str, Field(max_length=500)]
PersonId = Annotated[str, Field(max_length=80)]


class NewTask(Body):
    """``text`` is what is to be done. ``owner`` empty: whoever takes it."""

    kind: Literal["call", "visit", "legal", "review", "other"] = "other"
    text: Annotated[str, Field(min_length=1, max_length=500)]
    owner: PersonId = ""
    due_on: Day


class ChangeTask(Body):
    """
    One of ``state`` (``open`` takes back that it ended), ``owner`` and ``due_on``.

    ``owner`` empty: whoever takes it. ``outcome``, with ``done``: what was done.
    """

    state: State | None = None
    outcome: Words = ""
    owner: PersonId | None = None
    due_on: Day | None = None


class Task(Answer):
    """
    Work that people are asked to do. ``cause`` is why: ``strategy``, ``promise``, ``reply``,
    ``payment``, ``cash``, ``visit``, ``self_pay``, ``manual``, ``mention``...; of a strategy,
    ``strategy`` is its id and version, ``step`` which. ``owner`` null: whoever takes it.
    """

    task_id: str
    kind: Kind
    state: State
    due_on: DayText
    cause: str
    strategy: str
    step: str
    text: str
    owner: Who | None
    asked_by: Who
    created_at: Instant
    ended_at: Instant | None
    ended_by: Who
    outcome: str


class TaskLine(Task):
    """``days`` until it is due by the portfolio's day; below nothing, it is late."""

    case_id: str
    case_name: str
    portfolio_id: str
    balance: Money
    when: Literal["late", "today", "later"]
    days: int


class TaskLines(Answer):
    items: list[TaskLine]
    cursor: str | None


class LateTasks(Answer):
    """``more``: there are more than are counted."""

    late: int
    more: bool
