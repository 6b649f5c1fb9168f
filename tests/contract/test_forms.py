"""Questionnaires: versions are only added, no change is lost to another."""

from dataclasses import replace

import pytest

from chalicelib.domain.questionnaire import FormVersion, Questionnaire
from chalicelib.store.forms import FormStore
from tests import engines
from tests.builders import NOW
from tests.form_fakes import MemoryForms

FORM = Questionnaire(
    form_id="frm_1",
    portfolio_id="prt_1",
    title="Visita",
    languages=("es", "en"),
    questions=3,
    latest=1,
    published=0,
    archived=False,
    without_forbidden=False,
    created_at=NOW,
    updated_at=NOW,
    updated_by="user:ana",
)
COMPILED = {"form_id": "visita", "items": [{"name": "ñ", "kind": "text"}], "lists": {}}


def a_version(number: int = 1, **values) -> FormVersion:
    return FormVersion(
        **{
            "form_id": "frm_1",
            "portfolio_id": "prt_1",
            "number": number,
            "source": "file",
            "base": 0,
            "filename": "visita.xlsx",
            "original_key": "forms/prt_1/frm_1/1.xlsx",
            "digest": "d",
            "title": "Visita",
            "questions": 3,
            "made_at": NOW,
            "made_by": "user:ana",
        }
        | values
    )


@pytest.fixture(params=["memory", "moto"])
def store(request):
    if request.param == "memory":
        return MemoryForms()
    return FormStore(engines.wire_to(request.getfixturevalue("moto_endpoint")), engines.WORK)


def test_what_is_saved_is_read_back(store):
    assert store.save(FORM, a_version(), COMPILED)

    assert store.get("prt_1", "frm_1") == FORM
    assert store.all("prt_1") == [FORM]
    assert store.versions("prt_1", "frm_1") == [a_version()]
    assert store.version("prt_1", "frm_1", 1) == (a_version(), COMPILED)
    assert store.get("prt_2", "frm_1") is None
    assert store.all("prt_2") == []
    assert store.version("prt_1", "frm_1", 2) is None


def test_versions_are_added_and_listed_newest_first(store):
    store.save(FORM, a_version(), COMPILED)
    other = COMPILED | {"form_id": "otro"}
    moved = replace(FORM, revision=2, latest=2)

    assert store.save(moved, a_version(2, source="panel", base=1), other)

    assert [each.number for each in store.versions("prt_1", "frm_1")] == [2, 1]
    wanted = [("frm_1", 1), ("frm_1", 2), ("frm_1", 3), ("frm_9", 1)]
    found = store.compiled("prt_1", wanted)
    assert found == {("frm_1", 1): COMPILED, ("frm_1", 2): other}
    assert store.compiled("prt_1", wanted) == found


def test_who_comes_second_changes_nothing(store):
    store.save(FORM, a_version(), COMPILED)
    mine = replace(FORM, revision=2, published=1)
    theirs = replace(FORM, revision=2, archived=True)

    assert store.save(mine, None, None)
    assert not store.save(theirs, None, None)

    assert store.get("prt_1", "frm_1") == mine


def test_a_repeat_of_the_same_change_is_no_conflict(store):
    store.save(FORM, a_version(), COMPILED)

    assert store.save(FORM, a_version(), COMPILED)
    assert store.versions("prt_1", "frm_1") == [a_version()]
