"""The streaming XLSX reader says what calamine says, and reads what calamine would not."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from chalicelib.intake.books import BookTable
from chalicelib.intake.cells import UnreadableFile
from chalicelib.intake.formats import Hints, open_table

from .files import SHARED, xlsx_file

ROWS = [
    ["Folio", "Nombre & Cía <SA>", "", "Monto", "Fecha", "Cuándo", "Sí"],
    [
        17,
        "Ñandú\nSA",
        "",
        1234.5,
        date(2025, 2, 28),
        datetime.fromisoformat("2025-02-28T09:55:53"),
        True,
    ],
    [],
    ["", "", "", "", "", "", ""],
    [
        "007",
        " espacios ",
        "",
        -0.1,
        date(1999, 12, 31),
        datetime.fromisoformat("2000-01-01T00:00:00"),
        False,
    ],
    [2**40, "x" * 300, "", 3411.299999999999, "", "", ""],
]


def rows_of(table):
    trimmed = []
    for _, row in table.rows():
        while row and row[-1] == "":
            row.pop()
        trimmed.append(row)
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return trimmed


def by_openpyxl(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([None if cell == "" else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(lambda: xlsx_file(ROWS), id="shared strings"),
        pytest.param(lambda: xlsx_file(ROWS, strings_in_table=False), id="inline strings"),
        pytest.param(lambda: by_openpyxl(ROWS), id="openpyxl"),
    ],
)
def test_reads_what_calamine_reads(source):
    file = source()

    streamed = open_table(file)

    assert type(streamed).__name__ == "XlsxTable"
    assert rows_of(streamed) == rows_of(BookTable(file, "xlsx", None))


@pytest.mark.parametrize("path", ["gasto_comun.xlsx", "liquidacion_pie_2003.xlsx"])
def test_reads_real_workbooks_as_calamine_does(path):
    file = SHARED / "data" / "messy_spanish" / path
    if not file.exists():
        pytest.skip("the shared files are not here")
    with file.open("rb") as source:
        for sheet in open_table(source).sheets:
            streamed = open_table(source, hints=Hints(sheet=sheet))
            assert rows_of(streamed) == rows_of(BookTable(source, "xlsx", sheet))


def rewritten(source, part, change):
    """Copy a workbook with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    out.seek(0)
    return out


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda xml: xml.replace(b"<c r=", b"<c   r="), id="odd blanks"),
        pytest.param(lambda xml: xml.replace(b"</c>", b"</c>\n  "), id="line breaks"),
        pytest.param(lambda xml: xml.replace(b"<v>", b"<f>A1*2</f><v>"), id="formulas"),
        pytest.param(
            lambda xml: xml.replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"<x:?", b"<?"),
            id="prefixed elements",
        ),
    ],
)
def test_reads_forms_that_other_programs_write(change):
    plain = xlsx_file(ROWS)

    other = rewritten(plain, "xl/worksheets/sheet1.xml", change)

    assert rows_of(open_table(other)) == rows_of(open_table(plain))


def test_texts_past_the_memory_limit_come_back_from_disk(monkeypatch):
    from chalicelib.intake import xlsx_texts

    rows = [[f"texto {n}", f"ñ{n}" * 3] for n in range(3_000)]
    monkeypatch.setattr(xlsx_texts, "_STRINGS_IN_MEMORY", 20_000)

    assert rows_of(open_table(xlsx_file(rows))) == rows


def test_shared_texts_past_the_limit_take_no_memory_however_many_they_are(monkeypatch):
    from chalicelib.intake import xlsx_texts

    monkeypatch.setattr(xlsx_texts, "_STRINGS_IN_MEMORY", 0)
    monkeypatch.setattr(xlsx_texts, "CHUNK", 1 << 12)

    def kept_bytes(texts):
        """What stays in memory of a workbook with so many shared texts, its archive apart."""
        with zipfile.ZipFile(xlsx_file([[f"texto {n}"] for n in range(texts)])) as archive:
            tracemalloc.start()
            try:
                shared = xlsx_texts.SharedTexts(archive)
                kept, _ = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
            assert shared[texts - 1] == f"texto {texts - 1}"
            assert shared[texts] == shared[1 << 70] == ""
        return kept

    assert kept_bytes(20_000) < kept_bytes(2_000) + 10_000


def test_goes_on_from_a_row():
    rows = [[n] for n in range(1, 50)]

    assert list(open_table(xlsx_file(rows)).rows(start=47)) == [(48, [48]), (49, [49])]


def test_a_damaged_workbook_is_refused_with_a_reason():
    whole = xlsx_file(ROWS).getvalue()

    with pytest.raises(UnreadableFile) as refusal:
        open_table(io.BytesIO(whole[: len(whole) // 2]))

    assert refusal.value.details == {"reason": "damaged"}
