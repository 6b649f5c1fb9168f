"""Work that strategies ask people for: done, or dropped."""

from datetime import datetime

from chalicelib.domain.case import CaseFile
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.task import TaskState
from chalicelib.services import casework
from chalicelib.services.casework import Cases, Portfolios


def end(
    case_id: str,
    task_id: str,
    *,
    state: TaskState,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> tuple[CaseFile, Portfolio]:
    """
    Note that a task was done, or is not wanted any more. Safe to repeat.

    Raises:
        TaskNotFound: Not of this case.
        TaskEnded: It ended the other way.
    """
    return casework.change(
        case_id,
        lambda draft, *_: draft.end_task(task_id, state),
        actor=actor,
        cases=cases,
        portfolios=portfolios,
        now=now,
    )
