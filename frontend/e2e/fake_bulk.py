"""Jobs of many cases of the stand-in API: each look takes them one step on."""

from typing import Any

from chalicelib.domain.handing_out import Share, shared
from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route
from frontend.e2e.fake_cases import rows_of, wanted

TERMS = (
    "person_id",
    "person_ids",
    "tags",
    "strategy_id",
    "reason",
    "until",
    "note",
    "template_id",
    "channel",
)
COLLEAGUES = (
    ("per_carla", "Carla Ríos", "supervisor"),
    ("per_nora", "Nora Aguilar Campos", "agent"),
    ("per_teo", "Teo Barrientos", "agent"),
)
# Who left the portfolio since the list of colleagues was read.
LEFT = {"per_nora"}
OPEN_CASES = {"per_carla": 12, "per_teo": 45, "per_nora": 30}
FIGURES = {"done": 0, "skipped": 0, "refused": 0}
NEXT = {"counting": "ready", "running": "done", "undoing": "undone"}


def jobs_of(api: FakeApi) -> dict[str, dict[str, Any]]:
    if not hasattr(api, "bulk_jobs"):
        api.bulk_jobs = {}  # type: ignore[attr-defined]
    known: dict[str, dict[str, Any]] = api.bulk_jobs  # type: ignore[attr-defined]
    return known


def put(job: dict[str, Any], state: str) -> dict[str, Any]:
    """Bring a job into a state, with the figures that it then has."""
    job["state"] = state
    refused = min(3, job["count"] - 1)
    done = job["count"] - refused
    if state == "done":
        job["figures"] = {"done": done, "skipped": 0, "refused": refused, "left": 0}
        job["reasons"] = {"done:": done, "refused:ON_HOLD": refused}
        job["url"] = "/robots.txt"
    if state == "undone":
        job["undone"] = {"done": done - 1, "skipped": refused + 1, "refused": 0}
        job["reasons"] = {"done:": done - 1, "skipped:not_done": refused, "skipped:moved_on": 1}
    job["can"] = {
        "confirm": state == "ready",
        "stop": state == "running",
        "resume": state == "stopped",
        "undo": state in ("done", "stopped"),
    }
    return job


@route("POST", "/portfolios/{pid}/bulk-jobs")
def start(api: FakeApi, call: Call) -> Answer:
    body = call.body
    gone = LEFT & set(body.get("person_ids", ()))
    if gone:
        name = next(name for key, name, _ in COLLEAGUES if key in gone)
        facts = {"field": "person_ids", "reason": "not_on_portfolio", "person": name}
        return problem(422, "request.bad_field", **facts)
    query = {name: str(value) for name, value in body.items() if name not in (*TERMS, "case_ids")}
    found = body.get("case_ids") or [r for r in rows_of(api, call.parts[0]) if wanted(r, query)]
    count, known = len(found), jobs_of(api)
    held = {"case_id": "cas_7", "name": "Ibarra Montes, Ofelia"}
    job = {
        "job_id": f"blk_{len(known) + 1}",
        "portfolio_id": call.parts[0],
        "action": body["action"],
        "terms": {name: body[name] for name in TERMS if name in body},
        "filters": {},
        "picked": len(body.get("case_ids", [])),
        "count": count,
        "sample": {
            "looked": count,
            "reasons": {"done:": count - 1, "refused:ON_HOLD": 1},
            "lines": [held | {"outcome": "refused", "code": "ON_HOLD"}],
        },
        "hand_out": hand_out(body, count),
        "figures": FIGURES | {"left": count},
        "undone": dict(FIGURES),
        "reasons": {},
        "created_by": {"id": "user:1", "name": "Carla Ríos"},
        "created_at": "2026-11-22T16:00:00Z",
        "updated_at": "2026-11-22T16:00:00Z",
        "url": None,
    }
    known[job["job_id"]] = put(job, "counting")
    return Answer(202, job)


def hand_out(body: dict[str, Any], count: int) -> dict[str, Any] | None:
    """Divide so many cases that are nobody's yet as the API does."""
    if body["action"] != "hand_out":
        return None
    names = {key: name for key, name, _ in COLLEAGUES}
    people = [
        Share(person_id=key, name=names[key], has=OPEN_CASES[key], held=0)
        for key in body["person_ids"]
    ]
    shares = [
        {
            name: getattr(one, name)
            for name in ("person_id", "name", "has", "gets", "gives", "after")
        }
        for one in shared(people, count)
    ]
    return {"left_out": 2, "shares": shares}


@route("GET", "/portfolios/{pid}/bulk-jobs")
def listed(api: FakeApi, _: Call) -> Answer:
    return Answer(200, {"items": list(jobs_of(api).values())[::-1], "cursor": None})


@route("GET", "/portfolios/{pid}/bulk-jobs/{id}")
def look(api: FakeApi, call: Call) -> Answer:
    job = jobs_of(api)[call.parts[1]]
    return Answer(200, put(job, NEXT.get(job["state"], job["state"])))


@route("PATCH", "/portfolios/{pid}/bulk-jobs/{id}")
def change(api: FakeApi, call: Call) -> Answer:
    job, do = jobs_of(api)[call.parts[1]], call.body["do"]
    if do == "begin" and call.body["count"] != job["count"]:
        return problem(422, "request.bad_field", field="count", reason="not_the_count")
    states = {"begin": "running", "stop": "stopped", "go_on": "running", "undo": "undoing"}
    return Answer(200, put(job, states[do]))


@route("GET", "/portfolios/{pid}/colleagues")
def colleagues(_: FakeApi, __: Call) -> Answer:
    items = [{"person_id": key, "name": name, "role": role} for key, name, role in COLLEAGUES]
    return Answer(200, {"items": items})
