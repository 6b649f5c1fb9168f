"""Handing a list of cases out between people, through the API and the plan's queue."""

import json
from collections import Counter
from datetime import date

import pytest

from chalicelib import wiring
from chalicelib.domain.people import Role
from chalicelib.handlers import plan_jobs
from tests.api.cloud import put_case
from tests.api.conftest import sign_in


@pytest.fixture
def cases(portfolio_id):
    """Four: what divides says to whom, and here all people are called alike."""
    return [put_case(portfolio_id, date(2026, n, 15), f"D-{n}", f"F-{n}") for n in range(1, 5)]


@pytest.fixture
def agents(api, cloud, portfolio_id):
    return [agent(api, cloud, name, portfolio_id) for name in ("ana", "luis")]


def agent(api, cloud, name, *portfolios):
    token = sign_in(api, cloud, f"{name}@example.com", Role.AGENT, portfolios=portfolios)
    return api("GET /me", token=token).body["person_id"]


class Context:
    def get_remaining_time_in_millis(self):
        return 60_000


def work(cloud):
    """Do what waits in the plan's queue, each message twice."""
    sqs, url = wiring.aws("sqs"), cloud.environment["PLAN_QUEUE_URL"]
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            for _ in range(2):
                plan_jobs._work(json.loads(message["Body"]), Context())
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def owners(cases):
    return [wiring.cases().open(one).head.owner for one in cases]


def test_untouched_cases_are_handed_out_evenly_and_back(api, admin, cloud, cases, agents):
    portfolio_id = wiring.cases().open(cases[0]).head.portfolio_id
    base = f"/portfolios/{portfolio_id}/bulk-jobs"
    ana, luis = agents
    alone = {"action": "assign", "person_id": ana, "case_ids": cases[:1]}
    for body, count in ((alone, 1), ({"action": "hand_out", "person_ids": agents}, 4)):
        job = api(f"POST {base}", body | {"untouched_days": 7}, token=admin).body
        work(cloud)
        one = f"{base}/{job['job_id']}"
        told = api(f"GET {one}", token=admin).body
        assert (told["state"], told["count"]) == ("ready", count)
        api(f"PATCH {one}", {"do": "begin", "count": count}, token=admin)
        work(cloud)

    assert told["hand_out"]["left_out"] == 0
    assert [(s["person_id"], s["has"], s["after"]) for s in told["hand_out"]["shares"]] == [
        (ana, 1, 2), (luis, 0, 2),
    ]  # fmt: skip
    done = api(f"GET {one}", token=admin).body
    assert (done["state"], done["figures"]["done"]) == ("done", 3)
    assert Counter(owners(cases)) == {ana: 2, luis: 2}
    assert owners(cases)[0] == ana

    api(f"PATCH {one}", {"do": "undo"}, token=admin)
    work(cloud)
    assert owners(cases) == [ana, "", "", ""]
    assert wiring.counters().owners(portfolio_id) == {ana: 1}


def test_who_may_not_see_the_portfolio_is_refused_by_name(api, admin, cloud, portfolio_id, agents):
    stranger = agent(api, cloud, "sara")
    body = {"action": "hand_out", "person_ids": [agents[0], stranger]}

    refused = api(f"POST /portfolios/{portfolio_id}/bulk-jobs", body, token=admin)

    assert (refused.status, refused.code) == (422, "request.bad_field")
    details = refused.body["details"]
    assert (details["field"], details["reason"]) == ("person_ids", "not_on_portfolio")
    assert details["person"] == wiring.people().get(stranger).name
