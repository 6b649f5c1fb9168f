"""What budgets granted comes back through the API's own payments and refusals, once."""

from datetime import UTC, date, datetime

import pytest

from chalicelib import wiring
from chalicelib.domain.contact import Cause, Channel
from chalicelib.domain.days import local_day
from chalicelib.services.plan_limits import budget_name, budget_part, usual_price
from chalicelib.strategies.model import Playbook
from tests.api.cloud import put_case
from tests.builders import an_attempt, change_of, reopened

COST = usual_price(Channel.SMS, "MX")


@pytest.fixture
def budget(portfolio_id):
    """One that granted two messages' cost to a day; says what of it is used."""
    now = datetime.now(UTC)
    portfolio = wiring.portfolios().get(portfolio_id)
    wiring.strategies().save_playbook(
        Playbook(portfolio_id=portfolio_id, daily_budget_micros=10 * COST)
    )
    today = local_day(now, portfolio.time_zone)
    name, part = budget_name(today), budget_part(today)
    wiring.allowances().grant(portfolio_id, name, [2 * COST], most=None, part=part, now=now)
    return lambda: [wiring.allowances().used(portfolio_id, name, of) // COST for of in ("", part)]


@pytest.fixture
def case_id(portfolio_id):
    """With a message that a strategy planned."""
    made = put_case(portfolio_id, date(2026, 1, 15))
    now = datetime.now(UTC)
    portfolio = wiring.portfolios().get(portfolio_id)
    draft = reopened(wiring.cases().open(made), portfolio, now=now, actor="system")
    cause = Cause(kind="strategy", strategy="str_1@1", step="day", anchor=date(2026, 1, 15))
    draft.plan(an_attempt(channel=Channel.SMS, cause=cause, created_at=now, not_before=now))
    wiring.cases().commit(change_of(draft))
    return made


def test_a_payment_returns_what_it_makes_needless_however_often_it_is_sent(
    api, admin, case_id, budget
):
    paid = {"amount_minor": 100_000, "paid_on": "2026-01-20", "reference": "SPEI 1"}
    assert budget() == [2, 2]
    for _ in range(2):
        sent = api(
            f"POST /cases/{case_id}/payments", paid, token=admin, idempotency_key="pay-00000001"
        )
        assert sent.status == 201, sent.body

    assert budget() == [1, 1]


def test_a_message_that_a_person_takes_back_is_returned_once(api, admin, case_id, budget):
    for _ in range(2):
        assert api(f"DELETE /cases/{case_id}/messages/att_1", token=admin).status in (200, 204)

    assert budget() == [1, 1]
