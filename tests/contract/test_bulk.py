"""What the store of jobs of many cases promises, in memory and on DynamoDB."""

from dataclasses import replace

import pytest

from chalicelib.domain.bulk import BulkAction, BulkJob, BulkState, Chunk, Sample
from chalicelib.store.bulk import BulkStore
from tests import engines
from tests.builders import NOW
from tests.bulk_world import MemoryBulk


@pytest.fixture
def store(engine, request):
    if engine == "memory":
        return MemoryBulk()
    return BulkStore(engines.wire_to(request.getfixturevalue(f"{engine}_endpoint")), engines.WORK)


def a_job(pid: str, key: str = "blk_1") -> BulkJob:
    return BulkJob(
        job_id=f"{key}_{pid}",
        portfolio_id=pid,
        action=BulkAction.HOLD,
        terms={"reason": "supervisor", "until": None, "note": ""},
        filters={"city": "Puebla", "min_minor": 5},
        picked=("cas_1",),
        state=BulkState.COUNTING,
        language="pt",
        created_by="user:eva",
        created_at=NOW,
        updated_at=NOW,
        sample=Sample(looked=2, reasons={"done:": 1}, lines=({"case_id": "cas_1"},)),
    )


def test_a_job_is_read_as_it_was_written_and_moves_under_its_version(store, portfolio):
    job = a_job(portfolio.portfolio_id)
    assert store.add(job)
    assert store.get(portfolio.portfolio_id, job.job_id) == job

    saved = store.save(replace(job, state=BulkState.READY, count=3))

    assert saved == store.get(portfolio.portfolio_id, job.job_id)
    assert store.save(replace(job, state=BulkState.FAILED)) is None


def test_jobs_are_listed_newest_first_a_page_at_a_time(store, portfolio):
    pid = portfolio.portfolio_id
    jobs = [a_job(pid, f"blk_{n}") for n in range(5)]
    for job in jobs:
        store.add(job)

    found, cursor = [], None
    while True:
        page, cursor = store.newest(pid, limit=2, cursor=cursor)
        found += page
        if cursor is None:
            break

    assert found == jobs[::-1]


def test_a_chunk_is_settled_once_and_counted_once_for_each_way(store, portfolio):
    job = a_job(portfolio.portfolio_id)
    chunks = [Chunk(job_id=job.job_id, number=n, case_ids=(f"cas_{n}", "cas_x")) for n in (0, 1)]
    store.put_chunks(chunks, now=NOW)
    assert list(store.chunks(job.job_id)) == chunks
    ran = replace(chunks[1], ran={"cas_x": "refused:ON_HOLD"})
    tally = {"run:done:": 1, "run:refused:ON_HOLD": 1}

    assert store.settle(ran, tally, undo=False, now=NOW)
    assert not store.settle(ran, tally, undo=False, now=NOW)
    assert store.settle(replace(ran, undone={}), {"undo:done:": 2}, undo=True, now=NOW)
    assert store.settle(replace(chunks[0], ran={}), {"run:done:": 2}, undo=False, now=NOW)

    assert store.chunk(job.job_id, 1) == replace(ran, undone={})
    assert store.tally(job.job_id) == {
        "run:done:": 3, "run:refused:ON_HOLD": 1, "run_chunks": 2, "undo:done:": 2,
        "undo_chunks": 1,
    }  # fmt: skip
    assert store.chunk(job.job_id, 7) is None
    assert store.tally("blk_none") == {}
