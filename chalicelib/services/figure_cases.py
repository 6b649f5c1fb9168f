"""The cases behind a number: of a figure, or of a measure in a line of a report, page by page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from chalicelib.bi import line_cases, questions
from chalicelib.bi.kpi_cases import After, after_of
from chalicelib.bi.kpis import KPIS
from chalicelib.bi.questions import MOST_CASES, OfCases, OfLine, Question, report_of
from chalicelib.bi.where import EVERYWHERE, Where
from chalicelib.domain.case import CaseHead
from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Actor
from chalicelib.services.access import MANAGERS, Portfolios, open_portfolio
from chalicelib.services.figures import FigureEngine, asked


class Cases(Protocol):
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...


WhereOf = Callable[[str, str, str], Where]  # of a zone, a cell and a segment, as they were asked


def about(told: Mapping[str, Any]) -> OfCases | OfLine:
    """
    Read which number is meant: a figure's (``kpi``), or a line of a report (``measure``).

    Raises:
        BadField: What is wrong with it, by name.
    """
    cursor = told.get("cursor") or ""
    page: dict[str, Any] = {
        "hit": told.get("side") != "rest",
        "after": after_of(cursor) if cursor else None,
    }
    kpi, measure = told.get("kpi") or "", told.get("measure") or ""
    if bool(kpi) is bool(measure):
        raise BadField(field="measure", reason="unknown" if kpi else "missing")
    if kpi:
        groups: dict[str, Any] = {name: told.get(name) or "" for name in ("group_1", "group_2")}
        return OfCases(code=kpi, **groups, **page)
    line = {"measures": [measure], "dimensions": told["dimensions"], "filters": told["filters"]}
    return OfLine(report=report_of(line), keys=tuple(told["keys"]), **page)


def listed(
    portfolio_id: str,
    of: OfCases | OfLine,
    first: date,
    last: date,
    *,
    channel: str = "",
    where: Where = EVERYWHERE,
    actor: Actor,
    portfolios: Portfolios,
    engine: FigureEngine,
    cases: Cases,
) -> dict[str, Any]:
    """
    List a page of the cases behind a number as they stand now, those with most in it first.

    Raises:
        PortfolioNotFound, NotAllowed: Not the actor's to see.
        BadField: No such number, or days that make no period.
        DayMissing, FigureNotTold: See ``services.figures.FigureEngine``.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    question = asked(portfolio, of, first, last, channel=channel, where=where)
    found, after = page(question, engine)
    heads = cases.heads(found)
    return {
        "items": [
            {
                "case_id": head.case_id,
                "name": head.name,
                "status": head.status.value,
                "times": times,
                "worth": worth,
            }
            for case_id, (times, worth) in found.items()
            if (head := heads.get(case_id)) and head.portfolio_id == portfolio_id
        ],
        "more": after is not None,
        "cursor": None if after is None else str(after),
    }


def page(
    question: Question, engine: FigureEngine
) -> tuple[dict[str, tuple[int, int]], After | None]:
    """Ask for a page: (times, worth) by case, and where the next one goes on."""
    most = questions.plan(question).most_rows
    rows = engine.ask(question).rows
    found = {str(key): (int(times), int(worth)) for key, times, worth in rows[:most]}
    if len(rows) <= most:
        return found, None
    case_id, (_, worth) = list(found.items())[-1]
    return found, After(worth, case_id)


def going_on(question: Question, cursor: str | None) -> Question:
    """The same question, of the largest pages there are, from *cursor* on."""
    of = question.about
    assert isinstance(of, (OfCases, OfLine))  # noqa: S101 - nothing else lists cases
    after = after_of(cursor) if cursor else None
    return replace(question, about=replace(of, after=after, most=MOST_CASES))


def part_of(question: Question) -> str:
    """Say what cases are told with: ``count``, ``money``, ``micros``, or another part's code."""
    of = question.about
    if isinstance(of, OfLine):
        return line_cases.part_of(of.report, hit=of.hit)
    assert isinstance(of, OfCases)  # noqa: S101 - nothing else lists cases
    kpi = KPIS[of.code]
    if kpi.lines == "costs" and of.hit and of.group_1 in ("calls", "visits"):
        return "count"  # the work behind a cost: seconds of calls, visits
    return kpi.parts[0 if of.hit else 1]
