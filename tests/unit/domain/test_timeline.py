import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import timeline
from chalicelib.domain.timeline import ChainHead

AT = datetime(2026, 11, 22, 12, 0, 0, 5, tzinfo=UTC)


def a_chain(length=4):
    head, events = ChainHead(), []
    for number in range(length):
        event = timeline.append(
            head,
            "note.added",
            at=AT,
            actor="user:ana",
            facts={"n": number, "nested": {"b": [1, 2], "a": None}},
            personal={"text": f"habló con Ñ{number}", "phone": "+52"},
        )
        events.append(event)
        head = timeline.head_after(event)
    return events, head


def test_an_untouched_timeline_verifies():
    events, head = a_chain()

    found = timeline.verify(events, head)

    assert (found.ok, found.events, found.head) == (True, 4, head.hash)


def test_a_new_case_has_an_empty_timeline_that_verifies():
    assert timeline.verify([], ChainHead()).ok


ALTERATIONS = {
    "seq": 9,
    "kind": "note.addeD",
    "at": datetime(2026, 11, 22, 12, 0, 0, 6, tzinfo=UTC),
    "actor": "user:eva",
    "facts": {"n": 2, "nested": {"b": [2, 1], "a": None}},
    "personal": {"text": "otra cosa", "phone": "+52"},
    "salts": {"text": "0" * 32, "phone": "1" * 32},
    "commitments": {"text": "0" * 64, "phone": "1" * 64},
    "prev_hash": "f" * 64,
    "hash": "e" * 64,
}


def test_an_alteration_is_tried_for_every_field():
    assert ALTERATIONS.keys() == {field.name for field in fields(timeline.Event)}


@pytest.mark.parametrize("field", ALTERATIONS)
@pytest.mark.parametrize("where", [0, 2, 3])
def test_an_altered_field_is_found_where_it_is(field, where):
    events, head = a_chain()
    events[where] = replace(events[where], **{field: ALTERATIONS[field]})

    found = timeline.verify(events, head)

    assert (found.ok, found.first_altered) == (False, where + 1)


def test_an_event_rewritten_with_its_own_hash_breaks_the_next_link():
    events, head = a_chain()
    forged = replace(events[1], actor="user:eva")
    events[1] = replace(forged, hash=timeline.digest(forged))

    assert timeline.verify(events, head).first_altered == 3


@pytest.mark.parametrize(("drop", "first"), [(0, 1), (2, 3), (3, 4)])
def test_a_missing_event_is_named(drop, first):
    events, head = a_chain()
    del events[drop]

    found = timeline.verify(events, head)

    assert (found.ok, found.first_altered) == (False, first)


def test_an_event_the_head_does_not_know_is_named():
    events, _ = a_chain()

    found = timeline.verify(events, timeline.head_after(events[2]))

    assert (found.ok, found.first_altered) == (False, 4)


def test_swapped_events_are_found():
    events, head = a_chain()
    events[1], events[2] = events[2], events[1]

    assert timeline.verify(events, head).first_altered == 2


def test_erasing_personal_values_leaves_nothing_of_them_and_the_chain_whole():
    events, head = a_chain()
    events[1] = timeline.erase(events[1], "text")
    events[2] = timeline.erase(events[2])

    assert events[1].personal == {"phone": "+52"}
    assert events[1].salts.keys() == {"phone"}
    assert (events[2].personal, events[2].salts) == ({}, {})
    assert timeline.verify(events, head).ok


def test_the_same_value_never_has_the_same_commitment_twice():
    events, _ = a_chain(2)

    assert events[0].commitments["phone"] != events[1].commitments["phone"]


json_value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.text(max_size=5), json_value, max_size=3), max_size=4))
def test_any_facts_chain_and_verify(facts):
    head, events = ChainHead(), []
    for one in facts:
        events.append(timeline.append(head, "x", at=AT, actor="system", facts=one))
        head = timeline.head_after(events[-1])

    assert timeline.verify(events, head).ok


@given(st.dictionaries(st.text(max_size=5), json_value, max_size=4))
def test_what_is_hashed_is_canonical_json(facts):
    event = timeline.append(ChainHead(), "x", at=AT, actor="system", facts=facts)
    body = {
        "seq": 1,
        "kind": "x",
        "at": "2026-11-22T12:00:00.000005+00:00",
        "actor": "system",
        "facts": facts,
        "commitments": {},
        "prev_hash": timeline.GENESIS,
    }
    said = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert event.hash == hashlib.sha256(said.encode()).hexdigest()
