"""Payments that a debtor says they made, on a draft: told, with files beside them, looked for."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from chalicelib.domain.dispute import Evidence
from chalicelib.domain.draft_contact import DraftContact
from chalicelib.domain.draft_disputes import DraftDisputes
from chalicelib.domain.errors import BadField, UnmatchedMoved, UnmatchedNotFound
from chalicelib.domain.reported import MOST_FILES, Reported, ReportedState
from chalicelib.domain.task import TaskState

SETTLED = (ReportedState.FOUND, ReportedState.NOT_FOUND)


class DraftReported(DraftDisputes):
    """A draft on which debtors report payments; see ``domain.draft``."""

    @property
    def reported(self) -> Iterable[Reported]:
        return self._reported.values()

    def told_of(self, telling_id: str) -> Reported | None:
        """The reported payment that was told under an id, as the first or again."""
        return next((one for one in self._reported.values() if telling_id in one.told), None)

    def looked_for(self, like: Reported) -> Reported | None:
        """The payment being looked for that this may be; the one told last of several."""
        waiting = [
            one
            for one in self._reported.values()
            if one.state is ReportedState.WAITING and one.like(like)
        ]
        return max(waiting, key=lambda one: (one.at, one.reported_id), default=None)

    def report_payment(self, reported: Reported) -> bool:
        """
        Note that the debtor says they paid; says whether that was news.

        What may be a payment that is being looked for is put to it: see ``Reported.like``.
        """
        self._alive()
        if self.told_of(reported.reported_id) is not None:
            return False
        known = self.looked_for(reported)
        one = reported if known is None else known.with_more(reported)
        self._put_reported_one(one)
        facts: dict[str, Any] = {
            "reported_id": one.reported_id,
            "told_id": reported.reported_id,
            "source": reported.source,
        }
        if reported.amount_minor is not None:
            facts["amount_minor"] = reported.amount_minor
        if reported.paid_on is not None:
            facts["paid_on"] = reported.paid_on.isoformat()
        said = {"reference": reported.reference, "words": reported.words}
        self._tell("payment.reported", facts, {name: text for name, text in said.items() if text})
        return True

    def add_reported_file(self, reported_id: str, evidence: Evidence) -> bool:
        """
        Put a file beside what was reported; says whether it was new.

        Raises:
            UnmatchedNotFound: Nothing such of this case.
            BadField: There are too many.
        """
        self._alive()
        known = self._reported_one(reported_id)
        if any(one.evidence_id == evidence.evidence_id for one in known.evidence):
            return False
        if len(known.evidence) >= MOST_FILES:
            raise BadField(field="evidence", reason="too_many", most=MOST_FILES)
        self._put_reported_one(replace(known, evidence=(*known.evidence, evidence)))
        facts = {
            "reported_id": reported_id,
            "evidence_id": evidence.evidence_id,
            "sha256": evidence.sha256,
        }
        self._tell("payment.reported_file", facts, {"name": evidence.name})
        return True

    def settle_reported(self, reported_id: str, state: ReportedState, *, answer: str = "") -> bool:
        """
        Note whether it was found; its pause and its task end. Safe to repeat.

        Raises:
            UnmatchedNotFound: Nothing such of this case.
            UnmatchedMoved: It was settled the other way.
        """
        if state not in SETTLED:
            raise BadField(field="state", reason="not_one_of")
        self._alive()
        known = self._reported_one(reported_id)
        if known.state is state:
            return False
        if known.state is not ReportedState.WAITING:
            raise UnmatchedMoved(state=known.state.value, case_id=self.case_id)
        self._put_reported_one(
            replace(known, state=state, answer=answer, ended_at=self._now, ended_by=self._actor)
        )
        facts = {"reported_id": reported_id, "state": state.value}
        self._tell("payment.report_settled", facts, {"answer": answer} if answer else {})
        if known.hold_id in self._holds:
            self.lift(known.hold_id)
        task = self._tasks.get(known.task_id)
        if task is not None and task.state is TaskState.OPEN:
            self.end_task(known.task_id, TaskState.DONE)
        return True

    # Private

    def _reported_one(self, reported_id: str) -> Reported:
        known = self._reported.get(reported_id)
        if known is None:
            raise UnmatchedNotFound(unmatched_id=reported_id)
        return known

    def _put_reported_one(self, reported: Reported) -> None:
        key = reported.reported_id
        self._reported[key] = self._put_reported[key] = reported

    def _pass_on(self, into: DraftContact) -> None:
        """They go on where the debts went."""
        super()._pass_on(into)
        if not isinstance(into, DraftReported):
            return
        for one in list(self._reported.values()):
            if one.reported_id not in into._reported:
                into._put_reported_one(one)
            if one.state is ReportedState.WAITING:
                self._put_reported_one(replace(one, state=ReportedState.MOVED))
