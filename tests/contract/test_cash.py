"""What every store promises of cash: written with its case or not at all, and never twice."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.cash import (
    Deposit,
    DepositState,
    Move,
    MoveKind,
    Receipt,
    ReceiptState,
    Word,
    Words,
    series_of,
)
from chalicelib.domain.errors import AlreadyRecorded, CaseMoved
from tests.builders import NOW, TODAY, a_debt, a_draft, change_of, reopened

DEVICE = "dev_0000000001"
_people = iter(range(10**6))


@pytest.fixture
def agent():
    """Somebody with a series of their own: the tests share tables."""
    return f"ana{next(_people)}-{id(_people)}"


@pytest.fixture
def cash(stores):
    return stores.cash


def a_case(stores, key="D-1"):
    pid = stores.portfolio.portfolio_id
    change = change_of(a_draft(a_debt(f"F-{key}", pid), portfolio=stores.portfolio, key=key))
    stores.cases.commit(change)
    return change.after.case_id


@pytest.fixture
def case(stores):
    return a_case(stores)


def a_receipt(stores, case, agent, number=1, **values):
    base = {
        "number": f"{series_of(DEVICE, agent)}-{number:06d}",
        "portfolio_id": stores.portfolio.portfolio_id,
        "person_id": agent,
        "device_id": DEVICE,
        "case_id": case,
        "visit_id": f"vis_{number:010d}",
        "amount_minor": 30_000,
        "currency": "MXN",
        "at": NOW,
        "received_at": NOW,
    }
    return Receipt(**base | values)


def change(stores, case, step):
    draft = reopened(stores.cases.open(case), stores.portfolio)
    step(draft)
    return change_of(draft)


def take(stores, receipt):
    stores.cases.commit(
        change(stores, receipt.case_id, lambda d: d.take_cash(receipt, paid_on=TODAY))
    )


def held(stores, agent):
    return stores.cash.hand(stores.portfolio.portfolio_id, agent).held_minor


def owes(stores, case):
    return stores.cases.open(case).head.balance_minor


def test_what_the_debtor_paid_is_in_the_agents_hand_the_same_moment(stores, cash, case, agent):
    receipt = a_receipt(stores, case, agent)
    take(stores, receipt)

    assert owes(stores, case) == 70_000
    assert held(stores, agent) == 30_000
    kept = cash.receipt(receipt.number)
    assert kept == replace(receipt, reference=receipt.number)
    assert cash.receipts(receipt.series) == [kept]
    assert cash.series(stores.portfolio.portfolio_id) == [(receipt.series, agent, DEVICE)]
    lines, more = cash.moves(stores.portfolio.portfolio_id)
    assert [(one.kind, one.held_minor, one.receipt) for one in lines] == [
        (MoveKind.RECEIPT, 30_000, receipt.number)
    ]
    assert more is None


def test_a_number_is_used_once_and_the_second_writes_nothing(stores, case, agent):
    take(stores, a_receipt(stores, case, agent))
    other = a_case(stores, "D-2")
    second = a_receipt(stores, other, agent, visit_id="vis_another0000")

    with pytest.raises(AlreadyRecorded) as refused:
        take(stores, second)

    assert not refused.value.details["same"]
    assert owes(stores, other) == 100_000
    assert held(stores, agent) == 30_000


def test_a_repeated_number_can_be_kept_beside_the_first(stores, cash, case, agent):
    first = a_receipt(stores, case, agent)
    take(stores, first)
    other = a_case(stores, "D-2")
    twin = a_receipt(
        stores, other, agent, visit_id="vis_another0000", twin_of=first.visit_id, amount_minor=500
    )
    take(stores, twin)

    assert owes(stores, other) == 99_500
    assert held(stores, agent) == 30_500
    assert [one.visit_id for one in cash.receipts(first.series)] == [first.visit_id, twin.visit_id]


def test_who_read_an_older_case_writes_neither_payment_nor_hand(stores, cash, case, agent):
    receipt = a_receipt(stores, case, agent)
    late = change(stores, case, lambda d: d.take_cash(receipt, paid_on=TODAY))
    stores.cases.commit(change(stores, case, lambda d: d.note("Antes.")))

    with pytest.raises(CaseMoved):
        stores.cases.commit(late)

    assert owes(stores, case) == 100_000
    assert held(stores, agent) == 0
    assert cash.receipt(receipt.number) is None
    assert cash.moves(stores.portfolio.portfolio_id) == ([], None)


def test_a_receipt_taken_back_leaves_ledger_and_hand_as_they_were(stores, cash, case, agent):
    receipt = a_receipt(stores, case, agent)
    take(stores, receipt)
    kept = cash.receipt(receipt.number)
    void = change(stores, case, lambda d: d.void_cash(kept, reason="Se contó mal."))
    stores.cases.commit(void)

    assert owes(stores, case) == 100_000
    assert held(stores, agent) == 0
    after = cash.receipt(receipt.number)
    assert (after.state, after.reason) == (ReceiptState.VOID, "Se contó mal.")
    with pytest.raises((CaseMoved, AlreadyRecorded)):
        stores.cases.commit(void)
    assert held(stores, agent) == 0
    kinds = [one.kind for one in cash.moves(stores.portfolio.portfolio_id)[0]]
    assert sorted(kinds) == [MoveKind.RECEIPT, MoveKind.VOID]


def test_two_phones_at_once_both_count(stores, request, agent, engine):
    if engine == "moto":
        pytest.skip("moto's transactions are not safe against each other")
    paid = [a_receipt(stores, a_case(stores, f"D-{n}"), agent, n) for n in range(1, 7)]
    together(lambda receipt: take(stores, receipt), paid)

    assert held(stores, agent) == 6 * 30_000
    assert {owes(stores, one.case_id) for one in paid} == {70_000}


def test_of_the_same_receipt_many_times_at_once_one_is_written(stores, case, agent, engine):
    if engine == "moto":
        pytest.skip("moto's transactions are not safe against each other")
    receipt = a_receipt(stores, case, agent)
    refused = []

    def attempt(_):
        try:
            take(stores, receipt)
        except (CaseMoved, AlreadyRecorded) as error:
            refused.append(error)

    together(attempt, range(6))

    assert len(refused) == 5
    assert owes(stores, case) == 70_000
    assert held(stores, agent) == 30_000


def test_a_number_voided_before_it_was_money_is_taken_too(stores, cash, case, agent):
    void = a_receipt(stores, case, agent, state=ReceiptState.VOID, reason="Otro importe.")
    line = a_move(void, MoveKind.VOID)

    assert cash.add_void(void, line)
    assert not cash.add_void(void, line)
    assert cash.receipt(void.number) == void
    assert held(stores, agent) == 0
    with pytest.raises(AlreadyRecorded):
        take(stores, a_receipt(stores, case, agent))


def test_a_deposit_is_declared_once_and_counted_once(stores, cash, case, agent):
    take(stores, a_receipt(stores, case, agent))
    pid = stores.portfolio.portfolio_id
    deposit = Deposit(
        deposit_id=f"dep_{agent}", portfolio_id=pid, person_id=agent, amount_minor=30_000,
        currency="MXN", at=NOW, declared_at=NOW, way="bank",
    )  # fmt: skip
    line = Move(
        move_id=f"mov_{agent}", kind=MoveKind.DEPOSIT, portfolio_id=pid, person_id=agent, at=NOW,
        by=f"user:{agent}", currency="MXN", declared_minor=30_000,
    )  # fmt: skip
    assert cash.declare(deposit, line)
    assert not cash.declare(deposit, line)
    hand = cash.hand(pid, agent)
    assert (hand.held_minor, hand.declared_minor) == (30_000, 30_000)

    counted = replace(deposit, counted_minor=29_000, state=DepositState.COUNTED, version=2)
    found = replace(
        line, move_id=f"mov_c{agent}", kind=MoveKind.COUNT, declared_minor=-30_000,
        held_minor=-30_000, owed_minor=1_000,
    )  # fmt: skip
    assert cash.count(counted, found)
    assert not cash.count(counted, found)
    hand = cash.hand(pid, agent)
    assert (hand.held_minor, hand.declared_minor, hand.owed_minor) == (0, 0, 1_000)
    assert cash.deposits(pid) == [counted]
    assert cash.deposit(pid, deposit.deposit_id).difference_minor == 1_000
    assert owes(stores, case) == 70_000  # the debtor's credit is whole


def test_the_book_is_read_backwards_page_by_page(stores, cash, agent):
    pid = stores.portfolio.portfolio_id
    for number in range(5):
        receipt = a_receipt(stores, "cas_none", agent, number + 1)
        line = a_move(receipt, MoveKind.SETTLEMENT, at=NOW + timedelta(minutes=number))
        assert cash.settle(line)
        assert cash.settled(pid, line.move_id)
        assert not cash.settle(replace(line, at=NOW + timedelta(days=1)))

    first, cursor = cash.moves(pid, limit=2)
    second, _ = cash.moves(pid, limit=2, cursor=cursor)
    minutes = [(one.at - NOW).seconds // 60 for one in (*first, *second)]
    assert minutes == [4, 3, 2, 1]
    stretch, _ = cash.moves(pid, since=NOW + timedelta(minutes=1), until=NOW + timedelta(minutes=3))
    assert [(one.at - NOW).seconds // 60 for one in stretch] == [2, 1]


def test_what_the_debtor_says_moves_a_receipt_from_one_list_to_another(stores, cash, case, agent):
    pid = stores.portfolio.portfolio_id
    receipt = a_receipt(stores, case, agent)
    take(stores, receipt)
    assert listed(stores, agent) == {Word.OPEN: [receipt.number]}
    assert counted(stores, agent) == Words(person_id=agent, open=1)

    say(stores, receipt, said_minor=20_000)
    assert listed(stores, agent) == {Word.DENIED: [receipt.number]}
    assert counted(stores, agent) == Words(person_id=agent, denied=1)
    assert cash.receipt(receipt.number).said_minor == 20_000

    say(stores, receipt, said_minor=10_000)  # another amount: the same list
    assert counted(stores, agent) == Words(person_id=agent, denied=1)
    (one,) = cash.said(pid, Word.DENIED, person_id=agent)[0]
    assert one == cash.receipt(receipt.number)
    assert one.said_minor == 10_000

    say(stores, receipt)
    assert listed(stores, agent) == {Word.CONFIRMED: [receipt.number]}
    assert counted(stores, agent) == Words(person_id=agent, confirmed=1)
    assert held(stores, agent) == 30_000  # no money moved
    assert owes(stores, case) == 70_000

    kept = cash.receipt(receipt.number)
    stores.cases.commit(change(stores, case, lambda d: d.void_cash(kept, reason="No hubo pago.")))
    assert listed(stores, agent) == {}
    assert counted(stores, agent) in (None, Words(person_id=agent))


def test_a_receipt_confirmed_at_the_door_is_never_unconfirmed(stores, case, agent):
    take(stores, a_receipt(stores, case, agent, confirmed="code"))
    assert counted(stores, agent) == Words(person_id=agent, confirmed=1)


def test_who_read_an_older_case_leaves_lists_and_counts_alone(stores, cash, case, agent):
    receipt = a_receipt(stores, case, agent)
    take(stores, receipt)
    kept = cash.receipt(receipt.number)
    late = change(stores, case, lambda d: d.answer_cash(kept, how="page"))
    say(stores, receipt, said_minor=0)

    with pytest.raises(CaseMoved):
        stores.cases.commit(late)

    assert counted(stores, agent) == Words(person_id=agent, denied=1)


def test_receipts_of_one_word_are_read_page_by_page(stores, cash, agent):
    pid = stores.portfolio.portfolio_id
    for number in range(1, 6):
        case = a_case(stores, f"D-{number}")
        at = NOW - timedelta(days=5 - number)
        take(stores, a_receipt(stores, case, agent, number, at=at))

    first, cursor = cash.said(pid, Word.OPEN, person_id=agent, limit=2)
    second, cursor = cash.said(pid, Word.OPEN, person_id=agent, cursor=cursor, limit=2)
    third, last = cash.said(pid, Word.OPEN, person_id=agent, cursor=cursor, limit=2)

    numbers = [one.number[-1] for one in (*first, *second, *third)]
    assert (numbers, last) == (["1", "2", "3", "4", "5"], None)
    assert cash.said(pid, Word.OPEN, person_id="somebody") == ([], None)


def say(stores, receipt, **said):
    def step(draft):
        draft.answer_cash(stores.cash.receipt(receipt.key), how="page", **said)

    stores.cases.commit(change(stores, receipt.case_id, step))


def listed(stores, agent):
    pid = stores.portfolio.portfolio_id
    found = {word: stores.cash.said(pid, word, person_id=agent)[0] for word in Word}
    return {word: [one.number for one in several] for word, several in found.items() if several}


def counted(stores, agent):
    words = stores.cash.words(stores.portfolio.portfolio_id)
    return next((one for one in words if one.person_id == agent), None)


def a_move(receipt, kind, **values):
    base = {
        "move_id": f"mov_{receipt.number}",
        "kind": kind,
        "portfolio_id": receipt.portfolio_id,
        "person_id": receipt.person_id,
        "at": NOW,
        "by": f"user:{receipt.person_id}",
        "currency": "MXN",
        "receipt": receipt.number,
    }
    return Move(**base | values)


def together(do, inputs):
    threads = [threading.Thread(target=do, args=(one,)) for one in inputs]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
