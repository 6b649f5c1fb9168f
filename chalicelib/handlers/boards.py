"""Boards of people and teams, a person's day, goals, and cases that nobody turned to."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.plain import to_plain
from chalicelib.handlers import actors, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import goals as goal_types
    from chalicelib.domain import ids
    from chalicelib.services import boards, coaching, commission_files, commissions, coverage

bp = Blueprint(__name__)

OWN = "/portfolios/{portfolio_id}"
PERIOD = web.Query(
    name="period",
    about="Today, or this week or month up to today; today if none.",
    choices=("day", "week", "month"),
)
MONTH = web.Query(name="month", about="Of the portfolio's calendar, `yyyy-mm`.", required=True)
DATE = web.Query(name="date", about="Of the portfolio's calendar; today if none.", kind="date")
DAYS = web.Query(name="days", about="For how many days nobody did, 1 to 365.", kind="int")


@web.route(bp, f"GET {OWN}/boards", answer="boards:Board", query=(PERIOD,))
def board(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Show what each person did, against goals; an agent's own row alone."""
    return boards.team(
        portfolio_id,
        call.query.get("period") or "day",
        actor=call.actor,
        means=wiring.board_means(),
        now=call.now,
    )


@web.route(bp, f"GET {OWN}/boards/{{person_id}}", answer="boards:PersonDay", query=(DATE,))
def day(call: web.Call, portfolio_id: str, person_id: str) -> dict[str, Any]:
    """Show a person's day act by act; an agent's own alone."""
    return coaching.day_of(
        portfolio_id,
        person_id,
        call.query.get("date"),
        actor=call.actor,
        means=wiring.board_means(),
        cases=wiring.cases(),
        tracking=wiring.tracking(),
        now=call.now,
    )


@web.route(
    bp,
    f"GET {OWN}/boards/{{person_id}}/commission",
    answer="boards:Commission",
    query=(MONTH,),
)
def commission(call: web.Call, portfolio_id: str, person_id: str) -> dict[str, Any]:
    """Show what a person earned in a month, payment by payment; an agent's own alone."""
    return commissions.of_person(
        portfolio_id,
        person_id,
        call.query["month"],
        actor=call.actor,
        means=wiring.board_means(),
        cases=wiring.cases(),
    )


@web.route(
    bp,
    f"GET {OWN}/commissions",
    answer="boards:TeamCommission",
    query=(MONTH, web.PAGE[1]),
)
def team_commission(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Show what each person earned in a month, by lateness; an agent's own line alone."""
    return commissions.of_team(
        portfolio_id,
        call.query["month"],
        actor=call.actor,
        means=wiring.board_means(),
        cases=wiring.cases(),
        cursor=call.query.get("cursor"),
    )


@web.route(bp, f"POST {OWN}/commissions", body="boards:CommissionFile", answer="common:Link")
def commission_file(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Write a month's commissions as a workbook (XLSX), in the language of who asks."""
    file_id = ids.new_id("fil")
    url = commission_files.file_link(
        portfolio_id,
        call.body.month,
        file_id=file_id,
        language=actors.language(call.actor),
        actor=call.actor,
        means=wiring.board_means(),
        cases=wiring.cases(),
        files=wiring.export_files(),
    )
    call.looked("report.taken", portfolio_id, of=file_id)
    return {"url": url}


@web.route(bp, f"GET {OWN}/goals", answer="boards:Goals", query=(MONTH,))
def goals(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Give a month's goals of the portfolio, its teams and people."""
    found = boards.goals_of(
        portfolio_id, call.query["month"], actor=call.actor, means=wiring.board_means()
    )
    return _goals(found)


@web.route(bp, f"PUT {OWN}/goals", body="boards:SetGoals", answer="boards:Goals")
def set_goals(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Set a month's goals, all at once."""
    wanted = goal_types.Goals(portfolio_id=portfolio_id, **call.body.model_dump())
    return _goals(boards.set_goals(wanted, actor=call.actor, means=wiring.board_means()))


@web.route(bp, f"GET {OWN}/untouched", answer="boards:Coverage", query=(DAYS, web.PAGE[1]))
def untouched(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Count cases nobody turned to for some days, by band; with a cursor there are more."""
    days = call.query.get("days")
    return coverage.untouched(
        portfolio_id,
        7 if days is None else days,
        cursor=call.query.get("cursor"),
        actor=call.actor,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        now=call.now,
    )


def _goals(found: goal_types.Goals) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(found)
    del plain["portfolio_id"]
    return plain
