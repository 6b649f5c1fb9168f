"""Reports that go by e-mail: when and to whom, what was sent, who does not want it."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import ids
    from chalicelib.services import report_schedules

bp = Blueprint(__name__)

SCHEDULES = "/portfolios/{portfolio_id}/report-schedules"
ONE = f"{SCHEDULES}/{{schedule_id}}"
OF_REPORT = (web.Query(name="report_id", about="Of this report alone."),)
MODELS = "report_schedules"


@web.route(bp, f"GET {SCHEDULES}", answer=f"{MODELS}:ReportSchedules", query=OF_REPORT)
def list_schedules(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List which reports go by e-mail: when, of which days, to whom."""
    return report_schedules.listed(
        portfolio_id,
        call.query.get("report_id", ""),
        actor=call.actor,
        means=wiring.report_mail_means(),
    )


@web.route(
    bp,
    f"POST {SCHEDULES}",
    body=f"{MODELS}:NewReportSchedule",
    answer=f"{MODELS}:ReportSchedule",
    status=201,
)
def make_schedule(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Have a kept report sent by e-mail; the same ``Idempotency-Key`` makes it once."""
    return report_schedules.make(
        portfolio_id,
        ids.derived_id("rsc", portfolio_id, call.key),
        call.body.model_dump(),
        actor=call.actor,
        means=wiring.report_mail_means(),
        now=call.now,
    )


@web.route(
    bp, f"PUT {ONE}", body=f"{MODELS}:ReportScheduleChange", answer=f"{MODELS}:ReportSchedule"
)
def change_schedule(call: web.Call, portfolio_id: str, schedule_id: str) -> dict[str, Any]:
    """Change it over the version that was read; pause it, have it go on."""
    told = call.body.model_dump()
    return report_schedules.change(
        portfolio_id,
        schedule_id,
        told,
        told.pop("version"),
        actor=call.actor,
        means=wiring.report_mail_means(),
        now=call.now,
    )


@web.route(bp, f"DELETE {ONE}", status=204)
def remove_schedule(call: web.Call, portfolio_id: str, schedule_id: str) -> None:
    """Have it sent no more."""
    report_schedules.remove(
        portfolio_id,
        schedule_id,
        actor=call.actor,
        means=wiring.report_mail_means(),
        now=call.now,
    )


@web.route(bp, f"GET {ONE}/mailings", answer=f"{MODELS}:ReportMailings")
def list_mailings(call: web.Call, portfolio_id: str, schedule_id: str) -> dict[str, Any]:
    """List the last times that it was sent: to whom, of which days, what was wrong."""
    return report_schedules.mailings(
        portfolio_id,
        schedule_id,
        actor=call.actor,
        means=wiring.report_mail_means(),
        now=call.now,
    )


@web.route(bp, f"POST {ONE}/mailings", answer=f"{MODELS}:ReportMailing", status=202)
def send_now(call: web.Call, portfolio_id: str, schedule_id: str) -> dict[str, Any]:
    """Have it sent to oneself now; asked again within the minute it is the same one."""
    return report_schedules.send_now(
        portfolio_id,
        schedule_id,
        actor=call.actor,
        means=wiring.report_mail_means(),
        work=wiring.plan_jobs(),
        now=call.now,
    )


@web.route(bp, f"PUT {ONE}/stop", status=204)
def stop_mine(call: web.Call, portfolio_id: str, schedule_id: str) -> None:
    """Have it sent to oneself no more."""
    report_schedules.stop_mine(
        portfolio_id, schedule_id, actor=call.actor, means=wiring.report_mail_means()
    )


@web.route(bp, f"DELETE {ONE}/stop", status=204)
def take_up_mine(call: web.Call, portfolio_id: str, schedule_id: str) -> None:
    """Have it sent to oneself again."""
    report_schedules.take_up_mine(
        portfolio_id, schedule_id, actor=call.actor, means=wiring.report_mail_means()
    )
