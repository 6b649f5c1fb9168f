"""What the packs say in English beside a citation is put into the reader's words on the pages."""

import json
import re
from pathlib import Path

import pytest

PACKS = Path("chalicelib/compliance/packs")
TEXTS = Path("frontend/i18n")
# A citation reads the same everywhere; these words of English do not.
ENGLISH = re.compile(
    r"\b(the|by|no|not|only|for|and|law|rule|employer|calls|letters|reading|one blog|default"
    r"|principles|activities|third|texts)\b",
    re.IGNORECASE,
)


def articles(found):
    if isinstance(found, dict):
        for key, value in found.items():
            # What a pack knows of refusals is what a refused telephone or e-mail is shown with.
            if key in ("article", "duty") and isinstance(value, str):
                yield value
            else:
                yield from articles(value)
    elif isinstance(found, list):
        for one in found:
            yield from articles(one)


PACK_FILES = sorted(PACKS.glob("??.json"))


@pytest.mark.parametrize("language", ["es", "pt"])
def test_every_remark_of_an_article_has_words(language):
    words = json.loads((TEXTS / f"law.{language}.json").read_text("utf-8"))
    said = {text for path in PACK_FILES for text in articles(json.loads(path.read_text("utf-8")))}

    assert {text for text in said if ENGLISH.search(text)} - words.keys() == set()
    assert words.keys() - said == set()
    assert [text for text in words.values() if ENGLISH.search(text.replace("no ", ""))] == []


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_every_source_has_a_title(language):
    known = json.loads((PACKS / "sources.json").read_text("utf-8"))
    titles = json.loads((TEXTS / f"sources.{language}.json").read_text("utf-8"))

    assert titles.keys() == known.keys()
