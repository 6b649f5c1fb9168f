"""
The work of a job of many cases, a message at a time: counting, sending chunks out, doing them.

Counting fixes which cases it is: their ids are kept, a hundred a row, and what runs afterwards
is about these and no others. A chunk is done at least once and counted once: its row takes what
became of it on condition that nobody noted that before, in one transaction with the tally, and
a case that a lost delivery had done already is known by its timeline.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.bulk import (
    CHUNK,
    BulkAction,
    BulkJob,
    BulkState,
    Chunk,
    Outcome,
    Sample,
    Verdict,
)
from chalicelib.domain.case import CaseChange, CaseFile
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import BadField, CaseMoved
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import bulk_actions, case_filters, case_rows, case_search, hand_outs
from chalicelib.services.bulk_jobs import Means, message

PAGE = 500
SAMPLE = 200  # cases that the preview opens
SHOWN = 25
ROUNDS = 5  # for cases that somebody else changes meanwhile
RESERVE_S = 20.0
GONE = Verdict(Outcome.SKIPPED, "gone")
HEADERS = {
    "es": ("expediente", "nombre", "resultado", "motivo"),
    "en": ("case", "name", "outcome", "reason"),
    "pt": ("caso", "nome", "resultado", "motivo"),
}


def count(
    portfolio_id: str,
    job_id: str,
    *,
    means: Means,
    now: datetime,
    time_left_s: Callable[[], float],
) -> None:
    """
    Find the cases of a job and keep their ids; the first are opened to see what would happen.

    Safe to repeat: it goes on from the cursor that was noted last, and writes the same rows.
    """
    job, portfolio = means.jobs.get(portfolio_id, job_id), means.portfolios.get(portfolio_id)
    if job is None or portfolio is None or job.state is not BulkState.COUNTING:
        return
    seen: set[str] = set()
    try:
        for found, cursor in _pages(job, portfolio, means):
            fresh = [case_id for case_id in found if case_id not in seen]
            seen.update(fresh)
            job, chunks = _chunked(job, fresh, means)
            means.jobs.put_chunks(chunks, now=now)
            if cursor is None and job.action is BulkAction.HAND_OUT:
                job = hand_outs.divided(job, means)
            saved = means.jobs.save(
                replace(
                    job,
                    count=job.count + sum(len(chunk.case_ids) for chunk in chunks),
                    chunks=job.chunks + len(chunks),
                    cursor=cursor,
                    sample=_looked(job, portfolio, fresh, means, now),
                    state=BulkState.READY if cursor is None else job.state,
                    updated_at=now,
                )
            )
            if saved is None:
                return  # another delivery of the message is at it
            job = saved
            if cursor is not None and time_left_s() < RESERVE_S:
                means.queue.send([message(job, "count")])
                return
    except BadField:  # a word too short to look up, that is no id of anything either
        means.jobs.save(replace(job, state=BulkState.FAILED, updated_at=now))


def send(
    portfolio_id: str,
    job_id: str,
    *,
    undo: bool,
    first: int,
    means: Means,
    time_left_s: Callable[[], float],
) -> None:
    """Put a message for every chunk on the queue; what time does not allow is the next one's."""
    job = means.jobs.get(portfolio_id, job_id)
    if job is None or not _under_way(job, undo=undo):
        return
    step = 100
    for begin in range(first, job.chunks, step):
        if time_left_s() < RESERVE_S:
            means.queue.send([message(job, "send", undo=undo, first=begin)])
            return
        numbers = range(begin, min(begin + step, job.chunks))
        means.queue.send(message(job, "chunk", undo=undo, number=number) for number in numbers)


