from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain import counters, ids, timeline
from chalicelib.domain.case import Address, CaseStatus, ContactKind, PromiseState
from chalicelib.domain.draft import after
from chalicelib.domain.errors import (
    BadField,
    CaseVoid,
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
    UPLOAD,
    a_case,
    a_debt,
    a_draft,
    a_portfolio,
    change_of,
    in_instalments,
    reopened,
)


def posted(file, *steps, **values):
    """The case after each of *steps*, each in a draft of its own."""
    for step in steps:
        draft = reopened(file, **values)
        step(draft)
        change = draft.change()
        file = after(file, change) if change else file
    return file


def pays(amount, reference="r-1", **values):
    return lambda draft: draft.pay(
        amount, **{"paid_on": TODAY, "source": "manual", "reference": reference} | values
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


def restated(file, minor, outstanding=True, **values):
    draft = reopened(file, actor="upload:upl_2")
    debt = a_debt(stated_principal_minor=minor, fingerprint=f"f{minor}", **values)
    outcome = draft.put_debt(debt, source="upload", reference="upl_2", outstanding=outstanding)
    return outcome, after(file, change_of(draft))


def test_a_file_that_repeats_the_old_figure_does_not_undo_a_payment():
    file = posted(a_case(), pays(30_000))

    outcome, file = restated(file, 100_000, product="otra factura")

    assert (outcome, file.head.balance_minor) == ("updated", 70_000)


def test_a_new_outstanding_figure_prevails_over_the_ledger():
    file = posted(a_case(), pays(30_000))

    outcome, file = restated(file, 60_000)

    assert (outcome, file.head.balance_minor) == ("updated", 60_000)
    assert file.events[-1].facts["adjusted_minor"] == -10_000


def test_a_new_amount_lent_leaves_payments_on_top():
    file = posted(a_case(), pays(30_000))

    _, file = restated(file, 120_000, outstanding=False)

    assert file.head.balance_minor == 90_000


def test_a_row_that_only_moved_file_changes_nothing_of_substance():
    file = a_case()

    outcome, file = restated(file, 100_000)

    assert outcome == "unchanged"
    assert len(file.entries) == 1


def test_a_debt_absent_from_the_file_is_closed_as_paid():
    file = a_case(a_debt(), a_debt("F-2"))

    file = posted(
        file,
        lambda d: d.settle_debt(file.debts[0].debt_id, source="upload", reference="upl_2:F-1"),
    )

    assert file.head.balance_minor == 100_000
    assert file.head.due_debts == {"none": 1, "2026-10-01": 1}
    assert file.head.last_payment_on == TODAY


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


def test_what_a_person_found_out_of_a_phone_survives_the_next_file():
    phone = (ContactKind.PHONE, "+525512345678")
    file = posted(a_case(), lambda d: d.put_contact(*phone, quality="wrong_person"))

    assert reopened(file).put_contact(*phone, source="upload") is False
    assert file.contacts[0].quality == "wrong_person"


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


def test_undoing_the_upload_that_made_a_case_leaves_nothing_counted():
    file = a_case(a_debt(), in_instalments(2, 5_000, TODAY, external_id="F-9"))
    draft = reopened(file)
    assert not draft.built_on(UPLOAD)

    assert draft.undo_upload(UPLOAD)
    change = change_of(draft)

    assert (change.after.status, change.after.balance_minor) == (CaseStatus.VOID, 0)
    assert counters.merged([counters.contribution(file.head), change.counters]).totals == {
        "balance_minor": 0, "debts": 0, "cases_open": 0,
    }  # fmt: skip
    void = after(file, change)
    assert reopened(void).undo_upload(UPLOAD) is False
    with pytest.raises(CaseVoid):
        reopened(void).note("?")


def test_undoing_a_later_upload_gives_debts_their_earlier_values_back():
    file = posted(a_case(in_instalments(2, 50_000, date(2026, 9, 1))))
    changed = in_instalments(
        2, 40_000, date(2026, 9, 5), upload_id="upl_2", issued_on=date(2026, 8, 1)
    )
    draft = reopened(file, actor="upload:upl_2")
    draft.put_debt(changed, source="upload", reference="upl_2")
    draft.put_debt(a_debt("F-2", upload_id="upl_2"), source="upload", reference="upl_2")
    second = after(file, change_of(draft))
    assert second.head.balance_minor == 180_000

    undone = posted(second, lambda d: d.undo_upload("upl_2"))

    assert undone.head.balance_minor == file.head.balance_minor
    assert undone.head.due_buckets == file.head.due_buckets
    mine = next(d for d in undone.debts if d.external_id == "F-1")
    assert mine.instalments == file.debts[0].instalments
    assert (mine.due_on, mine.issued_on) == (file.debts[0].due_on, None)
    assert mine.stated_principal_minor == 100_000
    assert mine.fingerprint == ""


def test_a_note_by_a_person_means_something_was_built_on_the_upload():
    file = posted(a_case(), lambda d: d.note("llamó"))

    assert reopened(file).built_on(UPLOAD)


def test_merging_moves_debts_and_keeps_the_portfolios_sums_and_can_be_undone():
    one = posted(a_case(a_debt()), pays(30_000, "a"))
    other = a_case(a_debt("F-2"), key="D-2")
    from_, into = reopened(one), reopened(other)

    from_.hand_over(into, reference="mrg_1")
    gone, whole = after(one, change_of(from_)), after(other, change_of(into))

    assert (gone.head.status, gone.head.merged_into) == (CaseStatus.VOID, other.head.case_id)
    assert (gone.head.balance_minor, whole.head.balance_minor) == (0, 170_000)
    assert whole.head.debts == 2

    whole = posted(whole, pays(20_000, "b"))  # the oldest: both are due on one day
    back, left = reopened(gone), reopened(whole)
    back.take_back(left, reference="mrg_1")
    back, left = after(gone, change_of(back)), after(whole, change_of(left))
    assert back.head.balance_minor + left.head.balance_minor == 150_000
    assert (back.head.status, back.head.debts, left.head.debts) == (CaseStatus.OPEN, 1, 1)


def test_a_case_that_was_not_merged_cannot_be_taken_back():
    with pytest.raises(BadField):
        reopened(a_case()).take_back(reopened(a_case(key="D-2")), reference="mrg_1")


def test_ids_meet_themselves_when_the_same_thing_is_done_again():
    one, two = change_of(a_draft(a_debt())), change_of(a_draft(a_debt()))

    assert one.after.case_id == two.after.case_id == ids.case_id("prt_test", "D-1")
    assert [e.entry_id for e in one.entries] == [e.entry_id for e in two.entries]
    assert [c.contact_id for c in one.contacts] == [c.contact_id for c in two.contacts]
