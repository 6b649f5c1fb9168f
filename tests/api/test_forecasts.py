"""What the forecast told of cases, through the API: kept in the table, judged by the ledger."""

import json
import random
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.days import local_day
from chalicelib.prediction import forecast, served
from chalicelib.prediction.forecast import Deployed
from chalicelib.services import forecast_tellings
from cli import __main__ as cli
from cli import stack
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


@pytest.fixture
def in_service(monkeypatch):
    """The process reads models as a function does."""
    monkeypatch.setattr(stack, "connect", lambda _: True)
    served.read_by(wiring.model_in_service)
    yield
    served.read_by(served.nothing)


def an_invoice_file(path):
    """Half a year of 50 customers, each with a usual day, as ``predict history`` writes it."""
    chance = random.Random(5)  # noqa: S311 - invented debtors, not secrets
    rows = ["customer,issued_on,due_on,amount,settled_on"]
    for customer in range(50):
        usual = chance.gauss(0, 8)
        for month in range(1, 9):
            due = date(2026, month, 1 + customer % 27)
            paid = due + timedelta(days=round(chance.gauss(usual, 4)))
            issued = due - timedelta(days=30)
            rows.append(f"cas_{customer},{issued},{due},{100 + month},{paid}")
    path.write_text("\n".join(rows) + "\n")


@pytest.mark.usefixtures("in_service")
def test_a_model_that_is_trained_and_served_tells_without_a_deployment(
    api, admin, portfolio_id, tmp_path, capsys
):
    today = local_day(datetime.now(UTC), wiring.portfolios().get(portfolio_id).time_zone)
    due = [today - timedelta(days=days) for days in (150, 120, 5)]
    case_id = put_case(portfolio_id, due[0], more=due[1:])
    debts = api(f"GET /cases/{case_id}", token=admin).body["debts"]
    for debt in sorted(debts, key=lambda one: one["due_on"])[:2]:
        body = {
            "amount_minor": debt["balance"]["minor"],
            "paid_on": str(date.fromisoformat(debt["due_on"]) + timedelta(days=9)),
            "reference": debt["debt_id"],
            "debt_id": debt["debt_id"],
        }
        assert api(f"POST /cases/{case_id}/payments", body, token=admin).status == 201

    def told():
        served.forget()  # what everybody does within minutes
        case = api(f"GET /cases/{case_id}", token=admin).body
        settings = api(f"GET /portfolios/{portfolio_id}/call-settings", token=admin).body
        return case["forecast"], case["no_forecast"], settings["forecast_until"]

    assert told() == (None, "no_model", None)  # as after an installation

    file, model = tmp_path / "history.csv", tmp_path / "model.json"
    an_invoice_file(file)
    named = ["--model", str(model)]
    assert cli.main(["predict", "train", str(file), "--until", "2026-09-15", *named]) == 0
    assert cli.main(["predict", "serve", *named]) == 0
    assert "is in service, everywhere within 5 minutes" in capsys.readouterr().out
    forecast_, silence, until = told()
    assert (silence, until) == ("", "2026-09-15")
    assert 0 < forecast_["percent"] <= 100
    models = api(f"GET /portfolios/{portfolio_id}/forecast", token=admin).body["models"]
    assert [bool(one["model_id"]) for one in models] == [True, False]

    assert cli.main(["predict", "train", str(file), "--until", "2026-08-15", *named]) == 0
    assert cli.main(["predict", "serve", *named, "--json"]) == 0  # as every month
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told()[2] == "2026-08-15"
    assert said["model_id"].startswith("2026-08-15-")
    kept = wiring.served_models().text("first")
    assert json.loads(kept)["histories"] == {}  # nobody's history leaves the machine
    assert "cas_1" not in kept

    assert cli.main(["predict", "serve", "--take-back"]) == 0
    assert told() == (None, "no_model", None)


def test_what_is_no_model_is_not_put_into_service(tmp_path, capsys):
    """Nor is a stack looked for."""
    other = tmp_path / "other.json"
    other.write_text('{"format": "another"}')

    for path, said in ((tmp_path / "none.json", "there is no"), (other, "is no model")):
        assert cli.main(["predict", "serve", "--model", str(path)]) == 1
        assert said in capsys.readouterr().err
