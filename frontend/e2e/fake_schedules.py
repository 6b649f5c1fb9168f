"""The stand-in's reports by e-mail: schedules, what they sent, who does not want it."""

from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route

NEXT = "2026-11-30T14:00:00Z"
MOMENT = "2026-11-22T18:00:00Z"
NAMES = {"per_ana": "Ana Torres", "per_carla": "Carla Ríos", "per_rita": "Rita Paz"}
READERS = ("per_ana", "per_carla")
TERMS = {"weekday": 1, "month_day": 1, "compare": False, "state": "active"}


def schedules_of(api: FakeApi) -> dict[str, dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = api.__dict__.setdefault("report_schedules", {})
    return kept


def mailings_of(api: FakeApi) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = api.__dict__.setdefault("report_mailings", [])
    return sent


def a_mailing(**values: Any) -> dict[str, Any]:
    """One that went to a person, to nobody who lost access, and to an address outside."""
    return {
        "key": "rsc_1#2026-11-23T14:00Z#",
        "due_at": "2026-11-23T14:00:00Z",
        "asked_by": None,
        "from": "2026-11-16",
        "to": "2026-11-22",
        "asked_from": "2026-11-16",
        "asked_to": "2026-11-22",
        "days": 7,
        "days_there": 7,
        "state": "sent",
        "problem": "",
        "until": "2026-11-24T06:00:00Z",
        "ended_at": "2026-11-23T14:03:00Z",
        "letters": [
            {"to": "Ana Torres", "outside": False, "state": "sent", "code": ""},
            {"to": "Carla Ríos", "outside": False, "state": "no_access", "code": ""},
            {
                "to": "jefa@banco.example",
                "outside": True,
                "state": "refused",
                "code": "report.too_few",
            },
        ],
    } | values


def _shown(told: dict[str, Any], schedule_id: str, version: int) -> dict[str, Any]:
    terms = TERMS | {name: value for name, value in told.items() if name != "version"}
    return terms | {
        "schedule_id": schedule_id,
        "people": [
            {
                "id": one,
                "name": NAMES.get(one, ""),
                "reads": one in READERS,
                "stopped": False,
            }
            for one in told.get("people", [])
        ],
        "outside": [{"address": one, "stopped": False} for one in told.get("outside", [])],
        "mine": "per_ana" in told.get("people", []),
        "next_at": NEXT if terms["state"] == "active" else None,
        "updated_by": {"id": "user:per_ana", "name": "Ana Torres"},
        "updated_at": MOMENT,
        "version": version,
    }


@route("GET", "/portfolios/{pid}/report-schedules")
def listed(api: FakeApi, call: Call) -> Answer:
    wanted = call.query.get("report_id")
    items = [one for one in schedules_of(api).values() if wanted in (None, one["report_id"])]
    return Answer(200, {"items": items, "most_recipients": 20, "most_outside": 20})


@route("POST", "/portfolios/{pid}/report-schedules")
def make(api: FakeApi, call: Call) -> Answer:
    schedule_id = f"rsc_{len(schedules_of(api)) + 1}"
    made = _shown(call.body, schedule_id, 1)
    schedules_of(api)[schedule_id] = made
    return Answer(201, made)


@route("PUT", "/portfolios/{pid}/report-schedules/{sid}")
def change(api: FakeApi, call: Call) -> Answer:
    before = schedules_of(api)[call.parts[1]]
    if call.body["version"] != before["version"]:
        return problem(409, "report_schedule.moved", version=before["version"])
    told = call.body | {"report_id": before["report_id"]}
    made = _shown(told, before["schedule_id"], before["version"] + 1)
    schedules_of(api)[before["schedule_id"]] = made
    return Answer(200, made)


@route("DELETE", "/portfolios/{pid}/report-schedules/{sid}")
def remove(api: FakeApi, call: Call) -> Answer:
    if schedules_of(api).pop(call.parts[1], None) is None:
        return problem(404, "report_schedule.not_found", schedule_id=call.parts[1])
    return Answer(204)


@route("GET", "/portfolios/{pid}/report-schedules/{sid}/mailings")
def mailings(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"items": mailings_of(api)})


@route("POST", "/portfolios/{pid}/report-schedules/{sid}/mailings")
def send_now(api: FakeApi, call: Call) -> Answer:
    made = a_mailing(
        key=f"{call.parts[1]}#2026-11-22T18:00Z#user:per_ana",
        due_at=MOMENT,
        asked_by={"id": "user:per_ana", "name": "Ana Torres"},
        state="waiting",
        ended_at=None,
        letters=[],
        days=0,
        days_there=0,
    )
    mailings_of(api).insert(0, made)
    return Answer(202, made)


@route("PUT", "/portfolios/{pid}/report-schedules/{sid}/stop")
def stop(api: FakeApi, call: Call) -> Answer:
    return _mine(api, call, stopped=True)


@route("DELETE", "/portfolios/{pid}/report-schedules/{sid}/stop")
def take_up(api: FakeApi, call: Call) -> Answer:
    return _mine(api, call, stopped=False)


def _mine(api: FakeApi, call: Call, *, stopped: bool) -> Answer:
    for one in schedules_of(api)[call.parts[1]]["people"]:
        if one["id"] == "per_ana":
            one["stopped"] = stopped
    return Answer(204)
