"""Who goes where on which day: a visit that somebody is asked to make."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.contact import Ruling


class AssignmentState(StrEnum):
    """PLANNED is to be made, DONE was made, WITHDRAWN is no longer wanted of that person."""

    PLANNED = "planned"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Why(StrEnum):
    """Why a visit was planned; the agent reads it."""

    PROMISE = "promise"  # one falls due that day
    TASK = "task"  # a strategy asked for a visit
    ZONE = "zone"
    RULE = "rule"
    MANUAL = "manual"
    NEAR = "near"  # the agent added it, being close by


class Withdrawn(StrEnum):
    """Why a visit is no longer wanted; the agent is told."""

    PAID = "paid"  # nothing is overdue any more
    HOLD = "hold"
    VOID = "void"  # the case was undone or merged
    REFUSED = "refused"  # the debtor wants no visits there
    ADDRESS = "address"  # the address was removed
    REASSIGNED = "reassigned"
    LAPSED = "lapsed"  # its day went by and it was planned anew
    UNDONE = "undone"  # the supervisor took the assignment back


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """
    A visit planned for a person and a day; a case has one open at a time.

    Args:
        day: Of the portfolio's calendar.
        place: Its place in the person's route that day, from 1; 0 = not put into order yet.
        arrives: When the route has it begin, in seconds after the portfolio's midnight.
        task_id: The strategy's task that it answers, if one asked.
        batch_id: What assigned it together with others, to be undone together.
        ruling: The contact decision as it was taken for that day.
        withdrawn: Why, as of ``Withdrawn``; empty unless WITHDRAWN.
    """

    assignment_id: str
    person_id: str
    address_id: str
    day: date
    state: AssignmentState
    why: Why
    created_at: datetime
    created_by: str
    place: int = 0
    arrives: int = 0
    task_id: str = ""
    batch_id: str = ""
    ruling: Ruling | None = None
    withdrawn: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentKey:
    """Where an assignment is found."""

    case_id: str
    assignment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceKey:
    """An address with a point, as the index of places gives it."""

    case_id: str
    address_id: str
