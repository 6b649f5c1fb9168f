"""What every case store promises of debts that are charged off."""

from chalicelib.domain.case_list import CaseFilter
from chalicelib.domain.charge_off import Booked, ChargeOffReason
from chalicelib.domain.draft import after
from tests.builders import TODAY, a_debt, a_draft, change_of, reopened


def made(stores, key="D-1", external="F-1"):
    debt = a_debt(external, stores.portfolio.portfolio_id)
    new = change_of(a_draft(debt, portfolio=stores.portfolio, key=key))
    stores.cases.commit(new)
    return stores.cases.open(new.after.case_id), debt.debt_id


def does(stores, case_id, do, actor="user:ana"):
    file = stores.cases.open(case_id)
    draft = reopened(file, stores.portfolio, actor=actor)
    do(draft)
    change = change_of(draft)
    stores.cases.commit(change)
    return after(file, change)


def asks(stores, case_id, debt_id, key="cho_1"):
    return does(
        stores,
        case_id,
        lambda d: d.ask_charge_off(
            debt_id, key, reason=ChargeOffReason.AGE, on=TODAY, note="Nadie contesta"
        ),
    )


def test_a_charge_off_is_read_as_it_was_written(stores):
    file, debt_id = made(stores)
    case_id = file.head.case_id
    asked = asks(stores, case_id, debt_id)
    assert stores.cases.open(case_id).debts == asked.debts

    decided = does(
        stores, case_id, lambda d: d.decide_charge_off("cho_1", approved=True), "user:eva"
    )
    read = stores.cases.open(case_id)
    assert read.debts == decided.debts
    assert (read.head.charged_off, read.head.charged_off_minor) == (1, 100_000)


def test_what_a_file_says_is_read_as_it_was_written_and_no_longer_waits(stores):
    file, debt_id = made(stores)
    case_id, pid = file.head.case_id, stores.portfolio.portfolio_id
    asks(stores, case_id, debt_id)

    said = Booked(charged_off=True, on=TODAY, amount_minor=90_000)
    told = does(
        stores,
        case_id,
        lambda d: d.put_booked(debt_id, said, upload_id="upl_2", loaded_by="user:ana"),
        "upload:upl_2",
    )
    read = stores.cases.open(case_id)
    assert read.debts == told.debts
    assert (read.head.charged_off, read.head.charged_off_minor) == (1, 100_000)
    assert list(stores.cases.charge_offs(pid)) == []

    does(stores, case_id, lambda d: d.undo_upload("upl_2"))
    assert stores.cases.open(case_id).head.charged_off == 0
    assert list(stores.cases.charge_offs(pid)) == [(case_id, debt_id)]


def test_what_waits_is_listed_until_somebody_decides(stores):
    file, debt_id = made(stores)
    case_id, pid = file.head.case_id, stores.portfolio.portfolio_id
    assert list(stores.cases.charge_offs(pid)) == []
    asks(stores, case_id, debt_id)
    assert list(stores.cases.charge_offs(pid)) == [(case_id, debt_id)]

    does(stores, case_id, lambda d: d.decide_charge_off("cho_1", approved=True), "user:eva")
    assert list(stores.cases.charge_offs(pid)) == []
    does(stores, case_id, lambda d: d.ask_reinstatement("cho_1", note="Error"))
    assert list(stores.cases.charge_offs(pid)) == [(case_id, debt_id)]
    does(stores, case_id, lambda d: d.decide_reinstatement("cho_1", approved=True), "user:eva")
    assert list(stores.cases.charge_offs(pid)) == []


def test_a_debt_is_still_found_by_the_creditors_id_while_it_waits(stores):
    file, debt_id = made(stores)
    asks(stores, file.head.case_id, debt_id)

    pid = stores.portfolio.portfolio_id
    assert stores.cases.cases_of_debts(pid, ["F-1"]) == {"F-1": file.head.case_id}


def test_cases_are_listed_by_whether_any_debt_is_charged_off(stores):
    first, debt_id = made(stores)
    other, _ = made(stores, "D-2", "F-2")
    asks(stores, first.head.case_id, debt_id)
    does(
        stores,
        first.head.case_id,
        lambda d: d.decide_charge_off("cho_1", approved=True),
        "user:eva",
    )

    def listed(charged_off):
        where = CaseFilter(charged_off=charged_off)
        page = stores.cases.list(stores.portfolio.portfolio_id, where=where)
        return [line.case_id for line in page.items]

    assert listed(True) == [first.head.case_id]
    assert listed(False) == [other.head.case_id]
    assert sorted(listed(None)) == sorted([first.head.case_id, other.head.case_id])
