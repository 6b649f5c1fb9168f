"""What people ask about their own data by law."""

from __future__ import annotations

import functools

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.approving import corrections
from chalicelib.wiring.bulk import bulk_kept
from chalicelib.wiring.casework import cases, cash, dry_runs, exports, portfolios, saved_views
from chalicelib.wiring.clients import wire
from chalicelib.wiring.contacting import conversations, conversing, debtor_access_store
from chalicelib.wiring.files import evidence_files, export_files
from chalicelib.wiring.people import people
from chalicelib.wiring.queues import plan_jobs
from chalicelib.wiring.suppressing import suppression_means

with lazily():
    from chalicelib.services import data_requests as register
    from chalicelib.services import erasure_lists, erasure_work, erasures
    from chalicelib.store import data_requests as request_rows


@functools.cache
def data_requests() -> request_rows.DataRequestStore:
    return request_rows.DataRequestStore(wire(), settings().work_table)


def data_request_means() -> register.Means:
    """All that the register of requests by law is kept with."""
    return register.Means(
        requests=data_requests(), cases=cases(), portfolios=portfolios(), people=people()
    )


def erasing() -> erasures.Means:
    """All that an erasure is looked at, asked for and decided with."""
    return erasures.Means(
        register=data_request_means(),
        corrections=corrections(),
        cash=cash(),
        conversations=conversations(),
        queue=plan_jobs(),
    )


def erasure_working() -> erasure_work.Means:
    """All that an erasure is carried out with."""
    return erasure_work.Means(
        register=data_request_means(),
        conversing=conversing(),
        links=debtor_access_store(),
        lists=erasure_lists.Means(
            jobs=bulk_kept(),
            dry_runs=dry_runs(),
            exports=exports(),
            views=saved_views(),
            corrections=corrections(),
        ),
        evidence=evidence_files(),
        exports=export_files(),
        suppression=suppression_means(),
        queue=plan_jobs(),
    )
