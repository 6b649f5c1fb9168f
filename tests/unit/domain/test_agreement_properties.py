"""What always holds of an agreement, whatever is agreed and however it is paid."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.agreement import spread
from chalicelib.domain.agreement_policy import Earned
from chalicelib.domain.agreements import AgreementState
from chalicelib.domain.ledger import EntryKind
from tests.agreement_world import GENEROUS, World, less, owing
from tests.builders import TODAY, moratory

discounts = st.integers(0, 500_000)
amounts = st.integers(0, 200_000)


@settings(max_examples=40, deadline=None)
@given(
    principal=st.integers(10_000, 500_000),
    interest=amounts,
    fees=amounts,
    off=st.tuples(discounts, discounts, discounts),
    number=st.integers(1, 12),
    earned=st.sampled_from(Earned),
    payments=st.lists(st.integers(1, 60_000), max_size=6),
    rate=st.sampled_from((0, 360_000)),
)
def test_a_broken_agreement_leaves_what_was_owed_less_what_was_paid(  # noqa: PLR0917
    principal, interest, fees, off, number, earned, payments, rate
):
    limits = replace(
        GENEROUS,
        earned=earned,
        max_discount_fees_ppm=1_000_000,
    )
    debts = [
        owing(
            external_id=name,
            stated_principal_minor=principal,
            stated_interest_minor=interest,
            stated_fees_minor=fees,
        )
        for name in ("A", "B", "C")
    ]
    world = World(*debts, agreements=limits, moratory=moratory(annual_rate_ppm=rate))
    stated = 3 * (principal + interest + fees)
    signed = world.agree(less(*off, instalments=number))

    assert sum(share.amount_minor for share in signed.shares) == signed.to_pay_minor
    owed = sum(one.owed.total_minor for one in signed.covered)
    assert signed.to_pay_minor + signed.saved_minor == owed
    for step, minor in enumerate(payments):
        world.pay(minor, f"r{step}")
    if sum(payments) >= signed.to_pay_minor:
        assert world.agreement().state is AgreementState.COMPLETED
        assert world.total == signed.to_pay_minor - sum(payments)
        return
    world.on(signed.shares[-1].due_on + timedelta(days=30))
    world.settle()

    assert world.agreement().state is AgreementState.DEFAULTED
    realised = sum(e.amount_minor for e in world.file.entries if e.kind is EntryKind.INTEREST)
    assert world.total == stated - sum(payments) + realised
    assert rate or not realised


@settings(max_examples=40, deadline=None)
@given(
    principal=st.integers(10_000, 500_000),
    interest=amounts,
    off=st.tuples(discounts, discounts),
    number=st.integers(1, 8),
    earned=st.sampled_from(Earned),
    cuts=st.lists(st.integers(1, 100), min_size=1, max_size=5),
)
def test_paying_what_was_agreed_in_any_pieces_settles_the_case(  # noqa: PLR0917
    principal, interest, off, number, earned, cuts
):
    world = World(
        owing(stated_principal_minor=principal, stated_interest_minor=interest),
        agreements=replace(GENEROUS, earned=earned),
        moratory=moratory(),
    )
    signed = world.agree(less(*off, instalments=number))
    left = signed.to_pay_minor
    for step, cut in enumerate(cuts):
        part = min(left, signed.to_pay_minor * cut // 100)
        if part:
            world.on(TODAY + timedelta(days=step))
            world.pay(part, f"r{step}")
            left -= part
    if left:
        world.pay(left, "last")

    assert world.agreement().state is AgreementState.COMPLETED
    assert world.total == 0
    assert all(minor >= 0 for minor in spread(left, [1, 2, 3]))
