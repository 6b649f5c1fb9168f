"""Doing what a chunk asks of its cases: many cases at once, each in as few changes as fit."""

import math
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import islice
from typing import Protocol

from chalicelib.domain.case import CaseChange, CaseFile, CaseHead, Debt
from chalicelib.domain.draft import Draft, after
from chalicelib.domain.errors import AlreadyRecorded, CaseMoved, DomainError
from chalicelib.domain.portfolio import Portfolio
from chalicelib.intake.rows import Reason
from chalicelib.services.upload_debts import CREATED, UPDATED

# A case that others keep changing is read again this often before the chunk is put back.
MOST_TRIES = 20
# Whoever is overtaken waits up to this long: two that hurry after each other help nobody.
LONGEST_PAUSE_S = 1.0
# A transaction holds 100 items; what a draft reckons leaves room for the counters.
MOST_ITEMS = 70
# Cases are drafted and written so many at a time: what they are made of stays in the processor's
# cache until it is sent, and of the half a dozen transactions they take only one is not full.
CASES_AT_ONCE = 48
# What a worker needs at its end: one more reading of a large case, one change, one message.
RESERVE_S = 15.0


class OutOfTime(Exception):
    """A worker's time ends before its work. What is written stays; the rest comes again soon."""


def need_time(time_left_s: Callable[[], float]) -> None:
    """
    Raises:
        OutOfTime: Too little is left to begin anything. A worker that is stopped by force is
            missed only after minutes, and every such end counts towards giving its chunk up.
    """
    if time_left_s() < RESERVE_S:
        raise OutOfTime


