"""New terms that make principal of interest and fees: only where allowed, undone when broken."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import policy_rules
from chalicelib.domain.agreement_policy import AgreementRule
from chalicelib.domain.agreements import AgreementKind, AgreementState, terms_digest
from chalicelib.domain.errors import BadField
from chalicelib.domain.ledger import EntryKind, balances
from tests.agreement_world import GENEROUS, World, less, owing
from tests.builders import TODAY, a_portfolio, moratory

ALLOWED = replace(GENEROUS, capitalise=True)
CAPITAL = less(capitalise=True)


def new_terms(world: World, **values):
    offer = replace(CAPITAL, **values)
    return world.agree(offer, kind=AgreementKind.RESTRUCTURE)


def owed(world: World) -> tuple[int, int, int]:
    (one,) = balances(world.file.entries).values()
    return one.principal_minor, one.interest_minor, one.fees_minor


def test_it_is_off_unless_the_portfolio_says_so_and_for_new_terms_only():
    assert GENEROUS.capitalise is False
    with pytest.raises(BadField, match="capitalise"):
        new_terms(World())
    with pytest.raises(BadField, match="capitalise"):
        World(agreements=ALLOWED).agree(CAPITAL)


@pytest.mark.parametrize("country", ["BR", "CO", "EC"])
def test_where_law_forbids_it_no_portfolio_may_say_so(country):
    rule = AgreementRule(name="x", limits=ALLOWED)
    for policies in ({"agreements": ALLOWED}, {"agreement_rules": (rule,)}):
        with pytest.raises(BadField, match="capitalise"):
            policy_rules.check(a_portfolio(country=country, **policies))
    policy_rules.check(a_portfolio(agreements=ALLOWED))  # Mexico's may


def test_interest_and_fees_become_principal_by_an_entry_that_says_why():
    world = World(agreements=ALLOWED)
    assert owed(world) == (100_000, 20_000, 5_000)

    signed = new_terms(world)

    assert owed(world) == (125_000, 0, 0)
    (entry,) = [one for one in world.file.entries if one.reason == "agreement_capitalised"]
    assert (entry.kind, entry.amount_minor) == (EntryKind.ADJUSTMENT, 0)
    assert signed.capital_minor == 25_000
    facts = next(e.facts for e in world.file.events if e.kind == "agreement.signed")
    assert facts["capitalised_minor"] == 25_000


def test_what_is_forgiven_does_not_become_principal():
    world = World(agreements=replace(ALLOWED, max_discount_fees_ppm=1_000_000))
    signed = new_terms(world, discount_interest_ppm=500_000, discount_fees_ppm=1_000_000)

    assert signed.capital_minor == 10_000
    assert owed(world) == (110_000, 10_000, 5_000)  # the rest waits to be earned
    for share in signed.shares:
        world.on(share.due_on)
        world.pay(share.amount_minor, f"s{share.number}")
    assert world.agreement().state is AgreementState.COMPLETED
    assert owed(world) == (0, 0, 0)


def test_payments_of_the_plan_are_paid_to_principal():
    world = World(agreements=ALLOWED)
    world.pay(new_terms(world).shares[0].amount_minor)

    assert owed(world)[1:] == (0, 0)


def test_terms_that_do_not_hold_give_it_back_and_late_news_take_it_again():
    world = World(agreements=ALLOWED)
    first = new_terms(world).shares[0]
    world.on(first.due_on + timedelta(days=30))
    world.settle()
    assert world.agreement().state is AgreementState.DEFAULTED
    assert owed(world) == (100_000, 20_000, 5_000)

    world.pay(first.amount_minor, on=first.due_on)
    assert world.agreement().state is AgreementState.ACTIVE
    assert world.total == 125_000 - first.amount_minor

    world.do(lambda draft: draft.cancel_agreement("agr_1", reason="x"))
    assert not any(
        one.reason == "agreement_capitalised" and one.entry_id not in undone
        for undone in [{entry.reverses for entry in world.file.entries}]
        for one in world.file.entries
    )


def test_interest_runs_on_it_only_while_the_terms_hold():
    def after_a_month(*, capital: bool, broken: bool) -> int:
        world = World(agreements=ALLOWED, moratory=moratory())
        signed = new_terms(world, capitalise=capital)
        if broken:
            world.on(signed.shares[-1].due_on + timedelta(days=30))
            world.settle()
            assert world.agreement().state is AgreementState.DEFAULTED
        day = TODAY + timedelta(days=300)
        draft_total: list[int] = []
        world.on(day)
        world.do(lambda draft: draft_total.append(draft.owed_today()))
        return draft_total[0]

    assert after_a_month(capital=True, broken=False) > after_a_month(capital=False, broken=False)
    assert after_a_month(capital=True, broken=True) == after_a_month(capital=False, broken=True)


def test_what_a_code_stands_for_says_that_it_becomes_principal():
    world = World(agreements=ALLOWED)
    signed = new_terms(world)

    assert terms_digest(signed) != terms_digest(replace(signed, capitalised=False))


@settings(max_examples=40, deadline=None)
@given(
    principal=st.integers(10_000, 500_000),
    interest=st.integers(0, 200_000),
    fees=st.integers(0, 50_000),
    number=st.integers(1, 8),
    payments=st.lists(st.integers(1, 90_000), max_size=5),
    rate=st.sampled_from((0, 360_000)),
)
def test_nothing_is_owed_more_or_less_for_it_on_the_day(  # noqa: PLR0917
    principal, interest, fees, number, payments, rate
):
    debt = owing(
        stated_principal_minor=principal, stated_interest_minor=interest, stated_fees_minor=fees
    )
    world = World(debt, agreements=ALLOWED, moratory=moratory(annual_rate_ppm=rate))
    asked: list[int] = []
    world.do(lambda draft: asked.append(draft.owed_today()))
    signed = new_terms(world, instalments=number)

    assert world.total == asked[0] == signed.to_pay_minor
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
    assert world.total == principal + interest + fees + realised - sum(payments)
