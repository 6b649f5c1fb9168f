# ruff: noqa: S608 - the SQL is the catalogue's; what is asked enters checked and written by number
"""
A report: measures of the catalogue, divided by its dimensions, as one SQL text.

Each source is summed up on its own, the parts are put one under the other and added up, so a
table can hold promises beside payments. Every measure comes as ``<code>_n`` and, where it is
divided by something, ``<code>_d``; a dimension under its own code, as text, empty for none. A
report that is asked for its cases tells beside each sum how many cases it is of (``_nc``, ``_dc``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.bi.measures import (
    DIMENSIONS,
    END,
    MEASURES,
    PLACED,
    RANGE,
    SOURCES,
    Measure,
    Source,
    cases_of,
)
from chalicelib.bi.sent import LONGEST
from chalicelib.bi.sql import literal
from chalicelib.domain.errors import BadField

MOST_MEASURES = 8
MOST_DIMENSIONS = 3
MOST_FILTERS = 6
MOST_VALUES = 50
MOST_ROWS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Only rows whose dimension has one of these values; an empty text is "none"."""

    dimension: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """
    Args:
        limit: Lines at most; the first by time, or those with most of the first measure.
        cases: Tell how many cases each sum is of.
    """

    measures: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    limit: int = MOST_ROWS
    cases: bool = False


def checked(report: Report) -> Report:
    """
    Let a report through that the catalogue can tell.

    Raises:
        BadField: By dotted name.
    """
    _closed("measures", report.measures, MEASURES, most=MOST_MEASURES)
    _closed("dimensions", report.dimensions, DIMENSIONS, most=MOST_DIMENSIONS)
    _closed("filters", [one.dimension for one in report.filters], DIMENSIONS, most=MOST_FILTERS)
    if not report.measures:
        raise BadField(field="measures", reason="missing")
    if not 1 <= report.limit <= MOST_ROWS:
        raise BadField(field="limit", reason="out_of_range", least=1, most=MOST_ROWS)
    for at, one in enumerate(report.filters):
        if not 1 <= len(one.values) <= MOST_VALUES:
            raise BadField(field=f"filters.{at}.values", reason="out_of_range")
        if any(len(value) > LONGEST for value in one.values):
            raise BadField(field=f"filters.{at}.values", reason="too_long")
        if one.dimension in {"day", "week", "month"}:
            raise BadField(field=f"filters.{at}.dimension", reason="not_one_of")
    for code in report.measures:
        _divisible(MEASURES[code], report)
    return report


def columns(report: Report) -> tuple[str, ...]:
    """Name what ``text`` gives, in order."""
    return (*report.dimensions, *(name for name, _, _ in _sums(report)))


def sources(report: Report) -> tuple[str, ...]:
    """Name the sources it is read from, each once."""
    return tuple(dict.fromkeys(MEASURES[code].source for code in report.measures))


def text(report: Report) -> str:
    """Write the SQL of a checked report, with what it is asked about still by name (``$first``)."""
    parts = " UNION ALL ".join(_part(name, report) for name in sources(report))
    sums = [f"sum({name}) AS {name}" for name in columns(report)[len(report.dimensions) :]]
    told = ", ".join((*report.dimensions, *sums))
    grouped = f" GROUP BY {', '.join(report.dimensions)}" if report.dimensions else ""
    return (
        f"SELECT {told} FROM ({parts}) AS parts{grouped}"
        f" ORDER BY {_order(report)} LIMIT {report.limit + 1}"
    )


def _sums(report: Report) -> list[tuple[str, str, str]]:
    """Every sum of a report, in order: what it is called, of which source, as SQL."""
    sums = []
    for code in report.measures:
        measure = MEASURES[code]
        for part, summed in (("n", measure.value), ("d", measure.over)):
            if not summed:
                continue
            sums.append((f"{code}_{part}", measure.source, summed))
            if report.cases:
                sums.append((f"{code}_{part}c", measure.source, cases_of(summed)))
    return sums


