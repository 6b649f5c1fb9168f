"""Field work's reads in memory; what ``store.case_field.CaseField`` promises."""

from collections.abc import Iterable, Sequence
from datetime import date

from chalicelib.domain.assignment import Assignment, AssignmentKey, PlaceKey
from chalicelib.domain.case import ON_THE_MAP, Address, CaseFile, PromiseState
from chalicelib.domain.task import TaskKind, TaskState
from chalicelib.geo.cells import cell_of
from chalicelib.store.case_lists import Page
from chalicelib.store.map_keys import FINEST, ranges


class MemoryField:
    files: dict[str, CaseFile]

    def places(
        self, portfolio_id: str, cells: Iterable[str], *, limit: int = 1000
    ) -> Sequence[PlaceKey]:
        spans = [(first, last) for _, first, last in ranges(cells)]
        found: list[PlaceKey] = []
        for first, last in spans:
            inside = [
                PlaceKey(case_id=case_id, address_id=address.address_id)
                for case_id, file in self.files.items()
                if file.head.portfolio_id == portfolio_id and file.head.status in ON_THE_MAP
                for address in file.addresses
                if address.lat is not None
                and address.lng is not None
                and first <= cell_of(address.lat, address.lng, FINEST) <= last
            ]
            found += inside[:limit]
        return found

    def addresses(self, keys: Iterable[PlaceKey]) -> dict[PlaceKey, Address]:
        return {
            key: address
            for key in keys
            if key.case_id in self.files
            for address in self.files[key.case_id].addresses
            if address.address_id == key.address_id
        }

    def agenda_of(
        self, person_id: str, day: date, until: date | None = None
    ) -> list[AssignmentKey]:
        found = sorted(
            (one.day, case_id, one.assignment_id)
            for case_id, file in self.files.items()
            for one in file.assignments
            if one.person_id == person_id and day <= one.day <= (until or day)
        )
        return [AssignmentKey(case_id=case_id, assignment_id=key) for _, case_id, key in found]

    def assignments(self, keys: Iterable[AssignmentKey]) -> dict[AssignmentKey, Assignment]:
        return {
            key: one
            for key in keys
            if key.case_id in self.files
            for one in self.files[key.case_id].assignments
            if one.assignment_id == key.assignment_id
        }

    def asking_for_visits(
        self, portfolio_id: str, until: date, *, limit: int = 1000, cursor: str | None = None
    ) -> Page[str]:
        due = sorted(
            (day, case_id, key)
            for case_id, file in self.files.items()
            if file.head.portfolio_id == portfolio_id
            for day, key in _asking(file)
            if day <= until
        )
        rest = [row for row in due if not cursor or "#".join(map(str, row)) > cursor]
        more = "#".join(map(str, rest[limit - 1])) if len(rest) > limit else None
        return Page(tuple(dict.fromkeys(case_id for _, case_id, _ in rest[:limit])), more)


def _asking(file: CaseFile) -> list[tuple[date, str]]:
    promises = [(p.due_on, p.promise_id) for p in file.promises if p.state is PromiseState.OPEN]
    tasks = [
        (task.due_on, task.task_id)
        for task in file.tasks
        if task.kind is TaskKind.VISIT and task.state is TaskState.OPEN
    ]
    return promises + tasks
