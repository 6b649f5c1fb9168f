"""Erasing a person's data as one press, in the stand-in API: asked, decided, run case by case."""

from typing import Any

from frontend.e2e.fake_api import Answer, problem

ASKED_AT = "2026-11-21T16:00:00Z"
DONE_AT = "2026-11-22T17:30:00Z"
TEO = {"id": "per_teo", "name": "Teo Barrientos"}


def an_erasure(request: dict[str, Any], **values: Any) -> dict[str, Any]:
    """What is told of the erasure that a granted request asks for; blocked by what is owed."""
    blockers = [
        {
            "case_id": case["case_id"],
            "name": case["name"],
            "reason": "owes",
            "amount_minor": case["balance"]["minor"],
            "currency": case["balance"]["currency"],
        }
        for case in request["case_list"]
        if case["balance"]["minor"] > 0
    ]
    return {
        "state": "open",
        "asked_by": "",
        "asked_by_name": "",
        "asked_at": None,
        "decided_by": "",
        "decided_by_name": "",
        "decided_at": None,
        "note": "",
        "may_decide": False,
        "cases_done": 0,
        "cases": len(request["case_list"]),
        "finished_at": None,
        "blockers": blockers,
        "goes": [
            {"code": "name", "count": 1},
            {"code": "contacts", "count": 3},
            {"code": "notes", "count": 12},
        ],
        "stays": [
            {"code": "ledger", "count": 41, "why": "accounting", "article": "CCom art. 38"},
            {"code": "access_log", "count": None, "why": "accountability", "article": ""},
        ],
    } | values


def erase(one: dict[str, Any], body: dict[str, Any], who: dict[str, str]) -> Answer | None:
    """Take an erasure a step on as the API does; gives a refusal, if it is refused."""
    erasure, act = one["erasure"], body["act"]
    if erasure is None:
        return problem(422, "request.bad_field", field="act", reason="not_granted")
    if erasure["blockers"] and act in ("erase_ask", "erase_approve"):
        told = [
            {name: each[name] for name in ("case_id", "reason")} for each in erasure["blockers"]
        ]
        return problem(409, "data_request.blocked", blockers=told)
    note = body.get("note", "")
    if act in ("erase_ask", "erase_reject") and not note:
        return problem(422, "request.bad_field", field="note", reason="missing")
    asked = {"asked_by": who["id"], "asked_by_name": who["name"], "asked_at": ASKED_AT}
    decided = {"decided_by": who["id"], "decided_by_name": who["name"], "decided_at": DONE_AT}
    told, changes = {
        "erase_ask": ("erase_asked", {"state": "asked", **asked, "note": note}),
        "erase_withdraw": ("erase_withdrawn", {"state": "open", "asked_at": None, "note": ""}),
        "erase_approve": ("erase_approved", {"state": "running", **decided, "may_decide": False}),
        "erase_reject": ("erase_rejected", {"state": "rejected", **decided, "note": note}),
    }[act]
    erasure.update(changes)
    one["can"]["carry_out"] = erasure["state"] in ("open", "rejected")
    one["steps"].append({"at": DONE_AT, "act": told, "note": note, "by": who})
    one["version"] += 1
    return None


def look_on(one: dict[str, Any]) -> None:
    """Each look at an erasure under way finds one case more; after the last it is done."""
    erasure = one["erasure"]
    if erasure is None or erasure["state"] != "running":
        return
    erasure["cases_done"] += 1
    if erasure["cases_done"] < erasure["cases"]:
        return
    erasure |= {"cases_done": erasure["cases"], "state": "done", "finished_at": DONE_AT}
    one.update(
        state="done", ended_at=DONE_AT, days_left=None, late=False, name="", words="", reply_to=""
    )
    one["can"] = {"work": False, "extend": False, "carry_out": False, "letter": True}
    for words in (*one["case_list"], *one["steps"], one["answer"]):
        words |= {key: "" for key in ("name", "note", "text") if key in words}
    one["steps"].append({"at": DONE_AT, "act": "erased", "note": "", "by": TEO})
    one["version"] += 1
