"""Reports that people keep for the managers of a portfolio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import ids
    from chalicelib.services import home_reports, saved_reports

if TYPE_CHECKING:
    from chalicelib.domain.saved_report import SavedReport

bp = Blueprint(__name__)

REPORTS = "/portfolios/{portfolio_id}/reports"
ONE = f"{REPORTS}/{{report_id}}"
HOME = f"{ONE}/home"


@web.route(bp, f"GET {REPORTS}", answer="figures:SavedReports", query=web.PAGE)
def list_reports(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List the reports that are kept."""
    return saved_reports.listed(
        portfolio_id,
        actor=call.actor,
        kept=wiring.saved_reports(),
        people=wiring.actor_names,
        limit=call.limit,
        cursor=call.cursor,
    )


@web.route(
    bp, f"POST {REPORTS}", body="figures:NewReport", answer="figures:SavedReport", status=201
)
def keep_report(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Keep a report; the same ``Idempotency-Key`` keeps it once."""
    made = saved_reports.keep(
        portfolio_id,
        ids.derived_id("rep", portfolio_id, call.key),
        call.body.model_dump(),
        actor=call.actor,
        kept=wiring.saved_reports(),
        now=call.now,
    )
    return _shown(made)


@web.route(bp, f"GET {ONE}", answer="figures:SavedReport")
def open_report(call: web.Call, portfolio_id: str, report_id: str) -> dict[str, Any]:
    """Give one report that is kept."""
    return saved_reports.opened(
        portfolio_id,
        report_id,
        actor=call.actor,
        kept=wiring.saved_reports(),
        people=wiring.actor_names,
    )


@web.route(bp, f"PUT {ONE}", body="figures:ReportChange", answer="figures:SavedReport")
def change_report(call: web.Call, portfolio_id: str, report_id: str) -> dict[str, Any]:
    """Change a report, over the version that was read."""
    told = call.body.model_dump()
    changed = saved_reports.change(
        portfolio_id,
        report_id,
        told,
        told.pop("version"),
        actor=call.actor,
        kept=wiring.saved_reports(),
        now=call.now,
    )
    return _shown(changed)


@web.route(bp, f"DELETE {ONE}", status=204)
def delete_report(call: web.Call, portfolio_id: str, report_id: str) -> None:
    """Delete a report. What it told is not kept anywhere, so nothing else goes."""
    saved_reports.delete(
        portfolio_id, report_id, actor=call.actor, kept=wiring.saved_reports(), now=call.now
    )


@web.route(bp, "GET /home-reports", answer="figures:HomeReports")
def home(call: web.Call) -> dict[str, Any]:
    """List the reports that one has on one's own home page."""
    return home_reports.listed(
        actor=call.actor,
        homes=wiring.home_reports(),
        kept=wiring.saved_reports(),
        people=wiring.actor_names,
    )


@web.route(bp, f"PUT {HOME}", status=204)
def put_home(call: web.Call, portfolio_id: str, report_id: str) -> None:
    """Put a report on one's own home page, after those that are there."""
    home_reports.put(
        portfolio_id,
        report_id,
        actor=call.actor,
        homes=wiring.home_reports(),
        kept=wiring.saved_reports(),
    )


@web.route(bp, f"DELETE {HOME}", status=204)
def take_home(call: web.Call, portfolio_id: str, report_id: str) -> None:
    """Take a report off one's own home page."""
    home_reports.take(portfolio_id, report_id, actor=call.actor, homes=wiring.home_reports())


def _shown(report: SavedReport) -> dict[str, Any]:
    return saved_reports.shown(report, wiring.actor_names({report.updated_by}))
