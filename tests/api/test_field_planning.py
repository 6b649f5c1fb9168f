"""A supervisor plans a day: zones, agents, proposals, two at once, routes, undoing."""

from datetime import date

import pytest
from chalice.test import Client

import app as application
from chalicelib import wiring
from chalicelib.geo.cells import cell_of
from chalicelib.services import assignment_looks
from tests.api.cloud import put_case
from tests.api.conftest import Api, open_cloud
from tests.api.planning_office import DAY, LAT, LNG, NOON, Office, change

PROFILE = {
    "version": 0, "weekdays": [0, 1, 2, 3, 4], "opens": "09:00", "closes": "18:00",
    "start": {"lat": LAT, "lng": LNG}, "visits_max": 10, "visit_minutes": 10,
}  # fmt: skip


def corners(half):
    return [
        {"lat": LAT + north * half, "lng": LNG + east * half}
        for north, east in ((-1, -1), (-1, 1), (1, 1), (1, -1))
    ]


@pytest.fixture(scope="module")
def office(server):
    with (
        pytest.MonkeyPatch.context() as patch,
        open_cloud() as cloud,
        Client(application.app) as client,
    ):
        patch.setattr(wiring, "now", lambda: NOON)
        yield Office(Api(client), cloud)


@pytest.fixture
def world(office):
    """The office with nothing left planned and no case worth a visit."""
    yield office
    for one in office.visits():
        office(f"DELETE /cases/{one['case_id']}/assignments/{one['assignment_id']}")
    for number in range(1, office._number + 1):
        from chalicelib.domain.ids import case_id

        file = wiring.cases().open(case_id(office.pid, f"D-{number}"))
        if file.head.balance_minor > 0:
            change(
                file.head.case_id,
                lambda d, owed=file.head.balance_minor: d.pay(
                    owed, paid_on=date(2026, 11, 24), source="t", reference=d.case_id
                ),
            )


def test_a_zone_is_drawn_changed_and_taken_away(world):
    new = {"name": "Centro", "polygon": corners(0.01), "people": world.agents[:1]}
    made = world("POST /zones", new)
    assert made.status == 201
    path = f"/zones/{made.body['zone_id']}"

    changed = world(f"PATCH {path}", {"version": 1, "cells": ["88499591a3fffff"]}).body

    assert (changed["polygon"], changed["cells"], changed["version"]) == (
        [], ["88499591a3fffff"], 2,
    )  # fmt: skip
    late = world(f"PATCH {path}", {"version": 1, "name": "Tarde"})
    assert (late.status, late.code) == (409, "zone.moved")
    assert world(f"DELETE {path}").status == 204
    assert world(f"GET {path}").code == "zone.not_found"
    assert world("GET /zones").body["items"] == []


def test_a_zone_of_cells_is_picked_from_the_grid_and_told_with_its_outline(world):
    view = f"south={LAT - 0.01}&west={LNG - 0.01}&north={LAT + 0.01}&east={LNG + 0.01}"
    grid = world(f"GET /map-cells?{view}&size=8").body
    borders = {one["cell"]: one["border"] for one in grid["items"]}
    here = cell_of(LAT, LNG, 8)

    assert (len(borders[here]), grid["too_many"]) == (6, False)
    made = world("POST /zones", {"name": "Celdas", "cells": [here]}).body
    ((ring,),) = made["outline"]
    assert (made["cells"], made["cell_size"]) == ([here], 8)
    assert sorted(map(place, ring)) == sorted(map(place, borders[here]))
    world(f"DELETE /zones/{made['zone_id']}")


def place(corner):
    return corner["lat"], corner["lng"]


@pytest.mark.parametrize(
    ("view", "size", "field"),
    [
        ((19.4, -99.2, 19.5, -99.1), 4, "size"),
        ((19.4, -99.2, 19.5, -99.1), 11, "size"),
        ((19.5, -99.2, 19.4, -99.1), 8, "north"),
        ((19.4, -99.2, 89.0, -99.1), 8, "north"),
    ],
)
def test_a_grid_that_makes_no_sense_is_refused_by_field(world, view, size, field):
    south, west, north, east = view
    asked = f"south={south}&west={west}&north={north}&east={east}&size={size}"
    refused = world(f"GET /map-cells?{asked}")

    assert (refused.status, refused.body["details"]["field"]) == (422, field)


