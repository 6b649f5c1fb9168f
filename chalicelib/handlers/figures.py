"""Figures, reports and the cases behind a number, from the lake."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import actors, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.bi import where
    from chalicelib.domain import ids
    from chalicelib.services import (
        figure_cases,
        figure_places,
        figures,
        hours_used,
        lake_orders,
        lake_slices,
        report_files,
    )

bp = Blueprint(__name__)

FIGURES = "/portfolios/{portfolio_id}/figures"
ASKED = (
    web.Query(name="kpi", about="A code of the catalogue.", required=True),
    web.Query(name="from", about="The first day.", kind="date", required=True),
    web.Query(name="to", about="The last day.", kind="date", required=True),
    web.Query(name="channel", about="Attempts by this one alone, where the figure can be."),
    web.Query(name="zone", about="The cases of this zone alone, where the figure can be."),
    web.Query(name="cell", about="Of this hexagon alone: H3, of resolution 5 to 10."),
    web.Query(name="segment", about="Of this segment alone; ``none``: in no segment."),
)
SLICE = (
    web.Query(name="table", about="Of the lake; without it: which there are, and no files."),
    web.Query(name="from", about="The first day.", kind="date"),
    web.Query(name="to", about="The last day; a month at most.", kind="date"),
    web.Query(
        name="addresses", about="``no``: what there is, without taking it.", choices=("yes", "no")
    ),
    web.Query(
        name="language", about="Of the dictionary; Spanish without it.", choices=("es", "en", "pt")
    ),
)
LINE = (
    web.Query(name="side", about="Of the fraction.", choices=("counted", "rest")),
    web.Query(name="group_1", about="The figure's line, where it has several."),
    web.Query(name="group_2", about="The same."),
)


@web.route(bp, "GET /kpi-catalogue", answer="figures:Catalogue")
def catalogue(call: web.Call) -> dict[str, Any]:
    """Name the figures, and what reports are made of."""
    return figures.catalogue(actor=call.actor)


@web.route(bp, f"GET {FIGURES}", answer="figures:Figure", query=ASKED)
def tell(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """
    Tell a figure of the days between two, both included.

    Days get into the lake at night: one that is missing is refused, with those that are there.
    """
    return figures.kpi(
        portfolio_id,
        call.query["kpi"],
        call.query["from"],
        call.query["to"],
        channel=call.query.get("channel", ""),
        where=place_of(call, call.query),
        actor=call.actor,
        portfolios=wiring.portfolios(),
        engine=wiring.figures(),
    )


@web.route(
    bp, f"GET {FIGURES}/cases", answer="figures:CasesBehind", query=ASKED + LINE + web.PAGE[1:]
)
def behind(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List cases that a figure counts, or those it only measures by (``rest``)."""
    return _cases(call, portfolio_id, {**call.query}, call.query["from"], call.query["to"])


@web.route(bp, f"POST {FIGURES}/cases", body="figures:CasesAsked", answer="figures:CasesBehind")
def behind_line(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """
    List cases behind a number: a figure's (``kpi``), or a measure's in a line of a report.

    ``keys``: the line, a value of each of its ``dimensions``. Every measure can be told case by
    case; a line of a report that is shared outside leads nowhere.
    """
    told = call.body.model_dump()
    return _cases(call, portfolio_id, told, told.pop("first"), told.pop("last"))


def _cases(
    call: web.Call, portfolio_id: str, told: dict[str, Any], first: date, last: date
) -> dict[str, Any]:
    return figure_cases.listed(
        portfolio_id,
        figure_cases.about(told),
        first,
        last,
        channel=told.get("channel") or "",
        where=place_of(call, told),
        actor=call.actor,
        portfolios=wiring.portfolios(),
        engine=wiring.figures(),
        cases=wiring.cases(),
    )


@web.route(bp, f"GET {FIGURES}/hours", answer="figures:GoodHours")
def hours(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Show at which hours people are reached, of which days that was learned, and what uses it."""
    return hours_used.shown(
        portfolio_id,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        kept=wiring.good_hours_kept(),
    )


@web.route(bp, f"POST {FIGURES}", body="figures:ReportAsked", answer="figures:ReportTold")
def report(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Tell a report: a line for each value of its dimensions, a fraction for each measure."""
    told = call.body.model_dump()
    first, last = told.pop("first"), told.pop("last")
    return figures.report(
        portfolio_id,
        told,
        first,
        last,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        engine=wiring.figures(),
        people=wiring.actor_names,
    )


@web.route(
    bp, f"PUT {FIGURES}", body="figures:DaysWanted", answer="figures:DaysOrdered", status=202
)
def bring(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """
    Have the days that are over put into the lake now, which else is done every night.

    With ``from`` the days from then on are told anew, a month back at most.
    """
    return lake_orders.bring(
        portfolio_id,
        call.body.since,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        runs=wiring.lake_runs(),
        work=wiring.lake_jobs(),
        now=call.now,
    )


@web.route(bp, f"GET {FIGURES}/files", answer="figures:LakeFiles", query=SLICE)
def lake_files(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """
    Give a portfolio's own files of the lake, a table and a month at most, with its dictionary.

    For whoever manages it and for its creditor's system. Without a table: which there are. The
    addresses last a quarter of an hour; who asked for them stands in the access log.
    """
    table, first, last = (call.query.get(name) for name in ("table", "from", "to"))
    taken = call.query.get("addresses") != "no"
    found = lake_slices.files_of(
        portfolio_id,
        table or "",
        first,
        last,
        addresses=taken,
        language=call.query.get("language") or "es",
        actor=call.actor,
        portfolios=wiring.portfolios(),
        files=wiring.lake_files(),
    )
    if taken and found["items"]:
        call.looked("lake.taken", portfolio_id, of=f"{table} {first}/{last}")
    return found


@web.route(bp, f"POST {FIGURES}/files", body="figures:ReportFile", answer="common:Link")
def report_file(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Write a report as a workbook (XLSX) or to print (PDF), in the language of who asks."""
    told = call.body.model_dump()
    first, last = told.pop("first"), told.pop("last")
    file_id = ids.new_id("fil")
    url = report_files.file_link(
        portfolio_id,
        told,
        first,
        last,
        file_id=file_id,
        kind=told.pop("kind"),
        language=actors.language(call.actor),
        actor=call.actor,
        portfolios=wiring.portfolios(),
        engine=wiring.figures(),
        people=wiring.actor_names,
        files=wiring.export_files(),
    )
    call.looked("report.taken", portfolio_id, of=file_id)
    return {"url": url}


def place_of(call: web.Call, told: Mapping[str, Any]) -> where.Where:
    """Which cases a number is asked of alone: of a zone, a hexagon, a segment."""
    return figure_places.asked(
        zone_id=told.get("zone") or "",
        cell=told.get("cell") or "",
        segment=told.get("segment") or "",
        actor=call.actor,
        zones=wiring.field_store(),
    )
