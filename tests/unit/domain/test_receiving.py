"""A provider's payment on a draft: posted once, taken out again, never lost."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.case import CaseStatus, PromiseState
from chalicelib.domain.checkout import Checkout, CheckoutState, Pays, Target
from chalicelib.domain.contact import AttemptState
from chalicelib.domain.draft import after
from chalicelib.domain.ledger import balances
from chalicelib.domain.payment import Back, BackKind, PaymentState, ProviderPayment
from chalicelib.domain.received import ReceivedStanding
from chalicelib.domain.timeline import verify
from tests.builders import NOW, TODAY, a_case, a_debt, a_portfolio, an_attempt, reopened

CHECKOUT = Checkout(
    checkout_id="chk_1",
    target=Target(pays=Pays.ALL),
    amount_minor=100_000,
    currency="MXN",
    provider="sandbox",
    state=CheckoutState.OPEN,
    started_at=NOW,
    started_by="debtor:cas",
    expires_at=NOW + timedelta(hours=2),
)


def paid(amount=100_000, *backs, **values):
    base = {
        "provider": "sandbox", "state": PaymentState.PAID, "amount_minor": amount,
        "currency": "MXN", "payment_id": "pay_1", "paid_at": NOW, "method": "card",
        "backs": tuple(backs),
    }  # fmt: skip
    return ProviderPayment(**base | values)


def back(amount=30_000, kind=BackKind.REFUND, key="re_1", **values):
    return Back(back_id=key, kind=kind, amount_minor=amount, at=NOW, **values)


def received(file, payment, **how):
    draft = reopened(file)
    draft.receive_payment(payment, **how)
    change = draft.change()
    return after(file, change) if change else file


def owed(file):
    return sum(balance.total_minor for balance in balances(file.entries).values())


def test_it_is_posted_once_however_often_it_is_told():
    once = received(a_case(), paid())

    assert (once.head.status, owed(once)) == (CaseStatus.SETTLED, 0)
    assert once.received[0].standing is ReceivedStanding.POSTED
    assert received(once, paid()) is once
    assert received(once, paid(state=PaymentState.FAILED)) is once
    assert verify(once.events, once.head.chain).ok


def test_what_is_only_promised_or_refused_moves_no_money():
    file = a_case()
    assert received(file, paid(state=PaymentState.PENDING)) is file
    assert received(file, paid(state=PaymentState.FAILED)) is file


def test_a_partial_refund_leaves_what_is_left_as_if_only_that_had_come():
    partly = received(received(a_case(), paid()), paid(100_000, back()))

    assert owed(partly) == 30_000
    assert partly.received[0].posted_minor == 70_000
    kinds = [entry.kind.value for entry in partly.entries]
    assert kinds.count("payment") == 2
    assert kinds.count("reversal") == 1
    told = next(event for event in partly.events if event.kind == "payment.refunded")
    assert (told.facts["amount_minor"], told.facts["payment_id"]) == (30_000, "pay_1")


def test_a_chargeback_that_is_won_brings_the_payment_back():
    lost = received(
        received(a_case(), paid()), paid(100_000, back(100_000, BackKind.CHARGEBACK, "dp_1"))
    )
    assert (owed(lost), lost.received[0].standing) == (100_000, ReceivedStanding.BACK)
    assert any(task.cause.step == "charged_back" for task in lost.tasks)

    won = received(lost, paid(100_000, back(100_000, BackKind.CHARGEBACK, "dp_1", returned=True)))
    assert (owed(won), won.received[0].standing) == (0, ReceivedStanding.POSTED)
    assert won.events[-1].kind == "payment.reinstated"


@given(st.permutations(range(4)), st.lists(st.integers(0, 3), max_size=4))
def test_any_order_of_news_ends_in_the_same_balance(order, again):
    news = [
        paid(),
        paid(100_000, back()),
        paid(100_000, back(20_000, key="re_2")),
        paid(100_000, back(), back(50_000, BackKind.CHARGEBACK, "dp_1", returned=True)),
    ]
    file = a_case()
    for number in (*order, *again):
        file = received(file, news[number])
    assert owed(file) == 50_000
    assert file.received[0].posted_minor == 50_000
    assert verify(file.events, file.head.chain).ok


def test_money_over_what_is_owed_is_posted_kept_and_asked_about():
    file = received(a_case(), paid())
    both = received(file, paid(40_000, payment_id="pay_2"))

    assert owed(both) == -40_000
    assert [one.over_minor for one in both.received] == [0, 40_000]
    assert both.received[1].standing is ReceivedStanding.OVER
    assert [task.cause.step for task in both.tasks] == ["overpaid"]


def test_sending_back_what_was_over_settles_it():
    file = received(received(a_case(), paid()), paid(40_000, payment_id="pay_2"))
    back_again = paid(40_000, back(40_000), payment_id="pay_2")
    settled = received(file, back_again)

    assert owed(settled) == 0
    assert settled.received[1].over_minor == 0


def test_a_payment_somebody_undid_by_hand_is_not_posted_anew_by_its_refund():
    file = received(a_case(), paid())
    draft = reopened(file)
    entry = next(one for one in file.entries if one.kind.value == "payment")
    draft.reverse(entry.entry_id, reason="not ours")
    file = after(file, draft.change())
    assert owed(file) == 100_000

    assert owed(received(file, paid(100_000, back()))) == 100_000


def test_the_change_that_posts_keeps_the_promise_and_takes_back_what_waits():
    file = a_case(a_debt(due_on=date(2026, 10, 1)))
    draft = reopened(file)
    draft.promise("prm_1", 100_000, TODAY + timedelta(days=3), channel="whatsapp")
    draft.plan(an_attempt("att_1"))
    draft.open_checkout(CHECKOUT)
    draft.open_checkout(replace(CHECKOUT, checkout_id="chk_2", target=Target(pays=Pays.AMOUNT)))
    file = after(file, draft.change())

    change_made = reopened(file)
    change_made.receive_payment(paid(), checkout_id="chk_1")
    change = change_made.change()

    (promise,) = change.promises
    assert promise.state is PromiseState.KEPT
    (attempt,) = change.attempts
    assert (attempt.state, attempt.problem) == (AttemptState.WITHDRAWN, "paid")
    states = {one.checkout_id: (one.state, one.problem) for one in change.checkouts}
    assert states == {
        "chk_1": (CheckoutState.PAID, ""),
        "chk_2": (CheckoutState.CLOSED, "paid_otherwise"),
    }


def test_a_refused_card_ends_its_checkout_and_money_that_still_comes_counts():
    draft = reopened(a_case())
    draft.open_checkout(CHECKOUT)
    file = after(a_case(), draft.change())
    failed = paid(state=PaymentState.FAILED, payment_id="", problem="declined")
    file = received(file, failed, checkout_id="chk_1")
    assert (file.checkouts[0].state, file.checkouts[0].problem) == (
        CheckoutState.FAILED,
        "declined",
    )

    file = received(file, paid(), checkout_id="chk_1")
    assert file.checkouts[0].state is CheckoutState.PAID
    assert owed(file) == 0


def test_of_a_payment_in_parts_every_part_counts():
    draft = reopened(a_case())
    draft.open_checkout(CHECKOUT)
    file = after(a_case(), draft.change())
    for number, amount in enumerate((60_000, 40_000)):
        file = received(file, paid(amount, payment_id=f"pay_{number}"), checkout_id="chk_1")
    assert (file.checkouts[0].paid_minor, owed(file)) == (100_000, 0)


def test_a_provider_whose_clock_is_ahead_pays_today():
    file = received(a_case(), paid(paid_at=NOW + timedelta(days=2)))
    assert file.head.last_payment_on == TODAY


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_a_refund_heard_of_first_and_its_payment_leave_the_same(order):
    news = [paid(state=PaymentState.PENDING, backs=(back(),)), paid(100_000, back())]
    file = a_case(portfolio=a_portfolio())
    for number in order:
        file = received(file, news[number])
    assert owed(file) == 30_000