def chunk(
    portfolio_id: str, job_id: str, number: int, *, undo: bool, means: Means, now: datetime
) -> None:
    """
    Do a job's action to one chunk of its cases, or take it back. Safe to repeat at any point.

    Raises:
        CaseMoved: Some cases kept moving; what was done stays, the message comes again.
    """
    job, portfolio = means.jobs.get(portfolio_id, job_id), means.portfolios.get(portfolio_id)
    if job is None or portfolio is None or not _under_way(job, undo=undo):
        return
    mine = means.jobs.chunk(job_id, number)
    if mine is None:
        return
    if (mine.undone if undo else mine.ran) is None:
        verdicts = _done(job, portfolio, mine, means, now, undo=undo)
        said = {key: f"{v.outcome.value}:{v.code}" for key, v in verdicts.items()}
        step = "undo" if undo else "run"
        tally = Counter(f"{step}:{text}" for text in said.values())
        told = {key: text for key, text in said.items() if text != f"{Outcome.DONE.value}:"}
        settled = replace(mine, undone=told) if undo else replace(mine, ran=told)
        means.jobs.settle(settled, tally, undo=undo, now=now)
    _finish(job, means, now, undo=undo)


# Private


def _under_way(job: BulkJob, *, undo: bool) -> bool:
    return job.state is (BulkState.UNDOING if undo else BulkState.RUNNING)


def _pages(
    job: BulkJob, portfolio: Portfolio, means: Means
) -> Iterator[tuple[list[str], str | None]]:
    """
    Give the ids of a job's cases, page by page, each with where the next begins.

    In an order that nobody's work moves while it is read: by name, where the filters do not
    make another index the shorter way.
    """
    if job.picked:
        yield list(job.picked), None
        return
    filters = job.filters
    where = case_filters.where(filters, portfolio, now=job.created_at)
    bounded = where.min_minor is not None or where.max_minor is not None
    sort = "due" if filters.get("band") else "balance" if bounded else "name"
    if where.untouched_before is not None:
        sort = "touched"  # whom somebody turns to meanwhile leaves it, and moves to no later page
    cursor = job.cursor
    while True:
        page = case_search.search(
            portfolio,
            filters.get("q", ""),
            where=where,
            sort=sort,
            cursor=cursor,
            limit=PAGE,
            cases=means.cases,
            read_phone=means.read_phone,
        )
        cursor = page.cursor
        yield [case.case_id for case, _ in page.items], cursor
        if cursor is None:
            return


def _chunked(job: BulkJob, case_ids: list[str], means: Means) -> tuple[BulkJob, list[Chunk]]:
    if job.action is BulkAction.HAND_OUT:
        return hand_outs.chunked(job, case_ids, means)
    return job, [
        Chunk(
            job_id=job.job_id,
            number=job.chunks + number,
            case_ids=tuple(case_ids[first : first + CHUNK]),
        )
        for number, first in enumerate(range(0, len(case_ids), CHUNK))
    ]


def _looked(
    job: BulkJob, portfolio: Portfolio, case_ids: list[str], means: Means, now: datetime
) -> Sample:
    """
    Try the action on drafts of a few more cases, for the preview; nothing is committed.

    Who is handed which is known once all are counted, and what owes can be given to anybody.
    """
    sample = job.sample
    if job.action is BulkAction.HAND_OUT:
        return sample
    wanted = case_ids[: SAMPLE - sample.looked]
    if not wanted:
        return sample
    files = means.cases.open_many(wanted)
    reasons, lines = Counter(sample.reasons), list(sample.lines)
    for case_id in wanted:
        file = _own(job, files.get(case_id))
        verdict = GONE
        if file is not None:
            draft = Draft(file, portfolio, actor=job.created_by, now=now)
            verdict = bulk_actions.act(
                draft, file, portfolio, job.action, job.terms, job_id=job.job_id, now=now
            )
        reasons[f"{verdict.outcome.value}:{verdict.code}"] += 1
        if verdict.outcome is not Outcome.DONE and len(lines) < SHOWN:
            lines.append(
                {
                    "case_id": case_id,
                    "name": file.head.name if file else "",
                    "outcome": verdict.outcome.value,
                    "code": verdict.code,
                }
            )
    return Sample(looked=sample.looked + len(wanted), reasons=dict(reasons), lines=tuple(lines))


