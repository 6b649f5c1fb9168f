"""The letter that answers a request by law, in three languages, naming nobody it does not know."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.compliance import erasure_rules
from chalicelib.domain.data_request import Ground, RequestAnswer, RequestState, Verdict
from chalicelib.i18n import wording
from chalicelib.messages import rights_letter
from tests.builders import NOW, a_portfolio
from tests.document_fakes import a_request
from tests.printed import words_of

SAID = RequestAnswer(
    verdict=Verdict.RESTRICTED,
    ground=Ground.DEBT_IN_FORCE,
    article="LFPDPPP art. 25",
    text="La deuda sigue vigente.",
    at=NOW,
    by="user:eva",
)
ANSWERED = a_request(
    "prt_test", answer=SAID, state=RequestState.ANSWERED, answer_by=date(2026, 12, 18)
)


def printed(one=ANSWERED, language="es", name="IBARRA MONTES, OFELIA"):
    pdf = rights_letter.render(
        one, a_portfolio(), language, name=name, today=date(2026, 11, 22), made_at=NOW
    )
    return words_of(pdf)


def test_it_says_what_was_asked_by_when_and_by_which_article():
    text = printed()

    assert "Ibarra Montes, Ofelia" in text
    assert ANSWERED.number in text
    assert "18 de diciembre de 2026" in text
    assert "LFPDPPP art. 25" in text
    assert "obligación vigente" in text
    assert "La deuda sigue vigente." in text
    assert "www.condusef.gob.mx" in text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "We cannot erase yet"),
        ("pt", "Ainda não podemos apagar"),
        ("es", "No podemos borrar"),
    ],
)
def test_it_is_written_in_each_language(language, said):
    assert said in printed(language=language)


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_every_ground_verdict_and_right_has_its_words(language):
    words = wording.of("rights", language)

    assert {f"ground.{one.value}" for one in Ground} <= set(words)
    assert {one.value for one in Verdict} <= set(words)


def test_who_is_not_known_any_more_is_not_named():
    done = replace(ANSWERED, state=RequestState.DONE, ended_at=NOW)

    text = printed(done, name="")

    assert "A quien corresponda" in text
    assert "Quedó cumplido el 22 de noviembre de 2026" in text


def erased(language="es"):
    done = replace(
        ANSWERED,
        state=RequestState.DONE,
        ended_at=NOW,
        answer=replace(SAID, verdict=Verdict.GRANTED, ground=None, text=""),
    )
    pdf = rights_letter.render(
        done,
        a_portfolio(),
        language,
        name="",
        today=date(2026, 11, 22),
        made_at=NOW,
        erased=rights_letter.Erased(
            goes=("name", "contacts"),
            stays=(("ledger", "accounting", "CCom art. 38"), ("chain", "integrity", "")),
        ),
    )
    return words_of(pdf)


def test_once_the_data_are_erased_it_says_what_went_and_what_stays_by_which_article():
    text = erased()

    assert "Sus datos se borraron el 22 de noviembre de 2026" in text
    assert "Teléfonos y correos" in text
    assert "Movimientos de la cuenta. Lo pide la ley contable o fiscal (CCom art. 38)." in text
    assert "Sin ello el historial no se verifica." in text
    assert "enlaces a su página dejaron de servir" in text


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Phones and e-mails"), ("pt", "Telefones e e-mails")],
)
def test_what_was_erased_is_told_in_each_language(language, said):
    assert said in erased(language)


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_all_that_goes_or_stays_has_its_words(language):
    words = wording.of("rights", language)

    assert {f"goes.{rule.code}" for rule in erasure_rules.goes()} <= set(words)
    assert {f"stays.{rule.code}" for rule in erasure_rules.stays()} <= set(words)
    assert {f"why.{rule.why}" for rule in erasure_rules.stays()} <= set(words)


def test_there_is_no_letter_before_the_answer():
    with pytest.raises(ValueError, match="answered"):
        printed(replace(ANSWERED, answer=None))