def test_the_grid_of_a_country_is_not_given_and_said_so(world):
    asked = "south=14&west=-118&north=33&east=-86&size=9"
    assert world(f"GET /map-cells?{asked}").body == {"items": [], "too_many": True}


@pytest.mark.parametrize(
    ("zone", "field", "reason"),
    [
        ({"polygon": corners(0.01)[:2]}, "polygon", "out_of_range"),
        ({"polygon": [corners(0.01)[i] for i in (0, 2, 1, 3)]}, "polygon", "crosses_itself"),
        ({}, "polygon", "missing"),
        ({"cells": ["88499591a3ffff0"]}, "cells", "invalid"),
        ({"polygon": corners(0.01), "portfolios": ["prt_other"]}, "portfolios", "not_found"),
    ],
)
def test_a_zone_that_makes_no_sense_is_refused_by_field(world, zone, field, reason):
    refused = world("POST /zones", {"name": "X"} | zone)

    assert (refused.status, refused.body["details"]) == (422, {"field": field, "reason": reason})


def test_debts_are_found_around_a_point_in_cells_and_in_a_polygon(world):
    near, far = world.case(100), world.case(900)
    world.case(5_000)

    def found(query):
        items = world(f"GET /portfolios/{world.pid}/near?{query}").body["items"]
        return [(one["case_id"], one["distance_m"]) for one in items]

    assert found(f"lat={LAT}&lng={LNG}&radius_m=1000") == [(near[0], 100), (far[0], 900)]
    square = ";".join(f"{c['lat']},{c['lng']}" for c in corners(0.002))
    assert found(f"polygon={square}") == [(near[0], None)]
    assert (near[0], None) in found(f"cells={cell_of(LAT + 100 / 111_195, LNG, 9)}")
    assert world(f"GET /portfolios/{world.pid}/near?lat=1").body["details"]["field"] == "lat"
    country = "10,-110;10,-90;30,-90;30,-110"
    too_large = world(f"GET /portfolios/{world.pid}/near?polygon={country}")
    assert too_large.body["details"] == {"field": "polygon", "reason": "too_large"}


def test_an_agents_profile_is_kept_and_a_late_change_is_refused(world):
    path = f"/agents/{world.agents[1]}/profile"
    assert world(f"GET {path}").body["version"] == 0

    assert world(f"PUT {path}", PROFILE).body["version"] == 1
    assert world(f"PUT {path}", PROFILE).body["version"] == 1  # the same again
    assert world(f"PUT {path}", PROFILE | {"closes": "17:00"}).code == "profile.moved"
    assert world(f"GET {path}", token=world.tokens[1]).body["opens"] == "09:00"
    assert world(f"GET {path}", token=world.tokens[0]).status == 403
    wrong = world(f"PUT {path}", PROFILE | {"version": 1, "closes": "08:00"})
    assert wrong.body["details"] == {"field": "closes", "reason": "too_small"}
    assert world(f"PUT {path}", PROFILE | {"version": 1, "start": None}).status == 200


def test_a_proposal_is_balanced_applied_as_it_is_and_undone(world):
    cases = [world.case(100 * n) for n in range(6)]
    proposed = world.propose().body
    loads = {one["person_id"]: one["added"] for one in proposed["agents"]}
    assert sorted(loads.values()) in ([2, 4], [3, 3])
    assert {one["case_id"] for one in proposed["items"]} == {case[0] for case in cases}
    assert world.visits() == []  # a proposal writes nothing

    keys = ("case_id", "address_id", "person_id", "why")
    items = [{key: one[key] for key in keys} for one in proposed["items"]]
    body = {"portfolio_id": world.pid, "batch_id": world.batch(), "date": DAY, "items": items}
    first, again = world("POST /assignments", body).body, world("POST /assignments", body).body

    assert first == again == {"batch_id": body["batch_id"], "assigned": 6, "refused": []}
    assert len(world.visits()) == 6
    undo = f"DELETE /portfolios/{world.pid}/assignment-batches/{body['batch_id']}"
    assert world(undo).body == {"withdrawn": 6}
    assert world(undo).body == {"withdrawn": 0}
    assert world.visits() == []
    assert {one["visits"] for one in world.propose().body["agents"]} == {0}  # as if never asked


