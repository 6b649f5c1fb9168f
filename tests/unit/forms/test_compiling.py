"""What an author writes becomes a form, or is refused where it is written."""

import pytest

from chalicelib.forms import topics
from chalicelib.forms.compiling import compile_form
from chalicelib.forms.errors import FormRefused
from tests.unit.forms.books import form_of, question

YES_NO = [
    {"list_name": "sn", "name": "si", "label::Español (es)": "Sí", "label::English (en)": "Yes"},
    {"list_name": "sn", "name": "no", "label::Español (es)": "No", "label::English (en)": "No"},
]


def refused(survey, choices=(), **more):
    with pytest.raises(FormRefused) as caught:
        form_of(survey, choices, **more)
    return caught.value


def test_a_form_keeps_what_its_columns_say():
    form = form_of(
        [
            {
                "type": "select_one sn",
                "name": "promete",
                "label::Español (es)": "¿Promete pagar?",
                "label::English (en)": "Promises to pay?",
                "label::Português (pt)": "Promete pagar?",
                "required": "yes",
            },
            {
                "type": "decimal",
                "name": "monto",
                "label::Español (es)": "¿Cuánto?",
                "relevant": "${promete} = 'si'",
                "constraint": ". > 0",
                "constraint_message::Español (es)": "Más que cero, ${promete}",
                "default": "100",
            },
        ],
        YES_NO,
        {"form_title": "Visita", "form_id": "visita", "version": "7", "default_language": "es"},
    )

    assert (form["form_id"], form["title"], form["version"]) == ("visita", "Visita", "7")
    assert set(form["languages"]) >= {"es", "en", "pt"}
    promise, amount = form["items"]
    assert (promise["kind"], promise["required"], promise["list"]) == ("select_one", True, "sn")
    assert promise["label"]["pt"] == "Promete pagar?"
    assert (amount["kind"], amount["row"], amount["default"]) == ("decimal", 3, "100")
    assert amount["relevant"] == ["=", ["ref", ["promete"]], ["s", "si"]]
    assert amount["constraint_message"]["es"] == ["Más que cero, ", ["ref", ["promete"]]]
    assert form["lists"]["sn"][0]["label"] == {"es": "Sí", "en": "Yes"}


def test_the_same_spreadsheet_gives_the_same_digest_and_a_changed_one_another():
    one, again = (form_of([question("text", "nota")]) for _ in range(2))
    other = form_of([question("text", "nota", hint="breve")])

    assert one["digest"] == again["digest"] != other["digest"]


@pytest.mark.parametrize(
    ("kind", "appearance", "expected"),
    [
        ("image", "", "photo"),
        ("image", "signature", "signature"),
        ("image", "draw", "drawing"),
        ("barcode", "", "barcode"),
        ("geopoint", "", "geopoint"),
        ("audio", "", "audio"),
        ("range", "", "range"),
        ("start", "", "metadata"),
        ("acknowledge", "", "acknowledge"),
        ("dateTime", "", "datetime"),
    ],
)
def test_many_types_become_few_kinds(kind, appearance, expected):
    [item] = form_of([question(kind, "q", appearance=appearance)])["items"]

    assert item["kind"] == expected


@pytest.mark.parametrize(
    ("column", "expression", "code", "detail"),
    [
        ("relevant", "${otra} = 1", "form.refused", "otra"),
        ("relevant", "${a} = ", "expression.syntax", "…"),
        ("relevant", "digest(${a}, 'MD5')", "expression.unknown_function", "digest()"),
        ("constraint", "selected(.)", "expression.arity", "selected(): 1"),
        ("constraint", "regex(., '(?<=a)b')", "expression.regex", "(?<=a)b"),
        ("constraint", "regex(., '(a+)+$')", "expression.regex_slow", "(a+)+$"),
        ("calculation", "//a", "expression.not_supported", "//"),
        ("calculation", "instance('clientes')/root/item", "attachment.missing", "clientes.csv"),
    ],
)
def test_what_cannot_be_run_is_refused_where_it_is_written(column, expression, code, detail):
    error = refused([question("text", "a"), question("text", "b", **{column: expression})])

    assert (error.code, error.sheet, error.row, error.column) == (code, "survey", 3, column)
    assert detail in error.detail


def test_choices_of_another_engine_are_refused_not_misread():
    error = refused([question("select_one sn", "a", appearance="search('clientes')")], YES_NO)

    assert (error.code, error.detail, error.column) == (
        "expression.unknown_function", "search()", "appearance",
    )  # fmt: skip


def test_a_type_that_nobody_knows_is_found_in_its_cell():
    error = refused([question("text", "a"), question("pais", "b")])

    assert (error.code, error.detail, error.row, error.column) == (
        "type.unsupported", "pais", 3, "type",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "row", "column"),
    [
        ([{"type": "begin group", "name": "g", "label": "g"}, question("text", "a")], 2, "type"),
        ([question("text", "a"), {"type": "end group"}], 3, "type"),
        ([{"type": "text", "label": "x"}], 2, "name"),
        ([question("text", "a b")], 2, "name"),
        ([question("text", "a"), question("text", "a")], 3, "name"),
        ([question("text", "a"), {"type": "calculate", "name": "x"}], 3, "calculation"),
        ([question("select_one_external l", "a", choice_filter="x=1")], 2, "type"),
        ([question("text", "a"), question("note", "n", label="${zz}")], 3, "label"),
        ([{"name": "a", "label": "b"}], 1, "type"),
    ],
)
def test_pyxforms_own_refusals_get_their_place_too(rows, row, column):
    error = refused(rows, YES_NO)

    assert (error.code, error.sheet, error.row, error.column) == (
        "form.refused", "survey", row, column,
    )  # fmt: skip


def test_calculations_in_a_circle_are_refused():
    error = refused(
        [
            {"type": "calculate", "name": "a", "calculation": "${b} + 1"},
            {"type": "calculate", "name": "b", "calculation": "${a} + 1"},
        ]
    )

    assert (error.code, error.detail) == ("expression.circular", "a → b → a")


def test_a_filter_by_a_column_that_is_not_there_is_told():
    form = form_of([question("select_one sn", "a", choice_filter="zona=norte")], YES_NO)

    assert {warning["detail"] for warning in form["warnings"]} == {"norte", "zona"}
    assert form["warnings"][0]["row"] == 2


def test_choices_come_from_a_table_that_is_attached():
    survey = [question("select_one_from_file agencias.csv", "agencia")]

    assert refused(survey).code == "attachment.missing"

    form = form_of(survey, attachments={"agencias.csv": b"name,label,zona\n1,Centro,n\n"})
    assert form["lists"]["agencias"] == [
        {"name": "1", "label": {"default": "Centro"}, "columns": {"zona": "n"}}
    ]


def test_what_is_no_spreadsheet_is_refused():
    with pytest.raises(FormRefused) as caught:
        compile_form(b"PK\x03\x04 nothing", "x.xlsx")

    assert caught.value.code == "form.unreadable"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("motivo_no_pago", "?"),
        ("q7", "¿Por qué no ha pagado?"),
        ("q7", "Why have you not paid?"),
        ("q7", "Razão da inadimplência"),
    ],
)
def test_a_question_for_the_reason_of_default_is_recognised(name, label):
    form = form_of([question("text", name, label=label), question("text", "nota")])

    assert [item.get("topic") for item in form["items"]] == [topics.REASON_FOR_DEFAULT, None]


def test_an_author_may_say_what_a_question_is_about():
    form = form_of([question("text", "q1", topic="reason_for_default")])

    assert form["items"][0]["topic"] == "reason_for_default"
