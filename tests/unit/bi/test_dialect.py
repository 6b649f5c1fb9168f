"""Every text of the catalogues is SQL that Athena's engine, Trino, can read."""

from datetime import date, timedelta

import pytest
import sqlglot
from sqlglot import exp

from chalicelib.bi import kpi_cases, questions
from chalicelib.bi.kpi_cases import After
from chalicelib.bi.kpis import KPIS
from chalicelib.bi.measures import MEASURES, dimensions_of
from chalicelib.bi.questions import OfCases, OfHistory, OfHours, OfKpi, OfLine, Question
from chalicelib.bi.reports import Report
from chalicelib.bi.tables import TABLES
from chalicelib.bi.where import Where
from chalicelib.domain.ageing import DEFAULT_BANDS


def sql_of(about, **values):
    question = Question(
        about=about,
        portfolio_id="prt_1",
        first=date(2026, 9, 1),
        last=date(2026, 9, 30),
        bands=tuple(DEFAULT_BANDS),
        **values,
    )
    return questions.plan(question).sql


def reads_only_its_portfolio(text):
    """Partitions are projected: a read of a table that names no portfolio is refused by Athena."""
    (tree,) = sqlglot.parse(text, dialect="trino", error_level=sqlglot.ErrorLevel.RAISE)
    made = {one.alias for one in tree.find_all(exp.CTE)} | {
        one.alias for one in tree.find_all(exp.Subquery)
    }
    for select in tree.find_all(exp.Select):
        origin = select.args.get("from_") or select.args.get("from")
        named = [origin.this] if origin else []
        named += [join.this for join in select.args.get("joins") or []]
        lake = [one.name for one in named if isinstance(one, exp.Table) and one.name not in made]
        assert set(lake) <= set(TABLES)
        where = select.args.get("where")
        asked = [
            one
            for one in (where.find_all(exp.EQ) if where else ())
            if isinstance(one.this, exp.Column) and one.this.name == "portfolio"
        ]
        assert len(asked) >= len(lake), (lake, select.sql("trino"))
    return tree


def days_named(text, around):
    """Of each table of the lake the days that the text asks for."""
    (tree,) = sqlglot.parse(text, dialect="trino")
    found: dict[str, set[date]] = {}
    for select in tree.find_all(exp.Select):
        origin = select.args.get("from_") or select.args.get("from")
        joins = select.args.get("joins") or []
        named = [one.this.name for one in (origin, *joins) if one and one.this.name in TABLES]
        if not named or not select.args.get("where"):
            continue
        (name,) = named
        for one in select.args["where"].this.flatten():
            if not isinstance(one.this, exp.Column) or one.this.name != "day":
                continue
            told = [date.fromisoformat(part.name) for part in one.find_all(exp.Literal)]
            holds = {
                exp.EQ: lambda day, told: day == told[0],
                exp.LTE: lambda day, told: day <= told[0],
                exp.Between: lambda day, told: told[0] <= day <= told[1],
            }[type(one)]
            found.setdefault(name, set()).update(day for day in around if holds(day, told))
    return found


@pytest.mark.parametrize(
    "about",
    [OfKpi(code=code) for code in sorted(KPIS)]
    + [OfCases(code=code) for code in sorted(kpi_cases.KNOWN)]
    + [OfHours(), OfHistory()],
    ids=lambda about: f"{type(about).__name__}-{getattr(about, 'code', '')}",
)
def test_a_figure_reads_the_days_that_it_declares(about):
    question = Question(
        about=about,
        portfolio_id="prt_1",
        first=date(2026, 9, 1),
        last=date(2026, 9, 30),
        bands=tuple(DEFAULT_BANDS),
    )
    plan = questions.plan(question)
    around = [question.first + timedelta(days=n) for n in range(-200, 60)]
    declared = {one.table: {day for day in around if one.wants(day)} for one in plan.reads}

    assert days_named(plan.sql, around) == declared


@pytest.mark.parametrize("code", sorted(KPIS))
def test_a_figure_is_trinos(code):
    tree = reads_only_its_portfolio(sql_of(OfKpi(code=code)))

    # Trino has none of DuckDB's own functions, and its date_diff takes the unit as a text.
    unknown = {one.name.lower() for one in tree.find_all(exp.Anonymous)}
    assert unknown <= {"date_diff"}


@pytest.mark.parametrize("code", sorted(code for code, one in KPIS.items() if one.by_place))
def test_a_figure_of_a_place_is_trinos(code):
    there = Where(cells=("8849959a53fffff",), districts=("864995997ffffff",), segment="s")
    reads_only_its_portfolio(sql_of(OfKpi(code=code), where=there))


@pytest.mark.parametrize("code", sorted(kpi_cases.KNOWN))
def test_the_cases_behind_a_figure_are_trinos(code):
    reads_only_its_portfolio(sql_of(OfCases(code=code)))
    reads_only_its_portfolio(sql_of(OfCases(code=code, after=After(5, "cas_1"))))


@pytest.mark.parametrize("code", sorted(MEASURES))
def test_the_cases_behind_a_line_are_trinos(code):
    for one in dimensions_of(MEASURES[code]):
        by = tuple({one, *([MEASURES[code].needs] if MEASURES[code].needs else [])})
        about = OfLine(report=Report(measures=(code,), dimensions=by), keys=("x",) * len(by))
        reads_only_its_portfolio(sql_of(about))


@pytest.mark.parametrize("code", sorted(MEASURES))
def test_a_measure_by_each_of_its_dimensions_is_trinos(code):
    for dimension in dimensions_of(MEASURES[code]):
        needed = {MEASURES[code].needs, dimension} - {""}
        report = Report(measures=(code,), dimensions=tuple(sorted(needed)), filters=(), limit=50)
        reads_only_its_portfolio(sql_of(report))


def test_the_hours_of_attempts_are_trinos():
    reads_only_its_portfolio(sql_of(OfHours()))


def test_the_history_of_payment_is_trinos():
    reads_only_its_portfolio(sql_of(OfHistory()))
