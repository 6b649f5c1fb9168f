"""Commission: worked examples, to the cent."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain import policy_rules
from chalicelib.domain.commission import CommissionRules, Rate, Tier, earned, rules_of
from chalicelib.domain.errors import BadField
from chalicelib.domain.ledger import Entry, EntryKind
from tests.builders import a_portfolio

RULES = CommissionRules(
    from_month="2026-10",
    rates=(
        Rate(up_to_days=30, ppm=20_000),
        Rate(up_to_days=90, ppm=55_000),
        Rate(up_to_days=None, ppm=120_000),
    ),
    tiers=(Tier(reached_percent=100, percent=110), Tier(reached_percent=120, percent=125)),
)


def paid(number, minor, late, reverses=None):
    entry = Entry(
        entry_id=f"ent_{number}",
        debt_id="dbt_1",
        kind=EntryKind.REVERSAL if reverses else EntryKind.PAYMENT,
        amount_minor=-minor,
        principal_minor=-minor,
        interest_minor=0,
        fees_minor=0,
        effective_on=date(2026, 11, 20),
        recorded_at=datetime(2026, 11, 20, 18, tzinfo=UTC),
        source="bank",
        reference=str(number),
        actor="user:eva",
        reverses=reverses,
        credited="ana",
        late_days=late,
    )
    return "cas_1", entry


def lines(found):
    return [(one.ppm, one.earned_minor) for one in found.lines]


def test_each_payment_earns_by_how_late_its_debt_was():
    # 1,000.00 at 2 %, 333.33 at 5.5 % = 18.33315, 250.01 at 12 % = 30.0012; one not yet due at 2 %
    month = [paid(1, 100_000, 30), paid(2, 33_333, 31), paid(3, 25_001, 91), paid(4, 999, -3)]

    found = earned(RULES, month, None)

    assert lines(found) == [(20_000, 2_000), (55_000, 1_833), (120_000, 3_000), (20_000, 20)]
    assert (found.earned_minor, found.collected_minor, found.percent) == (6_853, 159_333, 100)


def test_a_reversal_takes_back_what_was_given_to_the_cent():
    # 33.50 at 2 % is 0.67; 0.25 at 2 % is half a cent: up for the payment, down for its return
    month = [
        paid(1, 3_350, 5),
        paid(2, 25, 5),
        paid(3, -25, 5, "ent_2"),
        paid(4, -3_350, 5, "ent_1"),
    ]

    found = earned(RULES, month, 1)

    assert [minor for _, minor in lines(found)] == [67, 1, -1, -67]
    assert found.earned_minor == 0


@pytest.mark.parametrize(
    ("goal", "percent", "total"),
    [
        (None, 100, 2_000),
        (100_001, 100, 2_000),  # a cent short of it
        (100_000, 110, 2_200),
        (83_334, 110, 2_200),  # 119.999 %
        (83_333, 125, 2_500),
        (0, 100, 2_000),
    ],
)
def test_the_highest_part_of_the_goal_that_was_reached_counts_for_all(goal, percent, total):
    found = earned(RULES, [paid(1, 100_000, 10)], goal)

    assert (found.percent, found.earned_minor) == (percent, total)


def test_what_is_later_than_all_rates_earns_nothing():
    short = CommissionRules(from_month="2026-10", rates=(Rate(up_to_days=5, ppm=10_000),))

    assert earned(short, [paid(1, 100, 6)], None).earned_minor == 0


def test_rules_hold_from_their_month_until_others_do():
    later = CommissionRules(from_month="2026-12", rates=RULES.rates)

    assert rules_of((later, RULES), "2026-09") is None
    assert rules_of((later, RULES), "2026-11") is RULES
    assert rules_of((later, RULES), "2027-01") is later
    assert rules_of((), "2026-11") is None


@pytest.mark.parametrize(
    ("sets", "field", "reason"),
    [
        ((RULES, RULES), "1.from_month", "repeated"),
        ((CommissionRules(from_month="2026-13", rates=RULES.rates),), "0.from_month", "bad_format"),
        ((CommissionRules(from_month="2026-11", rates=()),), "0.rates", "missing"),
        (
            (CommissionRules(from_month="2026-11", rates=RULES.rates[::-1]),),
            "0.rates.0.up_to_days",
            "missing",
        ),
        (
            (CommissionRules(from_month="2026-11", rates=(Rate(up_to_days=1, ppm=-1),)),),
            "0.rates.0.ppm",
            "too_small",
        ),
        (
            (CommissionRules(from_month="2026-11", rates=RULES.rates, tiers=RULES.tiers[::-1]),),
            "0.tiers.1.reached_percent",
            "too_small",
        ),
    ],
)
def test_rules_that_make_no_sense_are_refused_by_field(sets, field, reason):
    policy_rules.check(a_portfolio(commission=(RULES,)))
    with pytest.raises(BadField) as refused:
        policy_rules.check(a_portfolio(commission=sets))
    assert refused.value.details == {"field": f"policies.commission.{field}", "reason": reason}
