"""
A question to the lake: a figure, a report, the cases behind a figure, hours, or the history.

It travels as JSON to whoever can answer it, and is made SQL there from the catalogues alone: what
people send are codes that are looked up, days, and values that ``bi.sql`` writes by number.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from string import Template
from typing import Any

from chalicelib.bi import history, hours, kpi_cases, kpis, line_cases, reports, sent, sql, where
from chalicelib.bi.kpi_cases import After
from chalicelib.bi.kpis import KPIS, Asked
from chalicelib.bi.measures import SOURCES
from chalicelib.bi.reads import Reading, Span, last, period, to_date
from chalicelib.bi.reports import Filter, Report
from chalicelib.bi.tables import PLACES, TABLES
from chalicelib.bi.where import EVERYWHERE, Where
from chalicelib.domain.contact import Channel
from chalicelib.domain.errors import BadField
from chalicelib.domain.portfolio import Band

CHANNELS = tuple(one.value for one in Channel)
MOST_DAYS = 1_100  # of a period: three years
MOST_BANDS = 40
MOST_FIGURES = 5_000  # rows of a figure: a matrix, or curves
CASES, MOST_CASES = 200, 2_000  # of a page: as one is read, and as files are written

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
FIGURE_COLUMNS = ("group_1", "group_2", "numerator", "denominator", "sample")
CASE_COLUMNS = ("case_id", "times", "worth")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfKpi:
    """A figure of ``bi.kpis``, by its code."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCases:
    """
    The cases behind a figure, those with most in it first.

    Args:
        hit: Those that count in the numerator; else those that only count in the denominator.
        group_1, group_2: The line of the figure they are of.
        after: The last case of the page before; None = the first page.
        most: Cases of a page; one row more tells that there are others.
    """

    code: str
    hit: bool = True
    group_1: str = ""
    group_2: str = ""
    after: After | None = None
    most: int = CASES


@dataclass(frozen=True, slots=True, kw_only=True)
class OfLine:
    """
    The cases behind a measure of one line of a report, those with most in it first.

    Args:
        report: Of this measure alone.
        keys: The line: a value of each of the report's dimensions, as the report tells it.
        hit, after, most: As of ``OfCases``; a measure that is a plain sum has no other side.
    """

    report: Report
    keys: tuple[str, ...] = ()
    hit: bool = True
    after: After | None = None
    most: int = CASES


@dataclass(frozen=True, slots=True, kw_only=True)
class OfHours:
    """Attempts by hour of the week, of every group that is large enough (``bi.hours``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfHistory:
    """Debts as they stood on the last day, with the day each was paid (``bi.history``)."""


About = OfKpi | OfCases | OfLine | OfHours | OfHistory | Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """
    What is asked, of which portfolio and days (both ends are in), with its bands.

    Args:
        channel: For figures that are ``by_channel``, and the cases behind them.
        where: For figures that are ``by_place``, likewise.
    """

    about: About
    portfolio_id: str
    first: date
    last: date
    bands: tuple[Band, ...]
    channel: str = ""
    where: Where = EVERYWHERE

    @property
    def asked(self) -> Asked:
        return Asked(
            portfolio_id=self.portfolio_id,
            first=self.first,
            last=self.last,
            bands=self.bands,
            channel=self.channel,
            where=self.where,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """
    What is read of a table: the days from *first* (None: from the beginning) to *last*, or *only*
    some. Those of *must* have to be in the lake; without them there is no answer.
    """

    table: str
    first: date | None
    last: date
    only: tuple[date, ...] = ()
    must: tuple[date, ...] = ()

    def wants(self, day: date) -> bool:
        """
        Whether a day is read.

        >>> Read(table="attempts", first=date(2026, 1, 2), last=date(2026, 1, 3)).wants(date.max)
        False
        """
        if self.only:
            return day in self.only
        return (self.first is None or self.first <= day) and day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    How a question is answered.

    Args:
        sql: One text for DuckDB and Athena alike; a view or table of each name in *reads*.
        columns: What its rows hold, in order.
        most_rows: More than these are a fault, but for one more row: there would be more.
    """

    sql: str
    columns: tuple[str, ...]
    reads: tuple[Read, ...]
    most_rows: int

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(one.table for one in self.reads)


