"""What every case store promises of people's work: counted by day, found by person, recounted."""

from datetime import timedelta

import pytest

from chalicelib.domain.calls import CALL
from chalicelib.domain.case import PromiseToPay
from chalicelib.domain.contact import Attempt, AttemptState, Cause, Channel
from chalicelib.domain.ledger import EntryKind
from chalicelib.services import verify
from tests.builders import NOW, TODAY, a_debt, a_draft, an_attempt, change_of, reopened

DAY = TODAY.isoformat()


def a_call(key, at=NOW, outcome="conversation"):
    return an_attempt(
        key,
        channel=Channel.CALL,
        state=AttemptState.DONE,
        cause=Cause(kind=CALL, by="user:ana"),
        created_at=at,
        ended_at=at + timedelta(seconds=60),
        outcome=outcome,
        not_before=None,
        fallback=(),
    )


@pytest.fixture
def case(stores):
    return put(stores, 1)


def put(stores, number):
    pid = stores.portfolio.portfolio_id
    debt = a_debt(f"F-{number}", pid, due_on=TODAY - timedelta(days=number))
    change = change_of(a_draft(debt, key=f"D-{number}", portfolio=stores.portfolio))
    stores.cases.commit(change)
    return change.after.case_id


def do(stores, case, step, *, actor="user:ana", now=NOW):
    draft = reopened(stores.cases.open(case), stores.portfolio, now=now, actor=actor)
    step(draft)
    stores.cases.commit(change_of(draft))
    return stores.cases.open(case)


def call_and_pay(stores, case):
    do(stores, case, lambda d: d.record(a_call("att_1")))
    do(stores, case, lambda d: d.promise("pro_1", 40_000, TODAY, channel="call"))
    return do(
        stores,
        case,
        lambda d: d.pay(40_000, paid_on=TODAY, source="upload", reference="R-1"),
        actor="upload:u",
    )


def test_what_a_person_did_is_counted_by_day_and_month_and_recounts(stores, case):
    pid = stores.portfolio.portfolio_id
    call_and_pay(stores, case)

    (key,) = stores.counters.effort(pid, DAY, DAY)
    figures = stores.counters.effort(pid, DAY, DAY)[key]
    assert key == f"{DAY}#ana"
    assert figures["calls"] == figures["rpc"] == figures["promises"] == 1
    assert (figures["talk_s"], figures["collected_minor"]) == (60, 40_000)
    assert stores.counters.effort(pid, DAY[:7], DAY[:7]) == {f"{DAY[:7]}#ana": figures}
    assert stores.counters.effort_of(pid, "ana", [DAY]) == {key: figures}
    assert stores.counters.effort_of(pid, "luis", [DAY]) == {}
    assert recounted(stores).ok


def test_a_reversal_leaves_nothing_collected(stores, case):
    file = call_and_pay(stores, case)
    (paid,) = [one for one in file.entries if one.kind is EntryKind.PAYMENT]

    do(stores, case, lambda d: d.reverse(paid.entry_id, reason="error"), actor="user:eva")

    figures = stores.counters.effort(stores.portfolio.portfolio_id, DAY, DAY)[f"{DAY}#ana"]
    assert "collected_minor" not in figures
    assert recounted(stores).ok


def test_a_counter_that_does_not_agree_is_told(stores, case):
    call_and_pay(stores, case)
    counters = stores.counters

    class Altered:
        def __getattr__(self, name):
            return getattr(counters, name)

        def effort(self, pid, first, last):
            return {
                key: figures | {"calls": 9}
                for key, figures in counters.effort(pid, first, last).items()
            }

    told = {one["counter"] for one in recounted(stores, Altered()).differences}
    assert told == {f"effort.{DAY}#ana.calls", f"effort.{DAY[:7]}#ana.calls"}


def recounted(stores, counters=None):
    return verify.portfolio(
        stores.portfolio.portfolio_id,
        cases=stores.cases,
        stored=counters or stores.counters,
        time_zone=stores.portfolio.time_zone,
    )


def test_a_persons_acts_are_found_the_last_first(stores, case):
    pid, later = stores.portfolio.portfolio_id, NOW + timedelta(minutes=5)
    do(stores, case, lambda d: d.record(a_call("att_1")))
    do(stores, case, lambda d: d.promise("pro_1", 100, TODAY, channel="call"), now=later)

    def did(person="ana", since=NOW, until=later, most=10):
        return stores.cases.did(pid, person, since, until, most=most)

    assert [type(one) for _, one in did()] == [PromiseToPay, Attempt]
    assert [case_id for case_id, _ in did()] == [case, case]
    assert [type(one) for _, one in did(most=1)] == [PromiseToPay]
    assert did("luis") == []
    assert did(since=later + timedelta(seconds=1), until=later + timedelta(hours=1)) == []


def test_payments_put_down_to_a_person_are_paged_by_day(stores, case):
    pid, week = stores.portfolio.portfolio_id, timedelta(days=7)
    do(stores, case, lambda d: d.record(a_call("att_1", NOW - timedelta(days=20))))
    for number in range(3):
        day = TODAY - timedelta(days=number)
        do(
            stores,
            case,
            lambda d, day=day, number=number: d.pay(
                100 + number, paid_on=day, source="upload", reference=f"R-{number}"
            ),
            actor="upload:u",
        )

    first = stores.cases.credits(pid, "ana", TODAY - week, TODAY, limit=2)
    rest = stores.cases.credits(pid, "ana", TODAY - week, TODAY, cursor=first.cursor, limit=2)

    amounts = [-entry.amount_minor for _, entry in (*first.items, *rest.items)]
    assert amounts == [102, 101, 100]
    assert rest.cursor is None
    assert stores.cases.credits(pid, "ana", TODAY, TODAY).items[0][1].credited == "ana"
    assert stores.cases.credits(pid, "luis", TODAY - week, TODAY).items == ()


def test_cases_nobody_turned_to_come_the_longest_waiting_first(stores):
    pid = stores.portfolio.portfolio_id
    never_late, never, old, fresh, settled = (put(stores, number) for number in (9, 5, 3, 2, 1))
    do(stores, old, lambda d: d.record(a_call("att_1", NOW - timedelta(days=10))))
    do(stores, fresh, lambda d: d.record(a_call("att_2")))
    do(
        stores,
        settled,
        lambda d: d.pay(100_000, paid_on=TODAY, source="upload", reference="R"),
        actor="upload:u",
    )

    def untouched(before, **values):
        return stores.cases.untouched(pid, before, **{"limit": 10} | values)

    found = untouched(TODAY).items
    assert [one.case_id for one in found] == [never_late, never, old]
    assert [one.touched_on for one in found] == [None, None, TODAY - timedelta(days=10)]
    assert found[0].due_on == TODAY - timedelta(days=9)
    everything = untouched(TODAY + timedelta(days=1)).items
    assert [one.case_id for one in everything] == [never_late, never, old, fresh]
    first = untouched(TODAY, limit=2)
    assert [one.case_id for one in first.items] == [never_late, never]
    rest = untouched(TODAY, cursor=first.cursor)
    assert ([one.case_id for one in rest.items], rest.cursor) == ([old], None)
    assert recounted(stores).ok
