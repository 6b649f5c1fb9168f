"""What the daily plan does to a case, what gives it to people, and what waits for allowance."""

from dataclasses import replace
from typing import Any

from chalicelib.domain.case import CaseStatus, PromiseState
from chalicelib.domain.draft_tasks import DraftTasks
from chalicelib.domain.errors import PromiseNotFound
from chalicelib.domain.promises import credited, verdict


class DraftPlan(DraftTasks):
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

    # Whose it is, and what works on it

    def give_to(self, person_id: str) -> bool:
        """Say who answers for the case, or nobody (empty); says whether that is new."""
        self._alive()
        if person_id == self._head.owner:
            return False
        self._tell("case.assigned", {"before": self._head.owner, "after": person_id}, {})
        self._head = replace(self._head, owner=person_id)
        return True

    def follow(self, strategy: str) -> bool:
        """
        Have the case follow a strategy whatever its segment says; says whether that is new.

        Args:
            strategy: ``NO_STRATEGY`` for none at all, empty for its segment's again.
        """
        self._alive()
        if strategy == self._head.strategy:
            return False
        self._tell("case.strategy", {"before": self._head.strategy, "after": strategy}, {})
        self._head = replace(self._head, strategy=strategy)
        return True

    # What somebody else has to allow

    def correction_asked(self, facts: dict[str, Any], reason: str) -> bool:
        """Tell that an amount beyond somebody's limit waits for another person; once."""
        self._alive()
        return self._tell_once("correction.asked", facts, reason)

    def correction_refused(self, facts: dict[str, Any], reason: str) -> bool:
        """Tell that it was not allowed; once."""
        return self._tell_once("correction.refused", facts, reason)

    def _tell_once(self, kind: str, facts: dict[str, Any], reason: str) -> bool:
        key = facts["correction_id"]
        if any(one.kind == kind and one.facts["correction_id"] == key for one in self._events):
            return False
        self._tell(kind, facts, {"reason": reason})
        return True
