"""Hours learned at night, and what callers are given of them, through the app's own doors."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from chalice.test import Client

import app as application
from chalicelib import wiring
from chalicelib.domain.good_hours import DAY, GoodHours, Group
from tests.api.cloud import put_case
from tests.builders import an_attempt, change_of, reopened
from tests.queue_world import NOON, TODAY


def rated(hour: int) -> str:
    return "".join("A" if hour == one % DAY else "0" for one in range(7 * DAY))


def learn(pid: str, hour: int, channel: str = "call") -> None:
    """Keep what the lake's function would have, of a portfolio that is reached at an hour."""
    group = Group(channel=channel, direct=60, tries=300, ratings=rated(hour))
    made = GoodHours(
        portfolio_id=pid, first=TODAY - timedelta(days=90), last=TODAY - timedelta(days=1),
        days=90, made_at=NOON, since=NOON, groups=(group,),
    )  # fmt: skip
    assert wiring.casework.good_hours_kept().add(made)
    wiring.casework._good_hours.cache_clear()


@pytest.fixture
def portfolio(api, admin):
    new = {"name": "A", "creditor": "B", "country": "MX"}
    return api("POST /portfolios", new, token=admin).body["portfolio_id"]


def worked(function: str, message: dict) -> None:
    """Have a function work on a message of its queue."""
    record = {"messageId": "1", "body": json.dumps(message), "receiptHandle": "gone"}
    with Client(application.app) as worker:
        told = worker.lambda_.invoke(function, {"Records": [record]}).payload
    assert told == {"batchItemFailures": []}


def ranked(pid: str, case_id: str) -> None:
    """Have the plan's worker rank a case, as a message of its queue asks."""
    worked("plan", {"step": "rank", "portfolio_id": pid, "case_ids": [case_id]})


def test_a_caller_is_told_that_the_hour_is_good_and_the_settings_since_when(
    api, admin, portfolio, monkeypatch
):
    monkeypatch.setattr(wiring, "now", lambda: NOON)
    settings = f"GET /portfolios/{portfolio}/call-settings"
    before = api(settings, token=admin).body
    case_id = put_case(portfolio, date(2026, 10, 1))
    learn(portfolio, hour=12)
    ranked(portfolio, case_id)

    given = api(f"POST /portfolios/{portfolio}/queue/next", token=admin).body["turn"]

    assert given["case_id"] == case_id
    assert {"code": "good_hour", "points": 20, "value": 100, "basis": "portfolio"} in given[
        "reasons"
    ]
    assert given["score"] == sum(one["points"] for one in given["reasons"])
    after = api(settings, token=admin).body
    assert (before["hours_until"], after["hours_until"]) == (None, "2026-11-23")
    assert after["weights"]["good_hour"] == 20


def test_weights_are_tried_with_the_hour_as_it_is(api, admin, portfolio, monkeypatch):
    monkeypatch.setattr(wiring, "now", lambda: NOON)
    case_id = put_case(portfolio, date(2026, 10, 1))
    learn(portfolio, hour=12)
    ranked(portfolio, case_id)
    route = f"POST /portfolios/{portfolio}/queue-previews"

    points = []
    for weight in (0, 120):
        (shown,) = api(route, {"weights": {"good_hour": weight}}, token=admin).body["items"]
        points.append([one["points"] for one in shown["reasons"] if one["code"] == "good_hour"])

    assert points == [[], [120]]


def test_a_message_waits_for_the_best_hour_unless_the_portfolio_says_otherwise(
    api, admin, portfolio, monkeypatch
):
    monkeypatch.setattr(wiring, "now", lambda: NOON)
    case_id = put_case(portfolio, date(2026, 10, 1))
    learn(portfolio, hour=18, channel="whatsapp")

    def state(key):
        page = api(f"GET /cases/{case_id}/messages/{key}", token=admin).body
        return page["message"]["state"], (page["ruling"] or {}).get("reason_code")

    def planned(key):
        file = wiring.cases().open(case_id)
        draft = reopened(file, wiring.portfolios().get(portfolio), now=NOON)
        draft.plan(an_attempt(key, contact_id="", not_before=None, fallback=()))
        wiring.cases().commit(change_of(draft))
        worked("send_message", {"case_id": case_id, "attempt_id": key})

    planned("att_1")
    change = {"policies": {"best_hour": False}, "version": 1}
    assert api(f"PATCH /portfolios/{portfolio}", change, token=admin).status == 200
    planned("att_2")

    assert state("att_1") == ("planned", "BETTER_HOUR")
    assert state("att_2") == ("failed", "OK")  # it was tried at once, and nobody takes it here
    six = datetime(2026, 11, 24, 18, tzinfo=ZoneInfo("America/Mexico_City"))
    waiting = next(
        one for one in wiring.cases().open(case_id).attempts if one.attempt_id == "att_1"
    )
    assert six <= waiting.not_before < six + timedelta(hours=1)


def test_managers_see_what_was_learned_and_what_uses_it(api, admin, portfolio):
    route = f"GET /portfolios/{portfolio}/figures/hours"

    assert api(route, token=admin).body == {
        "learned": None, "used": {"queue": 20, "messages": True},
    }  # fmt: skip
    learn(portfolio, hour=18)
    told = api(route, token=admin).body["learned"]

    assert (told["from"], told["to"], told["days"]) == ("2026-08-26", "2026-11-23", 90)
    assert told["since"] == told["made_at"] == "2026-11-24T18:00:00Z"
    assert told["channels"] == [
        {
            "channel": "call", "tries": 300, "direct": 60, "zones": 0, "segments": 0,
            "best": [{"weekday": day, "hour": 18} for day in (1, 2, 3)],
        }
    ]  # fmt: skip
