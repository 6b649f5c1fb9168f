"""What a file does to cases that exist, how an upload is undone, and how cases are merged."""

from datetime import date

import pytest

from chalicelib.domain import counters
from chalicelib.domain.case import CaseStatus, ContactKind
from chalicelib.domain.draft import after
from chalicelib.domain.errors import BadField, CaseVoid
from tests.builders import (
    TODAY,
    UPLOAD,
    a_case,
    a_debt,
    change_of,
    in_instalments,
    pays,
    posted,
    reopened,
)


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


def test_what_a_person_found_out_of_a_phone_survives_the_next_file():
    phone = (ContactKind.PHONE, "+525512345678")
    file = posted(a_case(), lambda d: d.put_contact(*phone, quality="wrong_person"))

    assert reopened(file).put_contact(*phone, source="upload") is False
    assert file.contacts[0].quality == "wrong_person"


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
