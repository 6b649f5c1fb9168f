"""Agents in the field, in the stand-in API: a team that walks the demo's streets by the clock."""

import math
import time
from typing import Any

from chalicelib.geo import areas
from frontend.e2e import fake_routes
from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route
from local.generator.streets import door, streets

TEAM = [
    ("per_carla", "Carla Ríos", "Centro", "visiting"),
    ("per_teo", "Teo Barrientos", "Centro", "moving"),
    ("per_ines", "Inés Quiroga", "Sur", "moving"),
    ("per_omar", "Omar Luján", "Sur", "stopped"),
    ("per_lia", "Lía Montalvo", "Norte", "silent"),
    ("per_rut", "Rut Peralta", "Norte", "off"),
]
WHY = {
    "visiting": "at_case", "moving": "moves", "stopped": "stays",
    "silent": "no_signal", "off": "clocked_out",
}  # fmt: skip
LAP_S = 600  # from one end of the street to the other


class Field:
    """What the map asks for; a test may change any of it."""

    def __init__(self) -> None:
        self.agents = [agent(*facts, number=n) for n, facts in enumerate(TEAM)]
        self.alarms: list[dict[str, Any]] = []
        self.zones = zones()
        self.trackers: list[dict[str, Any]] = []
        self.batches: dict[str, int] = {}
        self.moves = True
        self.calls = 0


def zones() -> list[dict[str, Any]]:
    corners = [(19.437, -99.148), (19.437, -99.126), (19.421, -99.126), (19.421, -99.148)]
    return [{
        "zone_id": "zon_1", "name": "Centro", "colour": "#6b4fa0", "cells": [],
        "outline": [], "cell_size": None,
        "polygon": [{"lat": lat, "lng": lng} for lat, lng in corners],
        "people": ["per_carla"], "portfolios": [], "version": 1,
    }]  # fmt: skip


