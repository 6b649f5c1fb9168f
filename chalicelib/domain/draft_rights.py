"""What a case tells of its person's requests about their own data, and who is reminded of them."""

from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib.domain.case import CaseStatus
from chalicelib.domain.contact import Cause, Hold, HoldReason
from chalicelib.domain.draft_booked import DraftBooked
from chalicelib.domain.ids import derived_id
from chalicelib.domain.task import Task, TaskKind, TaskState

CAUSE = "data_request"
AGAIN = "suppressed"


class DraftRights(DraftBooked):
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

    # What was erased and comes back by a file

    def hold_erased(self, upload_id: str, *, anew: bool) -> bool:
        """
        Hold a case of somebody who had their data erased, until a responsible person decides.

        A file claims that they owe. Whoever manages the portfolio is asked to look, and lifts the
        hold where the debt is a ground of its own. What they decided stands for the debts that
        they saw, until the person has their data erased once more. Says whether it was held now.

        Args:
            anew: The file brings a debt that the case did not have.
        """
        erased = max((e.at for e in self._events if e.kind == "rights.erased"), default=None)
        placed = [
            hold
            for hold in self._holds.values()
            if _by_file(hold) and (erased is None or hold.placed_at > erased)
        ]
        if any(hold.active_on(self.today) for hold in placed) or (placed and not anew):
            return False
        self.hold(derived_id("hld", self.case_id, AGAIN, upload_id), HoldReason.CEASE)
        self.ask(
            Task(
                task_id=derived_id("tsk", self.case_id, AGAIN, upload_id),
                kind=TaskKind.REVIEW,
                state=TaskState.OPEN,
                cause=Cause(kind=AGAIN, by=self._actor),
                due_on=self.today,
                created_at=self._now,
            )
        )
        return True

    def _release_erased(self, upload_id: str) -> None:
        """Take back what ``hold_erased`` did for an upload that is undone."""
        hold_id = derived_id("hld", self.case_id, AGAIN, upload_id)
        if hold_id in self._holds:
            self.lift(hold_id)
        task_id = derived_id("tsk", self.case_id, AGAIN, upload_id)
        known = self._tasks.get(task_id)
        if known is not None and known.state is TaskState.OPEN:
            self.end_task(task_id, TaskState.DROPPED)


def _by_file(hold: Hold) -> bool:
    return hold.reason is HoldReason.CEASE and hold.placed_by.startswith("upload:")
