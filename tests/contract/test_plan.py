"""What every case store promises of tasks and promises, which the daily plan writes."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.contact import Cause
from chalicelib.domain.draft import after
from chalicelib.domain.task import Task, TaskKind, TaskState
from tests.builders import NOW, TODAY, a_debt, a_draft, change_of, reopened

TASK = Task(
    task_id="tsk_1",
    kind=TaskKind.VISIT,
    state=TaskState.OPEN,
    cause=Cause(kind="strategy", strategy="str_1@2", step="day", anchor=TODAY),
    due_on=TODAY,
    created_at=NOW,
)


def test_tasks_and_a_promise_s_grace_are_read_as_they_were_written(stores):
    debt = a_debt("F-1", stores.portfolio.portfolio_id)
    new = change_of(a_draft(debt, portfolio=stores.portfolio))
    stores.cases.commit(new)
    file = stores.cases.open(new.after.case_id)

    draft = reopened(file, stores.portfolio)
    draft.ask(TASK)
    draft.ask(replace(TASK, task_id="tsk_2", kind=TaskKind.CALL))
    draft.end_task("tsk_2", TaskState.DONE)
    draft.promise("pro_1", 500, TODAY, channel="", grace_on=TODAY + timedelta(days=3))
    change = change_of(draft)
    stores.cases.commit(change)

    told, read = after(file, change), stores.cases.open(new.after.case_id)
    assert read.tasks == told.tasks
    assert read.promises == told.promises
    assert [task.state for task in read.tasks] == [TaskState.OPEN, TaskState.DONE]
    assert read.promises[0].last_day == TODAY + timedelta(days=3)
