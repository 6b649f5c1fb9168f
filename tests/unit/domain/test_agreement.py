"""Agreements: exact to the cent, within the limits, and never more than the debtor can pay."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.agreement import Offer, due_days, simulate
from chalicelib.domain.agreement_policy import AgreementLimits, Frequency
from chalicelib.domain.errors import BadField
from chalicelib.domain.ledger import Balance

TODAY = date(2026, 11, 22)
LIMITS = AgreementLimits(
    min_down_payment_ppm=100_000,
    max_instalments=12,
    max_discount_principal_ppm=0,
    max_discount_interest_ppm=500_000,
    max_discount_fees_ppm=1_000_000,
)
OWED = Balance(1_000_000, 200_000, 50_000)


def agreed(**offer):
    return simulate(OWED, Offer(**{"instalments": 6} | offer), LIMITS, today=TODAY)


def test_the_least_is_paid_down_and_the_rest_in_equal_parts():
    found = agreed()
    amounts = [share.amount_minor for share in found.shares]
    assert amounts[0] == 125_000
    assert amounts[1:] == [187_500] * 6
    assert [share.due_on for share in found.shares[:3]] == [
        TODAY,
        date(2026, 12, 22),
        date(2027, 1, 22),
    ]
    assert not found.breaches


def test_each_component_is_forgiven_by_itself_and_never_more_than_said():
    found = simulate(
        Balance(1_001, 333, 99),
        Offer(instalments=0, discount_interest_ppm=500_000, discount_fees_ppm=333_333),
        LIMITS,
        today=TODAY,
    )
    assert found.discount == Balance(0, 166, 32)
    assert found.saved_minor == 198
    assert [share.amount_minor for share in found.shares] == [1_433 - 198]


def test_below_the_least_down_payment_the_answer_is_a_counter_offer_at_once():
    found = agreed(down_payment_minor=10_000)
    (breach,) = found.breaches
    assert (breach.field, breach.reason, breach.limit) == (
        "down_payment_minor",
        "too_small",
        125_000,
    )
    assert found.counter.shares[0].amount_minor == 125_000
    assert len(found.counter.shares) == 7


def test_every_limit_that_is_passed_is_named():
    found = agreed(instalments=24, discount_principal_ppm=100_000, discount_interest_ppm=900_000)
    assert {breach.field for breach in found.breaches} == {
        "instalments",
        "discount_principal_ppm",
        "discount_interest_ppm",
    }
    assert found.counter.offer.instalments == 12
    assert found.counter.discount == Balance(0, 100_000, 0)


def test_a_plan_that_cannot_be_paid_is_lengthened_until_it_can():
    found = agreed(instalments=3, affordable_minor=150_000)
    assert [breach.reason for breach in found.breaches] == ["not_affordable"]
    assert found.counter.offer.instalments == 8
    assert max(share.amount_minor for share in found.counter.shares[1:]) <= 150_000


def test_where_no_plan_can_be_kept_more_time_is_the_answer():
    found = agreed(affordable_minor=5_000)
    assert found.counter is None
    assert found.extension


@pytest.mark.parametrize(
    ("frequency", "days"),
    [
        (Frequency.WEEKLY, ["2026-11-29", "2026-12-06", "2026-12-13"]),
        (Frequency.FORTNIGHTLY, ["2026-11-30", "2026-12-15", "2026-12-31"]),
        (Frequency.MONTHLY, ["2026-12-22", "2027-01-22", "2027-02-22"]),
    ],
)
def test_the_days_follow_how_people_are_paid(frequency, days):
    found = agreed(instalments=3, frequency=frequency)
    assert [share.due_on.isoformat() for share in found.shares[1:]] == days


def test_a_holiday_moves_one_payment_and_not_those_after_it():
    def roll(day):
        return day + timedelta(days=2) if day == date(2027, 1, 1) else day

    days = due_days(date(2026, 12, 1), 3, Frequency.MONTHLY, roll)
    assert days == (date(2026, 12, 1), date(2027, 1, 3), date(2027, 2, 1))


@pytest.mark.parametrize(
    ("owed", "offer", "field"),
    [
        (Balance(), {}, "owed"),
        (Balance(100, -5, 0), {}, "owed"),
        (OWED, {"instalments": -1}, "instalments"),
        (OWED, {"down_payment_minor": -1}, "down_payment_minor"),
        (OWED, {"first_on": TODAY - timedelta(days=1)}, "first_on"),
        (OWED, {"discount_fees_ppm": 1_000_001}, "discount_fees_ppm"),
    ],
)
def test_nonsense_is_refused_by_its_name(owed, offer, field):
    with pytest.raises(BadField) as refused:
        simulate(owed, Offer(**{"instalments": 2} | offer), LIMITS, today=TODAY)
    assert refused.value.details["field"] == field


OFFERS = st.builds(
    Offer,
    instalments=st.integers(0, 40),
    frequency=st.sampled_from(Frequency),
    down_payment_minor=st.none() | st.integers(0, 10**9),
    discount_principal_ppm=st.integers(0, 10**6),
    discount_interest_ppm=st.integers(0, 10**6),
    discount_fees_ppm=st.integers(0, 10**6),
    affordable_minor=st.none() | st.integers(1, 10**8),
)
OWING = st.builds(Balance, st.integers(1, 10**9), st.integers(0, 10**8), st.integers(0, 10**8))


@given(owed=OWING, offer=OFFERS)
def test_nothing_is_lost_or_made_by_dividing(owed, offer):
    found = simulate(owed, offer, LIMITS, today=TODAY)
    for each in (found, found.counter):
        if each is None:
            continue
        amounts = [share.amount_minor for share in each.shares]
        assert sum(amounts) == each.to_pay_minor == owed.total_minor - each.saved_minor
        assert all(amount > 0 for amount in amounts)
        days = [share.due_on for share in each.shares]
        assert days == sorted(days)
        rest = [share.amount_minor for share in each.shares if share.number]
        assert rest == sorted(rest, reverse=True)


@given(owed=OWING, offer=OFFERS)
def test_a_counter_offer_is_one_that_is_allowed(owed, offer):
    found = simulate(owed, offer, LIMITS, today=TODAY)
    assert (found.counter is None) == (not found.breaches or found.extension)
    if found.counter is not None:
        again = simulate(owed, found.counter.offer, LIMITS, today=TODAY)
        assert not again.breaches
        assert again == replace(found.counter)
