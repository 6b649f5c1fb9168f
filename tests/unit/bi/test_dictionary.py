"""What a creditor reads of the lake's columns, in every language."""

import json
from importlib import resources

import pytest

from chalicelib.bi import dictionary
from chalicelib.bi.tables import TABLES
from chalicelib.services.lake_slices import GIVEN


@pytest.mark.parametrize("language", ["en", "pt"])
def test_every_table_and_column_has_its_words_and_no_words_are_left_over(language):
    file = resources.files("chalicelib.i18n") / f"lake.{language}.json"
    known = json.loads(file.read_text(encoding="utf-8"))
    used, lacking = set(), []
    for table in GIVEN.values():
        for name in ("", *table.names):
            own = f"{table.name}.{name}" if name else table.name
            key = own if own in known else f"*.{name}"
            (used.add if key in known else lacking.append)(key)

    assert lacking == []
    assert set(known) - used == set()


def test_a_language_of_its_own_is_said_in_it_and_spanish_in_spanish():
    debts = TABLES["debts"]

    assert dictionary.words(debts, "pt")["due_on"] == "Primeiro vencimento"
    assert dictionary.words(debts, "es")["due_on"] == "Primer vencimiento"
    assert dictionary.words(debts, "en")["case_id"].startswith("Case: a derived key")
