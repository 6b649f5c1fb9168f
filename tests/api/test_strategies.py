"""Strategies, segments and dry runs, through the API."""

import json

import pytest

from chalicelib import wiring
from chalicelib.domain.days import local_day
from chalicelib.domain.people import Role
from chalicelib.domain.plain import to_plain
from chalicelib.handlers import plan_jobs
from tests.api.conftest import sign_in
from tests.builders import STATED, a_debt, a_draft, change_of

NEW = {
    "name": "Tarjetas 2026",
    "creditor": "Banco del Norte",
    "country": "MX",
    "identification": to_plain(STATED),
}


@pytest.fixture
def portfolio(api, admin):
    return api("POST /portfolios", NEW, token=admin).body["portfolio_id"]


@pytest.fixture
def made(api, admin, portfolio):
    body = {"ready_made": "three_reminders"}
    return api(f"POST /portfolios/{portfolio}/strategies", body, token=admin).body


def content(strategy, **change):
    names = ("name", "steps", "min_gap_days", "stop", "pause_on_promise", "arms")
    return {name: strategy[name] for name in names} | change


def work(cloud):
    """Do what waits in the plan's queue."""
    sqs = wiring.aws("sqs")
    url = cloud.environment["PLAN_QUEUE_URL"]
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            plan_jobs._work(json.loads(message["Body"]), Context())
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


class Context:
    def get_remaining_time_in_millis(self):
        return 60_000


def test_a_ready_made_strategy_is_edited_published_and_followed(api, admin, portfolio, made):
    base = f"/portfolios/{portfolio}/strategies"
    one = f"{base}/{made['strategy_id']}"
    assert (made["state"], made["version"], made["problems"]) == ("draft", 1, [])

    steps = [*made["steps"], made["steps"][0]]
    broken = api(
        f"PUT {one}",
        {"edit": made["edit"], "content": content(made, steps=steps)},
        token=admin,
    ).body
    assert broken["problems"] == [
        {"where": "before", "field": "code", "reason": "repeated"},
        {"where": "before", "field": "trigger.days", "reason": "before_previous"},
    ]
    refused = api(f"POST {one}/publication", {"edit": broken["edit"]}, token=admin)
    assert (refused.status, refused.code) == (422, "strategy.invalid")

    mended = api(
        f"PUT {one}", {"edit": broken["edit"], "content": content(made, name="Mía")}, token=admin
    ).body
    published = api(f"POST {one}/publication", {"edit": mended["edit"]}, token=admin).body
    assert (published["state"], published["name"]) == ("published", "Mía")
    moved = api(f"PUT {one}", {"edit": 1, "content": content(made)}, token=admin)
    assert (moved.status, moved.code) == (409, "strategy.moved")

    listed = api(f"GET {base}", token=admin).body
    assert [each["strategy_id"] for each in listed["items"]] == [made["strategy_id"]]
    assert [each["strategy_id"] for each in listed["playbook"]["segments"]] == [made["strategy_id"]]
    assert [each["version"] for each in api(f"GET {one}", token=admin).body["items"]] == [1]
    used = api(f"POST {one}/archival", token=admin)
    assert (used.status, used.code) == (409, "strategy.wrong_state")


def test_a_step_follows_an_event_that_there_is(api, admin, portfolio, made):
    steps = [made["steps"][0] | {"trigger": {"kind": "event", "event": ""}}]

    answer = api(
        f"POST /portfolios/{portfolio}/strategies",
        {"content": content(made, steps=steps)},
        token=admin,
    )

    assert (answer.status, answer.code) == (422, "request.bad_field")
    assert answer.body["details"]["field"] == "content.steps.0.trigger.event"


def test_nobody_is_written_to_before_the_portfolio_says_how_to_pay(api, admin):
    body = {"name": "A", "creditor": "B", "country": "MX"}
    portfolio = api("POST /portfolios", body, token=admin).body
    base = f"/portfolios/{portfolio['portfolio_id']}"
    draft = api(f"POST {base}/strategies", {"ready_made": "early"}, token=admin).body
    lacking = [
        *("identification.payment_means", "identification.address", "identification.phone"),
        *("identification.complaints", "branding.contact_line"),
    ]
    assert api(f"GET {base}/strategies", token=admin).body["lacking"] == lacking
    publication = f"POST {base}/strategies/{draft['strategy_id']}/publication"

    refused = api(publication, {"edit": draft["edit"]}, token=admin)

    assert (refused.status, refused.code) == (422, "strategy.invalid")
    told = [(each["field"], each["reason"]) for each in refused.body["details"]["problems"]]
    assert told == [(field, "missing") for field in lacking]
    stated = {"identification": to_plain(STATED), "version": 1}
    api(f"PATCH {base}", stated, token=admin)
    assert api(publication, {"edit": draft["edit"]}, token=admin).body["state"] == "published"
    emptied = api(
        f"PATCH {base}", {"identification": {"payment_means": " "}, "version": 2}, token=admin
    )
    assert (emptied.status, emptied.code) == (422, "request.bad_field")
    assert emptied.body["details"]["field"] == "identification.payment_means"
    assert api(f"PATCH {base}", {"archived": True, "version": 2}, token=admin).status == 200


