"""What people are asked to do on a case: asked for, given to somebody, put off, done, reopened."""

from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib.domain.draft_contact import DraftContact
from chalicelib.domain.errors import BadField, TaskEnded, TaskNotFound
from chalicelib.domain.task import Task, TaskState


class DraftTasks(DraftContact):
    """A draft whose tasks move; see ``domain.draft``."""

    def ask(self, task: Task) -> bool:
        """
        Ask people for work on the case.

        Says whether it was new: the same cause gives the same id, and is asked for once.
        """
        self._alive()
        if task.task_id in self._tasks:
            return False
        self._put_task(task)
        facts = {
            "due_on": task.due_on.isoformat(),
            "strategy": task.cause.strategy,
            "step": task.cause.step,
            "owner": task.owner,
        }
        told = {name: value for name, value in facts.items() if value}
        self._tell_task(task, "task.asked", told, text=task.text)
        return True

    def give_task(self, task_id: str, person_id: str) -> bool:
        """
        Say who is to do an open task, or that whoever takes it (empty). Safe to repeat.

        Raises:
            TaskNotFound: No such task in this case.
            TaskEnded: It was done or dropped.
        """
        known = self._open_task(task_id)
        if known.owner == person_id:
            return False
        self._put_task(replace(known, owner=person_id))
        self._tell_task(known, "task.given", {"before": known.owner, "after": person_id})
        return True

    def put_off_task(self, task_id: str, due_on: date) -> bool:
        """
        Move an open task to another day, not one that is over. Safe to repeat.

        Raises:
            TaskNotFound: No such task in this case.
            TaskEnded: It was done or dropped.
            BadField: The day is over.
        """
        known = self._open_task(task_id)
        if known.due_on == due_on:
            return False
        if due_on < self.today:
            raise BadField(field="due_on", reason="past")
        self._put_task(replace(known, due_on=due_on))
        days = {"before": known.due_on.isoformat(), "after": due_on.isoformat()}
        self._tell_task(known, "task.put_off", days)
        return True

    def end_task(self, task_id: str, state: TaskState, *, outcome: str = "") -> bool:
        """
        Note that a task was done, or is not wanted any more. Safe to repeat.

        Raises:
            TaskNotFound: No such task in this case.
            TaskEnded: It ended the other way.
        """
        known = self._task(task_id)
        if known.state is state:
            return False
        if known.state is not TaskState.OPEN:
            raise TaskEnded(task_id=task_id, state=known.state.value)
        self._put_task(
            replace(known, state=state, ended_at=self._now, ended_by=self._actor, outcome=outcome)
        )
        self._tell_task(known, f"task.{state.value}", text=outcome)
        return True

    def reopen_task(self, task_id: str) -> bool:
        """
        Take back that a task was done or dropped. Safe to repeat.

        Raises:
            TaskNotFound: No such task in this case.
        """
        known = self._task(task_id)
        if known.state is TaskState.OPEN:
            return False
        again = replace(known, state=TaskState.OPEN, ended_at=None, ended_by="", outcome="")
        self._put_task(again)
        self._tell_task(known, "task.reopened", {"before": known.state.value})
        return True

    # Private

    def _task(self, task_id: str) -> Task:
        self._alive()
        known = self._tasks.get(task_id)
        if known is None:
            raise TaskNotFound(task_id=task_id)
        return known

    def _open_task(self, task_id: str) -> Task:
        known = self._task(task_id)
        if known.state is not TaskState.OPEN:
            raise TaskEnded(task_id=task_id, state=known.state.value)
        return known

    def _tell_task(
        self, task: Task, event: str, facts: dict[str, Any] | None = None, *, text: str = ""
    ) -> None:
        told = {"task_id": task.task_id, "task": task.kind.value} | (facts or {})
        self._tell(event, told, {"text": text} if text else {})

    def _put_task(self, task: Task) -> None:
        self._tasks[task.task_id] = self._put_tasks[task.task_id] = task
