"""What field work does to a case: visits planned for people, made, or no longer wanted."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib.domain import holds
from chalicelib.domain.assignment import Assignment, AssignmentState, Withdrawn
from chalicelib.domain.case import CaseStatus
from chalicelib.domain.contact import Channel, ConsentState
from chalicelib.domain.draft_contact import standing_word
from chalicelib.domain.draft_plan import DraftPlan
from chalicelib.domain.errors import AddressNotFound, AlreadyAssigned

_NOT_WANTED = {
    CaseStatus.SETTLED: Withdrawn.PAID,
    CaseStatus.HELD: Withdrawn.HOLD,
    CaseStatus.VOID: Withdrawn.VOID,
}


class DraftField(DraftPlan):
    """
    A draft on which visits are planned; see ``domain.draft``.

    A visit that is no longer wanted is withdrawn by the very change that makes it so: a payment,
    a hold, a refusal. Nobody has to remember to.
    """

    @property
    def assignments(self) -> Iterable[Assignment]:
        return self._assignments.values()

    def assigned(self) -> Assignment | None:
        """The visit that is planned for today or later, if one is."""
        return next(
            (
                one
                for one in self._assignments.values()
                if one.state is AssignmentState.PLANNED and one.day >= self.today
            ),
            None,
        )

    def assign(self, assignment: Assignment, *, instead_of: str = "") -> bool:
        """
        Plan a visit. Says whether it was new: the same id is planned once.

        One of an earlier day that was never made lapses with it.

        Args:
            instead_of: The open assignment that it takes the place of, as its giver saw it.

        Raises:
            AddressNotFound: Not of this case.
            AlreadyAssigned: Another visit of the case is open than the one named.
        """
        self._alive()
        if assignment.assignment_id in self._assignments:
            return False
        if assignment.address_id not in self._addresses:
            raise AddressNotFound(address_id=assignment.address_id)
        known = self.assigned()
        if known is not None and known.assignment_id != instead_of:
            raise AlreadyAssigned(
                case_id=self.case_id,
                assignment_id=known.assignment_id,
                person_id=known.person_id,
                day=known.day.isoformat(),
            )
        for open_ in list(self._assignments.values()):
            if open_.state is AssignmentState.PLANNED:
                lapsed = open_.day < self.today
                why = Withdrawn.LAPSED if lapsed else Withdrawn.REASSIGNED
                self.withdraw_assignment(open_.assignment_id, why)
        self._put_assignment(assignment)
        ruling = assignment.ruling
        facts = {
            "assignment_id": assignment.assignment_id,
            "person_id": assignment.person_id,
            "address_id": assignment.address_id,
            "day": assignment.day.isoformat(),
            "why": assignment.why.value,
            "task_id": assignment.task_id,
            "reason_code": ruling.reason_code if ruling else "",
            "rules": ruling.rules if ruling else "",
        }
        self._tell("visit.assigned", {name: value for name, value in facts.items() if value}, {})
        return True

    def withdraw_assignment(self, assignment_id: str, why: str) -> bool:
        """Take a planned visit back; says whether it was still planned."""
        return self._end_assignment(assignment_id, AssignmentState.WITHDRAWN, why=why)

    def finish_assignment(self, assignment_id: str) -> bool:
        """Note that a visit was made; also one that was withdrawn while the agent was there."""
        return self._end_assignment(assignment_id, AssignmentState.DONE)

    def place_assignment(self, assignment_id: str, place: int, arrives: int) -> bool:
        """Put a planned visit into its place of the day's route; no word for the timeline."""
        known = self._assignments.get(assignment_id)
        if known is None or known.state is not AssignmentState.PLANNED:
            return False
        placed = replace(known, place=place, arrives=arrives)
        if placed == known:
            return False
        self._put_assignment(placed)
        return True

    # Private

    def _end_assignment(self, assignment_id: str, state: AssignmentState, *, why: str = "") -> bool:
        known = self._assignments.get(assignment_id)
        ended = (AssignmentState.DONE, state)
        if known is None or known.state in ended:
            return False
        self._put_assignment(replace(known, state=state, withdrawn=why, ended_at=self._now))
        facts: dict[str, Any] = {"assignment_id": assignment_id, "person_id": known.person_id}
        if why:
            facts["why"] = str(why)
        kind = "visit.withdrawn" if state is AssignmentState.WITHDRAWN else "visit.done"
        self._tell(kind, facts, {})
        return True

    def _put_assignment(self, assignment: Assignment) -> None:
        key = assignment.assignment_id
        self._assignments[key] = self._put_assignments[key] = assignment

    def _withdraw_unwanted(self) -> None:
        """Take back what was promised or planned and what was done makes needless or forbids."""
        self.end_promises()
        planned = [a for a in self._assignments.values() if a.state is AssignmentState.PLANNED]
        if not planned:
            return
        status, oldest_due_on = self._standing()
        on_hold = self._late_on_hold(oldest_due_on)
        was = self._before.oldest_due_on if self._before else None
        caught_up = (
            was is not None
            and was < self.today
            and (oldest_due_on is None or oldest_due_on >= self.today)
        )
        for one in planned:
            word = standing_word(self._consents.values(), one.address_id, Channel.VISIT)
            if status in _NOT_WANTED:
                self.withdraw_assignment(one.assignment_id, _NOT_WANTED[status])
            elif on_hold:
                self.withdraw_assignment(one.assignment_id, Withdrawn.HOLD)
            elif caught_up:
                self.withdraw_assignment(one.assignment_id, Withdrawn.PAID)
            elif one.address_id not in self._addresses:
                self.withdraw_assignment(one.assignment_id, Withdrawn.ADDRESS)
            elif word is not None and word.state is ConsentState.REFUSED:
                self.withdraw_assignment(one.assignment_id, Withdrawn.REFUSED)

    def _late_on_hold(self, oldest_due_on: date | None) -> bool:
        """Say whether all that is late is what may not be asked for, single debts being held."""
        today = self.today
        held = holds.held_debts(self._holds.values(), today)
        if not held or oldest_due_on is None or oldest_due_on >= today:
            return False
        return all(
            due_on >= today
            for debt_id, due_on in self._standings.owing().items()
            if debt_id not in held
        )
