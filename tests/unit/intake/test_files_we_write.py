"""Templates and files of rejects: our own reader takes both back."""

import io
import json
from pathlib import Path

import pytest

import chalicelib.intake
from chalicelib.domain.money import DECIMALS
from chalicelib.domain.portfolio import COUNTRIES
from chalicelib.i18n.wording import LANGUAGES
from chalicelib.intake.fields import FIELDS, MODES
from chalicelib.intake.inspection import inspect, open_rows
from chalicelib.intake.mapping import mapping_problems, open_questions
from chalicelib.intake.reader import RowReader
from chalicelib.intake.rejects import RejectsFile
from chalicelib.intake.rows import Rejected
from chalicelib.intake.templates import template, template_fields
from chalicelib.intake.texts import texts
from cli.read import _CURRENCIES

from .files import csv_file, xlsx_file


def read(source, *, country="MX", currency="MXN", mode="debts"):
    inspection = inspect(source, mode=mode, country=country, currency=currency)
    mapping = inspection["suggested"]
    reader = RowReader(mapping, inspection, country=country, currency=currency, mode=mode)
    rows = [reader.read(*row) for row in open_rows(source, inspection, mapping)]
    return inspection, rows


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_a_template_is_read_back_without_a_question(country, mode, language, kind):
    currency = _CURRENCIES[country]
    body, media_type, name = template(
        mode, country=country, currency=currency, language=language, kind=kind
    )
    inspection, rows = read(io.BytesIO(body), country=country, currency=currency, mode=mode)

    assert media_type
    assert name.endswith(kind)
    fields = {c["field"] for c in inspection["columns"]}  # those that are empty as yet, too
    known = set(template_fields(mode))
    assert known - {"region"} <= fields - {None} <= known  # an empty "Estado" may be a status
    assert mapping_problems(inspection, inspection["suggested"], mode) == []
    assert open_questions(inspection, inspection["suggested"]) == []
    (row,) = rows
    assert not isinstance(row, Rejected), row.reasons
    assert row.warnings == ()
    minor = row.balance_minor if mode == "balances" else row.amount_minor
    assert minor == (50000 if mode == "payments" else 123456)
    if mode == "debts":
        assert row.phones
        assert row.tax_id
        assert row.address.cell


HEADER = ["Cliente", "Factura", "Vencimiento", "Saldo"]
GOOD = [["Ana Ruiz", f"F-{n}", "28/02/2025", "10.50"] for n in range(20)]
BAD = [["Peña, José", "F-90", "31/02/2025", "-5.00"], ["", "F-91", "28/02/2025", "1.50"]]


@pytest.mark.parametrize(
    ("encoding", "bom", "delimiter"),
    [("latin-1", b"", ";"), ("utf-8", b"\xef\xbb\xbf", ","), ("utf-16-le", b"\xff\xfe", "\t")],
)
def test_rejects_come_back_as_the_text_file_was(encoding, bom, delimiter):
    source = csv_file([HEADER, *GOOD, *BAD], encoding=encoding, bom=bom, delimiter=delimiter)
    inspection, rows = read(source)
    out = RejectsFile(inspection, language="es")
    out.add_all(row for row in rows if isinstance(row, Rejected))

    body = out.to_bytes()

    assert body.startswith(bom)
    lines = body.decode("utf-8-sig" if encoding == "utf-8" else encoding).strip("\ufeff")
    lines = lines.splitlines()
    quoted = '"Peña, José"' if delimiter == "," else "Peña, José"
    assert lines[0] == delimiter.join([*HEADER, "Fila del archivo original", "Motivo del rechazo"])
    assert lines[1].startswith(delimiter.join([quoted, "F-90", "31/02/2025", "-5.00", "22"]))
    assert "ese día no existe" in lines[1]
    assert "el importe debe ser mayor que cero" in lines[1]
    assert "falta el id, el documento y el nombre" in lines[2]

    again, rejected = read(io.BytesIO(body))
    assert again["rows"] == len(rejected) == 2
    before = [c["field"] for c in inspection["columns"]]
    assert [c["field"] for c in again["columns"]] == [*before, None, None]


def test_rejects_of_a_workbook_come_back_as_a_workbook():
    inspection, rows = read(xlsx_file([HEADER, *GOOD, *BAD]))
    out = RejectsFile(inspection, language="pt")
    out.add_all(row for row in rows if isinstance(row, Rejected))

    again, rejected = read(io.BytesIO(out.to_bytes()))

    assert (again["kind"], again["rows"]) == ("xlsx", 2)
    assert [row.cells[:4] for row in rejected] == [tuple(row) for row in BAD]
    assert again["columns"][5]["header"] == "Motivo da rejeição"


def test_every_text_is_there_in_every_language_with_the_same_blanks():
    import re

    spanish = texts("es")
    for language in LANGUAGES:
        other = texts(language)
        assert other.keys() == spanish.keys()
        for key, said in other.items():
            assert said
            assert set(re.findall(r"{\w+}", said)) == set(re.findall(r"{\w+}", spanish[key])), key


def test_every_code_the_reader_can_give_has_a_text():
    import re

    folder = Path(chalicelib.intake.__file__).parent
    code = "".join(path.read_text() for path in folder.glob("*.py"))
    reasons = set(re.findall(r'BadValue\(\s*"([a-z_.]+)"', code))
    reasons |= set(re.findall(r'_(?:note|refuse|missing)\(\s*"\w+",\s*"([a-z_.]+)"', code))
    reasons |= set(re.findall(r'_refuse\(field, "([a-z_.]+)"', code))
    problems = set(re.findall(r'problem\(\s*"([a-z_.]+)"', code))
    problems |= set(re.findall(r'"code": "([a-z_.]+)"', code))
    assert len(reasons) > 20
    assert len(problems) > 10
    for said in texts("es"), texts("en"), texts("pt"):
        assert {f"intake.reason.{r}" for r in reasons} <= said.keys()
        assert {f"intake.problem.{p}" for p in problems} <= said.keys()
        assert {f"intake.field.{f}" for f in FIELDS} <= said.keys()


def test_the_synonyms_are_of_fields_that_exist():
    path = Path(chalicelib.intake.__file__).parent / "synonyms.json"

    assert json.loads(path.read_text(encoding="utf-8")).keys() == FIELDS.keys()
    assert set(_CURRENCIES.values()) <= DECIMALS.keys()