def test_segments_are_counted_and_kept(api, admin, portfolio, made):
    one = f"/portfolios/{portfolio}/strategies/{made['strategy_id']}"
    api(f"POST {one}/publication", {"edit": made["edit"]}, token=admin)
    book = wiring.portfolios().get(portfolio)
    for number, minor in enumerate((5_000, 80_000, 90_000)):
        debt = a_debt(f"F-{number}", portfolio, stated_principal_minor=minor)
        wiring.cases().commit(change_of(a_draft(debt, portfolio=book, key=f"D-{number}")))
    big = {
        "segment_id": "big",
        "name": "Grandes",
        "priority": 1,
        "strategy_id": made["strategy_id"],
        "rule": {"op": ">=", "field": "balance", "value": 80_000},
        "daily_quota": 100,
    }
    path = f"/portfolios/{portfolio}/segment-counts"

    found = api(f"POST {path}", {"segments": [big]}, token=admin).body

    assert found == {
        "items": [
            {"segment_id": "big", "cases": 2, "balance_minor": 170_000},
            {"segment_id": "", "cases": 1, "balance_minor": 5_000},
        ],
        "seen": 3,
        "sampled": False,
    }
    reachable = big | {"rule": {"op": "has", "field": "channels", "value": "sms"}}
    by_case = api(f"POST {path}", {"segments": [reachable]}, token=admin).body
    assert by_case["items"][0]["cases"] == 3
    wrong = api(f"POST {path}", {"segments": [big | {"rule": {"op": "?"}}]}, token=admin)
    assert (wrong.status, wrong.body["details"]["field"]) == (422, "segments.0.rule")

    limits = {"monthly_budget_micros": 5_000_000, "daily_budget_micros": 400_000}
    wrong = {"version": 1, "segments": [big], "daily_budget_micros": -1}
    refused = api(f"PUT /portfolios/{portfolio}/playbook", wrong, token=admin)
    assert refused.body["details"]["problems"] == [
        {"where": "", "field": "daily_budget_micros", "reason": "out_of_range"}
    ]
    body = {"version": 1, "segments": [big]} | limits
    kept = api(f"PUT /portfolios/{portfolio}/playbook", body, token=admin).body
    assert (kept["version"], kept["budget_currency"]) == (2, "USD")
    assert {key: kept[key] for key in limits} == limits
    spent = api(f"GET /portfolios/{portfolio}/outbox", token=admin).body
    assert (spent["day"]["limit_micros"], spent["month"]["limit_micros"]) == (400_000, 5_000_000)
    assert spent["day"]["day"].startswith(spent["month"]["month"])
    assert kept["segments"] == [big | {"rule": big["rule"] | {"parts": []}}]


def test_a_plan_and_a_dry_run_through_the_queue(api, admin, cloud, portfolio, made):
    book = wiring.portfolios().get(portfolio)
    today = local_day(wiring.now(), book.time_zone)
    new = change_of(a_draft(a_debt("F-1", portfolio, due_on=today), portfolio=book))
    wiring.cases().commit(new)
    one = f"/portfolios/{portfolio}/strategies/{made['strategy_id']}"
    api(f"POST {one}/publication", {"edit": made["edit"]}, token=admin)
    base = f"/portfolios/{portfolio}/dry-runs"
    asked = api(f"POST {base}", {"day": str(today)}, token=admin).body
    assert (asked["state"], asked["urls"]) == ("running", [])
    work(cloud)

    run = api(f"GET {base}/{asked['dry_run_id']}", token=admin).body
    assert (run["state"], run["cases"], len(run["urls"])) == ("done", 1, 1)
    assert {line["outcome"] for line in run["lines"]} & {"goes", "waits", "asks"}
    assert wiring.cases().open(new.after.case_id).attempts == ()

    plan_jobs.start()
    work(cloud)
    file = wiring.cases().open(new.after.case_id)
    assert [attempt.cause.step for attempt in file.attempts] == ["due-day"]

    page = api(f"GET /cases/{new.after.case_id}", token=admin).body
    (task,) = page["tasks"]
    assert (task["kind"], task["state"], task["step"]) == ("call", "open", "due-day")
    path = f"/cases/{new.after.case_id}/tasks/{task['task_id']}"
    done = api(f"PATCH {path}", {"state": "done"}, token=admin).body
    assert done["tasks"][0]["state"] == "done"


def test_an_experiment_without_cases_claims_nothing(api, admin, portfolio, made):
    one = f"/portfolios/{portfolio}/strategies/{made['strategy_id']}"
    arms = [
        {"code": "a", "weight": 1, "holdout": False},
        {"code": "out", "weight": 1, "holdout": True},
    ]
    body = {"edit": made["edit"], "content": content(made, arms=arms)}
    api(f"PUT {one}", body, token=admin)

    found = api(f"GET {one}/experiment?version=1", token=admin).body

    assert (found["base"], [arm["cases"] for arm in found["arms"]]) == ("out", [0, 0])


def test_a_key_names_the_request_of_one_person(api, cloud, admin, portfolio):
    other = sign_in(api, cloud, "sup@example.com", Role.SUPERVISOR, portfolios=(portfolio,))
    path, body = f"POST /portfolios/{portfolio}/strategies", {"ready_made": "early"}

    made = [
        api(path, body, token=who, idempotency_key="key-00001") for who in (admin, admin, other)
    ]

    first, again, theirs = (answer.body["strategy_id"] for answer in made)
    assert again == first
    assert theirs != first


def test_agents_see_strategies_and_change_nothing(api, cloud, admin, portfolio, made):
    agent = sign_in(api, cloud, "age@example.com", Role.AGENT, portfolios=(portfolio,))
    base = f"/portfolios/{portfolio}"

    assert api(f"GET {base}/strategies", token=agent).status == 200
    assert api("GET /strategy-vocabulary", token=agent).status == 200
    for call, body in (
        (f"POST {base}/strategies", {"ready_made": "early"}),
        (f"POST {base}/strategies/{made['strategy_id']}/publication", {"edit": 1}),
        (f"PUT {base}/playbook", {"version": 0, "segments": []}),
        (f"POST {base}/dry-runs", {"day": "2026-12-01"}),
    ):
        assert api(call, body, token=agent).code == "actor.not_allowed"
