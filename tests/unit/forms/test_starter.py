"""The spreadsheet to start from is one that works."""

import pytest

from chalicelib.forms.answers import Filling
from chalicelib.forms.compiling import compile_form
from chalicelib.forms.starter import starter
from chalicelib.forms.topics import without
from tests.unit.forms.books import surroundings


@pytest.fixture(params=["es", "en", "pt"])
def form(request):
    name, content = starter(request.param)
    return compile_form(content, name), request.param


def test_it_compiles_without_a_warning_in_three_languages(form):
    compiled, language = form

    assert compiled["warnings"] == []
    assert sorted(compiled["languages"]) == ["en", "es", "pt"]
    assert compiled["languages"][0] == language
    assert {len(choice["label"]) for rows in compiled["lists"].values() for choice in rows} == {3}


def test_its_tricks_do_what_its_help_says(form):
    compiled, _ = form
    answers = {
        "vivienda": {"tipo_vivienda": "casa", "tenencia": "familiar"},
        "acuerdo": {"propone": "si", "pagos": "3", "monto_mensual": "150.50"},
        "telefono": [{"numero": "5512345678"}],
    }

    filling = Filling(compiled, answers, surroundings())
    moved = answers | {"vivienda": {"tipo_vivienda": "local", "tenencia": "familiar"}}
    short = answers | {"telefono": [{"numero": "12"}]}

    assert filling.problems() == []
    assert filling.answers()["acuerdo"]["total"] == "451.5"
    assert [p.question for p in Filling(compiled, moved, surroundings()).problems()] == ["tenencia"]
    assert [p.path for p in Filling(compiled, short, surroundings()).problems()] == [
        "telefono[1]/numero"
    ]


def test_it_asks_nothing_that_a_law_forbids(form):
    compiled, _ = form

    assert without(compiled, {"reason_for_default": "x"}) == compiled
