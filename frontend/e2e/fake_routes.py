"""Planning field work in the stand-in API: two agents, their days, a proposal, plans."""

from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route

TEAM = (("per_carla", "Carla Ríos", "Centro"), ("per_teo", "Teo Barrientos", "Centro"))
STREETS = ("Av. Juárez 12", "Calle Regina 40", "Calle Mesones 7", "Av. Chapultepec 81")
NAMES = ("Rosa Linares", "Iván Cordero", "Elsa Pacheco", "Abel Quintero")


def profile(person_id: str) -> dict[str, Any]:
    return {
        "person_id": person_id, "weekdays": [0, 1, 2, 3, 4], "opens": "09:00", "closes": "18:00",
        "start": {"lat": 19.4326, "lng": -99.1332}, "end": None, "visits_max": 20,
        "visit_minutes": 10, "skills": [], "portfolios": [], "version": 0,
    }  # fmt: skip


def visit(number: int, person: str, name: str, **values: Any) -> dict[str, Any]:
    base = {
        "assignment_id": f"asg_{number}", "case_id": f"cas_{number}", "address_id": f"adr_{number}",
        "person_id": person, "person_name": name, "day": "", "state": "planned", "why": "zone",
        "place": 0, "arrives": 0, "withdrawn": None, "batch_id": "bat_1",
        "portfolio_id": "prt_mx", "name": NAMES[number % 4], "status": "open",
        "balance": {"minor": 125_000 + 10_000 * number, "currency": "MXN"}, "dpd": 40 + number,
        "band": "31-60", "lines": STREETS[number % 4], "city": "México", "lat": 19.43,
        "lng": -99.13,
    }  # fmt: skip
    return base | values


class Plan:
    """What the page of routes asks for; a test may change any of it."""

    def __init__(self) -> None:
        self.profiles = {person: profile(person) for person, _, _ in TEAM}
        self.visits = [
            visit(1, *TEAM[0][:2], place=1, arrives=32_400, why="promise"),
            visit(2, *TEAM[0][:2], place=2, arrives=34_200),
            visit(3, *TEAM[0][:2], state="withdrawn", withdrawn="paid"),
        ]
        self.proposed = [5, 6]
        self.cursor: str | None = None
        self.taken: set[str] = set()  # cases that somebody else assigns first
        self.without_room: list[int] = []
        # What looks at a better division see, one after the other; the last one stays. None: a
        # look that fails.
        self.looks: list[dict[str, Any] | None] = []


def look(state: str, **values: Any) -> dict[str, Any]:
    """How far a better division is."""
    first = {"visits": 2, "left_out": 0, "metres": 20_400, "seconds": 4_080}
    return {
        "plan_id": "tpl_1", "date": "2026-11-24", "state": state, "problem": "",
        "asked_at": "2026-11-24T15:00:00Z", "first": first, "found": None,
    } | values  # fmt: skip


def division(routes: dict[str, list[str]], **values: Any) -> dict[str, Any]:
    """A better division: case ids by person."""
    made = [
        {
            "person_id": person,
            "stops": [
                {"case_id": case, "place": place, "arrives": 32_400 + 1_800 * place}
                for place, case in enumerate(cases, start=1)
            ],
        }
        for person, cases in routes.items()
    ]
    base = {"visits": sum(map(len, routes.values())), "left_out": 0, "metres": 15_100,
            "seconds": 3_020, "routes": made, "missed": []}  # fmt: skip
    return base | values


def plan_of(api: FakeApi) -> Plan:
    if not hasattr(api, "plan"):
        api.plan = Plan()  # type: ignore[attr-defined]
    return api.plan  # type: ignore[attr-defined,no-any-return]


@route("GET", "/agents")
def agents(api: FakeApi, call: Call) -> Answer:
    plan = plan_of(api)
    items = [
        {
            "person_id": person, "name": name, "team": team, "portfolios": ["prt_mx"],
            "profile": plan.profiles[person], "works": True,
            "visits": sum(one["person_id"] == person for one in plan.visits),
        }
        for person, name, team in TEAM
    ]  # fmt: skip
    return Answer(200, {"items": items if api.portfolios else []})


@route("PUT", "/agents/{id}/profile")
def put_profile(api: FakeApi, call: Call) -> Answer:
    known = plan_of(api).profiles[call.parts[0]]
    if call.body["version"] != known["version"]:
        return problem(409, "profile.moved", person_id=call.parts[0])
    known.update(call.body, version=known["version"] + 1)
    return Answer(200, known)


