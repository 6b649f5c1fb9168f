"""An agent's phone at the API: his day, what is near, a visit he adds; nobody else's."""

from datetime import UTC, date, datetime

import pytest

from chalicelib import wiring
from chalicelib.domain.assignment import Assignment, AssignmentState, Why
from chalicelib.domain.case import Address, PointQuality
from chalicelib.domain.contact import HoldReason
from chalicelib.domain.draft import Draft
from chalicelib.domain.people import Role
from tests.api.cloud import put_case
from tests.api.conftest import sign_in

LAT, LNG = 19.4326, -99.1332


@pytest.fixture
def noon(monkeypatch):
    """A Tuesday at eleven in Mexico City: visits are allowed."""
    moment = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    monkeypatch.setattr(wiring, "now", lambda: moment)
    return moment


@pytest.fixture
def agent(api, cloud, portfolio_id):
    return sign_in(api, cloud, "agent@example.com", Role.AGENT, portfolios=(portfolio_id,))


def change(case_id, do, now):
    file = wiring.cases().open(case_id)
    portfolio = wiring.portfolios().get(file.head.portfolio_id)
    draft = Draft(file, portfolio, actor="system", now=now)
    do(draft)
    wiring.cases().commit(draft.change())
    return wiring.cases().open(case_id)


@pytest.fixture
def case(portfolio_id, noon):
    """Have a case some metres north of here; gives its id and its address's."""

    def case(key="1", metres=0):
        case_id = put_case(portfolio_id, date(2026, 10, 1), key=f"D-{key}", external_id=f"F-{key}")
        address = Address(
            address_id="", lines=f"Calle {key}", city="México", lat=LAT + metres / 111_195,
            lng=LNG, quality=PointQuality.ROOFTOP,
        )  # fmt: skip
        file = change(case_id, lambda d: d.put_address(address), noon)
        return case_id, file.addresses[0].address_id

    return case


@pytest.fixture
def assign(noon):
    def assign(case_id, address_id, person_id, key="asg_0001-aaaa", **values):
        made = Assignment(
            assignment_id=key, person_id=person_id, address_id=address_id,
            day=date(2026, 11, 24), state=AssignmentState.PLANNED, why=Why.MANUAL,
            created_at=noon, created_by="user:eva", **values,
        )  # fmt: skip
        change(case_id, lambda d: d.assign(made), noon)

    return assign


def person(api, token):
    return api("GET /me", token=token).body["person_id"]


def day(api, token, query=""):
    return api(f"GET /field/day?date=2026-11-24{query}", token=token).body


def test_a_day_holds_what_a_visit_needs(api, agent, case, assign, portfolio_id):
    case_id, address_id = case()
    change(case_id, lambda d: d.note("Toca el timbre rojo"), wiring.now())
    assign(case_id, address_id, person(api, agent))

    found = day(api, agent)

    [stop] = found["stops"]
    assert stop["name"] == "José Pérez Ñandú"
    assert stop["amount"] == {"minor": 100_000, "currency": "MXN"}
    assert stop["address"]["radius_m"] == 100
    assert [note["text"] for note in stop["notes"]] == ["Toca el timbre rojo"]
    assert (stop["window"]["allowed"], stop["why"], stop["state"]) == (True, "manual", "planned")
    assert stop["window"]["until"].startswith("2026-11-25T0")
    shown = found["portfolios"][portfolio_id]
    assert (shown["creditor"], shown["currency"], shown["show_amount"]) == ("Banco", "MXN", "exact")
    assert found["dropped"] == []


def test_nothing_is_sent_twice_and_what_moved_is_sent_again(api, agent, case, assign):
    case_id, address_id = case()
    assign(case_id, address_id, person(api, agent))
    mark = day(api, agent)["mark"]

    same = day(api, agent, f"&mark={mark}")
    assert (same["unchanged"], same["stops"], same["mark"]) == (True, [], mark)

    change(case_id, lambda d: d.note("Otra"), wiring.now())
    assert not day(api, agent, f"&mark={mark}")["unchanged"]


def test_after_a_payment_the_visit_leaves_the_day_and_the_agent_is_told(
    api, admin, agent, case, assign
):
    case_id, address_id = case()
    assign(case_id, address_id, person(api, agent))
    mark = day(api, agent)["mark"]
    paid = {"amount_minor": 100_000, "paid_on": "2026-11-24", "reference": "T-1", "method": "spei"}
    assert api(f"POST /cases/{case_id}/payments", paid, token=admin).status == 201

    found = day(api, agent, f"&mark={mark}")

    assert (found["unchanged"], found["stops"]) == (False, [])
    assert found["dropped"] == [{"assignment_id": "asg_0001-aaaa", "code": "paid"}]


