"""Real messy files are read as their ``EXPECTED.json`` says, fact by fact; the table is printed."""

import json
from decimal import Decimal

import pytest

from cli.read import report_on

from .files import SHARED

MESSY = SHARED / "data" / "messy_spanish"
EXPECTED = MESSY / "EXPECTED.json"
COUNTRY = {"gasto_comun.csv": "CL", "gasto_comun.xlsx": "CL"}
CURRENCY = {"ES": "EUR", "CL": "CLP", "MX": "MXN", "US": "USD"}

pytestmark = pytest.mark.skipif(not EXPECTED.exists(), reason="the shared files are not here")


def expected_files():
    return json.loads(EXPECTED.read_text(encoding="utf-8")) if EXPECTED.exists() else []


def report(path, *, country=None, mode=None, sheet=None):
    country = country or COUNTRY.get(path.name) or ("CL" if "sii" in path.name else "ES")
    with path.open("rb") as source:
        return report_on(
            source, country=country, currency=CURRENCY[country], mode=mode, sheet=sheet
        )


@pytest.mark.parametrize("facts", expected_files(), ids=lambda facts: facts["file"])
def test_every_expected_fact_is_found(facts):
    found = report(MESSY / facts["file"])
    checked = []

    def same(name, value, wanted):
        assert value == wanted, name
        checked.append(name)

    for name in ("encoding", "delimiter", "header_row", "header", "sheet", "sheets"):
        if name in facts:
            same(name, found[name], facts[name])
    for name in ("header_rows", "units_row", "first_data_row"):
        if name in facts:
            same(name, found[name], facts[name])
    if "rows" in facts:
        same("rows", found["rows"], facts["rows"])
    if "raw_rows" in facts:
        same("raw_rows", found["rows"], facts["raw_rows"])
        same("row_lengths", [len(found["header"]), found["widest_row"]], facts["row_lengths"])
    if "rows_with_population" in facts:  # subtotals by province have a population, too
        same("population", found["rows"] + found["totals"], facts["rows_with_population"])
    if "amount_sum" in facts:
        amounts = found["money"][facts["amount_column"]]
        same("sum", Decimal(amounts["sum"]), Decimal(facts["amount_sum"]))
        same("negative", amounts["negative"], facts["negative_amounts"])
        same("unreadable", amounts["unreadable"], 0)
    if "amount_sum_clp" in facts:
        amounts = found["money"][facts["amount_column"]]
        same("sum", Decimal(amounts["sum"]), facts["amount_sum_clp"])
    if "date_column" in facts:
        dates = found["dates"][facts["date_column"]]
        same("first", dates["min"], facts["date_min"])
        same("last", dates["max"], facts["date_max"])
        same("undated", dates["unreadable"], facts["rows_without_parsable_date"])
    accepted = found["accepted"]["rows"] + found["rejected"]["rows"]
    same("every row accounted for", accepted, found["rows"])
    print(
        f"\n{facts['file']:55} {found['encoding'] or found['kind']:8} header "
        f"{found['header_rows']!s:9} rows {found['rows']:5}  facts checked {len(checked)}"
    )


def test_the_table_of_files_and_figures(capsys):
    rows = []
    for facts in expected_files():
        found = report(MESSY / facts["file"])
        money = found["money"].get(facts.get("amount_column", ""), {})
        rows.append((facts["file"], found["rows"], money.get("sum", "-"), found["totals"]))
        if facts["file"].endswith(".csv"):
            assert found["encoding"] in ("utf-8", "latin-1")
    with capsys.disabled():
        print(f"\n{'file':58} {'rows':>6} {'sum':>16} {'totals':>7}")
        for file, count, total, totals in rows:
            print(f"{file:58} {count:6} {total:>16} {totals:7}")
    assert len(rows) == len(expected_files())


@pytest.mark.parametrize("file", ["gasto_comun.csv", "gasto_comun.xlsx"])
def test_pesos_that_excel_took_for_decimals_are_asked_about(file):
    found = report(MESSY / file, mode="debts")

    assert "c14.integer_thousands" in found["open_questions"]
    assert Decimal(found["money"]["TOTAL A PAGAR"]["sum"]) == 893414
    parts = [
        "GASTO COMUN", "FONDO DE RESERVA", "SEGURO UNIDAD COPROPIEDAD", "AGUA INDIVIDUAL",
        "COMBUSTIBLE", "OTROS COBROS",
    ]  # fmt: skip
    assert sum(Decimal(found["money"][part]["sum"]) for part in parts) == 893414


