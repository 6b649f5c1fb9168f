"""What a questionnaire says changes on the panel; what it does stays."""

import copy

import pytest

from chalicelib.domain.errors import BadField
from chalicelib.forms.answers import Filling
from chalicelib.forms.editing import edited
from tests.unit.forms.books import form_of, question, surroundings

FORM = form_of(
    [
        question("select_one si_no", "paga", required="yes"),
        question("begin_group", "trato"),
        question("decimal", "monto", relevant="${paga} = 'si'", constraint=". > 0"),
        question("note", "aviso") | {"label": "Serían ${monto}"},
        {"type": "end_group"},
        question("select_one banco", "banco"),
    ],
    [
        {"list_name": "si_no", "name": "si", "label": "Sí"},
        {"list_name": "si_no", "name": "no", "label": "No"},
        {"list_name": "banco", "name": "norte", "label": "Norte"},
        {"list_name": "banco", "name": "sur", "label": "Sur"},
    ],
    {"default_language": "Español (es)"},
)


def question_of(form, *path):
    items = form["items"]
    for name in path:
        item = next(each for each in items if each["name"] == name)
        items = item.get("items", [])
    return item


def test_texts_change_in_the_languages_that_are_sent():
    changes = {
        "path": ["trato", "monto"],
        "label": {"es": "¿Cuánto?", "en": "How much?"},
        "hint": {"es": "En pesos"},
        "required": True,
    }

    made = edited(FORM, {"questions": [changes], "title": "Otra"})

    item = question_of(made, "trato", "monto")
    assert item["label"] == {"es": "¿Cuánto?", "en": "How much?"}
    assert item["hint"] == {"es": "En pesos"}
    assert item["required"] is True
    assert made["title"] == "Otra"
    assert made["languages"] == ["es", "en"]
    assert made["digest"] != FORM["digest"]
    assert question_of(FORM, "trato", "monto")["label"] == {"es": "monto"}


def test_a_text_may_mention_answers():
    change = {"path": ["trato", "aviso"], "label": {"es": "Pagaría ${monto} y ${paga}"}}

    made = edited(FORM, {"questions": [change]})

    assert question_of(made, "trato", "aviso")["label"]["es"] == [
        "Pagaría ",
        ["ref", ["trato", "monto"]],
        " y ",
        ["ref", ["paga"]],
    ]


def test_order_and_choices_change_and_answers_are_judged_by_them():
    made = edited(
        FORM,
        {
            "order": [{"path": [], "names": ["banco", "paga", "trato"]}],
            "lists": {
                "banco": [
                    {"name": "centro", "label": {"es": "Centro"}},
                    {"name": "norte", "label": {"es": "Del Norte"}},
                ]
            },
        },
    )

    assert [item["name"] for item in made["items"]] == ["banco", "paga", "trato"]
    before = Filling(FORM, {"paga": "no", "banco": "sur"}, surroundings())
    after = Filling(made, {"paga": "no", "banco": "sur"}, surroundings())
    assert before.problems() == []
    assert [each.code for each in after.problems()] == ["question.not_a_choice"]
    assert Filling(made, {"paga": "no", "banco": "centro"}, surroundings()).problems() == []


def test_what_a_new_label_asks_is_looked_at_again():
    change = {"path": ["banco"], "label": {"es": "¿Cuál es el motivo de no pago?"}}

    assert question_of(edited(FORM, {"questions": [change]}), "banco")["topic"] == (
        "reason_for_default"
    )


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"questions": [{"path": ["no"]}]}, "questions.0.path", "unknown"),
        (
            {"questions": [{"path": ["paga"], "label": {"es": "${nadie}"}}]},
            "questions.0.label.es",
            "unknown",
        ),
        (
            {"questions": [{"path": ["paga"], "label": {"es": " "}}]},
            "questions.0.label",
            "missing",
        ),
        (
            {"questions": [{"path": ["trato", "aviso"], "required": True}]},
            "questions.0.required",
            "not_one_of",
        ),
        ({"order": [{"path": [], "names": ["paga"]}]}, "order.0.names", "not_a_permutation"),
        ({"order": [{"path": ["paga"], "names": []}]}, "order.0.path", "unknown"),
        ({"lists": {"nada": []}}, "lists.nada", "unknown"),
        ({"lists": {"banco": []}}, "lists.banco", "missing"),
        (
            {"lists": {"banco": [{"name": "a b", "label": {"es": "A"}}]}},
            "lists.banco.0.name",
            "bad_format",
        ),
        (
            {"lists": {"banco": [{"name": "a", "label": {"es": ""}}]}},
            "lists.banco.0.label",
            "missing",
        ),
        (
            {"lists": {"si_no": [{"name": "no", "label": {"es": "No"}}]}},
            "lists.si_no",
            "in_use",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_its_path(changes, field, reason):
    before = copy.deepcopy(FORM)

    with pytest.raises(BadField) as caught:
        edited(FORM, changes)

    assert (caught.value.details["field"], caught.value.details["reason"]) == (field, reason)
    assert before == FORM
