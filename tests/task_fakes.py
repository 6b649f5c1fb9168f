"""Open tasks found in memory; what ``store.case_tasks.CaseTasks`` promises."""

from collections.abc import Sequence
from datetime import date

from chalicelib.domain.case import CaseFile
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.store.case_lists import Page


class MemoryTasks:
    files: dict[str, CaseFile]

    def tasks(
        self,
        *,
        portfolio_id: str = "",
        owners: Sequence[str] = (),
        kind: TaskKind | None = None,
        first: date | None = None,
        last: date | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[tuple[str, Task]]:
        asked = set(owners) or {""}
        found = [
            (key, case_id, task)
            for key, of, case_id, task in self._open()
            if (not portfolio_id or of == portfolio_id)
            and task.owner in asked
            and (kind is None or task.kind is kind)
            and (first is None or first <= task.due_on)
            and (last is None or task.due_on <= last)
            and (cursor is None or key > cursor)
        ]
        more = found[limit - 1][0] if len(found) > limit else None
        return Page(tuple((case_id, task) for _, case_id, task in found[:limit]), more)

    def late_tasks(self, person_id: str, until: date, *, most: int) -> list[tuple[str, date]]:
        return [
            (of, task.due_on)
            for _, of, _, task in self._open()
            if task.owner == person_id and task.due_on <= until
        ][:most]

    def _open(self) -> list[tuple[str, str, str, Task]]:
        return sorted(
            (
                f"{task.due_on}#{file.head.portfolio_id}#{task.kind.value}#{task.task_id}",
                file.head.portfolio_id,
                case_id,
                task,
            )
            for case_id, file in self.files.items()
            for task in file.tasks
            if task.state is TaskState.OPEN
        )
