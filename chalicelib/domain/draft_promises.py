"""Promises to pay of a case: made, replaced, taken back, and kept by what is paid."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from chalicelib.domain.case import GIVEN_UP, PromiseState, PromiseToPay
from chalicelib.domain.draft_agreements import DraftAgreements
from chalicelib.domain.errors import BadField, PromiseNotFound, PromiseSettled
from chalicelib.domain.promises import credited, verdict

_BECAME = {
    PromiseState.KEPT: "promise.kept",
    PromiseState.PARTIAL: "promise.partly_kept",
    PromiseState.BROKEN: "promise.broken",
    PromiseState.OPEN: "promise.reopened",
}


class Part(NamedTuple):
    """A promise of several that are made at once; see ``PromiseToPay``."""

    promise_id: str
    amount_minor: int
    due_on: date
    grace_on: date | None = None


class DraftPromises(DraftAgreements):
    """A draft whose promises can be worked on; see ``domain.draft``."""

    def promise(
        self,
        promise_id: str,
        amount_minor: int,
        due_on: date,
        *,
        channel: str,
        grace_on: date | None = None,
    ) -> None:
        """
        Record a promise to pay; it takes the place of one that is open.

        Args:
            grace_on: The last day on which a payment still counts, if later than *due_on*.

        Raises:
            BadField: Not positive, or due before today.
        """
        self.promise_series("", [Part(promise_id, amount_minor, due_on, grace_on)], channel=channel)

    def promise_series(self, series_id: str, parts: Sequence[Part], *, channel: str) -> None:
        """
        Record promises made together; they take the place of those that are open.

        Raises:
            BadField: One is not positive or due before today, or two are due on one day.
        """
        self._alive()
        if any(part.amount_minor <= 0 for part in parts):
            raise BadField(field="amount_minor", reason="not_positive")
        if any(part.due_on < self.today for part in parts):
            raise BadField(field="due_on", reason="in_the_past")
        if len({part.due_on for part in parts}) < len(parts):
            raise BadField(field="due_on", reason="repeated")
        for earlier in list(self._promises.values()):
            if earlier.state is PromiseState.OPEN:
                self._keep_promise(replace(earlier, state=PromiseState.REPLACED))
                self._tell("promise.replaced", {"promise_id": earlier.promise_id}, {})
        for part in parts:
            self._make_promise(part, series_id, channel)

    def cancel_promise(self, promise_id: str, *, why: str = "") -> None:
        """
        Take back an open promise. Safe to repeat.

        Raises:
            PromiseNotFound: No such promise in this case.
            PromiseSettled: It was kept or broken.
        """
        self._alive()
        known = self._promises.get(promise_id)
        if known is None:
            raise PromiseNotFound(promise_id=promise_id)
        if known.state in GIVEN_UP:
            return
        if known.state is not PromiseState.OPEN:
            raise PromiseSettled(promise_id=promise_id, state=known.state.value)
        self._keep_promise(replace(known, state=PromiseState.CANCELLED))
        because = {"why": why} if why else {}
        self._tell("promise.cancelled", {"promise_id": promise_id} | because, {})

    # Private

    def _make_promise(self, part: Part, series_id: str, channel: str) -> None:
        limits = self._portfolio.policies.promises
        promise_id, amount_minor, due_on, grace_on = part
        self._keep_promise(
            PromiseToPay(
                promise_id=promise_id,
                amount_minor=amount_minor,
                due_on=due_on,
                state=PromiseState.OPEN,
                made_at=self._now,
                made_by=self._actor,
                channel=channel,
                grace_on=grace_on,
                kept_percent=limits.kept_percent,
                partial_percent=limits.partial_percent,
                series_id=series_id,
            )
        )
        facts = {
            "promise_id": promise_id,
            "amount_minor": amount_minor,
            "due_on": due_on.isoformat(),
            "channel": channel,
        }
        if series_id:
            facts["series_id"] = series_id
        self._tell("promise.made", facts, {})

    def _keep_promise(self, promise: PromiseToPay) -> None:
        self._promises[promise.promise_id] = self._put_promises[promise.promise_id] = promise

    def _review_promises(self) -> None:
        """
        Keep what has been paid, and re-open what a reversal took away.

        A payment whose news comes late, paid in time, keeps a promise that was given up.
        """
        reviewed = [p for p in self._promises.values() if p.state not in GIVEN_UP]
        if not reviewed:
            return
        paid = credited(reviewed, self._book.entries(), self._portfolio.time_zone)
        for promise in reviewed:
            self._review_promise(promise, paid[promise.promise_id])

    def _review_promise(self, promise: PromiseToPay, paid: int) -> None:
        was, became = promise.state, verdict(promise, paid)
        if became is not PromiseState.KEPT and was in (PromiseState.OPEN, PromiseState.KEPT):
            became = PromiseState.OPEN  # until its last day is over
        counted = 0 if became is PromiseState.OPEN else min(paid, promise.amount_minor)
        if (became, counted) == (was, promise.paid_minor):
            return
        self._keep_promise(replace(promise, state=became, paid_minor=counted))
        if became is not was:
            self._tell(_BECAME[became], {"promise_id": promise.promise_id}, {})
