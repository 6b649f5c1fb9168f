"""A team's day is divided at once, and better by the solver, through its queue, when that is."""

import json
from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.domain.people import Role
from chalicelib.routes import team_plan
from chalicelib.routes.day import day_of, problem_of
from chalicelib.routes.problem import Route
from chalicelib.services import assignment_plans
from planner import functions, means
from tests.api.conftest import sign_in
from tests.api.planning_office import DAY, LAT, LNG, Office


@pytest.fixture
def world(api, cloud):
    return Office(api, cloud)


@pytest.fixture
def messages(cloud):
    """What lies in the queue, as Lambda would bring it; what is brought is gone."""
    sqs, url = cloud.client("sqs"), cloud.environment["ROUTE_PLANS_QUEUE_URL"]
    sqs.purge_queue(QueueUrl=url)

    def bring():
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for one in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
        return [
            {"messageId": one["MessageId"], "receiptHandle": "r", "body": one["Body"]}
            for one in found
        ]

    return bring


@pytest.fixture
def planner(monkeypatch):
    """The planner's function, with the stores of this process and little time."""
    pytest.importorskip("pyvrp")
    monkeypatch.setattr(team_plan, "LEAST_S", 0.3)
    monkeypatch.setattr(means, "plans", wiring.team_plans)
    monkeypatch.setattr(means, "now", wiring.now)
    return lambda records: functions.plan_team({"Records": records}, None)


@pytest.fixture
def badly_divided(monkeypatch):
    """The first division gives every other visit to each: both walk the whole street."""

    def divide(agents, visits, *, seconds):
        routes = [Route(crew=n, calls=tuple(range(n, len(visits), 2))) for n in (0, 1)]
        return day_of(problem_of(agents, visits), agents, visits, routes)

    monkeypatch.setattr(assignment_plans, "plan_team", divide)


def start_at_both_ends(world):
    """Two agents four kilometres apart, and a street of visits between them."""
    for person, metres in zip(world.agents, (0, 4_000), strict=True):
        body = world(f"GET /agents/{person}/profile").body
        del body["person_id"]
        body["start"] = {"lat": LAT + metres / 111_195, "lng": LNG}
        assert world(f"PUT /agents/{person}/profile", body).status == 200
    return [world.case(metres) for metres in range(0, 4_000, 500)]


def path(world, proposed):
    return f"GET /portfolios/{world.pid}/team-plans/{proposed['plan_id']}"


def test_a_better_division_is_there_when_the_function_has_worked(
    world, messages, planner, badly_divided
):
    cases = start_at_both_ends(world)
    proposed = world.propose().body
    assert len(proposed["items"]) == 8
    assert proposed["without_room"] == []
    assert proposed["metres"] > 0
    assert proposed["seconds"] == pytest.approx(proposed["metres"] / 5, abs=20)
    places = {}
    for item in proposed["items"]:
        places.setdefault(item["person_id"], []).append(item["place"])
    assert all(sorted(each) == list(range(1, len(each) + 1)) for each in places.values())

    waiting = world(path(world, proposed)).body
    assert (waiting["state"], waiting["found"]) == ("waiting", None)
    assert waiting["first"]["metres"] == proposed["metres"]

    (message,) = messages()
    assert planner([message]) == {"batchItemFailures": []}

    done = world(path(world, proposed)).body
    assert (done["state"], done["problem"]) == ("done", "")
    assert done["found"]["metres"] < proposed["metres"] * 0.8
    assert done["found"]["seconds"] < proposed["seconds"] * 0.8
    who = {
        stop["case_id"]: way["person_id"]
        for way in done["found"]["routes"]
        for stop in way["stops"]
    }
    assert sorted(who) == sorted(case[0] for case in cases)
    assert world.visits() == []  # a plan assigns nothing
    before = wiring.team_plans().get(world.pid, proposed["plan_id"])
    assert planner([message]) == {"batchItemFailures": []}  # it comes twice
    assert wiring.team_plans().get(world.pid, proposed["plan_id"]) == before

    # Assigned as it was found; what somebody else took meanwhile is told.
    world.assign(cases[0], world.agents[1])
    keys = ("case_id", "address_id", "why")
    items = [
        {key: one[key] for key in keys} | {"person_id": who[one["case_id"]]}
        for one in proposed["items"]
    ]
    body = {"portfolio_id": world.pid, "batch_id": world.batch(), "date": DAY, "items": items}
    assigned = world("POST /assignments", body).body
    assert assigned["assigned"] == 7
    assert [one["case_id"] for one in assigned["refused"]] == [cases[0][0]]


def test_the_same_proposal_again_asks_for_nothing_more(world, messages):
    start_at_both_ends(world)
    first, again = world.propose().body, world.propose().body

    assert first["plan_id"] == again["plan_id"] is not None
    (message,) = messages()
    assert json.loads(message["body"]) == {
        "portfolio_id": world.pid, "plan_id": first["plan_id"],
    }  # fmt: skip


def test_little_to_divide_needs_no_queue(world, messages):
    for metres in range(0, 500, 100):
        world.case(metres)

    assert world.propose().body["plan_id"] is None
    for metres in range(500, 900, 100):
        world.case(metres)
    alone = world.propose(people=world.agents[:1]).body
    assert (len(alone["items"]), alone["plan_id"]) == (9, None)
    assert messages() == []


def test_visits_without_room_are_named(world):
    for person in world.agents:
        body = world(f"GET /agents/{person}/profile").body | {"visits_max": 3}
        del body["person_id"]
        assert world(f"PUT /agents/{person}/profile", body).status == 200
    for metres in range(0, 800, 100):
        world.case(metres)

    proposed = world.propose().body

    assert (len(proposed["items"]), len(proposed["without_room"])) == (6, 2)
    assert {(one["person_id"], one["place"]) for one in proposed["without_room"]} == {("", 0)}
    assert {"reason": "no_room", "cases": 2} in proposed["left_out"]


def test_what_fails_comes_again_and_is_told(world, messages, planner, monkeypatch):
    start_at_both_ends(world)
    proposed = world.propose().body
    handed_back = []

    class Jobs:
        def hand_back(self, receipt, *, tries):
            handed_back.append((receipt, tries))

    monkeypatch.setattr(means, "jobs", Jobs)
    # What the function is given, that it cannot solve.
    plans = wiring.team_plans()
    plans.save(replace(plans.get(world.pid, proposed["plan_id"]), agents=()))
    (message,) = messages()

    assert planner([message]) == {"batchItemFailures": [{"itemIdentifier": message["messageId"]}]}
    assert handed_back == [("r", 1)]
    told = world(path(world, proposed)).body
    assert (told["state"], told["problem"]) == ("failed", "unsolved")

    assert world.propose().body["plan_id"] == proposed["plan_id"]
    assert len(messages()) == 1


def test_a_plan_of_another_portfolio_is_not_there(world, api, cloud):
    start_at_both_ends(world)
    proposed = world.propose().body
    new = {"name": "Autos", "creditor": "Banco", "country": "MX"}
    pid = api("POST /portfolios", new, token=world.admin).body["portfolio_id"]
    other = sign_in(api, cloud, "otra@example.com", Role.SUPERVISOR, portfolios=(pid,))

    assert api(path(world, proposed), token=other).status == 404
    foreign = f"GET /portfolios/{pid}/team-plans/{proposed['plan_id']}"
    assert api(foreign, token=other).code == "team_plan.not_found"
    assert world(path(world, proposed), token=world.tokens[0]).status == 403
