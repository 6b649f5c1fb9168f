"""What every case store promises of payments that debtors report: kept whole, found by state."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.contact import HoldReason
from chalicelib.domain.dispute import Evidence, Side
from chalicelib.domain.errors import BadField, UnmatchedMoved, UnmatchedNotFound
from chalicelib.domain.reported import Reported, ReportedState
from tests.builders import NOW, TODAY, a_debt, a_draft, change_of, reopened


def a_report(number=1, **values):
    base = {
        "reported_id": f"rep_{number}",
        "state": ReportedState.WAITING,
        "amount_minor": 25_000,
        "paid_on": TODAY,
        "source": "self_pay",
        "at": NOW + timedelta(minutes=number),
        "by": "debtor:cas_1",
        "reference": "AB-12",
        "hold_id": f"hol_{number}",
    }
    return Reported(**base | values)


def a_photo(number=1):
    return Evidence(
        evidence_id=f"evi_{number}",
        side=Side.DEBTOR,
        name="foto.jpg",
        media_type="image/jpeg",
        size_bytes=9,
        sha256="d" * 64,
        key=f"reports/cas/rep/{number}.jpg",
        at=NOW,
        by="debtor:cas_1",
        shown=True,
    )


def opened(stores, *reports, key="D-1"):
    draft = a_draft(
        a_debt(f"F-{key}", stores.portfolio.portfolio_id), portfolio=stores.portfolio, key=key
    )
    for one in reports:
        draft.hold(one.hold_id, HoldReason.REPORTED_PAYMENT)
        assert draft.report_payment(one)
    change = change_of(draft)
    stores.cases.commit(change)
    return change.after.case_id


def again(stores, case_id):
    return reopened(stores.cases.open(case_id), stores.portfolio)


def listed(stores, *states):
    page = stores.cases.reported(stores.portfolio.portfolio_id, states)
    return [(case_id, one.reported_id) for case_id, one in page.items]


def test_reports_are_read_as_they_were_written_and_found_by_their_state(stores):
    first = opened(stores, a_report(1), key="D-1")
    second = opened(stores, a_report(2), key="D-2")
    draft = again(stores, first)
    assert draft.add_reported_file("rep_1", a_photo())
    assert not draft.add_reported_file("rep_1", a_photo())
    stores.cases.commit(change_of(draft))

    assert stores.cases.open(first).reported == (a_report(1, evidence=(a_photo(),)),)
    assert listed(stores, ReportedState.WAITING) == [(second, "rep_2"), (first, "rep_1")]

    draft = again(stores, first)
    assert draft.settle_reported("rep_1", ReportedState.NOT_FOUND, answer="Falta el folio")
    stores.cases.commit(change_of(draft))

    assert listed(stores, ReportedState.WAITING) == [(second, "rep_2")]
    assert listed(stores, ReportedState.NOT_FOUND, ReportedState.FOUND) == [(first, "rep_1")]
    file = stores.cases.open(first)
    assert [hold.lifted_at for hold in file.holds] == [NOW]
    assert file.reported[0].answer == "Falta el folio"


def test_what_was_settled_stays_so(stores):
    case_id = opened(stores, a_report(1))
    draft = again(stores, case_id)
    assert draft.settle_reported("rep_1", ReportedState.FOUND)
    stores.cases.commit(change_of(draft))

    draft = again(stores, case_id)
    assert not draft.settle_reported("rep_1", ReportedState.FOUND)
    with pytest.raises(UnmatchedMoved):
        draft.settle_reported("rep_1", ReportedState.NOT_FOUND)
    with pytest.raises(UnmatchedNotFound):
        draft.settle_reported("rep_9", ReportedState.FOUND)


def test_a_case_is_not_filled_with_photos(stores):
    case_id = opened(stores, a_report(1))
    draft = again(stores, case_id)
    for number in range(10):
        assert draft.add_reported_file("rep_1", a_photo(number))
    with pytest.raises(BadField):
        draft.add_reported_file("rep_1", a_photo(10))


def test_a_report_goes_on_with_a_merged_case(stores):
    case_id = opened(stores, a_report(1), key="D-1")
    other = opened(stores, key="D-2")
    gone, into = again(stores, case_id), again(stores, other)
    gone.hand_over(into, reference="mrg_1")
    stores.cases.commit(change_of(gone), change_of(into))

    assert stores.cases.open(other).reported == (a_report(1),)
    (left,) = stores.cases.open(case_id).reported
    assert left == replace(a_report(1), state=ReportedState.MOVED)
    assert listed(stores, ReportedState.WAITING) == [(other, "rep_1")]


def test_what_was_told_without_amount_or_day_is_kept_whole(stores):
    told = a_report(
        1, amount_minor=None, paid_on=None, source="whatsapp", words="Ya pagué", reference="",
        also=("rep_8", "rep_9"),
    )  # fmt: skip
    case_id = opened(stores, told)
    assert stores.cases.open(case_id).reported == (told,)


def test_they_are_found_by_where_they_were_told_page_by_page(stores):
    pid = stores.portfolio.portfolio_id
    sources = ["visit", "whatsapp", "self_pay", "visit", "self_pay", "self_pay"]
    for number, source in enumerate(sources, 1):
        opened(stores, a_report(number, source=source), key=f"D-{number}")

    first = stores.cases.reported(pid, (ReportedState.WAITING,), source="visit", limit=1)
    assert [one.reported_id for _, one in first.items] == ["rep_4"]
    rest = stores.cases.reported(
        pid, (ReportedState.WAITING,), source="visit", limit=2, cursor=first.cursor
    )
    assert [one.reported_id for _, one in rest.items] == ["rep_1"]
    assert rest.cursor is None
    assert stores.cases.reported(pid, (ReportedState.FOUND,), source="visit").items == ()
