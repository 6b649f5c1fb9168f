"""What a case tells of its person's requests about their own data, and who is reminded of them."""

from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib.domain.case import CaseStatus
from chalicelib.domain.contact import Cause
from chalicelib.domain.draft_charge_offs import DraftChargeOffs
from chalicelib.domain.ids import derived_id
from chalicelib.domain.task import Task, TaskKind, TaskState

CAUSE = "data_request"


class DraftRights(DraftChargeOffs):
    """A draft on whose timeline requests by law are told; see ``domain.draft``."""

    def request_told(self, request_id: str, step: int, act: str, facts: dict[str, Any]) -> bool:
        """
        Tell of a step of a request, once; of a void case, too.

        Args:
            step: Its number in the request, from 1.
            facts: Codes and days that name nobody.
        """
        kind = f"rights.{act}"
        said = {"request_id": request_id, "step": step}
        if any(
            event.kind == kind and said.items() <= event.facts.items() for event in self._events
        ):
            return False
        self._tell(kind, said | facts, {})
        return True

    def remind_of_request(self, request_id: str, due_on: date, owner: str) -> None:
        """Ask for the request to be seen to by a day, or move that; nothing on a void case."""
        if self._head.status is CaseStatus.VOID:
            return
        task_id = derived_id("tsk", self.case_id, CAUSE, request_id)
        due_on = max(due_on, self.today)
        known = self._tasks.get(task_id)
        if known is None:
            self.ask(
                Task(
                    task_id=task_id,
                    kind=TaskKind.REVIEW,
                    state=TaskState.OPEN,
                    cause=Cause(kind=CAUSE, by=self._actor),
                    due_on=due_on,
                    created_at=self._now,
                    owner=owner,
                )
            )
        elif known.state is TaskState.OPEN and (known.due_on, known.owner) != (due_on, owner):
            self._put_task(replace(known, due_on=due_on, owner=owner))

    def request_ended(self, request_id: str) -> None:
        """End the reminder of a request."""
        task_id = derived_id("tsk", self.case_id, CAUSE, request_id)
        known = self._tasks.get(task_id)
        if known is not None and known.state is TaskState.OPEN:
            self.end_task(task_id, TaskState.DONE)
