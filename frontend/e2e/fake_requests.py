"""Requests about people's own data by law, in the stand-in API."""

import copy
from datetime import timedelta
from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route
from frontend.e2e.fake_cases import page_of, tell
from frontend.e2e.fake_data import TODAY
from frontend.e2e.fake_erasure import an_erasure, erase, look_on

ANA = {"id": "per_ana", "name": "Ana Torres"}
AT = "2026-11-20T18:00:00Z"
LIVE = ("received", "identity", "work", "answered")


def a_request(number: int, name: str, **values: Any) -> dict[str, Any]:
    left = values.pop("left", 8)
    due = (TODAY + timedelta(days=left)).isoformat()
    base = {
        "request_id": f"drq_{number}",
        "portfolio_id": "prt_mx",
        "number": f"7Q2M-0K4{number}",
        "kind": "erasure",
        "way": "email",
        "state": "received",
        "name": name,
        "cases": 1,
        "received_on": "2026-11-10",
        "due_on": due,
        "late": left < 0,
        "days_left": left,
        "verdict": "",
        "owner": None,
        "ended_at": None,
        "version": 2,
        "made_at": AT,
        "made_by": ANA,
        "words": "Solicito que borren mis datos.",
        "reply_to": "ofelia@example.com",
        "proof": "",
        "proven_at": None,
        "proven_by": None,
        "term": {
            "law": "LFPDPPP (DOF 20-03-2025)",
            "article": "LFPDPPP (DOF 20-03-2025) art. 31",
            "days": 20,
            "unit": "business",
            "carry_days": 15,
            "own": False,
            "answer_by": due,
            "carry_by": None,
            "extended_to": None,
        },
        "case_list": [
            {
                "case_id": "cas_1",
                "name": name,
                "status": "open",
                "balance": {"minor": 184_000, "currency": "MXN"},
            }
        ],
        "alike": [],
        "keeps": {"article": "LFPDPPP (DOF 20-03-2025) art. 25", "checked": "no"},
        "in_force": True,
        "answer": None,
        "steps": [{"at": AT, "act": "received", "note": "", "by": ANA}],
        "can": {"work": True, "extend": True, "carry_out": False, "letter": False},
        "erasure": None,
    }
    return base | values


ERASED = "55 1234 5678"  # what somebody had erased
LINE = (
    "request_id", "portfolio_id", "number", "kind", "way", "state", "name", "cases", "received_on",
    "due_on", "late", "days_left", "verdict", "owner", "ended_at",
)  # fmt: skip


def requests_of(api: FakeApi) -> dict[str, dict[str, Any]]:
    if not hasattr(api, "data_requests"):
        other = a_request(7, "O. Ibarra Montes")["case_list"][0] | {"case_id": "cas_2"}
        several = [
            a_request(1, "Ofelia Ibarra Montes", left=-2, alike=[other]),
            a_request(
                2, "Rubén Salas", kind="access", way="page", left=1, state="work", proof="page",
                made_by={"id": "debtor:cas_2", "name": ""}, owner=ANA, in_force=False,
            ),
            a_request(3, "", kind="opposition", way="letter", left=20, case_list=[], cases=0),
            a_request(
                4, "Marta Güemes", kind="rectification", state="done", days_left=None,
                verdict="granted", ended_at=AT, late=False,
            ),
        ]  # fmt: skip
        api.data_requests = {one["request_id"]: one for one in several}  # type: ignore[attr-defined]
    kept: dict[str, dict[str, Any]] = api.data_requests  # type: ignore[attr-defined]
    return kept


def grant(api: FakeApi, key: str = "drq_1", *, owes: int = 0, **erasure: Any) -> dict[str, Any]:
    """Have a request to be forgotten granted, of two cases."""
    several = requests_of(api)
    another = copy.deepcopy(several["drq_1"]) | {
        "request_id": key, "number": f"7Q2M-0K4{key[-1]}",
    }  # fmt: skip
    one = several.setdefault(key, another)
    first = one["case_list"][0] | {"balance": {"minor": owes, "currency": "MXN"}}
    second = first | {"case_id": "cas_2", "balance": {"minor": 0, "currency": "MXN"}}
    one["answer"] = {
        "verdict": "granted", "ground": "", "article": "art. 25", "text": "Procede.", "at": AT,
        "by": ANA,
    }  # fmt: skip
    one |= {"state": "answered", "proof": "document", "verdict": "granted", "alike": []}
    one |= {"case_list": [first, second], "cases": 2, "in_force": owes > 0}
    one["can"] = {"work": False, "extend": False, "carry_out": True, "letter": True}
    one["erasure"] = an_erasure(one, **erasure)
    return one


