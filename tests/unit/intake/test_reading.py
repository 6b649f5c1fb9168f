"""From bytes to typed rows: the whole way, on small files with the quirks of real ones."""

import io
from datetime import date

import pytest

from chalicelib.intake.inspection import inspect, open_rows
from chalicelib.intake.mapping import mapping_problems, open_questions
from chalicelib.intake.reader import RowReader
from chalicelib.intake.rows import Rejected

from .files import csv_file, xlsx_file

HEADER = [
    "No. Cliente", "Nombre del cliente", "RFC", "Teléfono", "Correo electrónico", "Factura",
    "Fecha emisión", "Fecha de vencimiento", "Saldo",
]  # fmt: skip


def a_row(**changes):
    row = {
        "No. Cliente": "C-17",
        "Nombre del cliente": "Juana Vega Cruz",
        "RFC": "VECJ880326XK4",
        "Teléfono": "55 1234 5678",
        "Correo electrónico": "Juana@Example.com",
        "Factura": "F-001",
        "Fecha emisión": "13/01/2025",
        "Fecha de vencimiento": "28/02/2025",
        "Saldo": "1,234.56",
    }
    return list({**row, **changes}.values())


def read_all(source, *, country="MX", currency="MXN", mode="debts", answers=None, columns=None):
    """Inspect, map as suggested and read every row."""
    inspection = inspect(source, mode=mode, country=country, currency=currency)
    mapping = inspection["suggested"]
    mapping["answers"].update(answers or {})
    mapping["columns"].update(columns or {})
    reader = RowReader(mapping, inspection, country=country, currency=currency, mode=mode)
    rows = [reader.read(number, cells) for number, cells in open_rows(source, inspection, mapping)]
    return inspection, rows


def codes(row):
    return [(reason.field, reason.code) for reason in row.reasons]


def test_a_plain_file_becomes_typed_rows_without_a_question():
    inspection, (row,) = read_all(csv_file([HEADER, a_row()]))

    assert mapping_problems(inspection, inspection["suggested"], "debts") == []
    assert (row.debtor_key, row.name, row.tax_id) == ("id:c-17", "Juana Vega Cruz", "VECJ880326XK4")
    assert (row.external_id, row.external_id_given) == ("F-001", True)
    assert (row.issued_on, row.due_on) == (date(2025, 1, 13), date(2025, 2, 28))
    assert (row.amount_minor, row.principal_minor) == (123456, 123456)
    assert row.phones == ("+525512345678",)
    assert row.emails == ("juana@example.com",)
    assert row.row_number == 2


