"""What every case store promises of open cases by owner: moved with the case, and recounted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import CounterMoves
from chalicelib.domain.errors import CaseMoved
from chalicelib.services import owner_counts, verify
from chalicelib.store.case_keys import HEAD, case_pk
from tests import engines
from tests.builders import NOW, TODAY, a_debt, a_draft, change_of, reopened


@pytest.fixture
def put(stores):
    def one(number, owner=""):
        pid = stores.portfolio.portfolio_id
        debt = a_debt(f"F-{number}", pid, due_on=TODAY - timedelta(days=number))
        change = change_of(a_draft(debt, key=f"D-{number}", portfolio=stores.portfolio))
        stores.cases.commit(change)
        if owner:
            do(stores, change.after.case_id, lambda draft: draft.give_to(owner))
        return change.after.case_id

    return one


def do(stores, case, step):
    draft = reopened(stores.cases.open(case), stores.portfolio, now=NOW)
    step(draft)
    stores.cases.commit(change_of(draft))


def owned(stores):
    found = stores.counters.owners(stores.portfolio.portfolio_id)
    assert found == stores.counters.owned_by(stores.portfolio.portfolio_id, ["ana", "luis", "eva"])
    return found


def differences(stores):
    return verify.portfolio(
        stores.portfolio.portfolio_id,
        cases=stores.cases,
        stored=stores.counters,
        time_zone=stores.portfolio.time_zone,
    ).differences


def forget(stores, engine, request, case, owner):
    """Leave an owned case as it was before open cases were counted by owner."""
    pid = stores.portfolio.portfolio_id
    if engine == "memory":
        file = stores.cases.files[case]
        stores.cases.files[case] = replace(file, head=replace(file.head, counted_for=""))
        taken = CounterMoves(totals={}, due={}, due_debts={}, days={}, owners={owner: -1})
        stores.cases.moves[pid].append(taken)
        return
    wire = engines.wire_to(request.getfixturevalue(f"{engine}_endpoint"))
    wire.call("UpdateItem", {
        "TableName": engines.CASES,
        "Key": {"pk": {"S": case_pk(case)}, "sk": {"S": HEAD}},
        "UpdateExpression": "REMOVE counted_for",
    })  # fmt: skip
    wire.call("UpdateItem", {
        "TableName": engines.WORK,
        "Key": {"pk": {"S": f"KPI#{pid}"}, "sk": {"S": f"CASES#{owner}#0"}},
        "UpdateExpression": "ADD open_cases :less",
        "ExpressionAttributeValues": {":less": {"N": "-1"}},
    })  # fmt: skip


def test_open_cases_are_counted_for_who_answers_for_them(stores, put):
    first, second, _ = put(1, "ana"), put(2, "ana"), put(3)
    assert owned(stores) == {"ana": 2}

    do(stores, first, lambda draft: draft.give_to("luis"))
    assert owned(stores) == {"ana": 1, "luis": 1}

    do(stores, second, lambda draft: draft.give_to(""))
    assert owned(stores) == {"luis": 1}
    assert differences(stores) == []


def test_what_is_paid_counts_for_nobody_until_it_owes_again(stores, put):
    case = put(1, "ana")
    owes = stores.cases.open(case).head.balance_minor

    paid = {"paid_on": TODAY, "source": "upload", "reference": "R-1"}
    do(stores, case, lambda draft: draft.pay(owes, **paid))
    assert owned(stores) == {}

    (payment,) = [e for e in stores.cases.open(case).entries if e.reference == "R-1"]
    do(stores, case, lambda draft: draft.reverse(payment.entry_id, reason="chargeback"))
    assert owned(stores) == {"ana": 1}
    assert differences(stores) == []


def test_cases_from_before_are_counted_once_by_the_command(stores, put, engine, request):
    cases = [put(number, "ana") for number in range(1, 4)]
    put(4, "luis")
    for case in cases[:2]:
        forget(stores, engine, request, case, "ana")
    assert owned(stores) == {"ana": 1, "luis": 1}
    (told,) = differences(stores)
    assert (told["counter"], told["found"], told["should_be"]) == ("owners.ana", 1, 3)
    before = reopened(stores.cases.open(cases[0]), stores.portfolio, now=NOW)
    pid = stores.portfolio.portfolio_id

    looked = owner_counts.mend(pid, cases=stores.cases, write=False)
    assert (looked.cases, looked.lacking, owned(stores)["ana"]) == (4, 2, 1)
    assert owner_counts.mend(pid, cases=stores.cases, write=True).lacking == 2
    assert owner_counts.mend(pid, cases=stores.cases, write=True).lacking == 0

    assert owned(stores) == {"ana": 3, "luis": 1}
    assert differences(stores) == []
    before.give_to("luis")  # who had opened the case before would count it a second time
    with pytest.raises(CaseMoved):
        stores.cases.commit(change_of(before))


def test_a_case_from_before_counts_itself_when_it_changes(stores, put, engine, request):
    case = put(1, "ana")
    forget(stores, engine, request, case, "ana")

    do(stores, case, lambda draft: draft.give_to("luis"))
    assert owned(stores) == {"luis": 1}
    do(stores, case, lambda draft: draft.give_to("ana"))
    assert owned(stores) == {"ana": 1}
    assert differences(stores) == []
