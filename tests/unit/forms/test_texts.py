"""Every reason has its words in three languages, and every word its reason."""

import re
from pathlib import Path

import pytest

import chalicelib.domain.questionnaire
import chalicelib.forms
from chalicelib.forms.texts import said_in

CODE = re.compile(r'"((?:form|sheet|type|choices|attachment|expression|question)\.[a-z_]+)"')


def raised():
    sources = [
        *Path(chalicelib.forms.__file__).parent.glob("*.py"),
        Path(chalicelib.domain.questionnaire.__file__),
    ]
    return {code for path in sources for code in CODE.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_reasons_and_texts_match(language):
    assert set(said_in(language)) == raised()


def test_details_are_said_in_all_languages_or_none():
    es, en, pt = (said_in(language) for language in ("es", "en", "pt"))

    assert {k: "{detail}" in v for k, v in es.items()} == {
        k: "{detail}" in v for k, v in en.items()
    }
    assert {k: "{detail}" in v for k, v in es.items()} == {
        k: "{detail}" in v for k, v in pt.items()
    }
