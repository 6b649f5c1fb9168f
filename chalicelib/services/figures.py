"""
Figures and reports of a portfolio, as an engine tells them from the lake.

Nothing is reckoned here but what is divided: sums come from the engine, whichever it is.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Protocol

from chalicelib.bi import certainty, costs, kpi_cases
from chalicelib.bi.answers import Answer
from chalicelib.bi.boards import BOARDS
from chalicelib.bi.kpis import KPIS, Figure, smoothed
from chalicelib.bi.measures import DIMENSIONS, MEASURES, dimensions_of, unit_of
from chalicelib.bi.questions import OfCases, OfKpi, OfLine, Question, plan, report_of
from chalicelib.bi.reports import Report
from chalicelib.bi.where import EVERYWHERE, Where
from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import figure_places
from chalicelib.services.access import MANAGERS, Portfolios, need, open_portfolio

FEW = 30  # a sample below this is marked as small
FEW_TRIES = 10  # an hour with fewer attempts says nothing


class FigureEngine(Protocol):
    def ask(self, question: Question) -> Answer:
        """
        Answer a question.

        Raises:
            DayMissing: A day it begins or ends with is not in the lake.
            FigureNotTold: It reads too much, takes too long, or the engine failed.
        """
        ...


Names = Callable[[set[str]], Mapping[str, str]]  # actor ids to names, as known


def catalogue(*, actor: Actor) -> dict[str, Any]:
    """
    Name the figures, measures and dimensions there are.

    Raises:
        NotAllowed: The actor manages nothing.
    """
    need(actor, *MANAGERS)
    return {
        "kpis": [
            {
                "code": one.code,
                "group": one.group,
                "unit": one.unit,
                "version": one.version,
                "lines": one.lines,
                "parts": list(one.parts),
                "by_channel": one.by_channel,
                "by_place": one.by_place,
                "cases": one.code in kpi_cases.KNOWN,
            }
            for one in KPIS.values()
        ],
        "measures": [
            {
                "code": one.code,
                "group": one.group,
                "unit": one.unit,
                "over": unit_of(one.over) if one.over else None,
                "needs": one.needs or None,
                "dimensions": list(dimensions_of(one)),
            }
            for one in MEASURES.values()
        ],
        "dimensions": [{"code": one.code, "kind": one.kind} for one in DIMENSIONS.values()],
        "boards": [
            {"code": code, "reports": [_definition(one) for one in reports]}
            for code, reports in BOARDS.items()
        ],
    }


def kpi(
    portfolio_id: str,
    code: str,
    first: date,
    last: date,
    *,
    channel: str = "",
    where: Where = EVERYWHERE,
    actor: Actor,
    portfolios: Portfolios,
    engine: FigureEngine,
) -> dict[str, Any]:
    """
    Tell a figure of a portfolio and its days.

    Args:
        where: Of these cases alone; a figure that is not ``by_place`` refuses it.

    Raises:
        PortfolioNotFound, NotAllowed: Not the actor's to see.
        BadField: No such figure, or days that make no period.
        DayMissing, FigureNotTold: See ``FigureEngine``.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    question = asked(portfolio, OfKpi(code=code), first, last, channel=channel, where=where)
    answer = engine.ask(question)
    one, figures = KPIS[code], [Figure(*row) for row in answer.rows]
    work = costs.Costs((), ())
    if code == costs.CODE:
        work = costs.priced(figures, portfolio.policies.costs, portfolio.currency)
        figures = list(work.lines)
    direct, attempts = (
        sum(getattr(each, name) for each in figures) for name in ("numerator", "denominator")
    )
    lines = []
    for each in figures:
        line = _line(each)
        if one.parts == ("count", "count") and one.unit == "ratio":
            sure = certainty.between(each.numerator, each.denominator)
            line["low"], line["high"] = sure or (None, None)
        if one.lines == "arms":
            line["sure"] = _differs(each, figures)
        if code == "contact_hours":
            likely = smoothed(each.numerator, each.denominator, direct, attempts)
            line["smoothed"] = None if likely is None else float(likely)
            line["few"] = each.denominator < FEW_TRIES
        lines.append(line)
    return {
        "kpi": code,
        "version": one.version,
        "unit": one.unit,
        "lines": lines,
        "left_out": [
            {"part": each.group_1, "of": each.group_2, "sample": each.sample}
            for each in work.left_out
        ],
        **_about(question, answer, portfolio),
    }


