"""Disputes, in the stand-in API."""

import copy
from datetime import timedelta
from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route
from frontend.e2e.fake_cases import page_of, tell
from frontend.e2e.fake_data import TODAY

AMOUNT = {"minor": 184_000, "currency": "MXN"}


def a_dispute(number: int, name: str, **values: Any) -> dict[str, Any]:
    left = values.pop("left", 8)
    base = {
        "dispute_id": f"dsp_{number}",
        "case_id": f"cas_{number}",
        "case_name": name,
        "portfolio_id": "prt_mx",
        "kind": "wrong_amount",
        "state": "open",
        "source": "self_pay",
        "debts": [],
        "disputed": AMOUNT,
        "opened_at": "2026-11-20T18:00:00Z",
        "due_on": (TODAY + timedelta(days=left)).isoformat(),
        "late": left < 0,
        "days_left": left,
        "owner": None,
        "evidence": 0,
        "ended_at": None,
        "text": "Ya había pagado la mitad en mayo.",
        "claimed": None,
        "opened_by": {"id": f"debtor:cas_{number}", "name": ""},
        "taken_up_at": None,
        "files": [],
        "resolution": None,
        "can": {"take": True, "give": True, "resolve": True, "evidence": True},
    }
    return base | values


def disputes_of(api: FakeApi) -> dict[str, dict[str, Any]]:
    if not hasattr(api, "disputes"):
        several = [
            a_dispute(1, "Ofelia Ibarra Montes", left=-2),
            a_dispute(
                2, "Rubén Salas", kind="deceased", source="whatsapp", text="Falleció", left=1
            ),
            a_dispute(3, "Marta Güemes", kind="already_paid", source="visit"),
        ]
        api.disputes = {one["dispute_id"]: one for one in several}  # type: ignore[attr-defined]
    kept: dict[str, dict[str, Any]] = api.disputes  # type: ignore[attr-defined]
    return kept


@route("GET", "/disputes")
def listed(api: FakeApi, call: Call) -> Answer:
    live = call.query.get("state", "live") == "live"
    owner = call.query.get("owner")
    found = [
        one
        for one in disputes_of(api).values()
        if (one["resolution"] is None) is live
        and (
            owner is None
            or (owner == "none" and one["owner"] is None)
            or (one["owner"] or {}).get("id") == owner
        )
    ]
    found.sort(key=lambda one: str(one["due_on"]))
    shown = set(a_dispute(0, "")) - {
        "text", "claimed", "opened_by", "taken_up_at", "files", "resolution", "can",
    }  # fmt: skip
    items = [{name: one[name] for name in sorted(shown)} for one in found]
    return Answer(200, {"items": copy.deepcopy(items), "cursor": None})


@route("POST", "/cases/{id}/disputes")
def told(api: FakeApi, call: Call) -> Answer:
    page = page_of(api)
    made = a_dispute(9, page["case"]["name"], **{name: call.body[name] for name in call.body})
    disputes_of(api)["dsp_9"] = made
    page["case"]["status"] = "held"
    names = ("dispute_id", "kind", "state", "source", "debts", "opened_at", "due_on", "late",
             "owner", "ended_at")  # fmt: skip
    page["disputes"].insert(0, {name: made[name] for name in names})
    tell(page, "dispute.opened", facts={"kind": made["kind"]})
    return Answer(201, copy.deepcopy(made))


@route("GET", "/disputes/{case}/{id}")
def shown(api: FakeApi, call: Call) -> Answer:
    one = disputes_of(api).get(call.parts[1])
    return Answer(200, copy.deepcopy(one)) if one else problem(404, "dispute.not_found")


@route("PATCH", "/disputes/{case}/{id}")
def change(api: FakeApi, call: Call) -> Answer:
    one = disputes_of(api)[call.parts[1]]
    if call.body.get("owner"):
        one["owner"] = {"id": call.body["owner"], "name": "Ana Torres"}
        one["state"] = "investigating"
    if call.body.get("kind"):
        one["kind"] = call.body["kind"]
    return Answer(200, copy.deepcopy(one))


@route("POST", "/disputes/{case}/{id}/evidence")
def evidence(api: FakeApi, call: Call) -> Answer:
    one = disputes_of(api)[call.parts[1]]
    one["files"].append(
        {
            "evidence_id": f"evi_{len(one['files'])}",
            "side": "ours",
            "name": call.body["name"],
            "media_type": "application/pdf",
            "size_bytes": 10,
            "at": "2026-11-22T18:00:00Z",
            "by": {"id": "user:1", "name": "Ana Torres"},
            "shown": True,
            "url": "/api/v1/_storage/evidence.pdf",
            "scan": "off",
        }
    )
    one["evidence"] = len(one["files"])
    return Answer(201, copy.deepcopy(one))


@route("POST", "/disputes/{case}/{id}/resolution")
def resolve(api: FakeApi, call: Call) -> Answer:
    one = disputes_of(api)[call.parts[1]]
    one.update(
        state=call.body["verdict"],
        ended_at="2026-11-22T18:00:00Z",
        days_left=None,
        late=False,
        can=one["can"] | {"take": False, "give": False, "resolve": False},
        resolution={
            "at": "2026-11-22T18:00:00Z",
            "by": {"id": "user:1", "name": "Ana Torres"},
            "reason": call.body["reason"],
            "adjusted": {"minor": -184_000 if call.body.get("clear") else 0, "currency": "MXN"},
            "code": "ABCD-EFGH-JKMN",
            "letter": "/api/v1/_storage/letter.pdf",
        },
    )
    return Answer(200, copy.deepcopy(one))