def instant(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def agent(person_id: str, name: str, team: str, state: str, *, number: int) -> dict[str, Any]:
    street = streets("MX")[(number * 7) % 40]
    here = door(street, (street.first_number + street.last_number) // 2)
    age = {"silent": 900, "off": 4000}.get(state, 3)
    return {
        "person_id": person_id, "name": name, "team": team, "state": state, "why": WHY[state],
        "since": instant(time.time() - age - 300), "at": instant(time.time() - age),
        "heard_at": instant(time.time() - age), "lat": here.lat, "lng": here.lng,
        "accuracy_m": 9.0 + 6 * number, "speed_ms": None, "heading": None, "activity": None,
        "battery": round(0.93 - 0.15 * number, 2), "charging": number == 2, "network": "mobile",
        "case_id": "cas_1" if state == "visiting" else None, "alarm": None,
    }  # fmt: skip


def crowd(size: int) -> list[dict[str, Any]]:
    """As many agents as a large agency has, for what must stay quick."""
    states = ("moving", "moving", "stopped", "visiting")
    return [
        agent(f"per_{n:03}", f"Agente {n:03}", f"Equipo {n % 8 + 1}", states[n % 4], number=n)
        for n in range(size)
    ]


def walk(one: dict[str, Any], number: int, now: float) -> None:
    """Up and down the street, as a clock would have it."""
    street = streets("MX")[(number * 7) % 40]
    part = abs((now + 37 * number) % (2 * LAP_S) / LAP_S - 1)
    before = (one["lat"], one["lng"])
    one["lat"] = street.lat1 + (street.lat2 - street.lat1) * part + street.side_lat * (number % 3)
    one["lng"] = street.lng1 + (street.lng2 - street.lng1) * part + street.side_lng * (number % 3)
    east, north = one["lng"] - before[1], one["lat"] - before[0]
    if east or north:
        one["heading"] = round(math.degrees(math.atan2(east, north)) % 360)
    one["at"] = instant(now)


def field_of(api: FakeApi) -> Field:
    if not hasattr(api, "field"):
        api.field = Field()  # type: ignore[attr-defined]
    return api.field  # type: ignore[attr-defined,no-any-return]


@route("GET", "/agents/live")
def live(api: FakeApi, call: Call) -> Answer:
    field, now = field_of(api), time.time()
    field.calls += 1
    moving = [(n, a) for n, a in enumerate(field.agents) if a["state"] == "moving"]
    if field.moves:
        for number, one in moving:
            walk(one, number, now)
    items = field.agents if "since" not in call.query else [one for _, one in moving]
    body = {"items": items, "mark": instant(now), "whole": "since" not in call.query}
    return Answer(200, body | {"server_time": instant(now)})


@route("GET", "/agents/{id}/trail")
def trail(api: FakeApi, call: Call) -> Answer:
    number = next(
        (n for n, a in enumerate(field_of(api).agents) if a["person_id"] == call.parts[0]), None
    )
    if number is None:
        return problem(404, "agent.not_found")
    day = call.query.get("date", "2026-11-22")
    return Answer(200, day_of(call.parts[0], number, day, walked=day >= "2026-11-20"))


def day_of(person_id: str, number: int, day: str, *, walked: bool) -> dict[str, Any]:
    """A morning: along three streets, two stops, a visit at each, half an hour unheard."""
    points: list[dict[str, Any]] = []
    stops, visits = [], []
    clock = int(time.mktime(time.strptime(f"{day} 15:00", "%Y-%m-%d %H:%M")))
    for leg in range(3 if walked else 0):
        street = streets("MX")[(number * 7 + leg) % 40]
        for step in range(30):
            part = step / 29
            points.append(point(clock, street.lat1 + (street.lat2 - street.lat1) * part,
                                street.lng1 + (street.lng2 - street.lng1) * part))  # fmt: skip
            clock += 30
        here = points[-1]
        stops.append({"started_at": instant(clock), "finished_at": instant(clock + 720),
                      "lat": here["lat"], "lng": here["lng"], "duration_s": 720})  # fmt: skip
        verdict = ("verified", "unsure", "outside")[leg]
        visits.append({"visit_id": f"vis_{leg}", "case_id": "cas_1", "at": instant(clock + 60),
                       "lat": here["lat"] + 0.0002, "lng": here["lng"], "verdict": verdict,
                       "disposition": "promise"})  # fmt: skip
        clock += 720 if leg == 0 else 1800
    return {
        "person_id": person_id, "date": day, "time_zone": "America/Mexico_City",
        "points": points, "stops": stops, "trips": [], "shifts": [], "visits": visits,
        "received": 4 * len(points), "distance_m": 5230.0 if walked else 0.0, "kept_days": 30,
        "kept_until": instant(clock + 2_592_000),
    }  # fmt: skip


def point(at: float, lat: float, lng: float) -> dict[str, Any]:
    unknown = ("speed_ms", "heading", "battery", "charging", "network", "activity", "mock")
    known = {"at": instant(at), "lat": round(lat, 6), "lng": round(lng, 6), "accuracy_m": 8.0}
    return known | dict.fromkeys(unknown)


@route("GET", "/alarms")
def alarms(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"items": field_of(api).alarms})


@route("PATCH", "/alarms/{id}")
def settle(api: FakeApi, call: Call) -> Answer:
    found = next((a for a in field_of(api).alarms if a["alarm_id"] == call.parts[0]), None)
    if found is None:
        return problem(404, "alarm.not_found")
    found |= {"state": call.body["state"], "taken_by": api.me_id, "taken_by_name": api.me["name"]}
    return Answer(200, found)


def sos(api: FakeApi, person_id: str = "per_ines") -> None:
    """Somebody presses the button."""
    one = next(a for a in field_of(api).agents if a["person_id"] == person_id)
    one["alarm"] = "alr_1"
    unsettled = (
        "taken_by",
        "taken_by_name",
        "taken_at",
        "closed_by",
        "closed_by_name",
        "closed_at",
    )
    alarm = {
        "alarm_id": "alr_1", "person_id": person_id, "name": one["name"], "team": one["team"],
        "at": instant(time.time()), "received_at": instant(time.time()), "lat": one["lat"],
        "lng": one["lng"], "accuracy_m": 12.0, "state": "open", "told": 2, "note": "",
    }  # fmt: skip
    field_of(api).alarms.append(alarm | dict.fromkeys(unsettled))


# Tracking apps


@route("GET", "/trackers")
def list_trackers(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"items": field_of(api).trackers})


@route("POST", "/trackers")
def issue_tracker(api: FakeApi, call: Call) -> Answer:
    field = field_of(api)
    kept = call.body | {
        "tracker_id": f"trk_{len(field.trackers) + 1}", "person_name": "Carla Ríos",
        "created_at": instant(time.time()), "last_seen_at": None,
    }  # fmt: skip
    field.trackers.append(kept)
    token = "rct_" + "0" * 32
    square = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h7v7z"/></svg>'
    apps = [
        {"app": name, "link": f"https://site.example/{name}?{token}", "qr_svg": square}
        for name in ("traccar", "owntracks")
    ]
    return Answer(201, kept | {"token": token, "urls": {}, "apps": apps})


@route("DELETE", "/trackers/{id}")
def revoke_tracker(api: FakeApi, call: Call) -> Answer:
    field = field_of(api)
    field.trackers = [one for one in field.trackers if one["tracker_id"] != call.parts[0]]
    return Answer(204, None)


# Zones, debts nearby, assignments


