"""What the forecast told of cases, through the API: kept in the table, judged by the ledger."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.days import local_day
from chalicelib.prediction import forecast
from chalicelib.prediction.forecast import Deployed
from chalicelib.services import forecast_tellings
from tests.api.cloud import put_case
from tests.unit.prediction.test_habit import HABIT

# Told three weeks ago: the fifteen days are over, and its month is one of the three.
AGO = timedelta(days=21)


@pytest.fixture
def model(monkeypatch):
    known = Deployed(habit=HABIT, until=datetime.now(UTC).date(), model_id="2026-10-31-a")
    monkeypatch.setattr(forecast, "deployed", lambda name="first": known)


def test_what_was_told_is_held_against_what_was_paid(api, admin, portfolio_id, model):
    now = datetime.now(UTC)
    portfolio = wiring.portfolios().get(portfolio_id)
    today = local_day(now, portfolio.time_zone)
    due = [today - timedelta(days=days) for days in (150, 120, 25)]
    case_id = put_case(portfolio_id, due[0], more=due[1:])
    debts = api(f"GET /cases/{case_id}", token=admin).body["debts"]
    debts.sort(key=lambda one: one["due_on"])

    def pay(debt, day):
        body = {
            "amount_minor": debt["balance"]["minor"],
            "paid_on": str(day),
            "reference": debt["debt_id"],
            "debt_id": debt["debt_id"],
        }
        assert api(f"POST /cases/{case_id}/payments", body, token=admin).status == 201

    for debt in debts[:2]:
        pay(debt, today - timedelta(days=90))
    file = wiring.cases().open(case_id)
    rows = wiring.enrolments()
    assert forecast_tellings.keep([file], portfolio, enrolments=rows, now=now - AGO) == 1
    assert forecast_tellings.keep([file], portfolio, enrolments=rows, now=now - AGO) == 0
    pay(debts[2], today - timedelta(days=10))

    said = api(f"GET /portfolios/{portfolio_id}/forecast-quality", token=admin).body

    assert (said["model"], said["model_id"], said["verdict"]) == ("first", "2026-10-31-a", "small")
    assert (said["cases"], said["paid"], said["cursor"]) == (1, 1, None)
    assert said["observed"]["value"] == 1
    assert [one["cases"] for one in said["bins"] if one["cases"]] == [1]
    assert sum(one["cases"] for one in said["months"]) == 1
    assert {(one["by"], one["name"]) for one in said["groups"]} >= {
        ("open_debts", "1"),
        ("paid_debts", "2-4"),
    }
    refused = api(f"GET /portfolios/{portfolio_id}/forecast-quality?model=third", token=admin)
    assert (refused.status, refused.body["details"]["field"]) == (422, "model")
