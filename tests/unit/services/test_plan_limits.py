"""What budgets granted comes back when a message ends without having gone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.contact import AttemptState, Cause, Channel
from chalicelib.domain.unspent import unspent
from chalicelib.services.plan_limits import give_back_unspent
from chalicelib.strategies.model import Playbook
from tests.builders import a_portfolio, an_attempt
from tests.plan_world import MemoryAllowances

PLANNED_AT = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)  # still the 22nd in Mexico City
NEXT_DAY = PLANNED_AT + timedelta(days=1)
PID, MONTH = "prt_test", "budget#2026-11"
CAUSE = Cause(kind="strategy", strategy="str_1@1", step="day")
BOOK = Playbook(portfolio_id=PID, daily_budget_micros=100_000, own_prices={"sms": 13_000})
SMS = an_attempt("att_1", channel=Channel.SMS, cause=CAUSE, created_at=PLANNED_AT)
INSTEAD = replace(SMS, attempt_id="att_2", channel=Channel.EMAIL, created_at=NEXT_DAY)


def ended(before, *written):
    known = {one.attempt_id: one for one in before}
    put = {one.attempt_id: one for one in written}
    return unspent(known, put, (known | put).values())


def left(before, *written, book=BOOK):
    allowances = MemoryAllowances()
    allowances.grant(PID, MONTH, [60_000], most=None, part="day_22", now=PLANNED_AT)
    give_back_unspent(
        ended(before, *written), a_portfolio(), book, allowances=allowances, now=NEXT_DAY
    )
    parts = ("", "day_22", "day_23", "day_24")
    return [allowances.used(PID, MONTH, part) for part in parts]


@pytest.mark.parametrize("state", ["withdrawn", "denied", "failed"])
def test_it_comes_back_to_the_day_that_granted_it(state):
    over = replace(SMS, state=AttemptState(state))

    assert left((SMS,), over) == [34_000, 34_000, 0, 0]  # two segments, as they were reckoned


def test_who_takes_its_place_keeps_what_was_granted_and_returns_it():
    failed = replace(SMS, state=AttemptState.FAILED)
    also = replace(INSTEAD, state=AttemptState.FAILED)

    assert left((SMS,), failed, INSTEAD) == [60_000, 60_000, 0, 0]
    assert left((failed, INSTEAD), also) == [34_000, 34_000, 0, 0]


def test_what_is_written_again_of_one_that_had_ended_returns_nothing():
    over = replace(SMS, state=AttemptState.WITHDRAWN)

    assert ended((over,), replace(over, problem="paid")) == ()


@pytest.mark.parametrize(
    "over",
    [
        replace(SMS, state=AttemptState.SENT),
        replace(SMS, state=AttemptState.FAILED, sent_at=NEXT_DAY),
        replace(SMS, state=AttemptState.WITHDRAWN, cause=Cause(kind="manual")),
    ],
    ids=["it went", "it went and bounced", "no plan asked for it"],
)
def test_what_was_spent_or_never_granted_stays(over):
    assert left((SMS,), over) == [60_000, 60_000, 0, 0]


def test_without_a_budget_nothing_is_returned():
    over = replace(SMS, state=AttemptState.WITHDRAWN)

    assert left((SMS,), over, book=replace(BOOK, daily_budget_micros=None))[0] == 60_000
    assert left((SMS,), over, book=None)[0] == 60_000
