"""What goes and what stays of who is erased: alike in the table, to people and in the manual."""

import json
from pathlib import Path

import pytest

from chalicelib.compliance import erasure_rules
from chalicelib.compliance.data_terms import Checked
from chalicelib.domain.portfolio import COUNTRIES

ROOT = Path(__file__).parents[3]
MANUAL = (ROOT / "docs" / "data-rights.md").read_text(encoding="utf-8")


def test_every_country_of_the_product_is_in_it():
    assert set(COUNTRIES) <= set(erasure_rules.countries())


@pytest.mark.parametrize("country", [*erasure_rules.countries(), "ZZ"])
def test_a_law_is_named_with_its_years_or_not_at_all(country):
    books = erasure_rules.books_of(country)

    assert bool(books.article) is bool(books.years)
    assert books.article or books.checked is Checked.NO
    ledger, chain = (
        next(rule for rule in erasure_rules.stays() if rule.code == code)
        for code in ("ledger", "chain")
    )
    assert erasure_rules.article_of(ledger, country) == books.article
    assert erasure_rules.article_of(chain, country) == ""


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_people_are_told_of_each_in_their_language(language):
    file = ROOT / "frontend" / "i18n" / f"requests.{language}.json"
    words = json.loads(file.read_text(encoding="utf-8"))

    for rule in erasure_rules.goes():
        assert words[f"erasure.goes.{rule.code}"]
    for rule in erasure_rules.stays():
        assert words[f"erasure.stays.{rule.code}"]
        assert words[f"erasure.why.{rule.why}"]


def test_the_manual_has_the_table_as_it_is():
    for rule in erasure_rules.goes():
        assert f"| {rule.what} | {held(rule)} |\n" in MANUAL
    for rule in erasure_rules.stays():
        assert f"| {rule.what} | {rule.why.replace('_', ' ')} | {held(rule)} |\n" in MANUAL
    for country in erasure_rules.countries():
        books = erasure_rules.books_of(country)
        if books.article:
            assert f"{country}: {books.article}, {books.years} years" in MANUAL


def held(rule):
    return "; ".join(rule.held) or "-"