def test_promises_due_come_first_and_what_is_left_out_says_why(world):
    promise = lambda d: d.promise("prm_1", 500, date(2026, 11, 24), channel="call")  # noqa: E731
    promised, plain = world.case(200, promise), world.case(100)
    world.assign(world.case(300), world.agents[0])
    pid = world.pid
    nowhere = put_case(pid, date(2026, 10, 1), "D-nowhere", "F-nowhere")

    due = world.propose(how="due").body
    assert [(one["case_id"], one["why"]) for one in due["items"]] == [(promised[0], "promise")]

    found = world.propose(most=1).body
    assert [one["case_id"] for one in found["items"]] == [promised[0]]
    assert {one["reason"]: one["cases"] for one in found["left_out"]} == {
        "taken": 1, "no_point": 1, "most": 1,
    }  # fmt: skip
    assert plain[0] != nowhere
    change(
        nowhere,
        lambda d: d.pay(100_000, paid_on=date(2026, 11, 24), source="t", reference="nowhere"),
    )


def test_a_rule_may_be_a_segment_of_the_strategies(world):
    tagged = world.case(100, lambda d: d.set_tags(["visita"]))
    world.case(200)
    rule = {"op": "has", "field": "tags", "value": "visita"}
    segment = {"segment_id": "seg_1", "name": "Visitas", "priority": 1, "rule": rule,
               "strategy_id": ""}  # fmt: skip
    path = f"/portfolios/{world.pid}"
    version = world(f"GET {path}/strategies").body["playbook"]["version"]
    put = world(f"PUT {path}/playbook", {"version": version, "segments": [segment]})
    assert put.status == 200, put.body

    found = world.propose(segment_id="seg_1").body

    assert [one["case_id"] for one in found["items"]] == [tagged[0]]
    assert {"reason": "rule", "cases": 1} in found["left_out"]


def test_what_a_case_asks_goes_to_who_has_it(world):
    spoken, plain = world.case(100, lambda d: d.set_tags(["Maya"])), world.case(200)
    assert len(world.propose(people=world.agents[:1]).body["items"]) == 2  # nobody says maya yet
    path = f"/agents/{world.agents[1]}/profile"
    skilled = PROFILE | {"skills": ["maya"], "version": world(f"GET {path}").body["version"]}
    known = world(f"PUT {path}", skilled).body

    found = world.propose().body
    other = world.propose(people=world.agents[:1]).body

    who = {one["case_id"]: one["person_id"] for one in found["items"]}
    assert (len(who), who[spoken[0]]) == (2, world.agents[1])
    assert [one["case_id"] for one in other["items"]] == [plain[0]]
    assert other["left_out"] == [{"reason": "skills", "cases": 1}]
    world(f"PUT {path}", PROFILE | {"version": known["version"]})


@pytest.mark.parametrize("how", ["rule", "zone", "due"])
def test_a_proposal_goes_on_where_the_last_one_stopped_looking(world, monkeypatch, how):
    for name, value in (("PAGE", 2), ("ENOUGH", 2), ("MOST_LOOKED", 4)):
        monkeypatch.setattr(assignment_looks, name, value)
    promise = lambda d: d.promise(f"prm_{d.case_id}", 500, date(2026, 11, 24), channel="call")  # noqa: E731
    cases = {world.case(100 * n, promise)[0] for n in range(5)}
    zone = world("POST /zones", {"name": "Z", "polygon": corners(0.01)}).body["zone_id"]
    asked = {"how": how, "zone_id": zone if how == "zone" else "", "most": 2}

    proposals, cursor = [], None
    for _ in range(6):
        proposed = world.propose(**asked, cursor=cursor).body
        proposals.append([one["case_id"] for one in proposed["items"]])
        for one in proposed["items"]:
            world.assign((one["case_id"], one["address_id"]), one["person_id"])
        cursor = proposed["cursor"]
        if cursor is None:
            break

    found = [case_id for page in proposals for case_id in page]
    assert sorted(found) == sorted(cases)
    assert max(map(len, proposals)) == 2
    assert len(proposals) > 2
    world(f"DELETE /zones/{zone}")


