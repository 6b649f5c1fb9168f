"""Only saying, leaving out and listing: everything else is refused when a text is read."""

import pytest

from chalicelib.domain.contact import Channel
from chalicelib.messages import engine, facts, variables
from chalicelib.messages.render import render
from chalicelib.messages.template import BadTemplate, FactMissing
from tests.unit.messages.builders import a_text, some_facts

ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ total.__class__.__mro__ }}",
    "{{ total.currency }}",
    "{{ debts[0] }}",
    "{{ range(10) }}",
    "{% for i in range(999999) %}x{% endfor %}",
    "{{ 'a' * 999999999 }}",
    "{{ 2 ** 99999 }}",
    "{{ total ~ brand }}",
    "{{ brand | attr('x') }}",
    "{{ brand | upper(1) }}",
    "{% set x = 1 %}",
    "{% include 'x' %}",
    "{% macro m() %}{% endmacro %}",
    "{% for brand in debts %}{% endfor %}",
    "{% for d in debts recursive %}{% endfor %}",
    "{% for d in debts if d.total %}{% endfor %}",
    "{% for d in debts %}{% for e in debts %}{% endfor %}{% endfor %}",
    "{% for d in debts %}{{ d }}{% endfor %}",
    "{% for d in debts %}{{ d.__dict__ }}{% endfor %}",
    "{% for d in debts %}{{ loop.index }}{% endfor %}",
    "{{ self }}",
    "{{ cycler }}",
    "{{ _colour }}",
    "{{ lipsum() }}",
    "{% raw %}{{ x }}",
    "{% if total %}" * 4000,
    "(" * 100 + "{{ " + "(" * 5000 + " }}",
]


@pytest.mark.parametrize("source", ESCAPES, ids=lambda source: source[:40])
def test_what_templates_do_not_have_is_refused(source: str) -> None:
    with pytest.raises(BadTemplate):
        engine.ready(source, Channel.SMS, "es_MX")


def test_a_refusal_tells_where() -> None:
    with pytest.raises(BadTemplate) as refused:
        engine.parse("Hola {{ first_name }}\n\n{{ nombre }}")

    assert (refused.value.code, refused.value.line) == ("unknown_variable", 3)
    assert refused.value.facts == {"name": "nombre"}


def test_the_table_and_the_facts_have_the_same_names() -> None:
    given = set(facts.MessageFacts.__dataclass_fields__)
    inner = {"language", "locale", "country", "colour", "first_contact", "unidentified"}

    assert given - inner == set(variables.VARIABLES)
    assert set(variables.DEBT_FIELDS) == set(facts.DebtFacts.__dataclass_fields__)
    for language in ("es", "en", "pt"):
        assert set(variables.about(language)) == set(variables.VARIABLES)


def test_what_is_always_there_is_there_and_the_rest_is_refused_where_it_is_not() -> None:
    known = some_facts()

    for name, variable in variables.VARIABLES.items():
        if variable.kind is variables.Kind.LIST:
            continue
        text = a_text(f"{{{{ {name} }}}}")
        if variable.always:
            assert render(text, known).text
        elif getattr(known, name) is None:
            with pytest.raises(FactMissing) as refused:
                render(text, known)
            assert refused.value.names == (name,)


def test_what_is_not_there_can_be_left_out() -> None:
    text = a_text("Hola{% if promise_on %}, {{ promise_on | weekday }}{% endif %}.")

    assert render(text, some_facts()).text == "Hola."


def test_a_filter_on_what_is_missing_is_refused_too() -> None:
    with pytest.raises(FactMissing):
        render(a_text("{{ promise_on | weekday }}"), some_facts())


def test_the_same_text_is_compiled_once() -> None:
    first = engine.ready("Hola {{ first_name }}", Channel.SMS, "es_MX")

    assert engine.ready("Hola {{ first_name }}", Channel.SMS, "es_MX") is first