@route("GET", "/portfolios/{id}/data-requests")
def listed(api: FakeApi, call: Call) -> Answer:
    asked, every = call.query, list(requests_of(api).values())
    live = asked.get("state", "live") == "live"
    found = [one for one in every if (one["state"] in LIVE) is live]
    if asked.get("case"):
        found = [
            one for one in every if asked["case"] in [case["case_id"] for case in one["case_list"]]
        ]
    if asked.get("kind"):
        found = [one for one in found if one["kind"] == asked["kind"]]
    if words := asked.get("q", "").casefold():
        found = [
            one
            for one in found
            if words in one["name"].casefold() or words in one["number"].casefold()
        ]
    found.sort(key=lambda one: str(one["due_on"]))
    days = [one["days_left"] for one in every if one["state"] in LIVE]
    return Answer(
        200,
        {
            "items": [{name: copy.deepcopy(one[name]) for name in LINE} for one in found],
            "cursor": None,
            "counts": {
                "late": sum(day < 0 for day in days),
                "soon": sum(0 <= day <= 3 for day in days),
                "more": False,
            },
            "kinds": ["access", "rectification", "erasure", "opposition"],
        },
    )


@route("POST", "/portfolios/{id}/data-requests")
def taken_in(api: FakeApi, call: Call) -> Answer:
    page = page_of(api) if call.body["case_ids"] else None
    name = page["case"]["name"] if page else call.body["name"]
    shown = {key: call.body[key] for key in ("kind", "way", "words", "reply_to")}
    made = a_request(9, name, **shown, proof=call.body["proof"] or "")
    made["received_on"] = call.body["received_on"]
    for case in made["case_list"]:
        case["case_id"] = call.body["case_ids"][0] if page else case["case_id"]
    if page is None:
        made["case_list"], made["cases"] = [], 0
    else:
        tell(
            page,
            "rights.received",
            facts={"kind": made["kind"], "number": made["number"], "due_on": made["due_on"]},
        )
    requests_of(api)["drq_9"] = made
    return Answer(201, copy.deepcopy(made))


@route("GET", "/portfolios/{portfolio}/data-requests/{id}")
def shown(api: FakeApi, call: Call) -> Answer:
    one = requests_of(api).get(call.parts[1])
    if one is None:
        return problem(404, "data_request.not_found")
    look_on(one)
    return Answer(200, copy.deepcopy(one))


@route("PATCH", "/portfolios/{portfolio}/data-requests")
def again(api: FakeApi, call: Call) -> Answer:
    if call.body["value"] != ERASED:
        return problem(404, "suppressed.not_found", kind=call.body["kind"])
    ended = {"kind": call.body["kind"], "request_id": "drq_1", "since": AT}
    return Answer(200, ended)


STEPS = {
    "want_identity": ("identity_wanted", "identity"),
    "identify": ("identified", "work"),
    "give": ("given", None),
    "add_case": ("case_added", None),
    "extend": ("extended", None),
    "carry_out": ("done", "done"),
}


@route("PATCH", "/portfolios/{portfolio}/data-requests/{id}")
def act(api: FakeApi, call: Call) -> Answer:
    one, body = requests_of(api)[call.parts[1]], call.body
    if body["version"] != one["version"]:
        return problem(409, "data_request.moved", version=one["version"])
    if body["act"].startswith("erase_"):
        refused = erase(one, body, {"id": api.me_id, "name": api.me["name"]})
        return refused or Answer(200, copy.deepcopy(one))
    if body["act"] == "answer":
        refused = body["verdict"] == "refused"
        told, state = ("refused" if refused else "answered"), ("refused" if refused else "answered")
        one["answer"] = {
            "verdict": body["verdict"], "ground": body["ground"] or "", "article": body["article"],
            "text": body["text"], "at": AT, "by": ANA,
        }  # fmt: skip
        one["verdict"] = body["verdict"]
        one["can"] = {"work": False, "extend": False, "carry_out": not refused, "letter": True}
    else:
        told, state = STEPS[body["act"]]
    if state == "answered" and (one["kind"], one["verdict"]) == ("erasure", "granted"):
        one["erasure"] = an_erasure(one)
    elif body["act"] == "answer":
        one["erasure"] = None
    if body["act"] == "identify":
        one.update(proof=body["proof"], proven_at=AT, proven_by=ANA)
    if body["act"] == "give":
        one["owner"] = ANA if body["owner"] else None
    if body["act"] == "add_case":
        moved = [case for case in one["alike"] if case["case_id"] == body["case_id"]]
        one["case_list"] += moved
        one["alike"] = []
    if state is not None:
        one["state"] = state
    if state in ("done", "refused"):
        one.update(ended_at=AT, days_left=None, late=False)
        one["can"] |= {"work": False, "carry_out": False}
    one["steps"].append({"at": AT, "act": told, "note": body.get("note", ""), "by": ANA})
    one["version"] += 1
    return Answer(200, copy.deepcopy(one))


@route("GET", "/portfolios/{portfolio}/data-requests/{id}/letter")
def letter(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"url": "/api/v1/_storage/letter.pdf", "scan": "off"})
