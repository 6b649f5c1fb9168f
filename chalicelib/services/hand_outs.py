"""
Handing a list's cases out between several people, evenly by the open cases that each has.

Counting notes with each chunk who has its cases and how many came before, and ends with a share
for everybody. From these alone, which nothing changes afterwards, follows to whom each case goes:
a chunk's message may come twice, in any order and after a crash, and says the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from chalicelib.domain.bulk import CHUNK, BulkAction, BulkJob, Chunk
from chalicelib.domain.case import ON_THE_MAP, CaseHead
from chalicelib.domain.handing_out import NOBODY, HandOut, Share, shared, takers
from chalicelib.services.bulk_terms import People


class Cases(Protocol):
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...


class Counters(Protocol):
    def owned_by(self, portfolio_id: str, people: Iterable[str]) -> dict[str, int]:
        """Say how many open cases some people answer for."""
        ...


class Means(Protocol):
    """What handing out reads; see ``bulk_jobs.Means``."""

    @property
    def cases(self) -> Cases: ...
    @property
    def counters(self) -> Counters: ...
    @property
    def people(self) -> People: ...


def begun(job: BulkJob) -> BulkJob:
    """Give a new job what it needs to hand cases out; other jobs as they are."""
    if job.action is not BulkAction.HAND_OUT:
        return job
    return replace(job, hand_out=HandOut(seen=(0,) * (len(job.terms["person_ids"]) + 1)))


def chunked(job: BulkJob, case_ids: Sequence[str], means: Means) -> tuple[BulkJob, list[Chunk]]:
    """
    Make chunks of more of a job's cases, with whose each is now, and count them.

    One read of each head; cases that owe nothing are left out.
    """
    known = _hand_out(job)
    heads = means.cases.heads(case_ids)
    places = {person_id: place for place, person_id in enumerate(job.terms["person_ids"])}
    open_ones = [
        (case_id, places.get(head.owner, NOBODY))
        for case_id in case_ids
        if (head := heads.get(case_id)) is not None
        and head.portfolio_id == job.portfolio_id
        and head.status in ON_THE_MAP
    ]
    seen = list(known.seen)
    chunks: list[Chunk] = []
    for first in range(0, len(open_ones), CHUNK):
        some = open_ones[first : first + CHUNK]
        chunks.append(
            Chunk(
                job_id=job.job_id,
                number=job.chunks + len(chunks),
                case_ids=tuple(case_id for case_id, _ in some),
                held=tuple(place for _, place in some),
                before=tuple(seen),
            )
        )
        for _, place in some:
            seen[place] += 1  # NOBODY is the last
    left_out = known.left_out + len(case_ids) - len(open_ones)
    counted = replace(job, hand_out=replace(known, seen=tuple(seen), left_out=left_out))
    return counted, chunks


def divided(job: BulkJob, means: Means) -> BulkJob:
    """Say of a job whose cases are all counted how many go to whom."""
    known, person_ids = _hand_out(job), job.terms["person_ids"]
    has = means.counters.owned_by(job.portfolio_id, person_ids)
    people = [
        Share(
            person_id=person_id,
            name=person.name if (person := means.people.get(person_id)) else "",
            has=max(has.get(person_id, 0), held),
            held=held,
        )
        for person_id, held in zip(person_ids, known.seen, strict=False)
    ]
    return replace(job, hand_out=replace(known, shares=shared(people, sum(known.seen))))


def of_chunk(job: BulkJob, chunk: Chunk) -> dict[str, str]:
    """Say to whom each case of a chunk goes, in an order that keeps each taker's together."""
    given = zip(
        chunk.case_ids, takers(_hand_out(job).shares, chunk.held, chunk.before), strict=True
    )
    return dict(sorted(given, key=lambda one: one[1]))


def shown(job: BulkJob) -> dict[str, Any] | None:
    """Tell who has how many, and how many each gets and gives; nothing of any other job."""
    if job.hand_out is None:
        return None
    return {
        "left_out": job.hand_out.left_out,
        "shares": [
            {
                "person_id": one.person_id,
                "name": one.name,
                "has": one.has,
                "gets": one.gets,
                "gives": one.gives,
                "after": one.after,
            }
            for one in job.hand_out.shares
        ],
    }


def _hand_out(job: BulkJob) -> HandOut:
    if job.hand_out is None:
        raise ValueError("a job that hands nothing out")
    return job.hand_out
