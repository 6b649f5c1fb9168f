"""A report as pages to print: what it tells, how it was made, and of which days."""

from typing import TYPE_CHECKING

from chalicelib.messages import formats
from chalicelib.messages.paper import latin, paper_of
from chalicelib.services import report_tables
from chalicelib.services.report_tables import TEXT, Cell, Column, Table

if TYPE_CHECKING:
    from fpdf import FPDF

PDF = "application/pdf"
MOST_LINES = 500  # on paper; the workbook has them all
_MARGIN = 12
_SMALL, _PLAIN, _BIG = 7.5, 9, 16
_WIDEST = 40  # letters that a column is made wide for


def pages(made: Table, *, language: str, country: str) -> bytes:
    """
    Lay a table out on paper, sideways, its head on every page.

    The sums that fractions are made of stay in the workbook: they would not fit.
    """
    locale = formats.locale_of(language, country)
    shown = [at for at, column in enumerate(made.columns) if not column.part]
    columns = [made.columns[at] for at in shown]
    pdf = _document(country, made.title)
    pdf.set_font("helvetica", "B", _BIG)
    pdf.multi_cell(0, 8, latin(made.title), align="L", new_x="LMARGIN", new_y="NEXT")
    for name, value in made.about:
        _line(pdf, f"{name}: {value}")
    pdf.ln(3)
    if not made.rows:
        _line(pdf, report_tables.text("file.empty", language))
        return bytes(pdf.output())
    rows = [
        [_written(row[at], made.columns[at], made.decimals, locale) for at in shown]
        for row in made.rows[:MOST_LINES]
    ]
    _table(pdf, columns, rows)
    if made.more or len(made.rows) > MOST_LINES:
        pdf.ln(2)
        _line(pdf, report_tables.text("file.more", language))
    return bytes(pdf.output())


# Private


def _document(country: str, title: str) -> "FPDF":
    from fpdf import FPDF

    class Document(FPDF):
        def footer(self) -> None:
            self.set_y(-10)
            self.set_font("helvetica", "", _SMALL)
            self.cell(0, 5, latin(f"{self.page_no()} / {{nb}}"), align="R")

    pdf = Document(orientation="landscape", format=paper_of(country))
    pdf.core_fonts_encoding = "cp1252"
    pdf.set_title(latin(title))
    pdf.set_margins(_MARGIN, _MARGIN, _MARGIN)
    pdf.set_auto_page_break(auto=True, margin=14)
    pdf.add_page()
    return pdf


def _line(pdf: "FPDF", text: str) -> None:
    pdf.set_font("helvetica", "", _PLAIN)
    pdf.multi_cell(0, _PLAIN / 2, latin(text), align="L", new_x="LMARGIN", new_y="NEXT")


def _table(pdf: "FPDF", columns: list[Column], rows: list[list[str]]) -> None:
    from fpdf.fonts import FontFace

    pdf.set_font("helvetica", "", _SMALL)
    widths = [
        min(_WIDEST, max(8, len(column.name) // 2, *(len(row[at]) for row in rows)))
        for at, column in enumerate(columns)
    ]
    with pdf.table(
        col_widths=tuple(widths),
        text_align=tuple("LEFT" if one.unit == TEXT else "RIGHT" for one in columns),
        headings_style=FontFace(emphasis="BOLD", fill_color=(235, 235, 230)),
        line_height=_SMALL / 1.8,
        borders_layout="HORIZONTAL_LINES",
    ) as table:
        for cells in ([one.name for one in columns], *rows):
            line = table.row()
            for cell in cells:
                line.cell(latin(cell))


def _written(cell: Cell, column: Column, decimals: int, locale: str) -> str:
    from babel.numbers import format_decimal, format_percent

    if cell is None:
        return "-"
    if isinstance(cell, str):
        return cell
    if column.unit == "ratio":
        return format_percent(cell, "#,##0.0%", locale=locale)
    places = {"money": decimals, "micros": 4, "times": 2, "days": 1}.get(column.unit, 0)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(cell, pattern, locale=locale)
