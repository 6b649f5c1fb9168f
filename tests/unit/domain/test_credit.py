"""Whose work a payment is: the written rule, kept with the entry, taken back with it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import effort
from chalicelib.domain.calls import CALL
from chalicelib.domain.case import PromiseState, PromiseToPay
from chalicelib.domain.contact import AttemptState, Cause, Channel
from chalicelib.domain.counters import joined
from chalicelib.domain.coverage import contacted_on
from chalicelib.domain.credit import credited_to
from chalicelib.domain.draft import after
from chalicelib.domain.ledger import EntryKind
from tests.builders import NOW, TODAY, a_case, a_debt, a_portfolio, an_attempt, change_of, reopened

ZONE = a_portfolio().time_zone


def a_call(key="att_call", *, by="user:luis", outcome="conversation", at=NOW, **values):
    return an_attempt(
        key,
        channel=Channel.CALL,
        state=AttemptState.DONE,
        cause=Cause(kind=CALL, by=by),
        created_at=at,
        ended_at=at + timedelta(seconds=90),
        outcome=outcome,
        not_before=None,
        fallback=(),
        **values,
    )


def a_promise(key="pro_1", *, by="user:ana", due_on=TODAY, **values):
    base = {"state": PromiseState.OPEN, "made_at": NOW - timedelta(days=3)} | values
    return PromiseToPay(promise_id=key, amount_minor=50_000, due_on=due_on, made_by=by, **base)


def whose(on=TODAY, **facts):
    return credited_to(on, time_zone=ZONE, **facts)


def test_a_promise_goes_before_whoever_spoke_last():
    assert whose(promises=[a_promise()], attempts=[a_call()]) == "ana"
    assert whose(attempts=[a_call()]) == "luis"


def test_of_two_promises_the_one_that_ends_first_counts():
    later = a_promise("pro_2", by="user:eva", due_on=TODAY + timedelta(days=2))

    assert whose(promises=[later, a_promise()]) == "ana"


@pytest.mark.parametrize(
    "promise",
    [
        a_promise(state=PromiseState.CANCELLED),
        a_promise(by="bot"),
        a_promise(due_on=TODAY - timedelta(days=1)),
        a_promise(made_at=NOW + timedelta(days=1)),
    ],
    ids=["given up", "the bot's", "over", "made after"],
)
def test_such_a_promise_is_nobodys_work(promise):
    assert whose(promises=[promise]) == ""


@pytest.mark.parametrize(
    "call",
    [
        a_call(outcome="answered"),
        a_call(outcome="unanswered"),
        a_call(at=NOW - timedelta(days=31)),
        a_call(at=NOW + timedelta(days=1)),
        a_call(by="system"),
    ],
    ids=["a third party", "nobody", "long ago", "after the payment", "a machine"],
)
def test_such_a_call_brought_nothing_in(call):
    assert whose(attempts=[call]) == ""


def paid(file, amount_minor=40_000, reference="R-1", **values):
    draft = reopened(file)
    draft.pay(amount_minor, paid_on=TODAY, source="upload", reference=reference, **values)
    change = change_of(draft)
    return after(file, change), change


def spoken_with(file):
    draft = reopened(file, now=NOW, actor="user:luis")
    draft.record(a_call())
    return after(file, change_of(draft))


def test_a_payment_keeps_whose_it_is_and_how_late_it_was():
    file, change = paid(spoken_with(a_case(a_debt(due_on=TODAY - timedelta(days=40)))))

    (entry,) = [one for one in file.entries if one.kind is EntryKind.PAYMENT]
    assert (entry.credited, entry.late_days) == ("luis", 40)
    assert change.counters.effort == {"2026-11-22#luis": {"collected_minor": 40_000}}


def test_what_is_taken_in_the_hand_is_whose_hand_it_was():
    file, _ = paid(spoken_with(a_case()), taken_by="rosa")

    assert {one.credited for one in file.entries if one.kind is EntryKind.PAYMENT} == {"rosa"}


def test_a_reversal_takes_it_back_from_the_same_person_even_if_another_spoke_since():
    file, _ = paid(spoken_with(a_case()))
    draft = reopened(file, now=NOW + timedelta(days=1))
    draft.record(a_call("att_2", by="user:eva", at=NOW + timedelta(days=1)))
    (entry,) = [one for one in file.entries if one.kind is EntryKind.PAYMENT]
    draft.reverse(entry.entry_id, reason="error")
    change = change_of(draft)

    assert change.counters.effort["2026-11-22#luis"] == {"collected_minor": -40_000}
    assert (
        effort.of_case(after(file, change), ZONE)
        .get("2026-11-22#luis", {})
        .get("collected_minor", 0)
        == 0
    )


def test_what_nobody_worked_for_is_nobodys():
    file, change = paid(a_case())

    assert change.counters.effort == {}
    assert all(one.credited == "" and one.late_days is None for one in file.entries)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["call", "missed", "cancelled", "promise", "give_up", "pay", "reverse"]),
        st.sampled_from(["user:ana", "user:luis", "system"]),
        st.integers(1, 30_000),
    ),
    max_size=12,
)


@given(ACTS)
def test_counters_are_always_what_a_recount_of_the_case_gives(acts):
    file = a_case(a_debt(stated_principal_minor=10**7))
    moved = []
    for number, (act, actor, minor) in enumerate(acts):
        now = NOW + timedelta(hours=number * 7)
        draft = reopened(file, now=now, actor=actor)
        _do(draft, file, number, act, actor, minor)
        change = draft.change()
        if change is None:
            continue
        moved.append(change.counters.effort)
        file = after(file, change)

    summed = {
        key: {name: by for name, by in figures.items() if by}
        for key, figures in joined(*moved).items()
    }
    counted = {key: of for key, of in effort.of_case(file, ZONE).items() if any(of.values())}
    assert {key: of for key, of in summed.items() if of} == {
        key: {name: by for name, by in of.items() if by} for key, of in counted.items()
    }
    assert file.head.touched_on == contacted_on(file.attempts, file.visits, ZONE)


def _do(draft, file, number, act, actor, minor):  # noqa: PLR0917
    now = NOW + timedelta(hours=number * 7)
    match act:
        case "call" | "missed":
            outcome = "conversation" if act == "call" else "unanswered"
            draft.record(a_call(f"att_{number}", by=actor, outcome=outcome, at=now))
        case "cancelled":
            call = a_call(f"att_{number}", by=actor, outcome="", at=now)
            draft.record(replace(call, state=AttemptState.RESERVED, ended_at=None))
            draft.failed(f"att_{number}", "not_made")
        case "promise":
            if not any(one.state is PromiseState.OPEN for one in file.promises):
                due_on = draft.today + timedelta(days=2)
                draft.promise(f"pro_{number}", minor, due_on, channel="call")
        case "give_up":
            for one in file.promises:
                if one.state is PromiseState.OPEN:
                    draft.cancel_promise(one.promise_id)
        case "pay":
            draft.pay(minor, paid_on=draft.today, source="upload", reference=f"R-{number}")
        case "reverse":
            undone = {one.reverses for one in file.entries if one.reverses}
            for one in file.entries:
                if one.kind is EntryKind.PAYMENT and one.entry_id not in undone:
                    draft.reverse(one.entry_id, reason="x")
                    break
