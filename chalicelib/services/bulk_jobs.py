"""
One thing done to many cases at once: asked for, previewed, confirmed by its count, followed.

Nothing is done before somebody has seen how many cases it is about and said that number. From
then on ``bulk_work`` does it, a hundred cases a message.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain import ids
from chalicelib.domain.bulk import BulkAction, BulkJob, BulkState, Chunk, Outcome
from chalicelib.domain.case import CaseChange, CaseFile, CaseHead
from chalicelib.domain.errors import (
    BadField,
    BulkJobMoved,
    BulkJobNotFound,
    BulkJobWrongState,
    DomainError,
)
from chalicelib.domain.people import Actor
from chalicelib.services import bulk_terms, case_filters, case_search, hand_outs
from chalicelib.services.access import (
    MANAGERS,
    Portfolios,
    managed,
    need_portfolio,
    open_portfolio,
)
from chalicelib.services.bulk_terms import People
from chalicelib.services.strategies import Strategies
from chalicelib.services.upload_ports import Queue
from chalicelib.services.writing import Templates

MOST_PICKED = 500
# A preview older than this says nothing of today's cases.
PREVIEW_LASTS = timedelta(hours=12)
UNDO_WITHIN = timedelta(days=30)
# Chunks that were under way when a job was stopped have ended by then: a worker's longest life.
SETTLES = timedelta(minutes=2)
LINK_EXPIRES_S = 300


class Jobs(Protocol):
    """Jobs and their chunks; see ``store.bulk``."""

    def add(self, document: BulkJob) -> bool: ...
    def get(self, portfolio_id: str, key: str) -> BulkJob | None: ...
    def save(self, document: BulkJob) -> BulkJob | None: ...
    def newest(
        self, portfolio_id: str, *, limit: int, cursor: str | None
    ) -> tuple[list[BulkJob], str | None]: ...
    def put_chunks(self, chunks: Sequence[Chunk], *, now: datetime) -> None: ...
    def chunk(self, job_id: str, number: int) -> Chunk | None: ...
    def chunks(self, job_id: str) -> Iterator[Chunk]: ...
    def settle(self, chunk: Chunk, tally: Mapping[str, int], *, undo: bool, now: datetime) -> bool:
        """Note what became of a chunk, once, and add it to the job's tally."""
        ...

    def tally(self, job_id: str) -> dict[str, int]: ...


class Cases(case_search.Lists, Protocol):
    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]: ...
    def commit_many(self, changes: Sequence[CaseChange]) -> Sequence[DomainError | None]: ...
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...


class Files(Protocol):
    def write(self, key: str, body: bytes, *, content_type: str) -> None: ...
    def link(self, key: str, *, filename: str, expires_s: int) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """All that jobs are asked for and done with."""

    jobs: Jobs
    cases: Cases
    portfolios: Portfolios
    people: People
    counters: hand_outs.Counters
    strategies: Strategies
    templates: Templates
    files: Files
    queue: Queue
    read_phone: case_search.ReadPhone


def start(
    portfolio_id: str,
    action: BulkAction,
    terms: Mapping[str, Any],
    *,
    filters: Mapping[str, Any],
    picked: Sequence[str],
    language: str,
    actor: Actor,
    means: Means,
    now: datetime,
) -> BulkJob:
    """
    Ask for a job; its cases are counted in the background and nothing is done to them yet.

    Args:
        picked: The ticked rows; empty = all that the filters leave.

    Raises:
        BadField: What is to be done, or to which cases, makes no sense.
    """
    portfolio = open_portfolio(actor, portfolio_id, means.portfolios, *MANAGERS)
    if len(picked) > MOST_PICKED:
        raise BadField(field="case_ids", reason="too_many", most=MOST_PICKED)
    asked = case_filters.checked(filters, portfolio, now=now)
    job = BulkJob(
        job_id=ids.new_id("blk"),
        portfolio_id=portfolio_id,
        action=action,
        terms=bulk_terms.checked(action, terms, portfolio, means, now),
        filters={} if picked else asked,
        picked=tuple(dict.fromkeys(picked)),
        state=BulkState.COUNTING,
        language=language,
        created_by=actor.actor_id,
        created_at=now,
        updated_at=now,
    )
    job = hand_outs.begun(job)
    means.jobs.add(job)
    means.queue.send([message(job, "count")])
    return job


def find(portfolio_id: str, job_id: str, *, actor: Actor, means: Means) -> BulkJob:
    """
    Raises:
        BulkJobNotFound: None of the portfolio.
    """
    missing = BulkJobNotFound(job_id=job_id)
    return managed(means.jobs.get, portfolio_id, job_id, actor=actor, missing=missing)


def listed(
    portfolio_id: str, *, actor: Actor, means: Means, limit: int, cursor: str | None
) -> tuple[list[BulkJob], str | None]:
    """List a portfolio's jobs, newest first."""
    need_portfolio(actor, portfolio_id, *MANAGERS)
    return means.jobs.newest(portfolio_id, limit=limit, cursor=cursor)