def plan(question: Question) -> Plan:
    """
    Say what a question comes to.

    Raises:
        BadField: It cannot be told from the catalogues.
    """
    _checked(question)
    about = question.about
    if isinstance(about, Report):
        reports.checked(about)
        return Plan(
            sql=_written(reports.text(about), question),
            columns=reports.columns(about),
            reads=_reads_of_report(about, question),
            most_rows=about.limit,
        )
    if isinstance(about, OfLine):
        line_cases.checked(about.report, about.keys)
        text = line_cases.text(about.report, about.keys, hit=about.hit)
        return Plan(
            sql=_written(kpi_cases.page(text, after=about.after, most=about.most), question),
            columns=CASE_COLUMNS,
            reads=_reads_of_report(about.report, question),
            most_rows=about.most,
        )
    if isinstance(about, OfHours):
        return Plan(
            sql=_written(hours.SQL, question),
            columns=hours.COLUMNS,
            reads=(*_reads((period("attempts"),), question), _places(question)),
            most_rows=hours.MOST_ROWS,
        )
    if isinstance(about, OfHistory):
        return Plan(
            sql=_written(history.SQL, question),
            columns=history.COLUMNS,
            reads=_reads((last("debts"), to_date("entries")), question),
            most_rows=history.MOST_ROWS,
        )
    kpi = _kpi(about.code)
    if question.channel and not kpi.by_channel:
        raise BadField(field="channel", reason="unknown")
    if not question.where.everywhere and not kpi.by_place:
        raise BadField(field="where", reason="unknown")
    if isinstance(about, OfKpi):
        return Plan(
            sql=kpis.text(kpi, question.asked),
            columns=FIGURE_COLUMNS,
            reads=_reads(kpi.reads, question),
            most_rows=MOST_FIGURES,
        )
    if about.code not in kpi_cases.KNOWN:
        raise BadField(field="code", reason="not_one_of")
    nobodys = kpi_cases.NOBODYS.get(about.code, frozenset())
    text = kpi_cases.text(about.code, hit=about.hit, groups=(about.group_1, about.group_2))
    return Plan(
        sql=_written(kpi_cases.page(text, after=about.after, most=about.most), question),
        columns=CASE_COLUMNS,
        reads=_reads([one for one in kpi.reads if one.table not in nobodys], question),
        most_rows=about.most,
    )


def plain(question: Question) -> dict[str, Any]:
    """Write a question as JSON has it; ``parse`` reads it back."""
    about = question.about
    kind = _KINDS[type(about)]
    told = asdict(about)
    return {
        "kind": kind,
        **told.pop("report", {}),
        **told,
        "portfolio_id": question.portfolio_id,
        "first": question.first.isoformat(),
        "last": question.last.isoformat(),
        "bands": [asdict(one) for one in question.bands],
        "channel": question.channel,
        "where": where.plain(question.where),
    }


def parse(told: Any) -> Question:
    """
    Read a question that was sent, and hold it to the catalogues.

    Raises:
        BadField: What is wrong with it, by dotted name.
    """
    if not isinstance(told, Mapping):
        raise BadField(field="question", reason="invalid")
    question = Question(
        about=_about(told),
        portfolio_id=sent.text(told, "portfolio_id"),
        first=sent.day(told, "first"),
        last=sent.day(told, "last"),
        bands=tuple(sent.band(one, at) for at, one in enumerate(sent.items(told, "bands"))),
        channel=sent.text(told, "channel", empty=True),
        where=where.parse(told.get("where", {})),
    )
    plan(question)
    return question


def report_of(told: Mapping[str, Any]) -> Report:
    """
    Read a report's definition.

    Raises:
        BadField: What is wrong with it, by dotted name.
    """
    return reports.checked(_reported(told))


# Private

_KINDS: Mapping[type, str] = {
    OfKpi: "kpi",
    OfCases: "cases",
    OfLine: "line",
    OfHours: "hours",
    OfHistory: "history",
    Report: "report",
}


def _checked(question: Question) -> None:
    if not _ID.fullmatch(question.portfolio_id):
        raise BadField(field="portfolio_id", reason="bad_format")
    if question.first > question.last:
        raise BadField(field="last", reason="before_start")
    if (question.last - question.first).days >= MOST_DAYS:
        raise BadField(field="first", reason="too_old", most=MOST_DAYS)
    if len(question.bands) > MOST_BANDS:
        raise BadField(field="bands", reason="too_long")
    if question.channel and question.channel not in CHANNELS:
        raise BadField(field="channel", reason="not_one_of", choices=list(CHANNELS))
    if isinstance(question.about, (OfHours, OfHistory, OfLine, Report)):
        if question.channel:
            raise BadField(field="channel", reason="unknown")
        if not question.where.everywhere:
            raise BadField(field="where", reason="unknown")


