"""A report on paper: what it says, in the reader's way of writing numbers, page after page."""

import pytest

from chalicelib.services import report_pdf
from chalicelib.services.report_tables import Column, Table
from tests.printed import words_of

COLUMNS = (
    Column(name="Canal", unit="text"),
    Column(name="Cobrado", unit="money"),
    Column(name="Contactabilidad", unit="ratio"),
    Column(name="Contactabilidad: numerador", unit="count", part=True),
)


def a_table(rows, **values):
    base = {
        "title": "Señales ₲ del mes",
        "about": (("Cartera", "Tiendas"), ("Días", "2026-10-01 – 2026-10-31")),
        "columns": COLUMNS,
        "rows": tuple(rows),
        "more": False,
        "decimals": 2,
    }
    return Table(**base | values)


def said(table, language="es", country="MX"):
    return words_of(report_pdf.pages(table, language=language, country=country))


def test_numbers_are_written_as_the_reader_writes_them_and_parts_are_left_out():
    told = said(a_table([("Llamada", 12_345.5, 0.25, 7), ("Visita", None, 1, 3)]))

    for text in ("Señales Gs.  del mes", "Cartera: Tiendas", "12,345.50", "25.0%", "100.0%"):
        assert text in told, text
    assert "numerador" not in told
    told = said(a_table([("Ligação", 12_345.5, 0.25, 7)]), language="pt", country="BR")
    assert "12.345,50" in told
    assert "25,0%" in told


def test_the_head_is_on_every_page_and_what_does_not_fit_is_said():
    rows = [(f"c{number}", 1.0, 0.5, 1) for number in range(report_pdf.MOST_LINES + 1)]
    told = said(a_table(rows)).split("\n")

    assert told.count("Canal") > 5
    assert "Hay más líneas de las que caben aquí." in told
    assert f"c{report_pdf.MOST_LINES - 1}" in told
    assert f"c{report_pdf.MOST_LINES}" not in told


def test_an_empty_report_says_so():
    assert "No hay nada que contar en estos días." in said(a_table([]))


@pytest.mark.parametrize("count", [1, 19])
def test_one_column_or_many_fit_a_page(count):
    columns = tuple(Column(name=f"Medida larga {at}", unit="money") for at in range(count))
    told = said(a_table([tuple(1.0 for _ in columns)], columns=columns))

    assert told.count("1.00") == count
