"""Answers are judged as the form says, each refusal with the question's name."""

import pytest

from chalicelib.forms import topics
from chalicelib.forms.answers import Filling
from tests.unit.forms.books import form_of, question, surroundings

CHOICES = [
    {"list_name": "edo", "name": "pue", "label": "Puebla"},
    {"list_name": "edo", "name": "ver", "label": "Veracruz"},
    {"list_name": "mun", "name": "chol", "label": "Cholula", "edo": "pue"},
    {"list_name": "mun", "name": "xal", "label": "Xalapa", "edo": "ver"},
]


def judge(survey, answers, choices=CHOICES, **more):
    filling = Filling(form_of(survey, choices), answers, surroundings(**more))
    return [(p.path, p.code) for p in filling.problems()], filling.answers()


def test_what_is_right_is_kept():
    survey = [question("text", "nota", required="yes"), question("integer", "meses")]

    assert judge(survey, {"nota": "ok", "meses": "3"}) == ([], {"nota": "ok", "meses": "3"})


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("integer", "3.5", "question.not_an_integer"),
        ("decimal", "1,5", "question.not_a_number"),
        ("date", "2026-02-30", "question.not_a_date"),
        ("time", "25:00", "question.not_a_time"),
        ("dateTime", "2026-02-03", "question.not_a_moment"),
        ("geopoint", "91 0", "question.not_a_place"),
        ("geotrace", "19 -99", "question.not_a_place"),
        ("select_one edo", "oax", "question.not_a_choice"),
        ("select_multiple edo", "pue pue", "question.not_a_choice"),
        ("acknowledge", "si", "question.not_a_choice"),
        ("image", "../x.jpg", "question.not_a_file"),
        ("range", "11", "question.not_in_range"),
        ("text", "x" * 10_001, "question.too_long"),
        ("text", ["a", 1], "question.shape"),
        ("text", {"a": "b"}, "question.shape"),
    ],
)
def test_an_answer_of_the_wrong_kind_is_refused(kind, value, code):
    problems, _ = judge([question(kind, "q")], {"q": value})

    assert problems == [("q", code)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", "-3"),
        ("decimal", "1.50"),
        ("date", "2028-02-29"),
        ("time", "23:59"),
        ("dateTime", "2026-02-03T10:00:00.000-06:00"),
        ("geopoint", "19.4 -99.1 2240 8"),
        ("geoshape", "1 1;1 2;2 2;1 1"),
        ("select_multiple edo", ["pue", "ver"]),
        ("rank edo", "ver pue"),
        ("acknowledge", "OK"),
        ("image", "fachada-1.jpg"),
        ("range", "10"),
        ("barcode", "7501031311309"),
    ],
)
def test_an_answer_of_the_right_kind_is_kept(kind, value):
    problems, _ = judge([question(kind, "q")], {"q": value})

    assert problems == []


def test_a_question_that_is_not_asked_needs_no_answer_and_takes_none():
    survey = [
        question("select_one edo", "edo"),
        question("text", "barrio", relevant="${edo} = 'pue'", required="yes"),
    ]

    assert judge(survey, {"edo": "ver"})[0] == []
    assert judge(survey, {"edo": "pue"})[0] == [("barrio", "question.required")]
    assert judge(survey, {"edo": "ver", "barrio": "x"})[0] == [("barrio", "question.not_asked")]


def test_choices_are_those_that_the_filter_leaves():
    survey = [
        question("select_one edo", "estado"),
        question("select_one mun", "municipio", choice_filter="edo = ${estado}"),
    ]

    assert judge(survey, {"estado": "pue", "municipio": "chol"})[0] == []
    assert judge(survey, {"estado": "pue", "municipio": "xal"})[0] == [
        ("municipio", "question.not_a_choice")
    ]


def test_calculations_are_computed_here_whatever_was_sent():
    survey = [
        {"type": "calculate", "name": "total", "calculation": "round(${a} * 1.16, 2)"},
        question("decimal", "a"),
        {"type": "calculate", "name": "doble", "calculation": "${total} * 2"},
    ]

    problems, kept = judge(survey, {"a": "100", "total": "1"})

    assert (problems, kept) == ([], {"total": "116", "a": "100", "doble": "232"})


def test_a_condition_sees_the_other_answers_and_the_agents_day():
    survey = [
        question("decimal", "saldo"),
        question("decimal", "monto", constraint=". > 0 and . <= ${saldo}"),
        question("date", "dia", constraint=". >= today() and . <= today() + 15"),
    ]

    assert judge(survey, {"saldo": "50", "monto": "50", "dia": "2026-12-07"})[0] == []
    assert judge(survey, {"saldo": "50", "monto": "51", "dia": "2026-12-08"})[0] == [
        ("monto", "question.constraint"),
        ("dia", "question.constraint"),
    ]