def _written(text: str, question: Question) -> str:
    band = sql.band("date_diff('day', oldest_due_on, CAST(day AS date))", question.bands)
    return Template(text).substitute(
        **kpis.values(question.asked),
        band_dpd=sql.band("dpd", question.bands),
        band_place=sql.band_place("band", question.bands),
        band_state=f"CASE WHEN oldest_due_on IS NULL THEN 'paid' ELSE {band} END",
    )


def _reads(declared: Sequence[Reading], question: Question) -> tuple[Read, ...]:
    reads = tuple(_read(one, question) for one in declared)
    return reads if question.where.everywhere else (*reads, _places(question))


def _places(question: Question) -> Read:
    """Where the cases are: how it stood on the last day, which has to be there."""
    last = question.last
    return Read(table=PLACES.name, first=last, last=last, only=(last,), must=(last,))


def _read(reading: Reading, question: Question) -> Read:
    """Tell the days that are declared; those that how things stood begins and ends with must be."""
    before, last = question.first - timedelta(days=1), question.last
    first: date | None = question.first - timedelta(days=reading.back)
    only = {Span.BEFORE: (before,), Span.LAST: (last,), Span.ENDS: (before, last)}.get(
        reading.span, ()
    )
    must: tuple[date, ...] = ()
    if TABLES[reading.table].state:
        must = only or ((first, last) if first is not None and reading.back else (last,))
    if reading.span is Span.TO_DATE:
        first = None
    until = last - timedelta(days=reading.short)
    return Read(table=reading.table, first=first, last=until, only=only, must=must)


def _reads_of_report(report: Report, question: Question) -> tuple[Read, ...]:
    last = question.last
    reads: dict[str, Read] = {}
    for name in reports.sources(report):
        table = SOURCES[name].table
        whole = reports.whole_period(name, report)
        must = (last,) if TABLES[table].state else ()
        reads[table] = Read(
            table=table,
            first=question.first,
            last=last,
            only=() if whole else (last,),
            must=must,
        )
    if reports.by_place(report):
        reads[PLACES.name] = _places(question)
    return tuple(reads.values())


def _kpi(code: str) -> kpis.Kpi:
    try:
        return KPIS[code]
    except KeyError as error:
        raise BadField(field="code", reason="not_one_of") from error


def _reported(told: Mapping[str, Any]) -> Report:
    filters = []
    for at, one in enumerate(sent.items(told, "filters")):
        if not isinstance(one, Mapping):
            raise BadField(field=f"filters.{at}", reason="invalid")
        values = sent.texts(one, "values", under=f"filters.{at}.")
        filters.append(Filter(dimension=sent.text(one, "dimension"), values=values))
    limit = sent.number(told, "limit", usual=reports.MOST_ROWS)
    return Report(
        measures=sent.texts(told, "measures"),
        dimensions=sent.texts(told, "dimensions"),
        filters=tuple(filters),
        limit=limit,
        cases=told.get("cases") is True,
    )


def _page(told: Mapping[str, Any]) -> dict[str, Any]:
    """Which side of a fraction, and which page of its cases."""
    most = sent.number(told, "most", usual=CASES)
    if not 1 <= most <= MOST_CASES:
        raise BadField(field="most", reason="out_of_range", least=1, most=MOST_CASES)
    after = told.get("after")
    return {
        "hit": sent.yes(told, "hit", usual=True),
        "after": None if after is None else kpi_cases.after_of(after),
        "most": most,
    }


def _about(told: Mapping[str, Any]) -> About:
    kind = told.get("kind")
    if kind == "hours":
        return OfHours()
    if kind == "history":
        return OfHistory()
    if kind == "kpi":
        return OfKpi(code=sent.text(told, "code"))
    if kind == "report":
        return report_of(told)
    if kind == "cases":
        return OfCases(
            code=sent.text(told, "code"),
            group_1=sent.text(told, "group_1", empty=True),
            group_2=sent.text(told, "group_2", empty=True),
            **_page(told),
        )
    if kind == "line":
        return OfLine(report=_reported(told), keys=sent.texts(told, "keys"), **_page(told))
    raise BadField(field="kind", reason="not_one_of", choices=sorted(_KINDS.values()))
