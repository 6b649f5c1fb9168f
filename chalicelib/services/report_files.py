"""A report as a file to take away."""

import io
from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from chalicelib.bi.questions import report_of
from chalicelib.bi.reports import Report
from chalicelib.domain.errors import DayMissing
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import report_pdf, report_tables
from chalicelib.services.access import MANAGERS, Portfolios, open_portfolio
from chalicelib.services.figures import FigureEngine, Names, told_report
from chalicelib.services.report_tables import Table

LINK_EXPIRES_S = 300
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"xlsx": XLSX, "pdf": report_pdf.PDF}  # media types by the kind of file
_WIDEST = 42
_FORMATS = {"ratio": "0.0%", "times": "0.00", "days": "0.0", "micros": "#,##0.0000"}


class Files(Protocol):
    def write(self, key: str, body: bytes, *, content_type: str) -> None: ...

    def link(self, key: str, *, filename: str, expires_s: int) -> str: ...


def file_link(
    portfolio_id: str,
    told: Mapping[str, Any],
    first: date,
    last: date,
    *,
    file_id: str,
    kind: str,
    language: str,
    actor: Actor,
    portfolios: Portfolios,
    engine: FigureEngine,
    people: Names,
    files: Files,
) -> str:
    """
    Write a report as a workbook, or as pages to print.

    Args:
        told: A report's definition, its ``name`` and whether to ``compare`` it.
        kind: ``xlsx`` or ``pdf``.

    Returns:
        A short-lived address of it.

    Raises:
        As ``services.figures.report``.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    report = report_of(told)
    made = made_table(
        report,
        portfolio,
        first,
        last,
        name=told["name"],
        compare=told["compare"],
        language=language,
        engine=engine,
        people=people,
    )
    key = f"figures/{portfolio_id}/{file_id}.{kind}"
    written = rendered(made, kind, language=language, country=portfolio.country)
    files.write(key, written, content_type=TYPES[kind])
    return files.link(key, filename=f"{first}_{last}.{kind}", expires_s=LINK_EXPIRES_S)


def made_table(
    report: Report,
    portfolio: Portfolio,
    first: date,
    last: date,
    *,
    name: str,
    compare: bool,
    language: str,
    engine: FigureEngine,
    people: Names,
) -> Table:
    """Ask for a report, and for the days before where they are in the lake, as a table."""
    now, then = asked(report, portfolio, first, last, compare=compare, engine=engine, people=people)
    return report_tables.table(report, now, then, name=name, portfolio=portfolio, language=language)


def asked(
    report: Report,
    portfolio: Portfolio,
    first: date,
    last: date,
    *,
    compare: bool,
    engine: FigureEngine,
    people: Names,
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Ask for a report, as ``told_report``, and for the days before where they are in the lake."""
    now = told_report(report, portfolio, first, last, engine=engine, people=people)
    if not compare:
        return now, None
    try:
        earlier = report_tables.before(first, last)
        then = told_report(report, portfolio, *earlier, engine=engine, people=people)
    except DayMissing:
        return now, None  # the lake begins later: there is nothing to compare with
    return now, then


def rendered(made: Table, kind: str, *, language: str, country: str) -> bytes:
    """Write a table as a file of a kind of ``TYPES``."""
    if kind == "pdf":
        return report_pdf.pages(made, language=language, country=country)
    return workbook(made, language)


def workbook(made: Table, language: str) -> bytes:
    """Write a table as a workbook: the lines on its first sheet, how it was made on another."""
    import xlsxwriter

    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    formats = {
        unit: book.add_format({"num_format": told})
        for unit, told in {
            **_FORMATS,
            "count": "#,##0",
            "money": f"#,##0.{'0' * made.decimals}" if made.decimals else "#,##0",
        }.items()
    }
    sheet = book.add_worksheet(report_tables.text("file.sheet", language))
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(made.columns):
        sheet.write_string(0, at, column.name, bold)
        widest = max((len(str(row[at])) for row in made.rows if row[at] is not None), default=0)
        sheet.set_column(at, at, min(_WIDEST, max(12, widest + 2)))
    for down, row in enumerate(made.rows, start=1):
        for at, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(down, at, cell)
            elif cell is not None:
                sheet.write_number(down, at, cell, formats[made.columns[at].unit])
    if made.columns and made.rows:
        sheet.autofilter(0, 0, len(made.rows), len(made.columns) - 1)
    _about(book.add_worksheet(report_tables.text("file.about", language)), made, language, bold)
    book.close()
    return held.getvalue()


def _about(sheet: Any, made: Table, language: str, bold: Any) -> None:
    sheet.set_column(0, 1, 30)
    pairs = [(made.title, ""), *made.about]
    if made.more:
        pairs.append((report_tables.text("file.more", language), ""))
    if not made.rows:
        pairs.append((report_tables.text("file.empty", language), ""))
    for down, (what, which) in enumerate(pairs):
        sheet.write_string(down, 0, what, bold if down == 0 else None)
        sheet.write_string(down, 1, which)
