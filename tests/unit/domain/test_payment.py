"""What providers tell of a payment may come in any order, and as often as they like."""

from datetime import UTC, datetime
from functools import reduce
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.payment import Back, BackKind, PaymentState, ProviderPayment, together

AT = datetime(2026, 11, 22, 18, tzinfo=UTC)


def back(**known):
    return Back(
        **{"back_id": "re_1", "kind": BackKind.REFUND, "amount_minor": 30, "at": AT} | known
    )


def payment(**known):
    paid = {"provider": "sandbox", "state": PaymentState.PAID, "payment_id": "pay_1"}
    return ProviderPayment(**paid | {"amount_minor": 100, "currency": "MXN"} | known)


STATES = st.builds(
    payment,
    state=st.sampled_from(PaymentState),
    provider_id=st.sampled_from(["", "ses_1"]),
    method=st.sampled_from(["", "card"]),
    paid_at=st.sampled_from([None, AT]),
    backs=st.lists(
        st.builds(
            back,
            back_id=st.sampled_from(["re_1", "re_2", "dp_1"]),
            amount_minor=st.integers(1, 100),
            returned=st.booleans(),
        ),
        max_size=3,
        unique_by=lambda one: one.back_id,
    ).map(lambda backs: tuple(sorted(backs, key=lambda one: one.back_id))),
)


@given(STATES, STATES, STATES)
def test_the_order_of_news_does_not_matter(one, two, three):
    results = {reduce(together, order) for order in permutations((one, two, three))}
    assert len(results) == 1


@given(STATES, STATES)
def test_news_told_twice_says_nothing_new(one, two):
    known = together(one, two)
    assert together(known, one) == together(known, two) == together(known, known) == known


def test_a_refund_that_is_heard_of_before_its_payment_is_not_lost():
    refunded = payment(state=PaymentState.PENDING, backs=(back(),))
    assert together(refunded, payment()).kept_minor == 70


def test_what_was_paid_stays_paid_whatever_old_news_says():
    assert together(payment(), payment(state=PaymentState.FAILED)).state is PaymentState.PAID


def test_a_chargeback_that_was_won_takes_nothing():
    lost = back(back_id="dp_1", kind=BackKind.CHARGEBACK, amount_minor=100)
    won = back(back_id="dp_1", kind=BackKind.CHARGEBACK, amount_minor=100, returned=True)
    assert payment(backs=(lost,)).kept_minor == 0
    assert together(payment(backs=(won,)), payment(backs=(lost,))).kept_minor == 100


def test_nothing_is_kept_of_what_never_came():
    assert payment(state=PaymentState.FAILED).kept_minor == 0