@pytest.mark.parametrize(
    ("encoding", "bom", "name"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("latin-1", b"", "latin-1"),
        ("cp1252", b"", "cp1252"),
        ("cp850", b"", "cp850"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_encoding_and_delimiter_reads_the_same(encoding, bom, name, delimiter):
    rows = [HEADER] + [
        a_row(**{"Factura": f"F-{n}", "Nombre del cliente": "Peñón Ávila “Ñandú” Güíza"})
        if encoding not in ("latin-1", "cp850")
        else a_row(**{"Factura": f"F-{n}", "Nombre del cliente": "Peñón Ávila Güíza"})
        for n in range(30)
    ]
    inspection, read = read_all(csv_file(rows, delimiter=delimiter, encoding=encoding, bom=bom))

    assert (inspection["encoding"], inspection["delimiter"]) == (name, delimiter)
    assert [row.name for row in read] == [cells[1] for cells in rows[1:]]


def test_one_accent_at_the_end_of_a_long_file_decides_the_encoding():
    rows = [["Folio", "Nombre", "Monto"]] + [[n, "Ana Ruiz", "10.50"] for n in range(60_000)]
    rows.append([60_000, "Peña", "10.50"])

    inspection = inspect(
        csv_file(rows, encoding="latin-1"), mode="debts", country="MX", currency="MXN"
    )

    assert inspection["encoding"] == "latin-1"


def test_a_line_of_another_encoding_in_a_utf8_file_is_read_and_told():
    whole = csv_file([["Folio", "Nombre", "Monto"]] + [[n, "José Peña", "1.50"] for n in range(50)])
    source = csv_file([[99, "Iñigo", "2.50"]], encoding="cp1252")
    whole.seek(0, 2)
    whole.write(source.getvalue())

    inspection, rows = read_all(whole, columns={"0": "debt_id"})

    assert "file.mixed_encodings" in {p["code"] for p in inspection["problems"]}
    assert rows[-1].cells[1] == "Iñigo"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_titles_units_blank_rows_totals_and_footnotes_are_no_data(kind):
    rows = [
        ["CARTERA VENCIDA AL 31/10/2025"],
        ["Créditos del Centro, S.A."],
        [],
        ["", "DEUDOR", "", "DEUDA", ""],
        ["", "Nombre", "RFC", "Vencimiento", "Saldo"],
        ["", "", "", "", "(MXN)"],
        ["", "Ana Ruiz", "", "28/02/2025", "100.50"],
        ["", "", "", "", ""],
        ["", "Total Play SA", "TPL130101AB1", "28/03/2025", "200.50"],
        ["", "TOTAL", "", "", "301.00"],
        ["", "Fuente: sistema de cartera", "", "", ""],
    ]
    source = csv_file(rows) if kind == "csv" else xlsx_file(rows)

    inspection, read = read_all(source)

    assert inspection["header_rows"] == [3, 4]
    assert inspection["units_row"] == 5
    assert inspection["first_data_row"] == 6
    assert inspection["rows"] == 2
    assert inspection["totals_rows"] == [9]
    assert inspection["notes_rows"] == [10]
    assert [(r.name, r.amount_minor, r.row_number) for r in read] == [
        ("Ana Ruiz", 10050, 7),
        ("Total Play SA", 20050, 9),
    ]


def test_a_file_without_a_header_says_so():
    rows = [[n, "Ana Ruiz", f"{n % 28 + 1:02d}/02/2025", f"{n}.50"] for n in range(1, 40)]

    inspection = inspect(csv_file(rows), mode="debts", country="MX", currency="MXN")

    assert inspection["header_rows"] == []
    assert inspection["rows"] == 39
    assert "file.no_header" in {p["code"] for p in inspection["problems"]}


def test_dates_that_can_be_read_both_ways_are_asked_not_guessed():
    rows = [HEADER] + [
        a_row(**{"Factura": f"F-{n}", "Fecha emisión": "", "Fecha de vencimiento": f"0{n}/04/2025"})
        for n in range(1, 10)
    ]
    source = csv_file(rows)
    inspection = inspect(source, mode="debts", country="MX", currency="MXN")

    (question,) = open_questions(inspection, inspection["suggested"])
    assert (question["kind"], question["column"]) == ("date_order", 7)
    assert {c["value"] for c in question["choices"]} == {"dmy", "mdy"}

    _, by_day = read_all(source, answers={question["id"]: "dmy"})
    _, by_month = read_all(source, answers={question["id"]: "mdy"})
    assert (by_day[0].due_on, by_month[0].due_on) == (date(2025, 4, 1), date(2025, 1, 4))


def test_thousands_in_a_currency_without_decimals_are_asked_not_guessed():
    rows = [HEADER] + [
        a_row(**{"Factura": f"F-{n}", "RFC": "", "Teléfono": "", "Saldo": amount})
        for n, amount in enumerate(["57.603", "93.903", "84.53", "2.88"])
    ]
    source = csv_file(rows)
    inspection = inspect(source, mode="debts", country="CL", currency="CLP")

    (question,) = open_questions(inspection, inspection["suggested"])
    assert question["kind"] == "integer_thousands"

    _, thousands = read_all(
        source, country="CL", currency="CLP", answers={question["id"]: "thousands"}
    )
    assert [row.amount_minor for row in thousands] == [57603, 93903, 84530, 2880]
    _, decimals = read_all(
        source, country="CL", currency="CLP", answers={question["id"]: "decimals"}
    )
    assert [row.amount_minor for row in decimals] == [58, 94, 85, 3]
    assert decimals[0].warnings[0].code == "money.rounded"


def test_one_certain_value_settles_the_whole_column():
    rows = [HEADER] + [
        a_row(**{"Factura": f"F-{n}", "Saldo": amount})
        for n, amount in enumerate(["57.603", "1.250.000", "999"])
    ]
    inspection, read = read_all(csv_file(rows), country="CO", currency="COP")

    assert open_questions(inspection, inspection["suggested"]) == []
    assert [row.amount_minor for row in read] == [5760300, 125000000, 99900]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Saldo": "0"}, ("balance", "money.not_positive")),
        ({"Saldo": "(120.00)"}, ("balance", "money.not_positive")),
        ({"Saldo": ""}, ("amount", "money.missing")),
        ({"Saldo": "pendiente"}, ("balance", "money.unreadable")),
        ({"Fecha de vencimiento": ""}, ("due_on", "due_on.missing")),
        ({"Fecha de vencimiento": "31/02/2025"}, ("due_on", "date.no_such_day")),
        ({"Fecha de vencimiento": "01/01/2025"}, ("due_on", "due_on.before_issued")),
        (
            {"No. Cliente": "", "RFC": "", "Nombre del cliente": ""},
            ("name", "debtor.missing"),
        ),
    ],
)
def test_what_would_make_the_ledger_wrong_rejects_the_row(changes, reason):
    good = [a_row(**{"Factura": f"F-{n}"}) for n in range(20)]
    _, rows = read_all(csv_file([HEADER, *good, a_row(**changes)]))

    assert not any(isinstance(row, Rejected) for row in rows[:-1])
    assert isinstance(rows[-1], Rejected)
    assert codes(rows[-1]) == [reason]
    assert list(rows[-1].cells) == a_row(**changes)


def test_a_quotation_mark_that_is_never_closed_is_named():
    """What follows is in the cell: to say that the amount lacks would lead astray."""
    good = [a_row(**{"Factura": f"F-{n}"}) for n in range(20)]
    broken = b'"C-9, Peres\r\nC-10, Ruiz, otra fila que nadie ve\r\n'
    _, rows = read_all(io.BytesIO(csv_file([HEADER, *good]).read() + broken))

    assert not any(isinstance(row, Rejected) for row in rows[:-1])
    assert codes(rows[-1]) == [("", "quote.open")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Teléfono": "12345"}, "phone.invalid"),
        ({"Teléfono": "5555555555"}, "phone.placeholder"),
        ({"Correo electrónico": "juana@"}, "email.invalid"),
        ({"Correo electrónico": "sin@correo.com"}, "email.placeholder"),
        ({"RFC": "VECJ889926XK4"}, "tax_id.invalid"),
        ({"RFC": "XAXX010101000"}, "tax_id.placeholder"),
    ],
)
def test_what_is_wrong_beside_the_debt_is_told_and_left_out(changes, code):
    good = [a_row(**{"Factura": f"F-{n}"}) for n in range(20)]
    _, rows = read_all(csv_file([HEADER, *good, a_row(**changes)]))

    assert rows[-1].amount_minor == 123456
    assert [w.code for w in rows[-1].warnings] == [code]


