from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain import ids, timeline
from chalicelib.domain.case import Address, CaseStatus, PromiseState
from chalicelib.domain.draft import after
from chalicelib.domain.errors import (
    BadField,
    DebtNotFound,
    EntryNotFound,
    NotReversible,
    PromiseNotFound,
    PromiseSettled,
)
from chalicelib.domain.ledger import EntryKind
from chalicelib.domain.portfolio import Component
from tests.builders import (
    NOW,
    TODAY,
    a_case,
    a_debt,
    a_draft,
    a_portfolio,
    change_of,
    pays,
    posted,
    reopened,
)


def by_hand(reference):
    return {"source": "manual", "reference": reference}


def test_a_new_case_starts_with_one_event_that_tells_its_debts():
    change = change_of(a_draft(a_debt(), a_debt("F-2")))

    assert [event.kind for event in change.events] == ["case.created"]
    assert [debt["amount_minor"] for debt in change.events[0].facts["debts"]] == [100_000] * 2
    assert change.before is None
    assert (change.after.version, change.after.debts) == (1, 2)
    assert change.after.chain == timeline.head_after(change.events[-1])


def test_the_head_says_what_is_owed_and_since_when():
    head = a_case(a_debt(due_on=date(2026, 9, 1)), a_debt("F-2")).head

    assert (head.balance_minor, head.oldest_due_on) == (200_000, date(2026, 9, 1))
    assert head.due_buckets == {"2026-09-01": 100_000, "2026-10-01": 100_000}
    assert head.due_debts == {"2026-09-01": 1, "2026-10-01": 1}
    assert head.status is CaseStatus.OPEN


def test_a_new_case_moves_the_counters_by_all_it_counts_for():
    moves = change_of(a_draft(a_debt())).counters

    assert moves.totals == {"balance_minor": 100_000, "debts": 1, "cases_open": 1}
    assert (moves.due, moves.due_debts, moves.days) == (
        {"2026-10-01": 100_000},
        {"2026-10-01": 1},
        {},
    )


def test_a_payment_moves_balance_bucket_status_and_the_days_flow():
    file = a_case()
    draft = reopened(file)
    pays(100_000)(draft)
    change = change_of(draft)

    assert change.after.status is CaseStatus.SETTLED
    assert change.after.last_payment_on == TODAY
    assert change.counters.totals == {
        "balance_minor": -100_000,
        "cases_open": -1,
        "cases_settled": 1,
    }
    assert change.counters.due == {"2026-10-01": -100_000}
    assert change.counters.due_debts == {"2026-10-01": -1, "none": 1}
    assert change.counters.days == {"2026-11-22": {"paid_minor": 100_000, "payments": 1}}


def test_the_day_of_a_case_is_the_portfolios_not_utcs():
    late = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # still the 22nd in Mexico City
    draft = reopened(a_case(), now=late)

    with pytest.raises(BadField):
        pays(1, paid_on=date(2026, 11, 23))(draft)
    assert draft.today == TODAY


def test_a_payment_over_two_debts_counts_once_and_is_reversed_whole():
    file = posted(a_case(a_debt(), a_debt("F-2")), pays(150_000))
    first, second = [e for e in file.entries if e.kind is EntryKind.PAYMENT]
    assert (first.amount_minor, second.amount_minor) == (-100_000, -50_000)

    draft = reopened(file)
    draft.reverse(second.entry_id, reason="cheque devuelto")
    change = change_of(draft)

    assert change.after.balance_minor == 200_000
    assert change.counters.days == {"2026-11-22": {"paid_minor": -150_000, "payments": -1}}
    restored = after(file, change)
    assert restored.head.due_buckets == a_case(a_debt(), a_debt("F-2")).head.due_buckets


def test_an_entry_is_reversed_once():
    file = posted(a_case(), pays(10))
    payment = file.entries[-1].entry_id
    file = posted(file, lambda draft: draft.reverse(payment, reason="x"))

    with pytest.raises(NotReversible):
        reopened(file).reverse(payment, reason="x")
    with pytest.raises(NotReversible):
        reopened(file).reverse(file.entries[-1].entry_id, reason="x")
    with pytest.raises(EntryNotFound):
        reopened(file).reverse("ent_unknown", reason="x")


def test_adjusting_and_waiving_say_why_without_telling_the_chain():
    file = a_case()
    debt_id = file.debts[0].debt_id

    file = posted(
        file,
        lambda d: d.adjust(debt_id, Component.FEES, 500, reason="gastos", **by_hand("a")),
        lambda d: d.waive(debt_id, Component.PRINCIPAL, 400, reason="quita", **by_hand("w")),
    )

    assert file.head.balance_minor == 100_100
    assert [entry.reason for entry in file.entries[1:]] == ["gastos", "quita"]
    assert [e.personal for e in file.events[1:]] == [{"reason": "gastos"}, {"reason": "quita"}]
    assert all("reason" not in event.facts for event in file.events)


