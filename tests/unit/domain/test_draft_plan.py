"""What the daily plan does to a case: promises settled by their day, work asked for once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.case import CaseFile, PromiseState
from chalicelib.domain.contact import Cause
from chalicelib.domain.draft import after
from chalicelib.domain.errors import PromiseNotFound, TaskEnded, TaskNotFound
from chalicelib.domain.task import Task, TaskKind, TaskState
from tests.builders import NOW, TODAY, a_case, an_attempt, change_of, reopened

DUE = date(2026, 12, 4)  # a Friday
GRACE = date(2026, 12, 7)


def promised(amount_minor: int = 50_000) -> CaseFile:
    draft = reopened(a_case())
    draft.promise("pro_1", amount_minor, DUE, channel="", grace_on=GRACE)
    return after(a_case(), change_of(draft))


def on(day: date, file: CaseFile):
    return reopened(file, now=NOW + timedelta(days=(day - TODAY).days))


def states(file: CaseFile) -> list[PromiseState]:
    return [promise.state for promise in file.promises]


def paid(file: CaseFile, amount_minor: int, day: date, told: date | None = None) -> CaseFile:
    draft = on(told or day, file)
    draft.pay(amount_minor, paid_on=day, source="manual", reference=f"{day}/{amount_minor}")
    return after(file, change_of(draft))


@pytest.mark.parametrize(
    ("amount_minor", "state"),
    [
        (0, PromiseState.BROKEN),
        (14_999, PromiseState.BROKEN),
        (15_000, PromiseState.PARTIAL),
        (47_499, PromiseState.PARTIAL),
    ],
)
def test_a_promise_whose_last_day_is_over_is_broken_or_partly_kept(amount_minor, state):
    file = promised()
    if amount_minor:
        file = paid(file, amount_minor, DUE)
    waits = on(GRACE, file)
    assert not waits.settle_promise("pro_1")
    assert waits.change() is None

    draft = on(GRACE + timedelta(days=1), file)
    assert draft.settle_promise("pro_1")
    assert not draft.settle_promise("pro_1")
    settled = after(file, change_of(draft))

    assert states(settled) == [state]
    assert settled.events[-1].facts["paid_minor"] == amount_minor


def test_a_few_cents_less_and_a_day_late_still_keep_it():
    assert states(paid(promised(), 47_500, GRACE)) == [PromiseState.KEPT]
    assert states(paid(promised(), 50_000, GRACE + timedelta(days=1))) == [PromiseState.OPEN]


def test_news_of_a_payment_in_time_keeps_a_promise_that_was_given_up():
    file = promised()
    draft = on(date(2026, 12, 9), file)
    draft.settle_promise("pro_1")
    broken = after(file, change_of(draft))

    assert states(paid(broken, 50_000, DUE, told=date(2026, 12, 10))) == [PromiseState.KEPT]


def test_a_promise_of_another_case_is_refused():
    with pytest.raises(PromiseNotFound):
        reopened(a_case()).settle_promise("pro_1")


A_TASK = Task(
    task_id="tsk_1",
    kind=TaskKind.CALL,
    state=TaskState.OPEN,
    cause=Cause(kind="strategy", strategy="str_1@2", step="day", anchor=TODAY),
    due_on=TODAY,
    created_at=NOW,
)


def test_work_is_asked_for_once_and_ends_once():
    draft = reopened(a_case())
    assert draft.ask(A_TASK)
    assert not draft.ask(A_TASK)
    file = after(a_case(), change_of(draft))
    assert [task.state for task in file.tasks] == [TaskState.OPEN]

    done = reopened(file)
    assert done.end_task("tsk_1", TaskState.DONE)
    assert not done.end_task("tsk_1", TaskState.DONE)
    file = after(file, change_of(done))
    assert (file.tasks[0].state, file.tasks[0].ended_by) == (TaskState.DONE, "user:ana")
    assert [event.kind for event in file.events[-2:]] == ["task.asked", "task.done"]
    with pytest.raises(TaskEnded):
        reopened(file).end_task("tsk_1", TaskState.DROPPED)
    with pytest.raises(TaskNotFound):
        reopened(file).end_task("tsk_2", TaskState.DONE)


@pytest.mark.parametrize(("known", "then"), [(None, 1), (9, 1), (1, 1), (0, 0)])
def test_turning_to_a_case_has_the_plan_look_the_next_day_at_the_latest(known, then):
    file = a_case()
    day = None if known is None else TODAY + timedelta(days=known)
    file = replace(file, head=replace(file.head, agenda_on=day))
    draft = reopened(file)
    draft.record(an_attempt(sent_at=NOW))
    file = after(file, change_of(draft))
    assert file.head.agenda_on == TODAY + timedelta(days=then)

    later = TODAY + timedelta(days=30)
    file = replace(file, head=replace(file.head, agenda_on=later))
    again = reopened(file)
    again.record(an_attempt("att_again", sent_at=NOW))
    assert change_of(again).after.agenda_on == later, "it was turned to that day already"


def test_changed_tags_put_the_case_on_today_s_agenda():
    file = a_case()
    file = replace(file, head=replace(file.head, agenda_on=TODAY + timedelta(days=9)))
    draft = reopened(file)
    draft.set_tags(["legal"])

    assert change_of(draft).after.agenda_on == TODAY