def confirm(
    portfolio_id: str, job_id: str, *, count: int, actor: Actor, means: Means, now: datetime
) -> BulkJob:
    """
    Let a counted job begin. Safe to repeat.

    Args:
        count: How many cases the person was told it is about.

    Raises:
        BadField: It is about another number.
        BulkJobWrongState: It is not counted yet, too old, or over.
    """
    job = find(portfolio_id, job_id, actor=actor, means=means)
    if job.state is BulkState.RUNNING:
        return job
    if job.state is not BulkState.READY or now - job.created_at > PREVIEW_LASTS:
        raise BulkJobWrongState(state=job.state.value)
    if count != job.count:
        raise BadField(field="count", reason="not_the_count", count=job.count)
    if job.action is BulkAction.HAND_OUT:  # somebody may have left since they were chosen
        bulk_terms.takers(job.terms["person_ids"], portfolio_id, means.people)
    return _go(replace(job, confirmed_by=actor.actor_id), BulkState.RUNNING, means, now)


def stop(portfolio_id: str, job_id: str, *, actor: Actor, means: Means, now: datetime) -> BulkJob:
    """Have a running job stop after the chunks that are under way. Safe to repeat."""
    job = find(portfolio_id, job_id, actor=actor, means=means)
    if job.state is BulkState.STOPPED:
        return job
    if job.state is not BulkState.RUNNING:
        raise BulkJobWrongState(state=job.state.value)
    return _saved(replace(job, state=BulkState.STOPPED, updated_at=now), means)


def resume(portfolio_id: str, job_id: str, *, actor: Actor, means: Means, now: datetime) -> BulkJob:
    """Let a job that was stopped, or hangs, go on with what it has not reached."""
    job = find(portfolio_id, job_id, actor=actor, means=means)
    if job.state not in (BulkState.STOPPED, BulkState.RUNNING):
        raise BulkJobWrongState(state=job.state.value)
    return _go(job, BulkState.RUNNING, means, now)


def undo(portfolio_id: str, job_id: str, *, actor: Actor, means: Means, now: datetime) -> BulkJob:
    """Take back what a job did, but for cases that have moved on. Safe to repeat."""
    job = find(portfolio_id, job_id, actor=actor, means=means)
    if job.state is BulkState.UNDONE:
        return job
    if not may_undo(job, now):
        raise BulkJobWrongState(state=job.state.value)
    return _go(replace(job, confirmed_by=actor.actor_id), BulkState.UNDOING, means, now)


def may_undo(job: BulkJob, now: datetime) -> bool:
    """Say whether what a job did can still be taken back."""
    over = job.state in (BulkState.DONE, BulkState.UNDOING)
    over = over or (job.state is BulkState.STOPPED and now - job.updated_at >= SETTLES)
    return over and now - job.created_at <= UNDO_WITHIN


def shown(job: BulkJob, *, means: Means, now: datetime) -> dict[str, Any]:
    """Describe a job with its figures, which grow while it runs."""
    begun = job.state not in (BulkState.COUNTING, BulkState.READY, BulkState.FAILED)
    tally = means.jobs.tally(job.job_id) if begun else {}
    step = "undo:" if job.state in (BulkState.UNDOING, BulkState.UNDONE) else "run:"
    ran, undone = figures(tally, "run"), figures(tally, "undo")
    fresh = now - job.created_at <= PREVIEW_LASTS
    return {
        "job_id": job.job_id,
        "portfolio_id": job.portfolio_id,
        "action": job.action,
        "terms": job.terms,
        "filters": job.filters,
        "picked": len(job.picked),
        "state": job.state,
        "count": job.count,
        "sample": job.sample,
        "hand_out": hand_outs.shown(job),
        "figures": ran | {"left": job.count - sum(ran.values())},
        "undone": undone,
        "reasons": {
            name.removeprefix(step): n for name, n in tally.items() if name.startswith(step)
        },
        "created_by": job.created_by,
        "created_at": job.created_at,
        "updated_at": job.updated_at,
        "url": means.files.link(
            job.report, filename=f"{job.action.value}.csv", expires_s=LINK_EXPIRES_S
        )
        if job.report
        else None,
        "can": {
            "confirm": job.state is BulkState.READY and fresh and job.count > 0,
            "stop": job.state is BulkState.RUNNING,
            "resume": job.state is BulkState.STOPPED,
            "undo": may_undo(job, now),
        },
    }


def figures(tally: Mapping[str, int], step: str) -> dict[str, int]:
    """
    Sum a tally (``<step>:<outcome>:<code>``) by outcome.

    >>> figures({"run:done:": 3, "run:refused:settled": 1, "run:refused:ON_HOLD": 2}, "run")
    {'done': 3, 'skipped': 0, 'refused': 3}
    """
    return {
        outcome.value: sum(
            number for name, number in tally.items() if name.startswith(f"{step}:{outcome.value}:")
        )
        for outcome in Outcome
    }


def message(job: BulkJob, do: str, **facts: Any) -> dict[str, Any]:
    """Make a message of the plan's queue about a job."""
    return {
        "step": "bulk",
        "portfolio_id": job.portfolio_id,
        "job_id": job.job_id,
        "do": do,
    } | facts


# Private


def _go(job: BulkJob, state: BulkState, means: Means, now: datetime) -> BulkJob:
    gone = _saved(replace(job, state=state, updated_at=now), means)
    means.queue.send([message(gone, "send", undo=state is BulkState.UNDOING, first=0)])
    return gone


def _saved(job: BulkJob, means: Means) -> BulkJob:
    saved = means.jobs.save(job)
    if saved is None:
        raise BulkJobMoved(job_id=job.job_id)
    return saved
