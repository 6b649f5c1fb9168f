"""What every case store promises of what is written and opened."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain import counters, timeline
from chalicelib.domain.case import Address, ContactKind, PointQuality
from chalicelib.domain.draft import after
from chalicelib.domain.errors import AlreadyRecorded, CaseMoved, CaseNotFound
from chalicelib.domain.ids import case_id, debt_id
from tests.builders import NOW, TODAY, a_draft, change_of, in_instalments, reopened
from tests.contract.made_cases import debt, do, pays


def test_a_case_comes_back_as_it_was_written(stores):
    portfolio = stores.portfolio
    draft = a_draft(
        debt(
            portfolio, "F-1", documents=("pagaré.pdf",), issued_on=date(2026, 1, 2),
            fingerprint="f",
        ),
        in_instalments(
            3, 10_000, TODAY, external_id="F-2", portfolio_id=portfolio.portfolio_id,
            stated_interest_minor=55, stated_fees_minor=7,
        ),
        portfolio=portfolio, tax_id="XAXX010101000",
    )  # fmt: skip
    draft.put_contact(ContactKind.EMAIL, "ana@example.mx", party="guarantor", quality="valid")
    draft.put_address(
        Address(address_id="", lines="Calle 5 #10", city="Mérida", country="MX", lat=20.9674,
                lng=-89.5926, cell="8a2a1072b59ffff", quality=PointQuality.ROOFTOP)
    )  # fmt: skip
    draft.promise("pro_1", 500, TODAY + timedelta(days=3), channel="phone")
    draft.note("Llamó: paga el viernes. «ñandú» 🙂")
    draft.pay(1_234, paid_on=TODAY, source="manual", reference="r")
    draft.set_tags(["vip"])
    change = change_of(draft)
    stores.cases.commit(change)

    file, told = stores.cases.open(change.after.case_id), after(None, change)

    assert file.head == told.head
    assert file.events == told.events
    for part in ("debts", "contacts", "addresses", "entries", "promises"):
        read, written = getattr(file, part), getattr(told, part)
        assert len(read) == len(written)
        assert all(row in written for row in read)
    assert timeline.verify(file.events, file.head.chain).ok


def test_an_unknown_case_is_not_found(cases):
    with pytest.raises(CaseNotFound):
        cases.open("cas_unknown")
    assert cases.open_many(["cas_unknown"]) == cases.heads(["cas_unknown"]) == {}


def test_a_new_case_is_made_once(stores, make):
    file = make()

    with pytest.raises(CaseMoved):
        stores.cases.commit(change_of(a_draft(*file.debts, portfolio=stores.portfolio)))

    assert stores.cases.open(file.head.case_id) == file
    assert stores.counters.read(stores.portfolio.portfolio_id).totals["debts"] == 1


def test_who_read_an_older_case_changes_nothing(stores, make):
    file = make()
    do(stores, file, lambda draft: draft.note("primero"))

    with pytest.raises(CaseMoved):
        do(stores, file, pays(500))

    now = stores.cases.open(file.head.case_id)
    assert (now.head.balance_minor, len(now.entries)) == (100_000, 1)
    assert stores.counters.read(stores.portfolio.portfolio_id).days == {}


def test_a_payment_key_is_used_once_in_a_portfolio(stores, make):
    one, other = make("D-1"), make("D-2")
    do(stores, one, pays(500))

    with pytest.raises(AlreadyRecorded) as elsewhere:
        do(stores, other, pays(500))
    with pytest.raises(AlreadyRecorded) as again:
        do(stores, one, pays(500))
    with pytest.raises(AlreadyRecorded) as different:
        do(stores, one, pays(501))

    assert elsewhere.value.details["case_id"] == one.head.case_id
    assert [e.value.details["same"] for e in (elsewhere, again, different)] == [False, True, False]
    assert stores.cases.open(other.head.case_id) == other
    pid = stores.portfolio.portfolio_id
    assert stores.cases.case_of_payment(pid, "manual", "r-1") == one.head.case_id
    assert stores.cases.case_of_payment(pid, "manual", "r-2") is None


def test_counters_are_the_sum_of_what_cases_count_for(stores, make):
    one = make("D-1")
    make("D-2", debt(stores.portfolio, "F-9", due_on=date(2026, 10, 5)))
    do(stores, one, pays(100_000, paid_on=date(2026, 11, 20)))

    read = stores.counters.read(stores.portfolio.portfolio_id)

    assert read.totals == {
        "balance_minor": 100_000,
        "debts": 2,
        "cases_open": 1,
        "cases_settled": 1,
    }
    assert read.due == {"2026-10-05": 100_000}
    assert read.due_debts == {"2026-10-05": 1, "none": 1}
    assert read.days == {"2026-11-20": {"paid_minor": 100_000, "payments": 1}}
    later = stores.counters.read(stores.portfolio.portfolio_id, days_since=date(2026, 11, 21))
    assert (later.days, later.totals) == ({}, read.totals)


def test_many_changes_are_written_and_each_refusal_is_its_own(stores, make):
    portfolio = stores.portfolio
    existing = make("D-3", debt(portfolio, "old"))
    changes = [
        change_of(a_draft(debt(portfolio, f"F-{n}"), portfolio=portfolio, key=f"D-{n}"))
        for n in range(30)
    ]

    outcomes = stores.cases.commit_many(changes)

    assert [type(outcome) for outcome in outcomes] == [
        CaseMoved if n == 3 else type(None) for n in range(30)
    ]
    assert stores.cases.open(existing.head.case_id) == existing
    assert len(stores.cases.open_many(c.after.case_id for c in changes)) == 30
    read = stores.counters.read(portfolio.portfolio_id)
    assert read.totals == {"balance_minor": 3_000_000, "debts": 30, "cases_open": 30}


def test_many_changes_written_again_change_nothing(stores):
    portfolio = stores.portfolio
    changes = [
        change_of(a_draft(debt(portfolio, f"F-{n}"), portfolio=portfolio, key=f"D-{n}"))
        for n in range(12)
    ]
    stores.cases.commit_many(changes)
    before = stores.counters.read(portfolio.portfolio_id)

    outcomes = stores.cases.commit_many(changes)

    assert all(isinstance(outcome, CaseMoved) for outcome in outcomes)
    assert stores.counters.read(portfolio.portfolio_id) == before


def test_many_payments_with_one_key_are_one_payment(stores, make):
    files = [make(f"D-{n}") for n in range(3)]
    drafts = [reopened(file, stores.portfolio) for file in files]
    for draft in drafts:
        pays(700)(draft)

    outcomes = stores.cases.commit_many([change_of(draft) for draft in drafts])

    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, AlreadyRecorded) for outcome in outcomes) == 2
    days = stores.counters.read(stores.portfolio.portfolio_id).days
    assert days == {"2026-11-22": {"paid_minor": 700, "payments": 1}}


def test_one_case_cannot_be_changed_twice_at_once(stores, make):
    change = do(stores, make(), lambda draft: draft.note("x"))

    with pytest.raises(ValueError, match="one case"):
        stores.cases.commit_many([change, change])


def test_changes_that_belong_together_are_written_together_or_not(stores, make):
    one, other = make("D-1"), make("D-2")
    from_, into = reopened(one, stores.portfolio), reopened(other, stores.portfolio)
    from_.hand_over(into, reference="mrg_1")
    together = [change_of(from_), change_of(into)]
    do(stores, other, lambda draft: draft.note("mientras"))

    with pytest.raises(CaseMoved):
        stores.cases.commit(*together)

    assert stores.cases.open(one.head.case_id) == one

    other = stores.cases.open(other.head.case_id)
    from_, into = reopened(one, stores.portfolio), reopened(other, stores.portfolio)
    from_.hand_over(into, reference="mrg_1")
    stores.cases.commit(change_of(from_), change_of(into))
    assert stores.cases.open(other.head.case_id).head.balance_minor == 200_000
    assert stores.counters.read(stores.portfolio.portfolio_id).totals == {
        "balance_minor": 200_000, "debts": 2, "cases_open": 1,
    }  # fmt: skip


def test_debts_are_read_by_key_and_marked_as_seen(stores, make):
    portfolio = stores.portfolio
    file = make("D-1", debt(portfolio, "F-1"), debt(portfolio, "F-2"))
    keys = [(file.head.case_id, d.debt_id) for d in file.debts]

    stores.cases.mark_seen(keys[:1], "upl_9")
    found = stores.cases.debts([*keys, (file.head.case_id, "dbt_unknown")])

    assert found.keys() == set(keys)
    assert [found[key].seen_upload_id for key in keys] == ["upl_9", None]
    assert stores.cases.open(file.head.case_id).head.version == file.head.version


def test_the_timeline_pages_from_the_newest(stores, make):
    file = make()
    for number in range(5):
        file_now = stores.cases.open(file.head.case_id)
        do(stores, file_now, lambda d, n=number: d.note(f"nota {n}"), now=NOW)
    do(stores, stores.cases.open(file.head.case_id), pays(5))

    first = stores.cases.timeline(file.head.case_id, limit=3)
    rest = stores.cases.timeline(file.head.case_id, limit=5, cursor=first.cursor)
    notes = stores.cases.timeline(file.head.case_id, kind="note.added", limit=5)
    money = stores.cases.timeline(file.head.case_id, kind="payment.")

    assert [event.seq for event in first.items] == [7, 6, 5]
    assert ([event.seq for event in rest.items], rest.cursor) == ([4, 3, 2, 1], None)
    assert ([event.seq for event in notes.items], notes.cursor) == ([6, 5, 4, 3, 2], None)
    assert [event.kind for event in money.items] == ["payment.posted"]


def test_a_case_longer_than_a_page_opens_whole(stores, make):
    file = make()
    for number in range(6):
        now = stores.cases.open(file.head.case_id)
        do(
            stores,
            now,
            *[lambda d, n=number, i=i: d.note(f"{n}.{i} " + "x" * 6_000) for i in range(40)],
        )

    whole = stores.cases.open(file.head.case_id)

    assert len(whole.events) == 241
    assert timeline.verify(whole.events, whole.head.chain).ok


def test_the_keys_of_cases_and_debts_are_those_of_the_domain(stores, make):
    file = make("D-1")
    pid = stores.portfolio.portfolio_id

    assert file.head.case_id == case_id(pid, "D-1")
    assert file.debts[0].debt_id == debt_id(pid, "D-1-1")
    assert counters.contribution(replace(file.head)) == counters.contribution(file.head)