def test_a_zone_gives_its_cases_to_its_people(world):
    inside, _ = world.case(100), world.case(4_000)
    zone = world(
        "POST /zones", {"name": "Z", "polygon": corners(0.01), "people": world.agents[1:]}
    ).body["zone_id"]

    found = world.propose(how="zone", zone_id=zone).body

    assert [(one["case_id"], one["person_id"], one["why"]) for one in found["items"]] == [
        (inside[0], world.agents[1], "zone")
    ]
    world(f"DELETE /zones/{zone}")


def test_of_two_supervisors_one_wins_and_the_other_is_told_who_has_it(world):
    case = world.case()

    first = world.assign(case, world.agents[0])
    second = world.assign(case, world.agents[1])

    assert (first["assigned"], second["assigned"]) == (1, 0)
    [refused] = second["refused"]
    assert refused["code"] == "assignment.taken"
    assert refused["details"]["person_id"] == world.agents[0]

    third = world.assign(case, world.agents[1], instead_of=refused["details"]["assignment_id"])
    assert third["assigned"] == 1
    [visit] = world.visits()
    assert visit["person_id"] == world.agents[1]
    day = world(f"GET /field/day?date={DAY}", token=world.tokens[0]).body
    told = {one["assignment_id"]: one["code"] for one in day["dropped"]}
    assert told[refused["details"]["assignment_id"]] == "reassigned"


def test_a_route_is_planned_in_order_and_shown_to_the_agent(world):
    cases = {n: world.case(n * 400) for n in (3, 1, 2)}
    for case in cases.values():
        world.assign(case, world.agents[0])
    world(f"PUT /agents/{world.agents[0]}/profile", PROFILE)

    [route] = world("POST /routes/plans", {"date": DAY, "people": world.agents[:1]}).body["routes"]

    assert [stop["place"] for stop in route["stops"]] == [1, 2, 3]
    assert route["left_out"] == []
    assert 2 * 1200 * 1.3 * 0.95 <= route["metres"] <= 2 * 1200 * 1.3 * 1.05
    day = world(f"GET /field/day?date={DAY}", token=world.tokens[0]).body
    assert [s["case_id"] for s in day["stops"]] in (
        [cases[n][0] for n in (1, 2, 3)], [cases[n][0] for n in (3, 2, 1)],
    )  # fmt: skip
    # It is eleven there: nobody is planned to arrive in the past.
    assert all(stop["arrives"] >= 11 * 3600 for stop in route["stops"])


def test_a_paid_case_leaves_the_route(world):
    stay, paid = world.case(100), world.case(200)
    for case in (stay, paid):
        world.assign(case, world.agents[0])
    world("POST /routes/plans", {"date": DAY, "people": world.agents[:1]})
    payment = {
        "amount_minor": 100_000, "paid_on": DAY, "reference": "T-route", "method": "spei",
    }  # fmt: skip

    assert world(f"POST /cases/{paid[0]}/payments", payment, token=world.admin).status == 201

    day = world(f"GET /field/day?date={DAY}", token=world.tokens[0]).body
    assert [stop["case_id"] for stop in day["stops"]] == [stay[0]]
    assert "paid" in [one["code"] for one in day["dropped"]]


def test_a_person_of_another_portfolio_is_not_sent(world):
    case = world.case()
    item = {"case_id": case[0], "address_id": case[1], "person_id": "nobody"}
    body = {"portfolio_id": world.pid, "batch_id": world.batch(), "date": DAY, "items": [item]}

    refused = world("POST /assignments", body)

    assert (refused.status, refused.body["details"]) == (422, {"reason": "person"})
