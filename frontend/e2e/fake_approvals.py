"""What waits for a second person at the stand-in API: one of each kind."""

import copy
from typing import Any

from frontend.e2e.fake_agreements import queue_of
from frontend.e2e.fake_api import Answer, Call, FakeApi, route
from frontend.e2e.fake_case_data import money
from frontend.e2e.fake_cases import page_of, tell

KINDS = ("agreement", "correction", "cash", "point", "merge", "reported", "charge_off", "erasure")
TEO = {"id": "user:teo", "name": "Teo Barrientos"}


def waiting(kind: str, key: str, **more: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "key": key,
        "case_id": "cas_1",
        "name": "Ibarra Montes, Ofelia",
        "asked_by": TEO,
        "asked_at": "2026-11-20T16:00:00Z",
        "until": None,
        "amount": None,
        "detail": {},
        "own": False,
        "can_decide": True,
    } | more


def others_of(api: FakeApi) -> dict[str, dict[str, Any]]:
    """What waits beside agreements, by key."""
    if not hasattr(api, "waiting"):
        asked = {"component": "interest", "reason": "Estuvo hospitalizada en octubre"}
        items = [
            waiting(
                "correction", "cor_1", amount=money(150_000),
                detail=asked | {"correction": "waiver"},
            ),
            waiting(
                "correction", "cor_2", amount=money(9_000), own=True, can_decide=False,
                detail=asked | {"correction": "adjustment"},
            ),
            waiting("cash", "dep_1", case_id="", name="", amount=money(235_000)),
            waiting("point", "adr_1", detail={"evidence": 3, "moved_m": 61}),
            waiting(
                "merge", "mrg_1", asked_by=None, detail={"score": 92, "reasons": ["phone"]},
                name="Ibarra Montes, Ofelia · Ofelia Ibarra",
            ),
            waiting(
                "reported", "rep_1", asked_by=None, amount=money(80_000),
                detail={"paid_on": "2026-11-19", "files": 1},
            ),
            waiting(
                "charge_off", "cho_1", amount=money(1_298_050),
                detail={
                    "what": "charge_off", "charge_off": "age", "on": "2026-11-20",
                    "debt": "F-000881", "reason": "Siete meses sin respuesta",
                },
            ),
            waiting(
                "erasure", "drq_5", case_id="cas_5", name="7Q2M-0K45",
                detail={"number": "7Q2M-0K45", "cases": 2, "note": "Pagó todo en octubre"},
            ),
        ]  # fmt: skip
        api.waiting = {one["key"]: one for one in items}  # type: ignore[attr-defined]
    known: dict[str, dict[str, Any]] = api.waiting  # type: ignore[attr-defined]
    return known


@route("GET", "/portfolios/{id}/approvals")
def tray(api: FakeApi, call: Call) -> Answer:
    agreed = [
        waiting("agreement", key, amount=one["balance"], until=one["agreement"]["until"])
        for key, one in queue_of(api).items()
    ]
    items = [*agreed, *others_of(api).values()]
    kinds = []
    for kind in KINDS:
        own = [one for one in items if one["kind"] == kind]
        oldest = min((one["asked_at"] for one in own), default=None)
        kinds.append(
            {
                "kind": kind,
                "count": len(own),
                "more": False,
                "oldest_at": oldest,
                "yours": sum(one["can_decide"] for one in own),
            }
        )
    wanted = call.query.get("kind")
    return Answer(200, {"kinds": kinds, "items": [o for o in items if wanted in (None, o["kind"])]})


@route("PATCH", "/portfolios/{id}/approvals/{key}")
def decide(api: FakeApi, call: Call) -> Answer:
    one = others_of(api).pop(call.parts[1])
    approved = call.body["decision"] == "approved"
    return Answer(200, correction(one["key"], "approved" if approved else "refused"))


@route("POST", "/cases/{id}/charge-offs")
def propose_charge_off(api: FakeApi, call: Call) -> Answer:
    page = page_of(api)
    for debt in page["debts"]:
        if debt["debt_id"] in call.body["debt_ids"]:
            debt["charge_off"] = {
                "charge_off_id": f"cho_{debt['debt_id']}",
                "state": "waiting",
                "reason": call.body["reason"],
                "on": call.body["on"],
                "amount": debt["balance"],
                "note": call.body["note"],
                "asked_by": {"id": "user:per_ana", "name": "Ana Lucía Ferrer"},
                "from_file": False,
                "in_force": False,
                "interest_stops": True,
            }
    tell(page, "charge_off.asked", facts={"debt_id": "dbt_1", "amount_minor": 1_298_050})
    return Answer(201, copy.deepcopy(page))


@route("PATCH", "/cases/{id}/charge-offs/{key}")
def change_charge_off(api: FakeApi, call: Call) -> Answer:
    """Decide on it, withdraw it, or ask for it to be taken back."""
    others_of(api).pop(call.parts[1], None)
    page = page_of(api)
    became = {"approved": "standing", "reinstate": "returning"}.get(call.body["decision"])
    for debt in page["debts"]:
        one = debt["charge_off"]
        if one and one["charge_off_id"] == call.parts[1]:
            one |= {"state": became, "in_force": True}
            debt["charge_off"] = one if became else None
    return Answer(200, copy.deepcopy(page))


@route("POST", "/cases/{id}/corrections")
def ask(_: FakeApi, call: Call) -> Answer:
    return Answer(201, correction("cor_9", "waiting") | call.body)


def correction(key: str, state: str) -> dict[str, Any]:
    return {
        "correction_id": key,
        "portfolio_id": "prt_mx",
        "case_id": "cas_1",
        "kind": "waiver",
        "debt_id": "deb_1",
        "component": "interest",
        "amount_minor": 150_000,
        "reason": "Estuvo hospitalizada en octubre",
        "asked_by": "user:teo",
        "asked_at": "2026-11-20T16:00:00Z",
        "state": state,
        "decided_by": "" if state == "waiting" else "user:per_ana",
        "decided_at": None if state == "waiting" else "2026-11-22T16:00:00Z",
        "answer": "",
    }
