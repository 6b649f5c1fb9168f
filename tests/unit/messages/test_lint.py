"""What the lint finds, one fault a case."""

from dataclasses import replace

import pytest

from chalicelib.domain import defaults
from chalicelib.domain.contact import Channel
from chalicelib.messages import lint
from chalicelib.messages.identification import SAID_BY
from chalicelib.messages.lint import Level
from chalicelib.messages.template import Stage, Template
from tests.unit.messages.builders import WHO, a_text, identified, required, some_facts

GOOD = "Hola {{ first_name }}: debe {{ total }} a {{ creditor }}. {{ identification }}"


def codes(text: Template, country: str = "MX", **facts) -> set[str]:
    known = [some_facts(portfolio=identified(country), **facts)]
    found = lint.lint(text, country=country, required=required(country), facts=known)
    return {each.code for each in found}


def test_a_good_text_is_found_good() -> None:
    assert codes(a_text(GOOD, Channel.SMS)) == set()


@pytest.mark.parametrize(
    ("language", "said", "code"),
    [
        ("es", "Vamos a embargar sus bienes", "word_threat"),
        ("es", "Irá a la cárcel", "word_threat"),
        ("es", "Será demandado", "word_court"),
        ("es", "ante el Juzgado", "word_court"),
        ("es", "acciones\nlegales", "word_court"),
        ("es", "Usted es un MOROSO", "word_insult"),
        ("es", "Hablaremos con sus vecinos", "word_exposure"),
        ("es", "Último aviso", "word_pressure"),
        ("es", "Lo reportaremos al Buró", "word_bureau"),
        ("es", "Departamento Jurídico", "word_authority"),
        ("en", "We will sue you", "word_court"),
        ("en", "you may be arrested", "word_threat"),
        ("en", "final notice", "word_pressure"),
        ("pt", "vamos penhorar seus bens", "word_threat"),
        ("pt", "seu nome sujo", "word_insult"),
        ("pt", "oficial de justiça", "word_court"),
        ("pt", "Serasa", "word_bureau"),
    ],
)
def test_words_that_threaten_shame_or_pretend(language: str, said: str, code: str) -> None:
    text = a_text(f"{GOOD}\n{said}.", Channel.SMS, language=language)
    found = lint.lint(text, country="MX", required=())

    assert {each.code for each in found} == {code}
    assert not lint.ok(found)
    assert found[0].facts["source"]


def test_a_finding_points_at_its_line() -> None:
    found = lint.lint(a_text(f"{GOOD}\n\nSerá embargado.", Channel.SMS), country="MX", required=())

    assert (found[0].where, found[0].line) == ("body", 3)


@pytest.mark.parametrize("said", ["Mi jefe de caja", "la demandada calidad"])
def test_a_word_is_a_whole_word(said: str) -> None:
    allowed = {"Mi jefe de caja": set(), "la demandada calidad": {"word_court"}}

    assert codes(a_text(f"{GOOD} {said}", Channel.SMS)) == allowed[said]


def test_colombia_may_not_ask_why() -> None:
    text = a_text(f"{GOOD} ¿Por qué no pagó?", Channel.SMS)

    assert "word_why_not_paid" in codes(text, "CO")
    assert "word_why_not_paid" not in codes(text, "CL")


@pytest.mark.parametrize(
    ("stage", "said", "code"),
    [
        (Stage.PREVENTIVE, "Su pago está atrasado", "word_not_late_yet"),
        (Stage.DUE, "Su pago venció", "word_not_late_yet"),
        (Stage.FRIENDLY, "Le damos aviso formal", "word_too_formal"),
        (Stage.FORMAL, "Le damos aviso formal", None),
        (Stage.FIRM, "Su pago está atrasado", None),
        (Stage.FRIENDLY, "PAGUE AHORA MISMO", "shouting"),
        (Stage.FRIENDLY, "¡Pague! ¡Hoy!", "exclamation"),
        (Stage.FORMAL, "Pague hoy 🙏", "emoji"),
    ],
)
def test_the_tone_of_each_stage(stage: Stage, said: str, code: str | None) -> None:
    text = a_text(f"{GOOD} {said}", Channel.SMS, stage=stage)

    assert codes(text) - {"costly_characters"} == ({code} if code else set())


def test_who_writes_must_be_said_unless_the_page_says_it() -> None:
    bare = "Debe {{ total }}."

    assert "not_identified" in codes(a_text(bare, Channel.SMS))
    assert "not_identified" not in codes(a_text(bare, Channel.EMAIL))
    assert "not_identified" in codes(a_text(bare, Channel.SMS), "UY")
    assert "not_identified" not in codes(
        a_text("{{ agent }} de {{ creditor }}: {{ reference }} {{ total }}", Channel.SMS), "UY"
    )


def test_a_voice_need_not_name_the_amount() -> None:
    assert "not_identified" not in codes(
        a_text("Le habla {{ agent }} de {{ creditor }}.", Channel.CALL), "UY"
    )


def test_every_field_of_every_pack_can_be_said() -> None:
    assert {f for country in defaults.BY_CODE for f in required(country)} <= set(SAID_BY)


def test_what_the_portfolio_lacks_is_told() -> None:
    bare = replace(identified(), identification=replace(WHO, address="", complaints=""))
    found = lint.lint(
        a_text(GOOD, Channel.SMS),
        country="MX",
        required=required("MX"),
        facts=[some_facts(portfolio=bare)],
    )

    assert {(each.code, each.level) for each in found} == {
        ("portfolio_agency_address", Level.WARNING),
        ("portfolio_complaint_channel", Level.WARNING),
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (a_text("{{ nombre }}"), "unknown_variable"),
        (a_text("{{ total"), "syntax"),
        (a_text(" "), "empty"),
        (a_text(GOOD, Channel.EMAIL, subject=" "), "empty"),
        (a_text(f"{GOOD} {{{{ promise_on }}}} {{{{ link }}}}"), "may_be_missing"),
        (a_text(f"{GOOD} {{{{ offer_amount }}}}"), "offer_without_deadline"),
        (a_text(GOOD, approved_name="x"), "approved_ends_in_variable"),
        (
            a_text("Hola {{ brand }} {{ identification }}.", approved_name="x"),
            "approved_variables_touch",
        ),
        (
            a_text("Hola{% if link %}.{% endif %} {{ identification }}.", approved_name="x"),
            "approved_with_conditions",
        ),
        (a_text(GOOD), "not_approved"),
        (a_text(GOOD, buttons=(("pay", "Quiero pagar todo ahora"),)), "button_too_long"),
        (a_text(GOOD, buttons=(("pay", "P"),) * 4), "too_many_buttons"),
        (a_text("ab " * 400 + GOOD), "too_long"),
        (a_text(GOOD + " á" * 90 + " 😀", Channel.SMS), "costly_characters"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_form(text: Template, code: str) -> None:
    assert code in codes(text)


def test_long_texts_are_told_but_not_for_what_the_first_contact_must_say() -> None:
    text = a_text(GOOD + " y mas" * 80, Channel.SMS)
    first = some_facts()

    for known, told in ((first, False), (replace(first, first_contact=False), True)):
        found = lint.lint(text, country="MX", required=(), facts=[known])
        assert ("many_segments" in {each.code for each in found}) == told