def _done(
    job: BulkJob,
    portfolio: Portfolio,
    mine: Chunk,
    means: Means,
    now: datetime,
    *,
    undo: bool,
) -> dict[str, Verdict]:
    verdicts: dict[str, Verdict] = {}
    handed = hand_outs.of_chunk(job, mine) if job.action is BulkAction.HAND_OUT else {}
    waiting = list(handed or mine.case_ids)
    for _ in range(ROUNDS):
        files = means.cases.open_many(waiting)
        changes: list[tuple[str, CaseChange]] = []
        for case_id in waiting:
            file = _own(job, files.get(case_id))
            if file is None:
                verdicts[case_id] = GONE
                continue
            terms = {"person_id": handed[case_id]} if handed else job.terms
            verdicts[case_id], change = _tried(job, terms, portfolio, file, now, undo=undo)
            if change is not None:
                changes.append((case_id, change))
        outcomes = means.cases.commit_many([change for _, change in changes])
        waiting = []
        for (case_id, _), error in zip(changes, outcomes, strict=True):
            if isinstance(error, CaseMoved):
                waiting.append(case_id)
            elif error is not None:
                verdicts[case_id] = Verdict(Outcome.REFUSED, error.code)
        if not waiting:
            return verdicts
    raise CaseMoved(case_id=waiting[0])


def _own(job: BulkJob, file: CaseFile | None) -> CaseFile | None:
    """A case of the job's portfolio; ticked ids may be anybody's."""
    return file if file is not None and file.head.portfolio_id == job.portfolio_id else None


def _tried(
    job: BulkJob,
    terms: Mapping[str, Any],
    portfolio: Portfolio,
    file: CaseFile,
    now: datetime,
    *,
    undo: bool,
) -> tuple[Verdict, CaseChange | None]:
    draft = Draft(file, portfolio, actor=job.confirmed_by, now=now)
    if undo:
        verdict = bulk_actions.take_back(draft, file, job.action, job_id=job.job_id)
    else:
        verdict = bulk_actions.act(
            draft, file, portfolio, job.action, terms, job_id=job.job_id, now=now
        )
    # What was refused leaves no trace, even where it failed half way.
    return verdict, draft.change() if verdict.outcome is Outcome.DONE else None


def _finish(job: BulkJob, means: Means, now: datetime, *, undo: bool) -> None:
    """End the job when its last chunk was settled; write the file of what was not done."""
    if means.jobs.tally(job.job_id).get("undo_chunks" if undo else "run_chunks", 0) < job.chunks:
        return
    key = _report(job, means, undo=undo)
    state = BulkState.UNDONE if undo else BulkState.DONE
    known: BulkJob | None = job
    while known is not None and _under_way(known, undo=undo):
        if means.jobs.save(replace(known, state=state, report=key, updated_at=now)) is not None:
            return
        known = means.jobs.get(job.portfolio_id, job.job_id)  # stopped or finished meanwhile


def _report(job: BulkJob, means: Means, *, undo: bool) -> str:
    """Write what was skipped or refused, with the names of the cases; gives the file's key."""
    text = io.StringIO()
    text.write("\ufeff")  # Excel reads UTF-8 only with this mark
    writer = csv.writer(text)
    writer.writerow(HEADERS.get(job.language, HEADERS["es"]))
    rows = 0
    for one in means.jobs.chunks(job.job_id):
        told = (one.undone if undo else one.ran) or {}
        heads = means.cases.heads(told) if told else {}
        for case_id, said in told.items():
            outcome, _, code = said.partition(":")
            head = heads.get(case_id)
            name = head.name if head and head.portfolio_id == job.portfolio_id else ""
            writer.writerow([case_id, case_rows.safe(name), outcome, code])
            rows += 1
    if rows == 0:
        return ""
    key = f"{job.portfolio_id}/bulk/{job.job_id}{'-undo' if undo else ''}.csv"
    means.files.write(key, text.getvalue().encode(), content_type="text/csv; charset=utf-8")
    return key