class Cases(Protocol):
    """Cases as the workers need them: glances in bulk, whole files, many commits at once."""

    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...

    def debts(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Debt]:
        """Read debts by (case id, debt id); absent ones are left out."""
        ...

    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]:
        """
        Read whole cases; those that do not exist are left out.

        Raises:
            CaseMoved: Others kept changing one of them while it was read.
        """
        ...

    def commit_many(self, changes: Sequence[CaseChange]) -> Sequence[DomainError | None]:
        """Commit each change whole or not at all; a refusal stands in the place of its change."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """
    What rows of a chunk ask of one case.

    Args:
        start: Makes the draft of the case if it does not exist; None = it must.
        do: Does the work on a draft of the file; says the outcome, or why not. It recognises
            what was done before, since it runs again whenever the case has moved.
        done: Is told the outcome once it is certain.
    """

    start: Callable[[], Draft] | None
    do: Callable[[Draft], str | Reason]
    done: Callable[[str | Reason], None]


def pause(tries: int) -> None:
    """Let the others pass: longer each time, and never as long as they do."""
    time.sleep(random.random() * min(LONGEST_PAUSE_S, 0.02 * 2**tries))  # noqa: S311 - no secret


@dataclass(slots=True)
class _Try:
    case_id: str
    draft: Draft | None  # while jobs are left for it
    results: list[tuple[Job, str | Reason]]
    change: CaseChange | None


class Runner:
    """
    Args:
        writes: False to go through all the motions and commit nothing: the dry run.
        actor, now: Who changes the cases, and when.
        time_left_s: What is left of the worker's time.
        pause: Is called with how often a case was overtaken, before it is read again.
    """

    def __init__(
        self,
        cases: Cases,
        portfolio: Portfolio,
        *,
        actor: str,
        now: datetime,
        writes: bool,
        time_left_s: Callable[[], float] = lambda: math.inf,
        pause: Callable[[int], None] = pause,
    ) -> None:
        self._cases = cases
        self._portfolio = portfolio
        self._actor = actor
        self._now = now
        self._writes = writes
        self._time_left_s = time_left_s
        self._pause = pause
        self._files: dict[str, CaseFile | None] = {}
        # Of cases whose jobs did not fit into one change: where they stand, and how they came there
        self._drafts: dict[str, Draft] = {}
        self._written: dict[str, list[CaseChange]] = {}
        self._newcomers: dict[str, Callable[[], CaseChange | None]] = {}
        self._tries: dict[str, int] = {}
        self._alone: set[str] = set()

    def run(
        self,
        jobs: Mapping[str, Sequence[Job]],
        *,
        absent: Mapping[str, Callable[[], CaseChange | None]] | None = None,
    ) -> None:
        """
        Do all *jobs*, by case id.

        Args:
            absent: Cases known not to exist yet, which spares reading them; each with what makes
                the whole of it at one go, all its jobs done, or None where that takes a draft.

        Raises:
            CaseMoved: Others kept changing a case; what is committed by then stays.
            OutOfTime: Likewise.
        """
        self._newcomers = dict(absent or {})
        self._files = dict.fromkeys(self._newcomers)
        self._drafts, self._written = {}, {}
        waiting = {case_id: list(left) for case_id, left in jobs.items() if left}
        while waiting:
            cases = iter(tuple(waiting))
            while some := tuple(islice(cases, CASES_AT_ONCE)):
                need_time(self._time_left_s)
                self._do(some, waiting)
            waiting = {case_id: left for case_id, left in waiting.items() if left}

    def _do(self, case_ids: Sequence[str], waiting: Mapping[str, list[Job]]) -> None:
        """Do of each case what fits into one change."""
        missing = [case_id for case_id in case_ids if case_id not in self._files]
        if missing:
            self._files |= dict.fromkeys(missing) | self._opened(missing)
        tries = [self._try(case_id, waiting[case_id]) for case_id in case_ids]
        refusals = self._commit([one.change for one in tries if one.change])
        for one in tries:
            refusal = next(refusals) if one.change else None
            self._settle(one, refusal, waiting[one.case_id])

    def _opened(self, case_ids: list[str]) -> dict[str, CaseFile]:
        while True:
            try:
                return self._cases.open_many(case_ids)
            except CaseMoved as moved:
                self._overtaken(str(moved.details["case_id"]), moved)

    def _overtaken(self, case_id: str, moved: CaseMoved) -> None:
        tries = self._tries[case_id] = self._tries.get(case_id, 0) + 1
        if tries > MOST_TRIES:
            raise moved
        need_time(self._time_left_s)
        self._pause(tries)

    def _try(self, case_id: str, left: list[Job]) -> _Try:
        whole = self._newcomers.pop(case_id, None)
        if whole is not None and (change := whole()) is not None:
            return _Try(case_id, None, [(job, CREATED) for job in left], change)
        draft = self._drafts.pop(case_id, None) or self._begun(case_id, left[0])
        results: list[tuple[Job, str | Reason]] = []
        for job in left[:1] if case_id in self._alone else left:
            if results and draft.items >= MOST_ITEMS:
                break
            results.append((job, job.do(draft)))
        changed = any(outcome in (CREATED, UPDATED) for _, outcome in results)
        change = draft.change() if changed else None
        return _Try(case_id, draft if len(results) < len(left) else None, results, change)

    def _begun(self, case_id: str, first: Job) -> Draft:
        file = self._files[case_id] = reduce(
            after, self._written.pop(case_id, ()), self._files[case_id]
        )
        if file is not None:
            return Draft(file, self._portfolio, actor=self._actor, now=self._now)
        if first.start is None:
            raise CaseMoved(case_id=case_id)
        return first.start()

    def _commit(self, changes: list[CaseChange]) -> Iterator[DomainError | None]:
        if not self._writes or not changes:
            return iter([None] * len(changes))
        return iter(self._cases.commit_many(changes))

    def _settle(self, one: _Try, refusal: DomainError | None, left: list[Job]) -> None:
        if refusal is None:
            self._tell(one, left)
            if one.change and one.draft:
                one.draft.go_on(one.change)
                self._drafts[one.case_id] = one.draft
                self._written.setdefault(one.case_id, []).append(one.change)
        elif isinstance(refusal, CaseMoved):
            self._overtaken(one.case_id, refusal)
            self._forget(one.case_id)
        elif isinstance(refusal, AlreadyRecorded) and len(one.results) > 1:
            # One of several payments is known elsewhere: one at a time tells which.
            self._alone.add(one.case_id)
            self._forget(one.case_id)
        elif isinstance(refusal, AlreadyRecorded):
            reason = Reason(field="payment_reference", code="payment.reference_used", details={})
            one.results = [(job, reason) for job, _ in one.results]
            self._forget(one.case_id)
            self._tell(one, left)
        else:
            raise refusal

    def _forget(self, case_id: str) -> None:
        """Let the case be read again."""
        self._files.pop(case_id)
        self._written.pop(case_id, None)

    @staticmethod
    def _tell(one: _Try, left: list[Job]) -> None:
        for job, outcome in one.results:
            job.done(outcome)
        del left[: len(one.results)]