def outline(cells: list[str]) -> dict[str, Any]:
    return {
        "outline": [[corners_of(ring) for ring in rings] for rings in areas.outline_of(cells)],
        "cell_size": areas.size_of(cells),
    }


def corners_of(ring: list[tuple[float, float]]) -> list[dict[str, float]]:
    return [{"lat": lat, "lng": lng} for lat, lng in ring]


@route("GET", "/map-cells")
def grid(api: FakeApi, call: Call) -> Answer:
    sides = [float(call.query[name]) for name in ("south", "west", "north", "east")]
    cells = areas.cells_in_view(*sides, int(call.query["size"]), most=400)
    items = [{"cell": one, "border": corners_of(areas.border_of(one))} for one in cells or ()]
    return Answer(200, {"items": items, "too_many": cells is None})


@route("GET", "/zones")
def list_zones(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"items": field_of(api).zones})


@route("POST", "/zones")
def add_zone(api: FakeApi, call: Call) -> Answer:
    made = {"colour": "#1f5f5b", "people": [], "portfolios": [], "version": 1}
    made |= {"polygon": [], "cells": []} | call.body
    made |= {"zone_id": f"zon_{len(field_of(api).zones) + 1}"} | outline(made["cells"])
    field_of(api).zones.append(made)
    return Answer(201, made)


@route("PATCH", "/zones/{id}")
def change_zone(api: FakeApi, call: Call) -> Answer:
    found = next(z for z in field_of(api).zones if z["zone_id"] == call.parts[0])
    if call.body["version"] != found["version"]:
        return problem(409, "zone.moved")
    found |= {"polygon": [], "cells": []} | call.body | {"version": found["version"] + 1}
    found |= outline(found["cells"])
    return Answer(200, found)


@route("DELETE", "/zones/{id}")
def remove_zone(api: FakeApi, call: Call) -> Answer:
    field = field_of(api)
    field.zones = [z for z in field.zones if z["zone_id"] != call.parts[0]]
    return Answer(204)


@route("GET", "/portfolios/{pid}/near")
def near(api: FakeApi, call: Call) -> Answer:
    lat, lng = float(call.query["lat"]), float(call.query["lng"])
    names = ["Ofelia Ibarra Montes", "Rubén Salas", "Marta Güemes", "Elías Paz"]
    items = [
        {
            "case_id": f"cas_{n + 1}", "address_id": "adr_1", "name": name, "status": "open",
            "balance": {"minor": 185_000 * (n + 1), "currency": "MXN"}, "dpd": 12 * n,
            "band": "8-30", "debts": 1, "lat": round(lat + 0.002 * (n - 1.5), 6),
            "lng": round(lng + 0.003 * ((n * 7) % 4 - 1.5), 6), "quality": "rooftop",
            "radius_m": 100.0, "distance_m": 120 * (n + 1),
        }
        for n, name in enumerate(names)
    ]  # fmt: skip
    return Answer(200, {"items": items, "more": False})


@route("GET", "/portfolios/{pid}/passes")
def passes(api: FakeApi, call: Call) -> Answer:
    """Teo came twice today, the second time to a visit; nobody on another day."""
    day = call.query["date"]
    twice = [("17:05", "17:06", 48.4, []), ("19:40", "19:52", 6.2, [
        {"case_id": "cas_2", "visit_id": "vis_2", "at": f"{day}T19:51:00Z"}
    ])] if day > "2026-11-01" else []  # fmt: skip
    items = [
        {
            "person_id": "per_teo", "name": "Teo Barrientos", "team": "Centro",
            "since": f"{day}T{since}:00Z", "until": f"{day}T{until}:00Z",
            "distance_m": metres, "accuracy_m": 9.0, "points": 3, "visits": visits,
        }
        for since, until, metres, visits in twice
    ]  # fmt: skip
    return Answer(200, {"items": items, "kept_days": 90})


@route("POST", "/assignments")
def assign(api: FakeApi, call: Call) -> Answer:
    wanted = call.body["items"]
    refused = [
        {"case_id": one["case_id"], "code": "visit.not_allowed", "details": {}}
        for one in wanted
        if one["case_id"] == "cas_4"
    ]
    refused += fake_routes.assigned(api, call)
    batch = call.body["batch_id"]
    field_of(api).batches[batch] = len(wanted) - len(refused)
    told = {"batch_id": batch, "assigned": field_of(api).batches[batch], "refused": refused}
    return Answer(201, told)


@route("DELETE", "/portfolios/{pid}/assignment-batches/{id}")
def undo(api: FakeApi, call: Call) -> Answer:
    fake_routes.undone(api, call.parts[1])
    return Answer(200, {"withdrawn": field_of(api).batches.pop(call.parts[1])})