@route("GET", "/assignments")
def assignments(api: FakeApi, call: Call) -> Answer:
    items = [one | {"day": call.query["date"]} for one in plan_of(api).visits]
    return Answer(200, {"date": call.query["date"], "items": items})


@route("POST", "/assignments/preview")
def preview(api: FakeApi, call: Call) -> Answer:
    plan = plan_of(api)
    items = [proposed(number, *TEAM[number % 2][:2]) for number in plan.proposed]
    for place, item in enumerate(items):
        item.update(place=1 + place // 2, arrives=32_400 + 1_800 * (place // 2))
    loads = [
        {"person_id": person, "name": name, "visits": 2, "added": 1, "visits_max": 20}
        for person, name, _ in TEAM
    ]
    body = {"date": call.body["date"], "portfolio_id": call.body["portfolio_id"], "items": items}
    left = [{"reason": "no_point", "cases": 3}]
    if plan.without_room:
        left.append({"reason": "no_room", "cases": len(plan.without_room)})
    body |= {
        "without_room": [proposed(number, "", "") for number in plan.without_room],
        "metres": 20_400, "seconds": 4_080, "plan_id": "tpl_1" if plan.looks else None,
    }  # fmt: skip
    on = None if call.body.get("cursor") else plan.cursor
    return Answer(200, body | {"agents": loads, "left_out": left, "considered": 5, "cursor": on})


def proposed(number: int, person: str, name: str) -> dict[str, Any]:
    one = visit(number, person, name, why="promise" if number == 5 else "rule")
    keys = ("case_id", "address_id", "person_id", "name", "city", "lat", "lng", "balance",
            "dpd", "why", "place", "arrives")  # fmt: skip
    return {key: one[key] for key in keys} | {"task_id": "", "opens": 0, "closes": 1}


@route("GET", "/portfolios/{id}/team-plans/{plan}")
def team_plan(api: FakeApi, call: Call) -> Answer:
    looks = plan_of(api).looks
    if not looks:
        return problem(404, "team_plan.not_found", plan_id=call.parts[1])
    seen = looks.pop(0) if len(looks) > 1 else looks[0]
    return Answer(200, seen) if seen is not None else problem(500, "internal")


@route("DELETE", "/cases/{case}/assignments/{id}")
def withdraw(api: FakeApi, call: Call) -> Answer:
    for one in plan_of(api).visits:
        if one["assignment_id"] == call.parts[1]:
            one.update(state="withdrawn", withdrawn="undone")
    return Answer(204)


@route("POST", "/routes/plans")
def plan(api: FakeApi, call: Call) -> Answer:
    routes = []
    for person, name, _ in TEAM:
        own = [
            one
            for one in plan_of(api).visits
            if one["person_id"] == person and one["state"] == "planned"
        ]
        if not own or (call.body["people"] and person not in call.body["people"]):
            continue
        for place, one in enumerate(own, start=1):
            one.update(place=place, arrives=32_400 + 1_800 * place)
        stops = [{key: one[key] for key in ("assignment_id", "place", "arrives")} for one in own]
        routes.append({
            "person_id": person, "name": name, "made": 0, "stops": stops, "left_out": [],
            "without_point": 0, "metres": 12_400, "back": 50_400,
        })  # fmt: skip
    return Answer(200, {"date": call.body["date"], "routes": routes, "later": []})


def assigned(api: FakeApi, call: Call) -> list[dict[str, Any]]:
    """Keep what was assigned; gives the refusals."""
    kept, refused = plan_of(api), []
    for item in call.body["items"]:
        number = int(item["case_id"].rpartition("_")[2])
        if item["case_id"] in kept.taken:
            details = {"case_id": item["case_id"], "person_id": "per_teo"}
            refused.append(
                {"case_id": item["case_id"], "code": "assignment.taken", "details": details}
            )
            continue
        if instead := item.get("instead_of"):
            for one in kept.visits:
                if one["assignment_id"] == instead:
                    one.update(state="withdrawn", withdrawn="reassigned")
        name = next((name for person, name, _ in TEAM if person == item["person_id"]), "")
        made = visit(number, item["person_id"], name, batch_id=call.body["batch_id"])
        kept.visits.append(made | {"assignment_id": f"asg_{len(kept.visits)}_{number}"})
    return refused


def undone(api: FakeApi, batch_id: str) -> None:
    for one in plan_of(api).visits:
        if one["batch_id"] == batch_id and one["state"] == "planned":
            one.update(state="withdrawn", withdrawn="undone")
