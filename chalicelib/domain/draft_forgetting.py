"""Forgetting the person of a case, by a request of data protection: the account stays."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from chalicelib.domain import forgetting
from chalicelib.domain.case import CaseStatus
from chalicelib.domain.draft_rights import DraftRights
from chalicelib.domain.task import TaskState
from chalicelib.domain.visit import Mark, Visit

WITHDRAWN = "opted_out"  # why a message that waited does not go: the person wants none
T = TypeVar("T")


class DraftForgetting(DraftRights):
    """A draft on which all that says who somebody is goes for good; see ``domain.forgetting``."""

    def forget(
        self,
        number: str,
        *,
        marks: Callable[[Visit], Iterable[Mark]],
        most_items: int,
    ) -> bool:
        """
        Take the person out of the case and its timeline; says whether there was something.

        The ledger, the counters and the chain stay as they are. Works on a void case, too. The
        head goes last, for by it a broken-off erasure is known.

        Args:
            number: Of the request, shown in place of a name.
            marks: What a visit left to be found by, and is taken away with what it says.
            most_items: Stop when the change holds so many rows (see ``items``); to be called
                again once it is committed, until nothing changes.
        """
        before = self._rows
        for step in (self._forget_waiting, self._forget_points, self._forget_said):
            step(most_items)
        self._forget_visits(marks, most_items)
        for event in self._events:
            if self._rows >= most_items:
                break
            if event.personal:
                self._erase(event)
        if self._rows > before:
            self._forgot = True
            return True
        bare = forgetting.bare_head(self._head, number)
        if bare == self._head:
            return False
        self._head = bare
        return True

    # Private

    @property
    def _rows(self) -> int:
        return self.items + len(self._gone_marks)

    def _forget_waiting(self, most: int) -> None:
        """What has not gone is not to go, and nobody is to do anything any more."""
        for one in list(self._attempts.values()):
            if forgetting.waits(one) and self._rows < most:
                self.withdraw(one.attempt_id, WITHDRAWN)
        if self._head.status is CaseStatus.VOID:
            return
        for task in list(self._tasks.values()):
            if task.state is TaskState.OPEN and self._rows < most:
                self.end_task(task.task_id, TaskState.DROPPED)

    def _forget_points(self, most: int) -> None:
        for key in list(self._contacts):
            if self._rows < most:
                del self._contacts[key]
                self._gone_contacts.append(key)
        for key in list(self._addresses):
            if self._rows < most:
                del self._addresses[key]
                self._gone_addresses.append(key)

    def _forget_said(self, most: int) -> None:
        self._strip(forgetting.bare_debt, self._book.debts, self._put_debts, most)
        self._strip(forgetting.bare_attempt, self._attempts, self._put_attempts, most)
        self._strip(forgetting.bare_consent, self._consents, self._put_consents, most)
        self._strip(forgetting.bare_hold, self._holds, self._put_holds, most)
        self._strip(forgetting.bare_task, self._tasks, self._put_tasks, most)
        self._strip(forgetting.bare_dispute, self._disputes, self._put_disputes, most)
        self._strip(forgetting.bare_agreement, self._agreements, self._put_agreements, most)
        self._strip(forgetting.bare_checkout, self._checkouts, self._put_checkouts, most)
        self._strip(forgetting.bare_reported, self._reported, self._put_reported, most)
        self._strip(forgetting.bare_paper, self._papers, self._put_papers, most)
        self._strip(forgetting.bare_document, self._documents, self._put_documents, most)

    def _forget_visits(self, marks: Callable[[Visit], Iterable[Mark]], most: int) -> None:
        for key, one in list(self._visits.items()):
            bare = forgetting.bare_visit(one)
            if bare != one and self._rows < most:
                self._gone_marks += tuple(marks(one))
                self._visits[key] = self._put_visits[key] = bare

    def _strip(
        self,
        bare: Callable[[T], T],
        known: dict[str, T],
        put: dict[str, T],
        most: int,
    ) -> None:
        rows: Mapping[str, T] = dict(known)
        for key, one in rows.items():
            left = bare(one)
            if left != one:
                if self._rows >= most:
                    return
                known[key] = put[key] = left