def test_nobody_waives_more_than_is_owed():
    file = a_case()
    debt_id = file.debts[0].debt_id

    for component, amount in ((Component.PRINCIPAL, 100_001), (Component.FEES, 1)):
        with pytest.raises(BadField):
            reopened(file).waive(
                debt_id, component, amount, reason="x", source="manual", reference="w"
            )


def test_a_debt_of_another_case_is_not_found():
    with pytest.raises(DebtNotFound):
        pays(10, debt_id="dbt_other")(reopened(a_case()))


def test_within_tolerance_a_case_is_settled():
    portfolio = a_portfolio(tolerance_minor=1_000)

    file = posted(a_case(portfolio=portfolio), pays(99_000), portfolio=portfolio)

    assert (file.head.status, file.head.balance_minor) == (CaseStatus.SETTLED, 1_000)
    assert file.head.due_buckets == {"none": 1_000}


def test_a_promise_changes_the_status_until_it_is_kept():
    def promises(draft):
        draft.promise("pro_1", 40_000, TODAY + timedelta(days=5), channel="phone")

    file = posted(a_case(), promises)
    assert file.head.status is CaseStatus.PROMISED

    later = NOW + timedelta(days=1)
    file = posted(file, pays(40_000, paid_on=TODAY + timedelta(days=1)), now=later)
    assert (file.promises[0].state, file.head.status) == (PromiseState.KEPT, CaseStatus.OPEN)

    payment = next(e for e in file.entries if e.kind is EntryKind.PAYMENT)
    file = posted(file, lambda d: d.reverse(payment.entry_id, reason="x"), now=later)
    assert (file.promises[0].state, file.head.status) == (PromiseState.OPEN, CaseStatus.PROMISED)


def test_money_from_before_the_promise_does_not_keep_it():
    file = posted(
        posted(a_case(), pays(90_000)),
        lambda d: d.promise("pro_1", 5_000, TODAY, channel=""),
        now=NOW + timedelta(hours=1),
    )

    file = posted(file, lambda d: d.note("llamó"), now=NOW + timedelta(hours=2))

    assert file.promises[0].state is PromiseState.OPEN


def test_a_new_promise_takes_the_place_of_the_open_one_and_can_be_cancelled_once():
    file = posted(
        a_case(),
        lambda d: d.promise("pro_1", 1, TODAY, channel=""),
        lambda d: d.promise("pro_2", 2, TODAY, channel=""),
    )
    assert [p.state for p in file.promises] == [PromiseState.REPLACED, PromiseState.OPEN]

    file = posted(file, *[lambda d: d.cancel_promise("pro_2")] * 2)

    assert file.head.status is CaseStatus.OPEN
    assert sum(event.kind == "promise.cancelled" for event in file.events) == 1
    with pytest.raises(PromiseNotFound):
        reopened(file).cancel_promise("pro_9")


def test_a_kept_promise_cannot_be_cancelled():
    file = posted(a_case(), lambda d: d.promise("p", 1, TODAY, channel=""), pays(5))

    with pytest.raises(PromiseSettled):
        reopened(file).cancel_promise("p")


def test_tags_are_a_set_in_lower_case():
    file = posted(a_case(), lambda d: d.set_tags(["VIP ", "judicial", "vip", ""]))

    assert file.head.tags == ("judicial", "vip")
    assert reopened(file).set_tags(["vip", "Judicial"]) is False
    with pytest.raises(BadField):
        reopened(file).set_tags(str(number) for number in range(21))


def test_a_draft_nobody_touched_has_no_change():
    assert reopened(a_case()).change() is None


def test_the_same_address_with_a_better_point_stays_one_address():
    home = Address(address_id="", lines="Calle 5 #10", city="Mérida", country="MX")
    better = replace(home, lines="CALLE 5  10", lat=20.97, lng=-89.62)

    file = posted(a_case(), lambda d: d.put_address(home), lambda d: d.put_address(better))

    assert [a.lat for a in file.addresses] == [20.97]
    assert file.head.city == "Mérida"


def test_removing_a_contact_is_told_and_kept_only_in_the_chain():
    file = a_case()

    file = posted(file, lambda d: d.remove_contact(file.contacts[0].contact_id))

    assert file.contacts == ()
    assert file.events[-1].personal == {"value": "+525512345678"}


def test_a_corrected_name_keeps_the_old_one_where_it_can_be_erased():
    file = posted(a_case(), lambda d: d.describe(name="José Pérez Núñez", city="Mérida"))

    assert file.head.name == "José Pérez Núñez"
    assert file.events[-1].personal["old_name"] == "José Pérez Ñandú"
    assert file.events[-1].facts == {"fields": ["city", "name"]}


def test_ids_meet_themselves_when_the_same_thing_is_done_again():
    one, two = change_of(a_draft(a_debt())), change_of(a_draft(a_debt()))

    assert one.after.case_id == two.after.case_id == ids.case_id("prt_test", "D-1")
    assert [e.entry_id for e in one.entries] == [e.entry_id for e in two.entries]
    assert [c.contact_id for c in one.contacts] == [c.contact_id for c in two.contacts]
