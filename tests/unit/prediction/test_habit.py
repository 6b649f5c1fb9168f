"""The model's figures, by what a person would expect of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.prediction.habit import Figures, Habit
from chalicelib.prediction.history import MOST, Invoice, Seen, seen

USUAL = tuple(float(day) for day in range(-20, 31, 2))
HABIT = Habit(
    Figures(
        usual_days=USUAL,
        setback_shares=(0.0, 0.3, 0.7),
        weights=tuple((1 / len(USUAL) / 3,) * 3 for _ in USUAL),
        setback_days=15.0,
        paperless_days=6.0,
        spread_days=5.0,
    )
)
DAY = date(2026, 11, 22)
days = st.integers(-60, 200)
pasts = st.lists(st.builds(Seen, days, st.booleans(), st.booleans()), max_size=12)


def settled(*late):
    return [Seen(one, True, False) for one in late]


@given(pasts, st.booleans(), st.integers(-90, 400))
def test_every_figure_is_a_probability(history, paperless, open_days):
    said = HABIT.outlook(history, paperless=paperless, open_days=open_days)

    assert 0 <= said.late <= 1
    within = [
        HABIT.paid_within(HABIT.belief(history), ahead, paperless=paperless, open_days=open_days)
        for ahead in (0, 7, 30, 400)
    ]
    assert 0 <= within[0] <= within[1] <= within[2] <= within[3] <= 1


@given(pasts, st.booleans())
def test_the_order_of_what_is_known_changes_nothing(history, paperless):
    forwards = HABIT.late(history, paperless=paperless)

    assert HABIT.late(history[::-1], paperless=paperless) == pytest.approx(forwards)


def test_who_paid_late_is_expected_to_and_who_did_not_is_not():
    late = HABIT.late(settled(12, 14, 11), paperless=False)
    unknown = HABIT.late([], paperless=False)
    punctual = HABIT.late(settled(-12, -14, -11), paperless=False)

    assert late > 0.9 > unknown > 0.1 > punctual


def test_one_setback_among_many_is_not_a_habit():
    once = HABIT.late(settled(-10, -11, -9, -12, -10, 5), paperless=False)

    assert once < 0.3


def test_an_open_invoice_says_that_it_takes_at_least_so_long():
    history = settled(-4, -6)
    waiting = [*history, Seen(25, False, False)]

    assert HABIT.late(waiting, paperless=False) > HABIT.late(history, paperless=False)
    assert HABIT.late([*history, Seen(-25, False, False)], paperless=False) == pytest.approx(
        HABIT.late(history, paperless=False), abs=0.02
    )


def test_what_is_past_its_due_date_is_late():
    said = HABIT.outlook(settled(-4, -6), paperless=False, open_days=1)

    assert said.late == 1
    assert said.reasons[0].code == "still_open"


def test_reasons_add_up_and_name_what_they_rest_on():
    history = [*settled(8, 12, 10), Seen(20, False, False)]

    said = HABIT.outlook(history, paperless=True, open_days=-20)

    by_code = {one.code: one for one in said.reasons}
    assert set(by_code) == {"paperless", "paid_before", "open_others"}
    assert by_code["paperless"].weight < 0 < by_code["paid_before"].weight
    assert by_code["paid_before"].figures == {"invoices": 3.0, "late": 3.0, "mean_days": 10.0}
    assert [abs(one.weight) for one in said.reasons] == sorted(
        (abs(one.weight) for one in said.reasons), reverse=True
    )


@given(pasts, st.booleans(), st.integers(-90, 400))
def test_the_range_holds_the_usual_day_and_none_that_is_over(history, paperless, open_days):
    said = HABIT.days(HABIT.belief(history), paperless=paperless, open_days=open_days)

    assert open_days <= said.low <= said.usual <= said.high


def test_the_usual_day_is_that_of_what_was_paid_before():
    said = HABIT.outlook(settled(12, 14, 11, 13, 12), paperless=False, open_days=-30).days

    assert 5 <= said.low < said.usual < said.high
    assert said.usual == pytest.approx(12, abs=2)
    by_wire = HABIT.outlook(settled(12, 14, 11, 13, 12), paperless=True, open_days=-30).days
    assert by_wire.usual < said.usual


def test_what_is_open_for_longer_than_any_habit_is_not_paid_any_day_now():
    """A bell's tail would say so: the farther out, the surer the next fortnight."""
    history = settled(6, 7, 5, 6)

    def within(open_days):
        belief = HABIT.belief([*history, Seen(open_days, False, False)])
        return HABIT.paid_within(belief, 15, paperless=False, open_days=open_days)

    assert within(0) > 0.7
    assert within(0) > within(60) > within(120) > within(365) > 0
    assert within(365) < 0.1


def test_nobody_can_say_when_a_stray_is_paid():
    belief = HABIT.belief([*settled(6, 7, 5, 6), Seen(200, False, False)])

    assert HABIT.astray(belief, paperless=False, open_days=200) > 0.9
    assert HABIT.astray(belief, paperless=False, open_days=0) < 0.1


@given(pasts, st.lists(st.integers(-20, 60), min_size=1, max_size=6))
def test_that_something_is_paid_is_likelier_than_that_the_likeliest_is(history, waiting):
    belief = HABIT.belief([*history, *(Seen(days, False, False) for days in waiting)])
    each = [HABIT.paid_within(belief, 15, paperless=False, open_days=days) for days in waiting]

    together = HABIT.any_paid_within(belief, 15, waiting, paperless=False)

    assert max(each) - 1e-9 <= together <= min(1, sum(each)) + 1e-9


def test_debts_of_one_debtor_are_not_independent():
    """Of whom little is known: either all are slow or none is."""
    waiting = [5, 5, 5]
    belief = HABIT.belief([Seen(days, False, False) for days in waiting])
    one = HABIT.paid_within(belief, 5, paperless=False, open_days=5)

    together = HABIT.any_paid_within(belief, 5, waiting, paperless=False)

    assert one < together < 1 - (1 - one) ** 3 - 0.01


def test_of_whom_nothing_is_known_the_portfolio_speaks():
    said = HABIT.outlook([], paperless=False, open_days=-30)

    assert (said.basis, said.reasons) == ("portfolio", ())
    assert HABIT.outlook(settled(1), paperless=False, open_days=-30).basis == "habit"


def test_only_what_was_known_on_the_day_is_seen():
    def one(issued, paid):
        return Invoice(
            customer="C",
            issued_on=DAY - timedelta(days=issued),
            due_on=DAY - timedelta(days=issued - 30),
            amount_minor=100,
            settled_on=DAY + timedelta(days=paid),
        )

    assert seen([one(50, -10), one(40, 0), one(30, 20), one(0, 5)], DAY) == [
        Seen(10, True, False),
        Seen(10, False, False),  # paid that same day: not posted yet
        Seen(0, False, False),
    ]
    assert len(seen([one(number + 1, -1) for number in range(MOST + 5)], DAY)) == MOST
