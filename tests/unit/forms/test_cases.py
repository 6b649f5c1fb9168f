"""The cases that both sides run say the same by hand and in Python, and lie as committed."""

import pytest

from tests.unit.forms import cases

MADE = cases.expressions()
WORLD = cases.World()


@pytest.mark.parametrize("case", MADE["cases"], ids=lambda case: case["expression"][:40])
def test_an_expression_gives_what_it_says(case):
    assert WORLD.text(case["at"], case["tree"]) == case["value"]


@pytest.mark.parametrize("name", sorted(cases.MADE))
def test_the_committed_cases_are_current(name):
    committed = (cases.FOLDER / name).read_text(encoding="utf-8")

    assert cases.written(name) == committed, "run: python -m tests.unit.forms.cases"