def test_points_at_zero_abroad_and_swapped_are_told_and_left_out():
    header = [*HEADER, "Latitud", "Longitud"]
    points = [
        ("19.4362531", "-99.2126237", None),
        ("0", "0", "point.zero"),
        ("40.4167754", "-3.7037902", "point.outside_country"),
        ("-99.2126237", "19.4362531", "point.swapped"),
    ]
    _, rows = read_all(
        csv_file(
            [header]
            + [
                [*a_row(**{"Factura": f"F-{n}"}), lat, lng]
                for n, (lat, lng, _) in enumerate(points)
            ]
        )
    )

    assert rows[0].address.cell == "894995bac2bffff"
    assert [[w.code for w in row.warnings] for row in rows[1:]] == [
        [code] for *_, code in points[1:]
    ]


def test_one_point_for_all_rows_is_no_point():
    header = [*HEADER, "Latitud", "Longitud"]
    rows = [[*a_row(**{"Factura": f"F-{n}"}), "19.4362531", "-99.2126237"] for n in range(12)]
    _, read = read_all(csv_file([header, *rows]))

    assert {w.code for row in read for w in row.warnings} == {"point.same_for_all"}
    assert all(row.address is None for row in read)


def test_spreadsheet_dates_and_numbers_need_no_reading():
    rows = [HEADER] + [
        a_row(
            **{
                "Factura": 1000 + n,
                "Fecha emisión": date(2025, 1, 3),
                "Fecha de vencimiento": date(2025, 2, 4),
                "Saldo": 1234.5,
            }
        )
        for n in range(5)
    ]
    inspection, read = read_all(xlsx_file(rows))

    assert inspection["questions"] == []
    assert (read[0].external_id, read[0].due_on, read[0].amount_minor) == (
        "1000",
        date(2025, 2, 4),
        123450,
    )


