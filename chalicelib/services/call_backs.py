"""
The call of a person after a voice message: the service that reads it out takes no keys.

What a provider tells of a message asks for it once, if the message's step says so, and on the
first day on which the contact decision lets somebody be called.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.case import CaseFile
from chalicelib.domain.collectable import collectable
from chalicelib.domain.contact import Attempt, AttemptState, Cause, Channel
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import Draft
from chalicelib.domain.ids import derived_id
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.services import contacting, dispatch_choices
from chalicelib.strategies.model import CallBack

# The kinds of causes by which such a task says why it is asked for.
HEARD, UNHEARD = "voice_heard", "voice_unheard"
CAUSES = {CallBack.ANSWERED: HEARD, CallBack.UNANSWERED: UNHEARD}
ARRIVED = frozenset({AttemptState.DELIVERED, AttemptState.READ})
# Failures of which calling again may make something: not a number that cannot be reached.
NOT_TAKEN = frozenset({"unanswered", "busy"})

# When the step behind a message has a person call: (portfolio id, cause).
Says = Callable[[str, Cause], CallBack]


def ask(
    draft: Draft,
    file: CaseFile,
    portfolio: Portfolio,
    moved: tuple[Attempt, Attempt],
    *,
    says: Says,
    at: datetime,
    now: datetime,
) -> bool:
    """
    Ask a person to call because of how a voice message ended. Safe to repeat: once a message.

    Nobody is asked about one who owes nothing any more, has promised since, or is to be left
    alone; nor where a call is asked for anyway by then, or no call is ever allowed.

    Args:
        moved: The message before and after what was told of it.
        at: When that happened, which the task says.

    Returns:
        Whether it was asked.
    """
    before, became = moved
    end = _end(before, became)
    if end is None or says(portfolio.portfolio_id, became.cause) is not end:
        return False
    today = local_day(now, portfolio.time_zone)
    unwanted = dispatch_choices.unwanted(file, portfolio, became, now=now)
    left = collectable(file, portfolio, today)
    if unwanted or left.stopped or left.oldest_due_on is None:
        return False
    attempts = tuple(
        became if one.attempt_id == became.attempt_id else one for one in file.attempts
    )
    due_on = _first_day(replace(file, attempts=attempts), portfolio, now)
    if due_on is None or any(
        one.kind is TaskKind.CALL and one.state is TaskState.OPEN and one.due_on <= due_on
        for one in file.tasks
    ):
        return False
    asked = draft.ask(
        Task(
            task_id=derived_id("tsk", became.attempt_id, "call-back"),
            kind=TaskKind.CALL,
            state=TaskState.OPEN,
            cause=replace(became.cause, kind=CAUSES[end], answers=became.attempt_id),
            due_on=due_on,
            created_at=at,
        )
    )
    if asked:
        draft.look_again_on(today)  # the plan ranks it for the queue, today and on its day
    return asked


# Private


def _end(before: Attempt, became: Attempt) -> CallBack | None:
    """How a voice message ended by what was just told of it; None when nothing new was."""
    if became.channel is not Channel.CALL or became.cause.kind != "strategy":
        return None
    if became.state in ARRIVED and before.state not in ARRIVED:
        return CallBack.ANSWERED
    failed = became.state is AttemptState.FAILED and before.state is not AttemptState.FAILED
    return CallBack.UNANSWERED if failed and became.problem in NOT_TAKEN else None


def _first_day(file: CaseFile, portfolio: Portfolio, now: datetime) -> date | None:
    """The first day on which somebody of the case may be called; None when never."""
    rulings = [
        contacting.rule(file, portfolio, reach, now=now)
        for reach in contacting.reaches(file, Channel.CALL)
    ]
    moments = [now if one.allowed else one.next_allowed_at for one in rulings]
    days = [local_day(at, portfolio.time_zone) for at in moments if at is not None]
    return min(days, default=None)