def _part(name: str, report: Report) -> str:
    source = SOURCES[name]
    told = [f"{as_text(column(source, one))} AS {one}" for one in report.dimensions]
    for called, of, summed in _sums(report):
        told.append(f"{summed if of == name else '0'} AS {called}")
    grouped = ", ".join(str(at + 1) for at in range(len(report.dimensions)))
    return f"SELECT {', '.join(told)} FROM {rows(source, report)}" + (
        f" GROUP BY {grouped}" if grouped else ""
    )


def rows(source: Source, report: Report, only: Sequence[str] = ()) -> str:
    """Its own rows; beside each the place of its case, where that is asked for."""
    where = [RANGE if _by_day(source, report) else source.where]
    for one in report.filters:
        values = ", ".join(literal(value) for value in one.values)
        where.append(f"{as_text(column(source, one.dimension))} IN ({values})")
    where += only
    if not by_place(report):
        return f"{source.table} WHERE {' AND '.join(where)}"
    own, *asked = where
    places = f"SELECT case_id AS home, {', '.join(PLACED)} FROM places WHERE {END}"
    return (
        f"(SELECT * FROM {source.table} WHERE {own}) AS own LEFT JOIN ({places}) AS placed"
        " ON placed.home = own.case_id" + (f" WHERE {' AND '.join(asked)}" if asked else "")
    )


def by_place(report: Report) -> bool:
    """Whether it asks where cases are."""
    filters = (one.dimension for one in report.filters)
    return any(code in PLACED for code in (*report.dimensions, *filters))


def _by_day(source: Source, report: Report) -> bool:
    """Whether every day of the period is read, of how things stood."""
    return source.where == END and "day" in report.dimensions


def whole_period(name: str, report: Report) -> bool:
    """Whether a source is read for every day of the period, not for the last alone."""
    source = SOURCES[name]
    return source.where == RANGE or _by_day(source, report)


def column(source: Source, dimension: str) -> str:
    """
    Say what a dimension is of a source, as SQL.

    >>> column(SOURCES["entries"], "month")
    'substr(day, 1, 7)'
    """
    day = source.day or "day"
    if dimension == "day":
        return day
    if dimension == "week":
        return f"CAST(date_trunc('week', CAST({day} AS date)) AS date)"
    if dimension == "month":
        return f"substr({day}, 1, 7)"
    return dimension if dimension in PLACED else source.columns[dimension]


def as_text(sql: str) -> str:
    """Write a column as a report has it: as text, empty for none."""
    return f"coalesce(CAST({sql} AS varchar), '')"


def _order(report: Report) -> str:
    if not report.dimensions:
        return "1"
    told = [_place(one) for one in report.dimensions]
    if DIMENSIONS[report.dimensions[0]].ordered:
        return ", ".join(told)
    return ", ".join((f"{report.measures[0]}_n DESC", *told))


def _place(dimension: str) -> str:
    """What its values are put in order by: bands as the portfolio has them, not as texts."""
    return "$band_place" if DIMENSIONS[dimension].kind == "band" else dimension


def _closed(field: str, codes: Sequence[str], known: Mapping[str, object], *, most: int) -> None:
    if len(codes) > most:
        raise BadField(field=field, reason="too_long", most=most)
    if len(set(codes)) < len(codes):
        raise BadField(field=field, reason="repeated")
    for at, code in enumerate(codes):
        if code not in known:
            raise BadField(field=f"{field}.{at}", reason="not_one_of")


def _divisible(measure: Measure, report: Report) -> None:
    """Every measure has to know every dimension, and be divided by what it cannot add up."""
    known = SOURCES[measure.source].dimensions
    for field, codes in (
        ("dimensions", report.dimensions),
        ("filters", tuple(one.dimension for one in report.filters)),
    ):
        for at, code in enumerate(codes):
            if code not in known:
                raise BadField(field=f"{field}.{at}", reason="not_one_of", measure=measure.code)
    if not measure.needs or measure.needs in report.dimensions:
        return
    if not any(one.dimension == measure.needs and len(one.values) == 1 for one in report.filters):
        raise BadField(field="dimensions", reason="missing", needs=measure.needs)