def test_a_remembered_mapping_is_taken_and_its_questions_are_not_asked_again():
    rows = [HEADER] + [
        a_row(**{"Factura": f"F-{n}", "Fecha emisión": "", "Fecha de vencimiento": f"0{n}/04/2025"})
        for n in range(1, 10)
    ]
    source = csv_file(rows)
    first = inspect(source, mode="debts", country="MX", currency="MXN")
    used = first["suggested"]
    used["columns"]["1"] = None
    used["answers"] = {"c7.date_order": "mdy"}

    again = inspect(
        source,
        mode="debts",
        country="MX",
        currency="MXN",
        remembered=lambda shape: used if shape == first["shape"] else None,
    )

    assert again["remembered"] is True
    assert again["columns"][1]["field"] is None
    assert open_questions(again, again["suggested"]) == []


def test_payments_and_balances_are_read_in_their_modes():
    payments = [["Factura", "Fecha de pago", "Monto pagado", "Referencia"]] + [
        [f"F-{n}", f"{n + 12}/03/2025", "$ 1,500.00", f"R{n}"] for n in range(1, 6)
    ]
    _, rows = read_all(csv_file(payments), mode="payments")
    assert (rows[0].external_id, rows[0].amount_minor, rows[0].reference) == ("F-1", 150000, "R1")
    assert rows[0].paid_on == date(2025, 3, 13)

    balances = [["Factura", "Saldo actual"]] + [[f"F-{n}", f"{n}.50"] for n in range(5)]
    _, rows = read_all(csv_file(balances), mode="balances")
    assert [(row.external_id, row.balance_minor) for row in rows[:2]] == [("F-0", 50), ("F-1", 150)]


def test_a_total_may_stand_beside_its_sum_in_a_row_without_words():
    blank = [""] * (len(HEADER) - 2)
    rows = [HEADER, a_row(), a_row(Factura="F-002"), [*blank, "TOTAL", "2,469.12"]]

    inspection, read = read_all(csv_file(rows))

    assert [row.external_id for row in read] == ["F-001", "F-002"]
    assert inspection["totals_rows"] == [3]


def test_one_impossible_day_does_not_turn_a_column_of_short_years_round():
    days = ["14/09/26", "17/06/26", "19/11/26", "30/05/26", "07/07/26", "28/10/25"] * 3
    rows = [HEADER] + [
        a_row(**{"Factura": f"F-{at}", "Fecha emisión": "", "Fecha de vencimiento": day})
        for at, day in enumerate([*days, "31/02/26"])
    ]

    _, read = read_all(csv_file(rows))

    assert {row.due_on.year for row in read[:-1]} == {2025, 2026}
    assert codes(read[-1]) == [("due_on", "date.no_such_day")]


def test_a_column_of_years_first_is_told_by_how_close_its_dates_lie():
    days = [f"25/{month:02d}/{day:02d}" for month in (3, 4) for day in range(1, 29, 3)]
    rows = [HEADER] + [
        a_row(**{"Factura": f"F-{at}", "Fecha emisión": "", "Fecha de vencimiento": day})
        for at, day in enumerate(days)
    ]

    _, read = read_all(csv_file(rows))

    assert {(row.due_on.year, row.due_on.month) for row in read} == {(2025, 3), (2025, 4)}


def test_the_same_day_of_several_years_is_not_taken_for_one_month():
    days = ["15/01/24", "15/01/25", "15/01/26"]
    rows = [HEADER] + [
        a_row(**{"Factura": f"F-{at}", "Fecha emisión": "", "Fecha de vencimiento": day})
        for at, day in enumerate(days)
    ]

    _, read = read_all(csv_file(rows))

    assert [row.due_on.isoformat() for row in read] == ["2024-01-15", "2025-01-15", "2026-01-15"]
