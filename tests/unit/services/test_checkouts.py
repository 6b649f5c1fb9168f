"""Starting to pay: once, at what it costs, and only where it can be paid."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from chalicelib.domain import offers
from chalicelib.domain.checkout import CheckoutState, Pays, Target, reference
from chalicelib.domain.contact import AttemptState
from chalicelib.domain.errors import (
    BadField,
    CheckoutNotFound,
    DebtNotFound,
    NothingToPay,
    PaymentProviderNotFound,
    ProviderUnavailable,
)
from chalicelib.domain.offer import Offer
from chalicelib.domain.payment import ProviderProblem
from chalicelib.services import checkouts
from chalicelib.services import offers as offers_service
from tests.builders import (
    TODAY,
    a_debt,
    a_portfolio,
    an_attempt,
    change_of,
    in_instalments,
    moratory,
    reopened,
)
from tests.money_world import ALL, PAGES, MoneyWorld


@pytest.fixture
def world():
    return MoneyWorld()


def test_the_debtor_goes_on_at_the_providers_page(world):
    case_id = world.a_case()
    started = world.start(case_id)

    (ask,) = world.provider.started.values()
    assert started.url == f"https://pay.example/{started.checkout_id}"
    assert ask.reference == reference(case_id, started.checkout_id)
    assert ask.amount.minor == 100_000
    assert ask.return_url.endswith(started.checkout_id)
    assert ask.notify_url == f"https://x/api/v1/webhooks/payments/sandbox/{world.pid}"
    assert world.cases.open(case_id).head.name not in ask.title


def test_a_second_start_of_the_same_thing_is_the_same_checkout(world):
    case_id = world.a_case()
    first = world.start(case_id)
    assert world.start(case_id) == first
    assert world.start(case_id, by="user:ana") == first
    assert len(world.provider.started) == 1


def test_another_amount_takes_the_place_of_the_first_and_ends_it(world):
    case_id = world.a_case()
    some = Target(pays=Pays.AMOUNT)
    first = world.start(case_id, some, amount_minor=10_000)
    second = world.start(case_id, some, amount_minor=20_000)

    states = {one.checkout_id: one.state for one in world.cases.open(case_id).checkouts}
    assert states == {
        first.checkout_id: CheckoutState.CLOSED,
        second.checkout_id: CheckoutState.OPEN,
    }
    assert world.provider.closed == [first.provider_id]


def test_what_a_crash_left_half_started_is_gone_on_with(world):
    case_id = world.a_case()
    world.provider.problem = ProviderProblem("unavailable", retry=True)
    with pytest.raises(ProviderUnavailable):
        world.start(case_id)
    (half,) = world.cases.open(case_id).checkouts
    assert (half.state, half.asked) == (CheckoutState.OPEN, False)

    world.provider.problem = None
    assert world.start(case_id).checkout_id == half.checkout_id


def test_what_a_provider_refuses_for_good_is_started_anew(world):
    case_id = world.a_case()
    world.provider.problem = ProviderProblem("rejected")
    with pytest.raises(ProviderUnavailable) as refusal:
        world.start(case_id)
    assert refusal.value.details == {"provider": "sandbox", "reason": "rejected", "retry": False}
    world.provider.problem = None
    again = world.start(case_id)
    assert [one.state for one in world.cases.open(case_id).checkouts] == [
        CheckoutState.FAILED,
        again.state,
    ]


def test_one_whose_time_ran_out_is_no_longer_it(world):
    case_id = world.a_case()
    first = world.start(case_id)
    world.wait(hours=3)
    assert world.start(case_id).checkout_id != first.checkout_id
    assert first.shown_at(world.now) is CheckoutState.EXPIRED


def test_what_is_not_owed_cannot_be_paid(world):
    case_id = world.a_case()
    with pytest.raises(NothingToPay) as refusal:
        world.start(case_id, Target(pays=Pays.AMOUNT), amount_minor=100_001)
    assert refusal.value.details == {"owed_minor": 100_000}
    started = world.start(case_id)
    world.take(world.paid(reference(case_id, started.checkout_id)))
    with pytest.raises(NothingToPay):
        world.start(case_id)


@pytest.mark.parametrize(
    ("target", "refusal"),
    [
        (Target(pays=Pays.DEBT, debt_id="dbt_none"), DebtNotFound),
        (Target(pays=Pays.INSTALMENT, debt_id="dbt_none", number=1), DebtNotFound),
        (Target(pays=Pays.AMOUNT), BadField),
        (Target(pays=Pays.OFFER, of="none"), BadField),
    ],
)
def test_what_there_is_not_cannot_be_paid(world, target, refusal):
    with pytest.raises(refusal):
        world.start(world.a_case(), target)


def test_a_provider_that_is_not_connected_is_not_asked(world):
    with pytest.raises(PaymentProviderNotFound):
        world.start(world.a_case(), provider="stripe")


def test_it_costs_what_is_owed_today_with_the_interest_of_the_delay():
    world = MoneyWorld(portfolio=a_portfolio(moratory=moratory()))
    case_id = world.a_case(a_debt("F-1", world.pid))
    late = (TODAY - a_debt().due_on).days
    assert world.start(case_id).amount_minor == 100_000 + 100 * late


def test_an_instalment_costs_what_is_open_of_it(world):
    debt = in_instalments(4, 25_000, TODAY, portfolio_id=world.pid)
    case_id = world.a_case(debt)
    second = Target(pays=Pays.INSTALMENT, debt_id=debt.debt_id, number=2)
    assert world.start(case_id, second).amount_minor == 25_000
    one = Target(pays=Pays.DEBT, debt_id=debt.debt_id)
    assert world.start(case_id, one).amount_minor == 100_000


def test_giving_up_ends_it_at_the_provider_and_is_safe_to_repeat(world):
    case_id = world.a_case()
    started = world.start(case_id)
    for _ in range(2):
        ended = checkouts.give_up(
            case_id, started.checkout_id, by="debtor:x", means=world.paying, now=world.now
        )
        assert ended.state is CheckoutState.CLOSED
    assert world.provider.closed[0] == started.provider_id
    with pytest.raises(CheckoutNotFound):
        checkouts.give_up(case_id, "chk_none", by="x", means=world.paying, now=world.now)


def test_a_page_left_open_is_ended_when_the_money_came_otherwise(world):
    case_id = world.a_case()
    left_open = world.start(case_id, ALL)
    paid = world.start(case_id, Target(pays=Pays.AMOUNT), amount_minor=40_000)
    world.take(world.paid(reference(case_id, paid.checkout_id), 40_000))

    ended = checkouts.close_stale(case_id, means=world.paying, now=world.now)
    assert ended == 1
    assert world.provider.closed == [left_open.provider_id]


def test_a_provider_that_is_away_is_asked_again_to_end_a_page(world, monkeypatch):
    case_id = world.a_case()
    world.start(case_id, ALL)
    paid = world.start(case_id, Target(pays=Pays.AMOUNT), amount_minor=40_000)
    world.take(world.paid(reference(case_id, paid.checkout_id), 40_000))

    def away(_):
        raise ProviderProblem("unavailable", retry=True)

    with monkeypatch.context() as patched:
        patched.setattr(world.provider, "close", away)
        with pytest.raises(ProviderProblem):
            checkouts.close_stale(case_id, means=world.paying, now=world.now)
    assert checkouts.close_stale(case_id, means=world.paying, now=world.now) == 1


def test_an_offer_costs_what_it_said_and_its_page_ends_with_it(world):
    limits = replace(world.portfolio.policies.agreements, max_discount_principal_ppm=100_000)
    world.portfolio = replace(
        world.portfolio, policies=replace(world.portfolio.policies, agreements=limits)
    )
    case_id = world.a_case()
    told = an_attempt(state=AttemptState.SENT, template_id=offers.FAMILY, sent_at=world.now)
    draft = reopened(world.cases.open(case_id), world.portfolio, world.now)
    draft.plan(told)
    world.cases.commit(change_of(draft))
    made = partial(
        offers_service.made_to, terms=lambda *_: Offer(principal_ppm=1_000_000, valid_days=3)
    )
    means = replace(world.paying, offered=lambda file, owner, now: made(file, owner, now=now))

    def start(of):
        return checkouts.start(
            case_id, Target(pays=Pays.OFFER, of=of), provider="sandbox", by="debtor:x",
            language="es", method="oxxo", means=means, now=world.now, **PAGES,
        )  # fmt: skip

    with pytest.raises(BadField):
        start("att_other")
    world.wait(days=2)
    started = start(told.attempt_id)
    assert started.amount_minor == 90_000  # no more off than the portfolio allows
    assert started.discount.until == TODAY + timedelta(days=3)
    assert started.expires_at == datetime(2026, 11, 26, 6, tzinfo=UTC)  # midnight in Mexico City
    assert start(told.attempt_id) == started
    world.wait(days=2)
    with pytest.raises(BadField):
        start(told.attempt_id)


def test_what_the_debtor_gave_up_is_not_ended_twice(world):
    case_id = world.a_case()
    started = world.start(case_id)
    checkouts.give_up(case_id, started.checkout_id, by="x", means=world.paying, now=world.now)
    assert checkouts.close_stale(case_id, means=world.paying, now=world.now) == 0