def test_stops_without_a_route_come_along_a_short_way(api, agent, case, assign):
    me = person(api, agent)
    for key, metres in (("a", 0), ("b", 900), ("c", 300)):
        assign(*case(key, metres), me, f"asg_0001-{key}")

    stops = day(api, agent)["stops"]

    assert [(s["order"], s["assignment_id"][-1]) for s in stops] == [(1, "a"), (2, "c"), (3, "b")]
    assert stops[0]["distance_m"] is None
    assert stops[1]["distance_m"] == 390  # 300 m straight, times 1.3


def test_a_route_is_kept(api, agent, case, assign):
    me = person(api, agent)
    for key, metres, place in (("a", 0, 3), ("b", 900, 1), ("c", 300, 2)):
        assign(*case(key, metres), me, f"asg_0001-{key}", place=place)

    assert [s["assignment_id"][-1] for s in day(api, agent)["stops"]] == ["b", "c", "a"]


def test_an_agent_sees_his_own_day_only(api, cloud, agent, case, assign):
    assign(*case(), person(api, agent))
    mine = tuple(api("GET /me", token=agent).body["portfolios"])
    other = sign_in(api, cloud, "luz@example.com", Role.AGENT, portfolios=mine)

    assert day(api, other)["stops"] == []


def test_what_is_near_comes_nearest_first_and_can_be_added_once(api, agent, case):
    far, near = case("far", 800), case("near", 120)
    case("beyond", 50_000)
    found = api(f"GET /field/near?lat={LAT}&lng={LNG}", token=agent).body["items"]
    assert [(s["case_id"], s["distance_m"]) for s in found] == [(near[0], 120), (far[0], 800)]

    wanted = {"assignment_id": "asg_from-the-phone", "case_id": near[0], "address_id": near[1]}
    first = api("POST /field/assignments", wanted, token=agent)
    again = api("POST /field/assignments", wanted, token=agent)

    assert (first.status, again.status) == (201, 201)
    assert first.body["assignment_id"] == again.body["assignment_id"] == "asg_from-the-phone"
    assert [s["case_id"] for s in day(api, agent)["stops"]] == [near[0]]
    found = api(f"GET /field/near?lat={LAT}&lng={LNG}", token=agent).body["items"]
    assert [s["case_id"] for s in found] == [far[0]]


def test_a_case_that_somebody_visits_already_is_not_added(api, agent, case, assign):
    case_id, address_id = case()
    assign(case_id, address_id, "luz")

    refused = api(
        "POST /field/assignments",
        {"assignment_id": "asg_from-the-phone", "case_id": case_id, "address_id": address_id},
        token=agent,
    )

    assert (refused.status, refused.code) == (409, "assignment.taken")
    assert refused.body["details"]["person_id"] == "luz"


def test_no_visit_is_added_at_night(api, agent, case, monkeypatch):
    case_id, address_id = case()
    monkeypatch.setattr(wiring, "now", lambda: datetime(2026, 11, 25, 5, 0, tzinfo=UTC))  # 23:00

    refused = api(
        "POST /field/assignments",
        {"assignment_id": "asg_from-the-phone", "case_id": case_id, "address_id": address_id},
        token=agent,
    )

    assert (refused.status, refused.code) == (409, "assignment.not_allowed")
    assert refused.body["details"]["reason_code"] == "OUTSIDE_HOURS"
    assert refused.body["details"]["next_allowed_at"].startswith("2026-11-25T1")


def test_a_case_on_hold_is_not_visited(api, agent, case):
    case_id, address_id = case()
    change(case_id, lambda d: d.hold("hld_1", HoldReason.ILLNESS), wiring.now())

    refused = api(
        "POST /field/assignments",
        {"assignment_id": "asg_from-the-phone", "case_id": case_id, "address_id": address_id},
        token=agent,
    )

    assert (refused.status, refused.body["details"]) == (422, {"reason": "case_closed"})


def test_places_that_are_none_are_refused(api, agent):
    for query, field in (("lat=x&lng=1", "lat"), ("lat=91&lng=1", "lat"), ("lat=1", "lng")):
        refused = api(f"GET /field/near?{query}", token=agent)
        assert (refused.status, refused.body["details"]["field"]) == (422, field)
    assert api("GET /field/day?date=24-11-2026", token=agent).status == 422
