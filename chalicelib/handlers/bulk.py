"""One thing done to many cases at once, and who there is to give cases to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import actors, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import bulk as bulk_types
    from chalicelib.services import bulk_jobs, case_filters, colleagues

if TYPE_CHECKING:
    from chalicelib.domain.bulk import BulkJob

bp = Blueprint(__name__)

BASE = "/portfolios/{portfolio_id}/bulk-jobs"
ONE = f"{BASE}/{{job_id}}"


def _again(call: web.Call, receipt: dict[str, Any], path: dict[str, str]) -> dict[str, Any]:
    return _get(call, path["portfolio_id"], receipt["job_id"])


@web.route(
    bp, f"POST {BASE}", body="bulk:NewBulkJob", answer="bulk:BulkJob", status=202, repeat=_again
)
def start(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Ask for something to be done to many cases; they are counted first, and nothing is done."""
    asked = call.body.model_dump(exclude_none=True)
    selection = (*case_filters.NAMES, "action", "case_ids")
    job = bulk_jobs.start(
        portfolio_id,
        bulk_types.BulkAction(call.body.action),
        {name: value for name, value in asked.items() if name not in selection},
        filters=asked,
        picked=call.body.case_ids,
        language=actors.language(call.actor),
        actor=call.actor,
        means=wiring.bulk_means(),
        now=call.now,
    )
    call.receipt["job_id"] = job.job_id
    return _shown(call, [job])[0]


@web.route(bp, f"GET {BASE}", answer="bulk:BulkJobs", query=web.PAGE)
def list_jobs(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List what was done to many cases, newest first."""
    found, cursor = bulk_jobs.listed(
        portfolio_id,
        actor=call.actor,
        means=wiring.bulk_means(),
        limit=min(call.limit, 50),
        cursor=call.cursor,
    )
    return {"items": _shown(call, found), "cursor": cursor}


@web.route(bp, f"GET {ONE}", answer="bulk:BulkJob")
def get(call: web.Call, portfolio_id: str, job_id: str) -> dict[str, Any]:
    """Tell how far a job is: what it would do, or what it did."""
    return _get(call, portfolio_id, job_id)


@web.route(bp, f"PATCH {ONE}", body="bulk:ChangeBulkJob", answer="bulk:BulkJob")
def change(call: web.Call, portfolio_id: str, job_id: str) -> dict[str, Any]:
    """Let a job begin (by the count it was told to be about), stop, go on, or be taken back."""
    means = wiring.bulk_means()
    do: dict[str, Any] = {"actor": call.actor, "means": means, "now": call.now}
    match call.body.do:
        case "begin":
            job = bulk_jobs.confirm(portfolio_id, job_id, count=call.body.count, **do)
        case "stop":
            job = bulk_jobs.stop(portfolio_id, job_id, **do)
        case "go_on":
            job = bulk_jobs.resume(portfolio_id, job_id, **do)
        case _:
            job = bulk_jobs.undo(portfolio_id, job_id, **do)
    return _shown(call, [job])[0]


@web.route(bp, "GET /portfolios/{portfolio_id}/colleagues", answer="bulk:Colleagues")
def list_colleagues(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List who works on a portfolio: whom a case can be given to, who can be mentioned."""
    found = colleagues.of_portfolio(portfolio_id, actor=call.actor, people=wiring.people())
    return {
        "items": [{"person_id": one.person_id, "name": one.name, "role": one.role} for one in found]
    }


def _get(call: web.Call, portfolio_id: str, job_id: str) -> dict[str, Any]:
    means = wiring.bulk_means()
    job = bulk_jobs.find(portfolio_id, job_id, actor=call.actor, means=means)
    if job.report:
        call.looked("bulk_file.taken", portfolio_id, of=job_id)
    return _shown(call, [job])[0]


def _shown(call: web.Call, jobs: list[BulkJob]) -> list[dict[str, Any]]:
    means = wiring.bulk_means()
    names = wiring.actor_names({job.created_by for job in jobs})
    return [
        bulk_jobs.shown(job, means=means, now=call.now)
        | {"created_by": {"id": job.created_by, "name": names.get(job.created_by, "")}}
        for job in jobs
    ]
