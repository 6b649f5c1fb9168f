"""Cases and messages whose turn it is; what the agenda and the tray of the store promise."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.case import CaseFile, CaseStatus
from chalicelib.domain.contact import Attempt, AttemptState, Direction, DueMessage
from chalicelib.store.case_keys import list_shard, tray_moment
from chalicelib.store.case_lists import Page


class MemoryAgenda:
    files: dict[str, CaseFile]
    _leases: dict[tuple[str, str], datetime]
    _lock: threading.RLock

    def due_cases(
        self,
        portfolio_id: str,
        shard: int,
        until: date,
        *,
        cursor: str | None = None,
        limit: int = 200,
    ) -> Page[str]:
        due = sorted(
            f"{file.head.agenda_on}#{file.head.case_id}"
            for file in self._alive(portfolio_id)
            if file.head.agenda_on is not None
            and file.head.agenda_on <= until
            and list_shard(file.head.case_id) == shard
        )
        due = [key for key in due if not cursor or key > cursor]
        more = len(due) > limit
        return Page(
            tuple(key.partition("#")[2] for key in due[:limit]), due[limit - 1] if more else None
        )

    def owing(
        self, portfolio_id: str, shard: int, *, cursor: str | None = None, limit: int = 200
    ) -> Page[str]:
        found = sorted(
            f"{file.head.oldest_due_on}#{file.head.case_id}"
            for file in self._alive(portfolio_id)
            if file.head.oldest_due_on is not None and list_shard(file.head.case_id) == shard
        )
        found = [key for key in found if not cursor or key > cursor]
        more = len(found) > limit
        return Page(
            tuple(key.partition("#")[2] for key in found[:limit]),
            found[limit - 1] if more else None,
        )

    def bring_forward(self, portfolio_id: str, case_id: str, day: date) -> bool:
        with self._lock:
            file = self.files[case_id]
            known = file.head.agenda_on
            if file.head.status is CaseStatus.VOID or (known is not None and known <= day):
                return False
            head = replace(file.head, agenda_on=day, version=file.head.version + 1)
            self.files[case_id] = replace(file, head=head)
            return True

    def due_messages(
        self, shard: int, until: datetime, *, cursor: str | None = None, limit: int = 200
    ) -> Page[DueMessage]:
        due = sorted(
            (self._outbox_at(case_id, attempt), case_id, attempt.attempt_id)
            for case_id, file in self.files.items()
            for attempt in file.attempts
            if attempt.state is AttemptState.PLANNED and list_shard(case_id) == shard
        )
        due = [key for key in due if key[0] <= until and (not cursor or str(key) > cursor)]
        more = len(due) > limit
        kept = tuple(DueMessage(at=at, case_id=case, attempt_id=key) for at, case, key in due)
        return Page(kept[:limit], str(due[limit - 1]) if more else None)

    def lease(self, message: DueMessage, until: datetime) -> bool:
        with self._lock:
            file = self.files[message.case_id]
            attempt = next(a for a in file.attempts if a.attempt_id == message.attempt_id)
            if (
                attempt.state is not AttemptState.PLANNED
                or self._outbox_at(message.case_id, attempt) != message.at
            ):
                return False
            self._leases[message.case_id, message.attempt_id] = until
            return True

    def case_of_message(self, provider: str, provider_id: str) -> tuple[str, str] | None:
        for case_id, file in self.files.items():
            for attempt in file.attempts:
                if (attempt.provider, attempt.provider_id) == (provider, provider_id):
                    return case_id, attempt.attempt_id
        return None

    # The tray

    def tray(
        self, portfolio_id: str, state: AttemptState, *, cursor: str | None = None, limit: int = 50
    ) -> Page[tuple[str, Attempt]]:
        newest = state in (AttemptState.FAILED, AttemptState.DENIED)
        found = sorted(
            (f"{tray_moment(attempt).isoformat()}#{case_id}#{attempt.attempt_id}", case_id, attempt)
            for case_id, file in self.files.items()
            for attempt in file.attempts
            if file.head.portfolio_id == portfolio_id
            and attempt.direction is Direction.OUT
            and attempt.state is state
        )
        if newest:
            found.reverse()
        found = [
            one for one in found if not cursor or (one[0] < cursor if newest else one[0] > cursor)
        ]
        more = len(found) > limit
        kept = tuple((case_id, attempt) for _, case_id, attempt in found[:limit])
        return Page(kept, found[limit - 1][0] if more else None)

    def tray_count(self, portfolio_id: str, state: AttemptState, *, most: int) -> int:
        return min(most, len(self.tray(portfolio_id, state, limit=most).items))

    # Private

    def _outbox_at(self, case_id: str, attempt: Attempt) -> datetime:
        leased = self._leases.get((case_id, attempt.attempt_id))
        return leased or attempt.not_before or attempt.created_at

    def _alive(self, portfolio_id: str) -> Sequence[CaseFile]:
        return [
            file
            for file in self.files.values()
            if file.head.portfolio_id == portfolio_id and file.head.status is not CaseStatus.VOID
        ]
