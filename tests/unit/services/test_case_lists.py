"""What a list of cases holds and what a search finds."""

from datetime import timedelta

import pytest

from chalicelib.domain.case_list import CaseFilter
from chalicelib.domain.errors import (
    BadField,
)
from chalicelib.services import cases
from tests.builders import (
    NOW,
    TODAY,
    a_debt,
    change_of,
    reopened,
)
from tests.unit.services.desk import Desk


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def town(desk):
    desk.made("10045", a_debt("FAC-9"), name="María José Ñandú", tax_id="PEGJ800101AB1")
    desk.made("D-2", a_debt("77", due_on=TODAY), name="José Luis Pérez")
    desk.made("D-3", a_debt("F3", due_on=TODAY - timedelta(days=200)), name="Luisa María Díaz")
    return desk


def found(desk, q, **values):
    items = desk.listed(q, **values)["items"]
    return [(item["name"].split()[0], item.get("matched")) for item in items]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("pegj-800101-ab1", [("María", "tax_id")]),
        ("FAC-9", [("María", "debt")]),
        ("10045", [("María", "debtor")]),
        ("77", [("José", "debt")]),
        ("nandu", [("María", "name")]),
        ("jose maria", [("María", "name")]),
        ("maria", [("Luisa", "name"), ("María", "name")]),
        ("jose per", [("José", "name")]),
        ("nadie", []),
    ],
)
def test_what_was_typed_decides_where_to_look(town, q, expected):
    assert sorted(found(town, q)) == expected


def test_a_phone_in_any_form_finds_everybody_who_has_it(town):
    def read_phone(text, country):
        digits = "".join(mark for mark in text if mark.isdigit())
        return f"+52{digits[-10:]}" if country == "MX" and len(digits) >= 10 else None

    assert len(found(town, "(55) 1234-5678", read_phone=read_phone)) == 3


def test_filters_hold_for_searches_too(town):
    town.pay(next(iter(town.cases.files)), 40_000)

    assert found(town, "maria", where=CaseFilter(min_minor=90_000)) == [("Luisa", "name")]


def test_who_answers_for_a_case_is_on_its_line_and_its_page_by_name(town):
    case_id = next(iter(town.cases.files))
    draft = reopened(town.cases.open(case_id), town.portfolio)
    draft.give_to("ana")
    town.cases.commit(change_of(draft))

    def names(actors):
        return {one: "Ana Torres" for one in actors if one == "user:ana"}

    owned = [one["owner"] for one in town.listed(people=names)["items"] if one["owner"]]
    assert owned == [{"id": "ana", "name": "Ana Torres"}]
    page = cases.page(case_id, now=NOW, people=names, **town.ports())
    assert page["case"]["owner"]["name"] == "Ana Torres"


def test_a_band_is_a_range_of_due_dates(town):
    assert found(town, "", band="180+") == [("Luisa", None)]
    assert found(town, "", band="preventiva") == [("José", None)]
    with pytest.raises(BadField):
        town.listed(band="9000+")


def test_a_name_with_the_word_twice_comes_once(desk):
    for number in range(12):
        desk.made(f"D-{number}", name=f"María Mar Q{number}")

    first = desk.listed("mar", limit=8)
    rest = desk.listed("mar", limit=8, cursor=first["cursor"])

    seen = [item["case_id"] for page in (first, rest) for item in page["items"]]
    assert len(seen) == len(set(seen)) == 12


def test_a_search_by_name_pages_to_its_end(desk):
    for number in range(30):
        desk.made(f"D-{number}", name=f"Ana {'Rosa' if number % 10 == 0 else 'Sofía'} Q{number}")

    seen, cursor = [], None
    while True:
        page = desk.listed("ana sofia", cursor=cursor, limit=7)
        seen += [item["case_id"] for item in page["items"]]
        cursor = page["cursor"]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 27
