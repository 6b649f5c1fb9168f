"""What tells figures from the lake."""

from __future__ import annotations

import functools

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.casework import portfolios
from chalicelib.wiring.clients import aws, wire
from chalicelib.wiring.contacting import link_key
from chalicelib.wiring.people import actor_names, people

# Somewhat less than API Gateway waits; asking again would only start the same work twice.
PATIENCE_S = 27

with lazily():
    from chalicelib.domain import home_reports as homes
    from chalicelib.domain import report_schedule as schedules
    from chalicelib.services import lake_runs as runs
    from chalicelib.services import report_ports
    from chalicelib.services import shared_reports as sharing
    from chalicelib.store import documents
    from chalicelib.store import figures as engines
    from chalicelib.store import report_schedules as schedule_rows
    from chalicelib.store import saved_reports as rows
    from chalicelib.store import shared_reports as shared_rows


@functools.cache
def figures() -> engines.FunctionEngine:
    """The engine that answers questions to the lake."""
    return engines.FunctionEngine(
        aws("lambda", once=True, patience_s=PATIENCE_S), settings().figures_function
    )


@functools.cache
def lake_runs() -> documents.Documents[runs.LakeRun]:
    """Of each portfolio the export under way, or the last one."""
    return documents.Documents(wire(), settings().work_table, runs.LakeRun, name="LAKE", key="kind")


@functools.cache
def saved_reports() -> rows.SavedReportStore:
    """Reports that people keep."""
    return rows.SavedReportStore(wire(), settings().work_table)


@functools.cache
def home_reports() -> documents.Documents[homes.HomeReports]:
    """The reports that each person has on their home page."""
    return documents.Documents(
        wire(),
        settings().work_table,
        homes.HomeReports,
        name="HOME",
        key="person_id",
        owner="HOMES",
    )


@functools.cache
def shared_reports() -> shared_rows.SharedReportStore:
    """Reports that somebody outside reads by a link."""
    return shared_rows.SharedReportStore(wire(), settings().work_table)


def shared_report_means() -> sharing.Means:
    """All that such links are made with."""
    return sharing.Means(
        shared=shared_reports(),
        kept=saved_reports(),
        portfolios=portfolios(),
        engine=figures(),
        people=actor_names,
        site=settings().site_url,
        key=link_key(),
    )


@functools.cache
def report_schedules() -> schedule_rows.ReportScheduleStore:
    """Reports that go by e-mail again and again."""
    return schedule_rows.ReportScheduleStore(wire(), settings().work_table)


@functools.cache
def report_stops() -> documents.Documents[schedules.Stopped]:
    """Who does not want them."""
    return documents.Documents(
        wire(), settings().work_table, schedules.Stopped, name="RSTOP", key="recipient"
    )


def report_mail_means() -> report_ports.Means:
    """All that reports are sent by e-mail with, but what sends."""
    table = settings().work_table
    return report_ports.Means(
        schedules=report_schedules(),
        mailings=schedule_rows.MailingStore(wire(), table),
        stops=report_stops(),
        months=documents.Documents(
            wire(), table, schedules.MonthOutside, name="RMONTH", key="month"
        ),
        people=people(),
        sharing=shared_report_means(),
        runs=lake_runs(),
    )
