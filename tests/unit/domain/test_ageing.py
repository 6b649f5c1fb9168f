from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import ageing
from chalicelib.domain.ageing import DEFAULT_BANDS, Pause
from tests.builders import TODAY, a_debt, in_instalments

FIRST = date(2026, 8, 1)


@pytest.mark.parametrize(
    ("days", "code"),
    [(-11, None), (-10, "preventiva"), (0, "preventiva"), (1, "1-7"), (7, "1-7"), (8, "8-30"),
     (60, "31-60"), (61, "61-90"), (120, "91-120"), (180, "121-180"),
     (181, "180+"), (4000, "180+")],
)  # fmt: skip
def test_every_day_falls_in_the_band_it_should(days, code):
    band = ageing.band_of(TODAY - timedelta(days=days), TODAY, DEFAULT_BANDS)

    assert (band.code if band else None) == code


@given(st.integers(-400, 4000))
def test_a_band_and_its_due_dates_agree(days):
    due_on = TODAY - timedelta(days=days)
    band = ageing.band_of(due_on, TODAY, DEFAULT_BANDS)

    for other in DEFAULT_BANDS:
        oldest, newest = ageing.due_range(other, TODAY)
        inside = (oldest is None or oldest <= due_on) and (newest is None or due_on <= newest)
        assert inside == (other == band)


def test_legal_days_count_from_the_oldest_instalment_with_something_open():
    debt = in_instalments(3, 10_000, FIRST)

    paid_one = ageing.oldest_due_on(debt, 20_000)

    assert paid_one == FIRST + timedelta(days=30)
    assert ageing.legal_dpd(paid_one, FIRST + timedelta(days=40)) == 10
    assert ageing.legal_dpd(paid_one, FIRST) == 0


def test_a_rest_within_tolerance_does_not_make_an_instalment_overdue():
    debt = in_instalments(2, 10_000, FIRST)

    assert ageing.oldest_due_on(debt, 10_003, tolerance_minor=5) == FIRST + timedelta(days=30)
    assert ageing.oldest_due_on(debt, 5, tolerance_minor=5) is None
    assert ageing.oldest_due_on(debt, 10_006, tolerance_minor=5) == FIRST


def test_default_interest_does_not_reopen_an_instalment_that_was_paid():
    debt = in_instalments(3, 10_000, FIRST)

    spread = ageing.parts(debt, 20_150, moratory_minor=150)

    assert [part.open_minor for part in spread] == [0, 10_150, 10_000]


@given(
    number=st.integers(0, 6),
    owed=st.integers(-5_000, 100_000),
    moratory=st.integers(0, 3_000),
)
def test_open_parts_add_up_to_what_is_owed(number, owed, moratory):
    debt = in_instalments(number, 10_000, FIRST) if number else a_debt()

    spread = ageing.parts(debt, owed, moratory)

    assert sum(part.open_minor for part in spread) == max(0, owed)
    assert all(part.open_minor >= 0 for part in spread)


def test_treatment_days_stand_still_during_a_pause_and_legal_days_do_not():
    due_on, today = date(2026, 1, 1), date(2026, 1, 31)
    holds = [
        Pause(starts_on=date(2026, 1, 5), ends_on=date(2026, 1, 10)),
        Pause(starts_on=date(2026, 1, 8), ends_on=date(2026, 1, 12)),  # overlaps the first
        Pause(starts_on=date(2026, 1, 29)),  # still running
    ]

    assert ageing.legal_dpd(due_on, today) == 30
    assert ageing.treatment_dpd(due_on, today, holds) == 30 - 7 - 2
