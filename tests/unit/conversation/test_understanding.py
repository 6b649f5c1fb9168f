from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.conversation.understanding import understand
from chalicelib.conversation.words import Language

SUNDAY = date(2026, 11, 22)
PHRASES = Path(__file__).parent / "phrases"


def phrases():
    for language in Language:
        for line in (PHRASES / f"{language}.txt").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                text, intent, sum_, on = ([*(part.strip() for part in line.split("|")), ""])[:4]
                yield pytest.param(language, text, intent, sum_, on, id=f"{language}: {text}")


def shown(reading):
    if reading.share is not None:
        return "all" if reading.share == 1 else str(reading.share)
    return "" if reading.amount is None else str(reading.amount)


@pytest.mark.parametrize(("language", "text", "intent", "sum_", "on"), list(phrases()))
def test_a_debtors_words_are_understood(language, text, intent, sum_, on):
    reading = understand(text, language, SUNDAY)

    found = (str(reading.intent), shown(reading), str(reading.on or ""))
    assert found == (intent, sum_, on)


@pytest.mark.parametrize("language", Language)
def test_there_are_a_hundred_and_fifty_phrases_in_every_language(language):
    assert sum(1 for phrase in phrases() if phrase.values[0] is language) >= 150


@given(st.text(max_size=200), st.sampled_from(Language))
def test_no_text_breaks_it(text, language):
    reading = understand(text, language, SUNDAY)

    assert reading.amount is None or reading.amount > Decimal(0)