def report(
    portfolio_id: str,
    told: Mapping[str, Any],
    first: date,
    last: date,
    *,
    actor: Actor,
    portfolios: Portfolios,
    engine: FigureEngine,
    people: Names,
) -> dict[str, Any]:
    """
    Tell a report: its definition, and a line for each value of its dimensions.

    Raises:
        As ``kpi``; BadField: What the catalogue does not have, by dotted name.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    return told_report(report_of(told), portfolio, first, last, engine=engine, people=people)


def told_report(
    report: Report,
    portfolio: Portfolio,
    first: date,
    last: date,
    *,
    engine: FigureEngine,
    people: Names,
) -> dict[str, Any]:
    """
    Tell a report that was checked, for whoever may see it.

    Of one that is asked for its cases, each value tells of how many its sums are (``cases``).
    """
    question = asked(portfolio, report, first, last)
    answer = engine.ask(question)
    rows = answer.rows[: report.limit]
    size = len(report.dimensions)
    persons = [at for at, one in enumerate(report.dimensions) if DIMENSIONS[one].kind == "person"]
    ids = {f"user:{row[at]}" for row in rows for at in persons if row[at]}
    known = people(ids) if ids else {}
    lines = []
    for row in rows:
        sums = iter(row[size:])
        values: list[dict[str, Any]] = []
        for code in report.measures:
            above, behind = int(next(sums) or 0), []
            below = None
            if report.cases:
                behind.append(int(next(sums) or 0))
            if MEASURES[code].over:
                below = int(next(sums) or 0)
                if report.cases:
                    behind.append(int(next(sums) or 0))
            told = {"numerator": above, "denominator": below, "value": _over(above, below)}
            values.append(told | {"cases": behind} if report.cases else told)
        keys = [
            known.get(f"user:{key}", key) if at in persons and key else key
            for at, key in enumerate(row[:size])
        ]
        lines.append({"keys": list(row[:size]), "names": keys, "values": values})
    drawn = [at for at, one in enumerate(report.dimensions) if DIMENSIONS[one].kind == "cell"]
    cells = {str(row[at]) for row in rows for at in drawn}
    return {
        "measures": list(report.measures),
        "dimensions": list(report.dimensions),
        "lines": lines,
        "more": len(answer.rows) > report.limit,
        **({"borders": figure_places.borders(cells)} if drawn else {}),
        **_about(question, answer, portfolio),
    }


def asked(
    portfolio: Portfolio,
    about: OfKpi | OfCases | OfLine | Report,
    first: date,
    last: date,
    *,
    channel: str = "",
    where: Where = EVERYWHERE,
) -> Question:
    """
    Make the question that the catalogues can answer.

    Raises:
        BadField: No such number, or days that make no period.
    """
    if first > last:
        raise BadField(field="to", reason="before_start")
    question = Question(
        about=about,
        portfolio_id=portfolio.portfolio_id,
        first=first,
        last=last,
        bands=tuple(portfolio.policies.bands),
        channel=channel,
        where=where,
    )
    plan(question)
    return question


# Private


def _definition(report: Report) -> dict[str, Any]:
    return {
        "measures": list(report.measures),
        "dimensions": list(report.dimensions),
        "filters": [
            {"dimension": one.dimension, "values": list(one.values)} for one in report.filters
        ],
        "limit": report.limit,
    }


def _about(question: Question, answer: Answer, portfolio: Portfolio) -> dict[str, Any]:
    """Which days, of what, and who says so."""
    return {
        "portfolio_id": portfolio.portfolio_id,
        "currency": portfolio.currency,
        "from": question.first.isoformat(),
        "to": question.last.isoformat(),
        "days": (question.last - question.first).days + 1,
        "days_there": len(answer.days),
        "engine": answer.engine,
        "bytes": answer.bytes_read,
    }


def _line(one: Figure) -> dict[str, Any]:
    return {
        "group_1": one.group_1,
        "group_2": one.group_2,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "sample": one.sample,
        "value": None if one.value is None else float(one.value),
        "few": one.sample < FEW,
    }


def _differs(arm: Figure, arms: Iterable[Figure]) -> float | None:
    """How sure it is that an arm does otherwise than the others of its strategy together."""
    others = [one for one in arms if one.group_1 == arm.group_1 and one.group_2 != arm.group_2]
    hits, tries = sum(one.numerator for one in others), sum(one.denominator for one in others)
    return certainty.differ(arm.numerator, arm.denominator, hits, tries)


def _over(above: int, below: int | None) -> float | None:
    if below is None:
        return float(above)
    return above / below if below else None
