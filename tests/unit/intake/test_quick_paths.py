"""The readers' short cuts give what the patient way gives, on generated cells."""

import io
from datetime import date
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.intake import tax_ids
from chalicelib.intake.cell_reader import text_of
from chalicelib.intake.inspection import inspect
from chalicelib.intake.reader import RowReader
from chalicelib.intake.tax_ids import tax_id_reader
from chalicelib.intake.xlsx_rows import XmlRows

LETTERS = st.text("ABCPTUXEO&Ñ", min_size=3, max_size=4)
SHUNNED = st.sampled_from(["PUTO", "RATA", "XAXX", "XEXX", "CACA", "MULA"])
NEAR_RFC = st.builds(
    lambda head, date, tail: head + date + tail,
    LETTERS | SHUNNED,
    st.from_regex(r"[0-9]{2}(0[0-9]|1[0-3])[0-3][0-9]", fullmatch=True) | st.just("010101"),
    st.text("0123456789ABV", min_size=2, max_size=3) | st.just("000"),
)
WRITTEN = st.sampled_from(["{}", " {} ", "{}.0", "\t{}"])


@given(NEAR_RFC, WRITTEN)
def test_a_tax_id_told_at_a_glance_is_what_the_library_says(text, written):
    cell = written.format(text)
    quick = tax_id_reader("MX")(cell)
    known = tax_ids._SURE.pop("MX")
    try:
        patient = tax_id_reader("MX")(cell)
    finally:
        tax_ids._SURE["MX"] = known

    assert quick == patient


HEADER = ["cliente", "nombre", "folio", "ciudad", "vence", "saldo"]


def read_with(rows, mode="debts"):
    file = "\n".join(",".join(row) for row in [HEADER, *rows]).encode()
    found = inspect(io.BytesIO(file), mode=mode, country="MX", currency="MXN")
    return RowReader(found["suggested"], found, mode=mode, country="MX", currency="MXN")


KNOWN = ["Mérida", " San  Luis ", "N/A", "", "Ãrbol", "León\n", "x" * 600]
CELLS = st.sampled_from(KNOWN) | st.text(max_size=8)


@given(st.lists(CELLS, min_size=1, max_size=20))
def test_a_text_that_comes_again_is_read_as_the_first_time(cities):
    rows = [[f"C{n}", "Ana", f"F{n}", "Mérida", "01/10/2026", "10.00"] for n in range(12)]
    reader = read_with(rows)

    for city in (*cities, *cities):
        row = reader.read(2, ["C1", "Ana", "F1", city, "01/10/2026", "10.00"])
        assert (row.address.city if row.address else "") == text_of(city)


@given(st.integers(0, 6))
def test_a_row_that_ends_early_is_one_with_blanks(kept):
    rows = [[f"C{n}", "Ana", f"F{n}", "Mérida", "01/10/2026", "10.00"] for n in range(12)]
    reader = read_with(rows)
    cells = rows[3][:kept]

    short = reader.read(5, cells)
    whole = reader.read(5, cells + [""] * (len(HEADER) - kept))

    if kept < len(HEADER):
        assert short.reasons == whole.reasons
        assert short.cells == tuple(cells)
    else:
        assert short == whole


TEXTS = SimpleNamespace(near=["Ana", "Ñandú  S.A.", ""])
ONE_CELL = st.one_of(
    st.just(""),
    st.builds('<c r="{{}}" t="s"><v>{}</v></c>'.format, st.integers(0, 2)),
    st.builds('<c r="{{}}" s="1"><v>{}</v></c>'.format, st.floats(0, 60_000)),
    st.builds('<c r="{{}}" s="2"><v>{}</v></c>'.format, st.integers()),
    st.builds('<c r="{{}}"><v>{}</v></c>'.format, st.floats(allow_nan=False, allow_infinity=False)),
    st.sampled_from(
        [
            '<c r="{}" s="1"/>', '<c r="{}"></c>', '<c r="{}" t="b"><v>1</v></c>',
            '<c r="{}"><f>A1*2</f><v>4</v></c>', '<c r="{}" t="e"><v>#N/A</v></c>',
            '<c r="{}" t="inlineStr"><is><t>Eva &amp; Co</t></is></c>',
        ]
    ),
)  # fmt: skip


@given(st.lists(st.lists(ONE_CELL, max_size=5), min_size=1, max_size=4), st.randoms())
def test_a_row_of_a_sheet_is_the_same_once_its_layout_is_known(layouts, chance):
    rows, styles = [], {"1": "date"}
    for number in range(1, 30 * len(layouts)):
        cells = chance.choice(layouts)
        body = "".join(cell.format(f"{'ABCDE'[n]}{number}") for n, cell in enumerate(cells))
        rows.append(f'<row r="{number}" spans="1:5">{body}')
    knowing = XmlRows(styles, date(1899, 12, 30), TEXTS)

    for row in rows:
        assert knowing.row(row) == knowing._by_cells(row, [])


def test_a_layout_that_comes_often_is_learnt():
    knowing = XmlRows({"1": "date"}, date(1899, 12, 30), TEXTS)
    row = '<row r="{0}"><c r="A{0}" t="s"><v>0</v></c><c r="C{0}" s="1"><v>{1}</v></c>'

    rows = [knowing.row(row.format(number, 45_000 + number)) for number in range(1, 31)]

    assert rows[0] == ["Ana", "", "2023-03-16"]
    assert rows[29] == ["Ana", "", "2023-04-14"]
    assert len(knowing._forms) == 1
