"""
One thing done to many cases at once: asked for, previewed, confirmed by its count, followed.

Nothing is done before somebody has seen how many cases it is about and said that number. From
then on ``bulk_work`` does it, a hundred cases a message.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain import ids
from chalicelib.domain.bulk import BulkAction, BulkJob, BulkState, Chunk, Outcome
from chalicelib.domain.case import NO_STRATEGY, CaseChange, CaseFile, CaseHead
from chalicelib.domain.charge_off import ChargeOffReason
from chalicelib.domain.contact import Channel, HoldReason
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import (
    BadField,
    BulkJobMoved,
    BulkJobNotFound,
    BulkJobWrongState,
    DomainError,
)
from chalicelib.domain.people import Actor, Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import case_filters, case_search
from chalicelib.services.access import (
    MANAGERS,
    Portfolios,
    managed,
    need_portfolio,
    open_portfolio,
)
from chalicelib.services.bulk_actions import ELSEWHERE, FOR_GOOD
from chalicelib.services.colleagues import works_on
from chalicelib.services.notes import LONGEST_TAG
from chalicelib.services.strategies import Strategies
from chalicelib.services.strategies_in_force import in_force, lacking
from chalicelib.services.upload_ports import Queue
from chalicelib.services.writing import Templates

MOST_PICKED = 500
MOST_TAGS = 10
LONGEST_NOTE = 500
# A preview older than this says nothing of today's cases.
PREVIEW_LASTS = timedelta(hours=12)
UNDO_WITHIN = timedelta(days=30)
# Chunks that were under way when a job was stopped have ended by then: a worker's longest life.
SETTLES = timedelta(minutes=2)
LINK_EXPIRES_S = 300
MESSAGED = (Channel.EMAIL, Channel.SMS, Channel.WHATSAPP, Channel.LETTER)


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


class People(Protocol):
    def get(self, person_id: str) -> Person | None: ...


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
        terms=_checked(action, terms, portfolio, means, now),
        filters={} if picked else asked,
        picked=tuple(dict.fromkeys(picked)),
        state=BulkState.COUNTING,
        language=language,
        created_by=actor.actor_id,
        created_at=now,
        updated_at=now,
    )
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


def _checked(  # noqa: PLR0911 (one line an action)
    action: BulkAction, terms: Mapping[str, Any], portfolio: Portfolio, means: Means, now: datetime
) -> dict[str, Any]:
    """Keep what the action needs, and refuse what cannot be done to any case."""
    match action:
        case BulkAction.ASSIGN:
            return {"person_id": _person(str(terms.get("person_id") or ""), portfolio, means)}
        case BulkAction.TAG | BulkAction.UNTAG:
            return {"tags": _tags(terms.get("tags") or ())}
        case BulkAction.STRATEGY:
            wanted = str(terms.get("strategy_id") or "")
            published = in_force(means.strategies.all(portfolio.portfolio_id))
            known = {one.strategy_id for one in published} | {"", NO_STRATEGY}
            if wanted not in known:
                raise BadField(field="strategy_id", reason="unknown")
            return {"strategy_id": wanted}
        case BulkAction.HOLD:
            return _hold(terms, portfolio, now)
        case BulkAction.RELEASE:
            return {"reason": _reason(terms, but=ELSEWHERE | FOR_GOOD).value}
        case BulkAction.MESSAGE:
            return _text(terms, portfolio, means)
        case BulkAction.CHARGE_OFF:
            return _charge_off(terms)


def _person(person_id: str, portfolio: Portfolio, means: Means) -> str:
    if not person_id:
        return ""
    person = means.people.get(person_id)
    if person is None or not works_on(person, portfolio.portfolio_id):
        raise BadField(field="person_id", reason="unknown")
    return person_id


def _tags(tags: Iterable[str]) -> list[str]:
    wanted = sorted({tag.strip().lower() for tag in tags if tag.strip()})
    if not wanted:
        raise BadField(field="tags", reason="missing")
    if len(wanted) > MOST_TAGS:
        raise BadField(field="tags", reason="too_many", most=MOST_TAGS)
    if any(len(tag) > LONGEST_TAG for tag in wanted):
        raise BadField(field="tags", reason="too_long", most=LONGEST_TAG)
    return wanted


def _reason(terms: Mapping[str, Any], *, but: frozenset[HoldReason]) -> HoldReason:
    allowed = [one.value for one in HoldReason if one not in but]
    if terms.get("reason") not in allowed:
        raise BadField(field="reason", reason="not_one_of", choices=allowed)
    return HoldReason(terms["reason"])


def _hold(terms: Mapping[str, Any], portfolio: Portfolio, now: datetime) -> dict[str, Any]:
    reason = _reason(terms, but=ELSEWHERE)
    until = terms.get("until")
    if isinstance(until, date):
        if until < local_day(now, portfolio.time_zone):
            raise BadField(field="until", reason="in_the_past")
        until = until.isoformat()
    note = str(terms.get("note") or "").strip()[:LONGEST_NOTE]
    return {"reason": reason.value, "until": until or None, "note": note}


def _charge_off(terms: Mapping[str, Any]) -> dict[str, Any]:
    choices = [one.value for one in ChargeOffReason]
    if terms.get("reason") not in choices:
        raise BadField(field="reason", reason="not_one_of", choices=choices)
    note = str(terms.get("note") or "").strip()[:LONGEST_NOTE]
    if not note:
        raise BadField(field="note", reason="missing")
    return {"reason": terms["reason"], "note": note}


def _text(terms: Mapping[str, Any], portfolio: Portfolio, means: Means) -> dict[str, Any]:
    channels = [one.value for one in MESSAGED]
    if terms.get("channel") not in channels:
        raise BadField(field="channel", reason="not_one_of", choices=channels)
    channel, template_id = Channel(terms["channel"]), str(terms.get("template_id") or "")
    if not template_id:
        raise BadField(field="template_id", reason="missing")
    known = means.templates.find(portfolio.portfolio_id, template_id, channel, portfolio.language)
    if known is None:
        raise BadField(field="template_id", reason="unknown")
    if missing := lacking(portfolio):
        raise BadField(field=missing[0], reason="missing")
    return {"template_id": template_id, "channel": channel.value}