def test_repeats_have_the_number_that_the_form_asks_for():
    survey = [
        question("integer", "n"),
        {"type": "begin repeat", "name": "hijo", "label": "hijo", "repeat_count": "${n}"},
        question("integer", "edad", required="yes"),
        {"type": "end repeat"},
        {"type": "calculate", "name": "suma", "calculation": "sum(${edad})"},
    ]

    problems, kept = judge(survey, {"n": "2", "hijo": [{"edad": "3"}]})
    assert problems == [("hijo[2]/edad", "question.required")]
    problems, kept = judge(survey, {"n": "2", "hijo": [{"edad": "3"}, {"edad": "4"}]})
    assert (problems, kept["suma"]) == ([], "7")
    problems, kept = judge(survey, {"n": "1", "hijo": [{"edad": "3"}, {"edad": "4"}]})
    assert problems == [("hijo[2]", "question.too_many")]


def test_inside_a_repeat_a_name_means_its_own_instance():
    survey = [
        {"type": "begin repeat", "name": "pago", "label": "pago"},
        question("decimal", "monto"),
        question("text", "recibo", relevant="${monto} > 100", required="yes"),
        {"type": "calculate", "name": "n", "calculation": "position(..)"},
        {"type": "end repeat"},
        {"type": "calculate", "name": "cuantos", "calculation": "count(${pago})"},
        {
            "type": "calculate",
            "name": "segundo",
            "calculation": "indexed-repeat(${monto}, ${pago}, 2)",
        },
    ]

    problems, kept = judge(survey, {"pago": [{"monto": "50"}, {"monto": "150"}]})

    assert problems == [("pago[2]/recibo", "question.required")]
    assert (kept["cuantos"], kept["segundo"]) == ("2", "150")
    assert [instance["n"] for instance in kept["pago"]] == ["1", "2"]


def test_the_case_gives_hidden_answers_and_the_phone_cannot_change_them():
    survey = [
        {"type": "hidden", "name": "saldo"},
        question("decimal", "monto", constraint=". <= ${saldo}"),
    ]

    problems, kept = judge(survey, {"saldo": "9999", "monto": "500"}, presets={"saldo": "300"})

    assert problems == [("monto", "question.constraint")]
    assert kept["saldo"] == "300"


def test_names_that_the_form_does_not_have_are_refused():
    problems, _ = judge([question("text", "a")], {"a": "x", "b": "y"})

    assert [code for _, code in problems] == ["question.unknown"]


def test_a_country_forbids_a_question_and_an_answer_to_it():
    form = form_of(
        [
            question("text", "motivo_no_pago", required="yes"),
            question("text", "nota", relevant="${motivo_no_pago} = ''"),
        ]
    )
    there = topics.without(form, {topics.REASON_FOR_DEFAULT: "Ley 2300 de 2023"})

    asked = Filling(there, {"nota": "hola"}, surroundings())
    told = Filling(there, {"motivo_no_pago": "x", "nota": "hola"}, surroundings())

    assert (asked.problems(), asked.answers()) == ([], {"nota": "hola"})
    assert [(p.question, p.code) for p in told.problems()] == [
        ("motivo_no_pago", "question.forbidden")
    ]
    assert "forbidden" not in form["items"][0]


@pytest.mark.parametrize("answers", [None, [], "x", {"r": {"a": "b"}}, {"r": ["x"]}])
def test_what_is_not_shaped_as_the_form_never_breaks_it(answers):
    survey = [
        {"type": "begin repeat", "name": "r", "label": "r"},
        question("text", "a"),
        {"type": "end repeat"},
    ]

    assert "question.shape" in {code for _, code in judge(survey, answers)[0]}


def test_where_the_number_is_not_answered_no_instance_is_wanted():
    form = form_of(
        [
            question("integer", "cuantos"),
            question("begin_repeat", "hijo", repeat_count="${cuantos}"),
            question("text", "nombre"),
            {"type": "end_repeat"},
        ]
    )

    none = Filling(form, {"hijo": [{"nombre": "Ana"}]}, surroundings())
    one = Filling(form, {"cuantos": "1", "hijo": [{"nombre": "Ana"}]}, surroundings())

    assert [(each.path, each.code) for each in none.problems()] == [
        ("hijo[1]", "question.too_many")
    ]
    assert one.problems() == []
