"""A report as a table in somebody's language: what files, e-mails and shared pages show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from chalicelib.bi.measures import DIMENSIONS, MEASURES, unit_of
from chalicelib.bi.reports import Filter, Report
from chalicelib.domain.money import DECIMALS
from chalicelib.domain.portfolio import Portfolio
from chalicelib.i18n import wording

TEXT = "text"  # the unit of what a line is of

Cell = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """
    Args:
        unit: As ``bi.measures.Measure`` has it, ``text`` for what a line is of. Money is in whole
            units of the portfolio's currency, costs in whole units of theirs.
        part: It is one of the sums that the fraction before it is made of.
    """

    name: str
    unit: str
    part: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """
    Args:
        about: How it was made: pairs of what and which.
        more: Whether there are more lines than were asked for.
    """

    title: str
    about: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: bool
    decimals: int


def before(first: date, last: date) -> tuple[date, date]:
    """
    Say which days a period is compared with: as many, right before.

    >>> before(date(2026, 10, 8), date(2026, 10, 14))
    (datetime.date(2026, 10, 1), datetime.date(2026, 10, 7))
    """
    return first - (last - first) - timedelta(days=1), first - timedelta(days=1)


def table(
    report: Report,
    told: Mapping[str, Any],
    then: Mapping[str, Any] | None,
    *,
    name: str,
    portfolio: Portfolio,
    language: str,
) -> Table:
    """
    Lay out a report.

    Args:
        told: As ``services.figures.told_report`` tells it.
        then: The same of the days before; None where it is not compared.
        name: What somebody called it; empty for what it is made of.
    """
    words = wording.of("reports", language)
    decimals = DECIMALS.get(portfolio.currency, 2)
    columns = [Column(name=dimension_name(one, language), unit=TEXT) for one in report.dimensions]
    compared = _compared(report, then)
    for code in report.measures:
        called, measure = measure_name(code, language), MEASURES[code]
        columns.append(Column(name=called, unit=measure.unit))
        if compared is not None:
            earlier = words["reports.file.before"].format(name=called)
            columns.append(Column(name=earlier, unit=measure.unit))
        if measure.over:
            for part, sum_ in (("numerator", measure.value), ("denominator", measure.over)):
                columns.append(
                    Column(
                        name=words[f"reports.file.{part}"].format(name=called),
                        unit=unit_of(sum_),
                        part=True,
                    )
                )
    rows = tuple(
        (
            *(
                key_text(one, key, called, language)
                for one, key, called in zip(
                    report.dimensions, line["keys"], line["names"], strict=True
                )
            ),
            *_cells(report, line, compared, decimals),
        )
        for line in told["lines"]
    )
    return Table(
        title=name or title(report, language),
        about=_about(report, told, portfolio, language),
        columns=tuple(columns),
        rows=rows,
        more=told["more"],
        decimals=decimals,
    )


def title(report: Report, language: str) -> str:
    """Name a report by what it is made of."""
    of = ", ".join(measure_name(one, language) for one in report.measures)
    by = ", ".join(dimension_name(one, language) for one in report.dimensions)
    return wording.of("reports", language)["reports.title"].format(of=of, by=by) if by else of


def measure_name(code: str, language: str) -> str:
    return wording.of("reports", language).get(f"reports.measure.{code}", code)


def dimension_name(code: str, language: str) -> str:
    return wording.of("reports", language).get(f"reports.by.{code}", code)


def text(key: str, language: str) -> str:
    """Give a text of reports by its key."""
    return wording.of("reports", language)[f"reports.{key}"]


def key_text(dimension: str, key: str, name: str, language: str) -> str:
    """
    Say what a line's value of a dimension is called.

    >>> key_text("channel", "call", "call", "es"), key_text("hour", "9", "9", "es")
    ('Llamada', '9:00')
    """
    words = wording.of("reports", language)
    if key == "":
        return words["reports.empty"]
    if dimension == "weekday":
        return words.get(f"reports.weekday.{key}", key)
    if dimension == "hour":
        return f"{key}:00"
    if DIMENSIONS[dimension].kind in {"code", "band", "yes_no"}:
        return words.get(f"reports.value.{key}", key)
    return name or key


# Private


def _compared(
    report: Report, then: Mapping[str, Any] | None
) -> Mapping[tuple[str, ...], Sequence[Mapping[str, Any]]] | None:
    """The lines of the days before by their keys; None for lines that are days themselves."""
    if then is None or any(DIMENSIONS[one].kind in _TIMES for one in report.dimensions):
        return None
    return {tuple(line["keys"]): line["values"] for line in then["lines"]}


_TIMES = frozenset({"day", "week", "month"})


def _cells(
    report: Report,
    line: Mapping[str, Any],
    compared: Mapping[tuple[str, ...], Sequence[Mapping[str, Any]]] | None,
    decimals: int,
) -> list[Cell]:
    cells: list[Cell] = []
    for at, code in enumerate(report.measures):
        measure, value = MEASURES[code], line["values"][at]
        cells.append(_number(value["value"], measure.unit, decimals))
        if compared is not None:
            was = compared.get(tuple(line["keys"]))
            cells.append(_number(was[at]["value"], measure.unit, decimals) if was else None)
        if measure.over:
            cells.append(_number(value["numerator"], unit_of(measure.value), decimals))
            cells.append(_number(value["denominator"], unit_of(measure.over), decimals))
    return cells


def _number(value: float | None, unit: str, decimals: int) -> Cell:
    if value is None:
        return None
    if unit == "money":
        return float(value / 10**decimals)
    if unit == "micros":
        return value / 1_000_000
    return int(value) if unit == "count" else value


def _about(
    report: Report, told: Mapping[str, Any], portfolio: Portfolio, language: str
) -> tuple[tuple[str, str], ...]:
    words = wording.of("reports", language)
    return (
        (words["reports.file.portfolio"], portfolio.name),
        (words["reports.file.days"], f"{told['from']} – {told['to']}"),
        (words["reports.file.days_there"], f"{told['days_there']} / {told['days']}"),
        *(
            (f"{words['reports.file.only']}: {dimension_name(one.dimension, language)}", values)
            for one in report.filters
            if (values := _values(one, language))
        ),
    )


def _values(one: Filter, language: str) -> str:
    return ", ".join(key_text(one.dimension, value, value, language) for value in one.values)
