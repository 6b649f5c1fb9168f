"""One thing done to many cases."""

from __future__ import annotations

import functools

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.casework import cases, counters, portfolios, strategies, texts
from chalicelib.wiring.clients import wire
from chalicelib.wiring.files import export_files
from chalicelib.wiring.people import people
from chalicelib.wiring.queues import plan_jobs
from chalicelib.wiring.reading import read_phone

with lazily():
    from chalicelib.services import bulk_jobs
    from chalicelib.store import bulk as bulk_rows


@functools.cache
def bulk_kept() -> bulk_rows.BulkStore:
    return bulk_rows.BulkStore(wire(), settings().work_table)


def bulk_means() -> bulk_jobs.Means:
    """All that jobs of many cases are asked for and done with."""
    return bulk_jobs.Means(
        jobs=bulk_kept(),
        cases=cases(),
        portfolios=portfolios(),
        people=people(),
        counters=counters(),
        strategies=strategies(),
        templates=texts(),
        files=export_files(),
        queue=plan_jobs(),
        read_phone=read_phone,
    )
