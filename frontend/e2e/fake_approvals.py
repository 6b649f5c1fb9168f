"""What waits for a second person at the stand-in API: one of each kind."""

from typing import Any

from frontend.e2e.fake_agreements import queue_of
from frontend.e2e.fake_api import Answer, Call, FakeApi, route
from frontend.e2e.fake_case_data import money

KINDS = ("agreement", "correction", "cash", "point", "merge", "reported")
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
