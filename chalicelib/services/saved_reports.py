"""Keeping reports: by name, for everybody who manages the portfolio."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from chalicelib.bi.questions import report_of
from chalicelib.bi.reports import Filter, Report
from chalicelib.domain.errors import ReportMoved, ReportNotFound
from chalicelib.domain.people import Actor
from chalicelib.domain.saved_report import ReportState, SavedReport
from chalicelib.services.access import MANAGERS, managed, need_portfolio
from chalicelib.services.figures import Names


class Kept(Protocol):
    """What ``store.saved_reports.SavedReportStore`` keeps."""

    def add(self, report: SavedReport) -> bool: ...

    def get(self, portfolio_id: str, report_id: str) -> SavedReport | None: ...

    def save(self, report: SavedReport) -> SavedReport | None: ...

    def kept(
        self, portfolio_id: str, *, limit: int, cursor: str | None
    ) -> tuple[list[SavedReport], str | None]: ...


def listed(
    portfolio_id: str, *, actor: Actor, kept: Kept, people: Names, limit: int, cursor: str | None
) -> dict[str, Any]:
    """
    Raises:
        PortfolioNotFound, NotAllowed: Not the actor's to see.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    found, more = kept.kept(portfolio_id, limit=limit, cursor=cursor)
    known = people({one.updated_by for one in found})
    return {"items": [shown(one, known) for one in found], "cursor": more}


def opened(
    portfolio_id: str, report_id: str, *, actor: Actor, kept: Kept, people: Names
) -> dict[str, Any]:
    """
    Give one report, as a link to it asks.

    Raises:
        PortfolioNotFound, NotAllowed: Not the actor's to see.
        ReportNotFound: There is none, or it was deleted.
    """
    found = existing(portfolio_id, report_id, actor, kept)
    return shown(found, people({found.updated_by}))


def keep(
    portfolio_id: str,
    report_id: str,
    told: Mapping[str, Any],
    *,
    actor: Actor,
    kept: Kept,
    now: datetime,
) -> SavedReport:
    """
    Keep a new report under an id that the request was given: the same request keeps it once.

    Raises:
        BadField: What the catalogue does not have, by dotted name.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    made = SavedReport(
        report_id=report_id,
        portfolio_id=portfolio_id,
        created_by=actor.actor_id,
        created_at=now,
        updated_by=actor.actor_id,
        updated_at=now,
        **_definition(told),
    )
    if kept.add(made):
        return made
    return existing(portfolio_id, report_id, actor, kept)


def change(
    portfolio_id: str,
    report_id: str,
    told: Mapping[str, Any],
    version: int,
    *,
    actor: Actor,
    kept: Kept,
    now: datetime,
) -> SavedReport:
    """
    Write over the version that was read.

    Raises:
        ReportNotFound: There is none, or it was deleted.
        ReportMoved: Somebody else changed it since.
    """
    return _moved(
        existing(portfolio_id, report_id, actor, kept),
        version,
        actor,
        kept,
        now,
        **_definition(told),
    )


def delete(
    portfolio_id: str, report_id: str, *, actor: Actor, kept: Kept, now: datetime
) -> SavedReport:
    """
    Raises:
        ReportNotFound: There is none, or it was deleted.
        ReportMoved: Somebody changed it at this moment.
    """
    before = existing(portfolio_id, report_id, actor, kept)
    return _moved(before, before.version, actor, kept, now, state=ReportState.DELETED)


def shown(one: SavedReport, known: Mapping[str, str]) -> dict[str, Any]:
    """Lay out a report as it is answered."""
    return {
        "report_id": one.report_id,
        "name": one.name,
        "measures": list(one.measures),
        "dimensions": list(one.dimensions),
        "filters": [{"dimension": name, "values": list(values)} for name, values in one.filters],
        "limit": one.limit,
        "period": one.period,
        "compare": one.compare,
        "updated_by": {"id": one.updated_by, "name": known.get(one.updated_by, "")},
        "updated_at": one.updated_at,
        "version": one.version,
    }


def report_from(kept: SavedReport) -> Report:
    """Give the question that a kept report asks."""
    return Report(
        measures=kept.measures,
        dimensions=kept.dimensions,
        filters=tuple(Filter(dimension=name, values=values) for name, values in kept.filters),
        limit=kept.limit,
    )


def existing(portfolio_id: str, report_id: str, actor: Actor, kept: Kept) -> SavedReport:
    """
    Load a report for one who manages its portfolio.

    Raises:
        ReportNotFound: There is none, or it was deleted.
    """
    missing = ReportNotFound(report_id=report_id)
    found = managed(kept.get, portfolio_id, report_id, actor=actor, missing=missing)
    if found.state is ReportState.DELETED:
        raise missing
    return found


def _moved(
    before: SavedReport, version: int, actor: Actor, kept: Kept, now: datetime, **changes: Any
) -> SavedReport:
    if before.version != version:
        raise ReportMoved(version=before.version)
    after = replace(before, updated_by=actor.actor_id, updated_at=now, **changes)
    stored = kept.save(after)
    if stored is None:
        raise ReportMoved
    return stored


def _definition(told: Mapping[str, Any]) -> dict[str, Any]:
    report = report_of(told)
    return {
        "name": told["name"],
        "period": told["period"],
        "compare": told["compare"],
        "measures": report.measures,
        "dimensions": report.dimensions,
        "filters": tuple((one.dimension, one.values) for one in report.filters),
        "limit": report.limit,
    }