@pytest.mark.parametrize("name", ["missing-required-fields", "rz_leading_trailing_whitespace"])
def test_ledgers_of_the_tax_office_read_as_its_own_parser_does(name):
    from chalicelib.intake.inspection import inspect, open_rows
    from chalicelib.intake.reader import RowReader

    wanted = json.loads((MESSY / f"sii_RCV-venta-{name}.expected.json").read_text())["rows"]
    with (MESSY / f"sii_RCV-venta-{name}.csv").open("rb") as source:
        inspection = inspect(source, mode="debts", country="CL", currency="CLP")
        mapping = inspection["suggested"]
        mapping["columns"] = {
            **dict.fromkeys(mapping["columns"]),
            "3": "tax_id", "4": "name", "5": "debt_id", "6": "due_on", "13": "amount",
        }  # fmt: skip
        reader = RowReader(mapping, inspection, country="CL", currency="CLP", mode="debts")
        rows = [reader.read(*row) for row in open_rows(source, inspection, mapping)]

    assert len(rows) == len(wanted)
    for row, facts in zip(rows, wanted, strict=True):
        if facts["ok"]:
            assert row.external_id == str(facts["folio"])
            assert row.tax_id == facts["cliente_rut"].replace("-", "")
            assert row.name == facts["razon_social"]
            assert row.due_on.isoformat() == facts["fecha"]
            assert row.amount_minor == facts["monto_total"]


def test_ibm_invoices_are_us_dates_and_add_up():
    found = report(SHARED / "data" / "ar_invoices" / "ibm_accounts_receivable.csv", country="US")

    assert (found["mode"], found["open_questions"], found["mapping_problems"]) == ("debts", [], [])
    assert found["dates"]["DueDate"]["max"] == "2013-06-30"
    assert found["accepted"] == {"rows": 1663, "amount": "99771.20", "warnings": {}}
    assert found["ok"] is True


def test_highradius_invoices_keep_their_float_ids_and_short_customer_numbers():
    path = SHARED / "data" / "ar_invoices" / "highradius_open_invoices.csv"
    found = report(path, country="US")

    problems = {(p["code"], p["details"].get("column")) for p in found["problems"]}
    assert ("ids.as_floats", 6) in problems
    assert ("ids.zeros_lost", 2) in problems
    assert found["accepted"]["rows"] + found["rejected"]["rows"] == 6491
    assert found["rejected"]["reasons"] == {"due_on.before_issued": 15}
    assert found["accepted"]["amount"] == "202040413.64"


@pytest.mark.parametrize(
    ("file", "country", "warning"),
    [
        ("comisarias_osm_chile.csv", "CL", "point.same_for_all"),
        ("denue_mx_latin1.csv", "MX", None),
        ("denue_cdmx_251plus_mojibake.csv", "MX", None),
    ],
)
def test_addresses_are_found_and_bad_points_told(file, country, warning):
    from chalicelib.intake.inspection import inspect, open_rows
    from chalicelib.intake.reader import RowReader

    currency = CURRENCY[country]
    with (SHARED / "data" / "addresses_mx" / file).open("rb") as source:
        inspection = inspect(source, mode="debts", country=country, currency=currency)
        fields = {c["field"] for c in inspection["columns"]}
        assert {"lat", "lng", "city", "address"} <= fields
        assert inspection["rows"] > 200
        wanted = {"lat", "lng", "city", "address", "name"}
        kept = inspection["suggested"]["columns"]
        kept = {key: field if field in wanted else None for key, field in kept.items()}
        number, cells = next(open_rows(source, inspection, inspection["suggested"]))
    width = len(inspection["columns"])
    extra = {str(width): "due_on", str(width + 1): "amount"}
    for index in (width, width + 1):
        inspection["columns"].append({"index": index, "kind": "text", "reading": {}})
    mapping = {**inspection["suggested"], "columns": {**kept, **extra}}
    reader = RowReader(mapping, inspection, country=country, currency=currency, mode="debts")
    row = reader.read(number, [*cells, *[""] * (width - len(cells)), "2025-01-31", "10"])
    assert row.address.city
    assert [note.code for note in row.warnings] == ([warning] if warning else [])
    assert (row.address.cell is None) == bool(warning)
