"""A report is a table in the reader's language, and a workbook that a spreadsheet can add up."""

import io
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from chalicelib.bi.answers import Answer
from chalicelib.bi.boards import BOARDS
from chalicelib.bi.measures import DIMENSIONS, MEASURES
from chalicelib.bi.reports import Filter, Report
from chalicelib.domain.errors import DayMissing
from chalicelib.i18n import wording
from chalicelib.services import report_files, report_tables
from tests.builders import a_portfolio

PORTFOLIO = a_portfolio()
FIRST, LAST = date(2026, 10, 8), date(2026, 10, 14)


@dataclass
class Engine:
    """Says *rows* of the period, and *earlier* of the days before: None for days not there."""

    rows: list[tuple]
    earlier: list[tuple] | None = None
    asked: list = field(default_factory=list)

    def ask(self, question):
        self.asked.append((question.first, question.last))
        rows = self.rows if question.first == FIRST else self.earlier
        if rows is None:
            raise DayMissing(day="2026-10-07", first="2026-10-08", last="2026-10-14")
        return Answer(columns=(), rows=tuple(rows), engine="duckdb", bytes_read=1, days=(FIRST,))


def made(report, engine, *, compare=False, language="es", name="", portfolio=PORTFOLIO):
    return report_files.made_table(
        report,
        portfolio,
        FIRST,
        LAST,
        name=name,
        compare=compare,
        language=language,
        engine=engine,
        people=lambda _: {"user:per_1": "=cmd()"},
    )


def sheets(table, language="es"):
    book = CalamineWorkbook.from_filelike(io.BytesIO(report_files.workbook(table, language)))
    return [book.get_sheet_by_name(one).to_python() for one in book.sheet_names]


def test_money_is_in_whole_units_and_fractions_come_with_their_parts():
    table = made(
        Report(measures=("balance", "overdue_index"), dimensions=("band",)),
        Engine([("1-7", 123_456, 50_000, 200_000), ("paid", 0, 0, 0)]),
    )
    assert [(one.name, one.unit) for one in table.columns] == [
        ("Tramo de atraso", "text"),
        ("Saldo", "money"),
        ("Índice de mora", "ratio"),
        ("Índice de mora: numerador", "money"),
        ("Índice de mora: denominador", "money"),
    ]
    assert table.rows == (("1-7", 1234.56, 0.25, 500, 2000), ("Pagado", 0, None, 0, 0))
    assert table.title == "Saldo, Índice de mora, por Tramo de atraso"


def test_amounts_of_a_currency_without_cents_stay_whole():
    pesos = replace(PORTFOLIO, currency="CLP")
    table = made(Report(measures=("balance",)), Engine([(1234,)]), portfolio=pesos)
    assert (table.rows, table.decimals) == (((1234,),), 0)


def test_a_comparison_is_with_as_many_days_before_by_line():
    engine = Engine([("call", 5), ("sms", 2)], [("sms", 7)])
    table = made(
        Report(measures=("attempts",), dimensions=("channel",)), engine, compare=True, language="en"
    )
    assert engine.asked[1] == (date(2026, 10, 1), date(2026, 10, 7))
    assert [one.name for one in table.columns][1:] == [
        "Attempts made",
        "Attempts made: period before",
    ]
    assert table.rows == (("Call", 5, None), ("SMS", 2, 7))


def test_days_before_the_lake_begins_are_no_zeros():
    table = made(Report(measures=("attempts",)), Engine([(5,)]), compare=True)
    assert table.rows == ((5,),)


def test_a_text_is_never_a_formula_and_the_second_sheet_says_how_it_was_made():
    report = Report(
        measures=("attempts",),
        dimensions=("person",),
        filters=(Filter(dimension="channel", values=("call", "")),),
    )
    lines, about = sheets(made(report, Engine([("per_1", 5), ("", 2)]), name="Mi equipo"))
    assert lines == [["Persona", "Gestiones hechas"], ["=cmd()", 5.0], ["(vacío)", 2.0]]
    assert about[0][0] == "Mi equipo"
    assert ["Cartera", PORTFOLIO.name] in about
    assert ["Días", "2026-10-08 – 2026-10-14"] in about
    assert ["Días con datos", "1 / 7"] in about
    assert ["Solo: Canal", "Llamada, (vacío)"] in about


def test_a_report_without_lines_says_so():
    lines, about = sheets(made(Report(measures=("attempts",), dimensions=("channel",)), Engine([])))
    assert lines == [["Canal", "Gestiones hechas"]]
    assert "No hay nada que contar" in about[-1][0]


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_all_that_can_be_asked_for_has_a_name(language):
    for code in MEASURES:
        assert report_tables.measure_name(code, language) != code
    for code in DIMENSIONS:
        assert report_tables.dimension_name(code, language) != code
    for code in BOARDS:
        assert report_tables.text(f"board.{code}", language)
