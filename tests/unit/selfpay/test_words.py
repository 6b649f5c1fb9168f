"""The pages' words: all languages say the same things, and none of them threatens."""

import re
import string

import pytest

from chalicelib.domain.contact import Channel
from chalicelib.messages import lint
from chalicelib.messages.template import Stage, Template
from chalicelib.selfpay import pages

# Where a listed word is what the debtor chooses or is told to beware of, not what we say of them.
MEANT_WELL = {"dispute.kind.fraud", "rights.not_asked_body"}
LONGEST_SENTENCE = 24  # words; what a reader of twelve takes in at once


@pytest.mark.parametrize("language", ["en", "pt"])
def test_every_text_is_there_with_its_values(language: str) -> None:
    spanish, other = pages.texts("es"), pages.texts(language)
    assert set(spanish) == set(other)
    for key, text in spanish.items():
        assert names(text) == names(other[key]), key


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_no_text_threatens_shames_or_presses(language: str) -> None:
    for key, text in pages.texts(language).items():
        if key in MEANT_WELL:
            continue
        said = Template(
            template_id="page",
            channel=Channel.SMS,
            language=language,
            stage=Stage.FRIENDLY,
            body=re.sub(r"\{\w+\}", "x", text),
        )
        for country in ("MX", "CO", "BR", "US"):
            found = [one for one in lint._words(said, country) if one.code.startswith("word_")]
            assert not found, (key, found)


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_sentences_are_short(language: str) -> None:
    for key, text in pages.texts(language).items():
        for sentence in re.split(r"[.:;?!]\s", text):
            assert len(sentence.split()) <= LONGEST_SENTENCE, (key, sentence)


def test_a_name_that_ends_in_a_full_stop_ends_its_sentence_once() -> None:
    t = pages.Words("es")

    assert t("pay.lead", creditor="Jacaranda, S.A.") == "El dinero va directo a Jacaranda, S.A."
    assert t("pay.lead", creditor="Jacaranda") == "El dinero va directo a Jacaranda."
