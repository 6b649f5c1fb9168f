"""What the daily plan does to a case: settles promises whose day is over, asks people for work."""

from dataclasses import replace

from chalicelib.domain.case import CaseStatus, PromiseState
from chalicelib.domain.draft_contact import DraftContact
from chalicelib.domain.errors import PromiseNotFound, TaskEnded, TaskNotFound
from chalicelib.domain.promises import credited, verdict
from chalicelib.domain.task import Task, TaskState


class DraftPlan(DraftContact):
    """A draft the plan works on; see ``domain.draft``."""

    # Promises

    def settle_promise(self, promise_id: str) -> bool:
        """
        Say what became of an open promise whose last day is over: broken, or partly kept.

        One that was kept is kept already. Says whether anything changed; safe to repeat.

        Raises:
            PromiseNotFound: No such promise in this case.
        """
        self._alive()
        known = self._promises.get(promise_id)
        if known is None:
            raise PromiseNotFound(promise_id=promise_id)
        if known.state is not PromiseState.OPEN or self.today <= known.last_day:
            return False
        together = [
            one
            for one in self._promises.values()
            if one.series_id == known.series_id or one.promise_id == promise_id
        ]
        entries, zone = self._book.entries(), self._portfolio.time_zone
        paid = credited(together, entries, zone)[promise_id]
        state = verdict(known, paid)
        counted = min(paid, known.amount_minor)
        self._keep_promise(replace(known, state=state, paid_minor=counted))
        kind = "promise.broken" if state is PromiseState.BROKEN else "promise.partly_kept"
        facts = {
            "promise_id": promise_id,
            "amount_minor": known.amount_minor,
            "paid_minor": paid,
            "due_on": known.due_on.isoformat(),
        }
        self._tell(kind, facts, {})
        return True

    def end_promises(self) -> None:
        """Cancel what is promised still when nothing is owed any more."""
        waiting = [one for one in self._promises.values() if one.state is PromiseState.OPEN]
        if waiting and self._standing()[0] is CaseStatus.SETTLED:
            for one in waiting:
                self.cancel_promise(one.promise_id, why="settled")

    # Tasks

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
            "task_id": task.task_id,
            "task": task.kind.value,
            "due_on": task.due_on.isoformat(),
            "strategy": task.cause.strategy,
            "step": task.cause.step,
        }
        self._tell("task.asked", {name: value for name, value in facts.items() if value}, {})
        return True

    def end_task(self, task_id: str, state: TaskState) -> bool:
        """
        Note that a task was done, or is not wanted any more. Safe to repeat.

        Raises:
            TaskNotFound: No such task in this case.
            TaskEnded: It ended the other way.
        """
        self._alive()
        known = self._tasks.get(task_id)
        if known is None:
            raise TaskNotFound(task_id=task_id)
        if known.state is state:
            return False
        if known.state is not TaskState.OPEN:
            raise TaskEnded(task_id=task_id, state=known.state.value)
        self._put_task(replace(known, state=state, ended_at=self._now, ended_by=self._actor))
        self._tell(f"task.{state.value}", {"task_id": task_id, "task": known.kind.value}, {})
        return True

    # Private

    def _put_task(self, task: Task) -> None:
        self._tasks[task.task_id] = self._put_tasks[task.task_id] = task
