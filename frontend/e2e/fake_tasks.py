"""Tasks, in the stand-in API: the list of three people, and those of the case."""

import copy
from datetime import date, timedelta
from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route
from frontend.e2e.fake_cases import page_of, tell
from frontend.e2e.fake_data import TODAY

NOBODY = {"id": "", "name": ""}
NAMES = {"per_ana": "Ana Torres", "per_carla": "Carla Ríos", "per_teo": "Teo Barrientos"}
OF_CASE = ("task_id", "kind", "state", "due_on", "cause", "strategy", "step", "text", "owner",
           "asked_by", "created_at", "ended_at", "ended_by", "outcome")  # fmt: skip


def who(person_id: str) -> dict[str, str] | None:
    return {"id": person_id, "name": NAMES.get(person_id, "")} if person_id else None


def a_task(number: int, name: str, *, left: int = 0, owner: str = "", **values: Any) -> Any:
    return {
        "task_id": f"tsk_{number}",
        "kind": "other",
        "state": "open",
        "due_on": (TODAY + timedelta(days=left)).isoformat(),
        "cause": "manual",
        "strategy": "",
        "step": "",
        "text": "Pedir copia del pagaré",
        "owner": who(owner),
        "asked_by": {"id": "user:per_carla", "name": "Carla Ríos"},
        "created_at": "2026-11-20T18:00:00Z",
        "ended_at": None,
        "ended_by": NOBODY,
        "outcome": "",
        "case_id": "cas_1",
        "case_name": name,
        "portfolio_id": "prt_mx",
        "balance": {"minor": 184_000, "currency": "MXN"},
    } | values


def tasks_of(api: FakeApi) -> list[dict[str, Any]]:
    if not hasattr(api, "tasks"):
        machine = {"id": "system", "name": ""}
        of_strategy = {"kind": "call", "cause": "strategy", "strategy": "str_1@2",
                       "step": "due-day", "text": "", "asked_by": machine}  # fmt: skip
        api.tasks = [  # type: ignore[attr-defined]
            a_task(11, "Ofelia Ibarra Montes", left=-2, owner="per_ana"),
            a_task(12, "Rubén Salas", owner="per_ana", **of_strategy),
            a_task(13, "Marta Güemes", left=4, owner="per_ana", kind="review", cause="reply",
                   text="", asked_by=machine),
            a_task(14, "Inés Roldán", left=1, owner="per_teo"),
            a_task(15, "Hugo Prieto", **of_strategy | {"cause": "voice_heard"}),
            a_task(16, "Sara Ley", left=-1, text="Ver si cambió de domicilio"),
        ]  # fmt: skip
    kept: list[dict[str, Any]] = api.tasks  # type: ignore[attr-defined]
    return kept


def line(task: dict[str, Any]) -> dict[str, Any]:
    days = (date.fromisoformat(task["due_on"]) - TODAY).days
    when = "late" if days < 0 else "later" if days else "today"
    return copy.deepcopy(task) | {"when": when, "days": days}


@route("GET", "/tasks")
def listed(api: FakeApi, call: Call) -> Answer:
    whose = call.query.get("whose", "mine")
    owners = {"mine": {api.me_id}, "team": {"per_ana", "per_teo"}, "nobody": {""}}[whose]
    found = [
        line(one)
        for one in tasks_of(api)
        if one["state"] == "open"
        and (one["owner"] or NOBODY)["id"] in owners
        and call.query.get("kind", one["kind"]) == one["kind"]
    ]
    found = [one for one in found if call.query.get("when", one["when"]) == one["when"]]
    found.sort(key=lambda one: str(one["due_on"]))
    return Answer(200, {"items": found, "cursor": None})


@route("GET", "/tasks/late")
def late(api: FakeApi, _: Call) -> Answer:
    mine = [one for one in tasks_of(api) if (one["owner"] or NOBODY)["id"] == api.me_id]
    count = sum(1 for one in mine if one["state"] == "open" and line(one)["days"] < 0)
    return Answer(200, {"late": count, "more": False})


@route("POST", "/cases/{id}/tasks")
def make(api: FakeApi, call: Call) -> Answer:
    page, body = page_of(api), call.body
    if body.get("owner") == "per_nadie":
        return problem(422, "person.not_of_portfolio", person_id="per_nadie")
    made = a_task(
        len(page["tasks"]) + 1, "", owner=body.get("owner", ""),
        kind=body.get("kind", "other"), text=body["text"], due_on=body["due_on"],
    )  # fmt: skip
    page["tasks"].insert(0, {name: made[name] for name in OF_CASE})
    tell(page, "task.asked", facts={"task_id": made["task_id"], "task": made["kind"]})
    return Answer(201, copy.deepcopy(page))


@route("PATCH", "/cases/{id}/tasks/{tid}")
def change(api: FakeApi, call: Call) -> Answer:
    page, body = page_of(api), call.body
    one = next((each for each in tasks_of(api) if each["task_id"] == call.parts[1]), None)
    of_list = one is not None
    one = one or next(each for each in page["tasks"] if each["task_id"] == call.parts[1])
    if "state" in body:
        one.update(state=body["state"], outcome=body.get("outcome", ""))
        tell(page, f"task.{body['state']}", facts={"task_id": one["task_id"], "task": one["kind"]})
    if "owner" in body:
        one["owner"] = who(body["owner"])
    if "due_on" in body:
        one["due_on"] = body["due_on"]
    answer = copy.deepcopy(page)
    if of_list:
        answer["tasks"] = [{name: one[name] for name in OF_CASE}]
    return Answer(200, answer)
