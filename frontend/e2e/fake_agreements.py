"""Agreements, in the stand-in API."""

import copy
from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route
from frontend.e2e.fake_cases import page_of, tell

ANA = {"id": "user:per_ana", "name": "Ana Torres"}
CARLA = {"id": "user:per_carla", "name": "Carla Ríos"}
DAYS = ("2026-12-22", "2027-01-22", "2027-02-22", "2027-03-22", "2027-04-22", "2027-05-24")
MOST_INSTALMENTS = 12


def money(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "MXN"}


def parts(total: int) -> dict[str, Any]:
    return {
        "principal": money(total),
        "interest": money(0),
        "fees": money(0),
        "total": money(total),
    }


def shares_of(total: int, number: int) -> list[dict[str, Any]]:
    count = max(1, min(number, len(DAYS)))
    each = total // count
    return [
        {
            "number": n + 1 if number else 0,
            "due_on": DAYS[n],
            "amount": money(each if n < count - 1 else total - each * (count - 1)),
        }
        for n in range(count)
    ]


def simulation(instalments: int, less: int = 0, **offer: Any) -> dict[str, Any]:
    total = 120_000 - less
    return {
        "offer": {
            "instalments": instalments,
            "frequency": "monthly",
            "down_payment_minor": 0,
            "first_on": None,
            "discount_principal_ppm": 0,
            "discount_interest_ppm": 0,
            "discount_fees_ppm": 0,
            "affordable_minor": None,
            "capitalise": False,
        }
        | offer,
        "owed": parts(120_000),
        "discount": parts(less),
        "to_pay": money(total),
        "shares": shares_of(total, instalments),
        "breaches": [],
        "counter": None,
        "extension": False,
    }


def an_agreement(key: str, kind: str, found: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {
        "agreement_id": key,
        "kind": kind,
        "state": "proposed",
        "made_at": "2026-11-22T18:00:00Z",
        "made_by": ANA,
        "until": "2026-12-02T06:00:00Z",
        "channel": "panel",
        "reason": "",
        "breaches": found["breaches"],
        "approver": "supervisor",
        "decided_by": None,
        "signed_at": None,
        "signed_by": None,
        "proof": None,
        "ended_at": None,
        "frequency": "monthly",
        "earned": "share",
        "missed": 1,
        "grace_days": 5,
        "to_pay": found["to_pay"],
        "saved": found["discount"]["total"],
        "paid": money(0),
        "capitalised": money(0),
        "debts": [],
        "replaces": "",
        "document_id": "",
        "letter_id": "",
        "shares": [
            share | {"paid": money(0), "paid_on": None, "state": "open"}
            for share in found["shares"]
        ],
        "can": {"accept": True, "decide": False, "cancel": True},
    } | values


def queue_of(api: FakeApi) -> dict[str, dict[str, Any]]:
    if not hasattr(api, "approvals"):
        found = simulation(24, less=30_000)
        found["breaches"] = [{"field": "instalments", "reason": "too_large", "limit": 12}]
        asked = an_agreement(
            "agr_q1",
            "plan",
            found,
            state="pending",
            made_by=CARLA,
            reason="Perdió el empleo en octubre y ya tiene otro.",
            can={"accept": False, "decide": True, "cancel": True},
        )
        one = {"case_id": "cas_1", "name": "Ofelia Ibarra Montes", "balance": money(150_000)}
        api.approvals = {"agr_q1": one | {"agreement": asked}}  # type: ignore[attr-defined]
    kept: dict[str, dict[str, Any]] = api.approvals  # type: ignore[attr-defined]
    return kept


@route("POST", "/cases/{id}/agreement-simulations")
def simulate(api: FakeApi, call: Call) -> Answer:
    running = any(one["state"] == "active" for one in page_of(api)["agreements"])
    options = [
        {"kind": "settlement", **simulation(0, less=20_000)},
        {"kind": "plan", **simulation(3)},
        {"kind": "plan", **simulation(6)},
    ]
    found = None
    if offer := call.body.get("offer"):
        found = simulation(**offer)
        if offer["instalments"] > MOST_INSTALMENTS:
            found["breaches"] = [
                {"field": "instalments", "reason": "too_large", "limit": MOST_INSTALMENTS}
            ]
            found["counter"] = simulation(MOST_INSTALMENTS)
    limits = api.portfolios[0]["policies"]["agreements"]
    body = {"limits": limits, "options": [] if running else options, "simulation": found}
    return Answer(200, copy.deepcopy(body))


@route("POST", "/portfolios/{id}/agreement-previews")
def try_limits(_: FakeApi, call: Call) -> Answer:
    """The first rule whose bounds hold the example; a case falls under none."""
    rules, limits = call.body["agreement_rules"], call.body["agreements"]
    owed = (call.body.get("example") or {}).get("principal_minor")
    fits = (
        n
        for n, one in enumerate(rules)
        if owed is not None and owed <= (one.get("max_minor") or owed)
    )
    rule = next(fits, None)
    limits = limits if rule is None else rules[rule]["limits"]
    options = [{"kind": "plan", **simulation(min(limits["max_instalments"], len(DAYS)))}]
    name = "Ofelia Ibarra Montes" if call.body.get("case_id") else ""
    body = {"limits": limits, "options": options, "simulation": None, "rule": rule, "name": name}
    return Answer(200, copy.deepcopy(body))


@route("POST", "/cases/{id}/agreements")
def propose(api: FakeApi, call: Call) -> Answer:
    page, offer = page_of(api), call.body["offer"]
    found = simulation(**offer)
    beyond = offer["instalments"] > MOST_INSTALMENTS
    made = an_agreement(f"agr_{len(page['agreements']) + 1}", call.body["kind"], found)
    if beyond:
        made |= {"state": "pending", "can": {"accept": False, "decide": False, "cancel": True}}
    page["agreements"].insert(0, made)
    tell(page, "agreement.asked" if beyond else "agreement.proposed", facts={})
    return Answer(201, copy.deepcopy(page))


@route("GET", "/cases/{id}/agreements/{agreement}")
def paper(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"url": "https://files.example/convenio.pdf"})


@route("PATCH", "/cases/{id}/agreements/{agreement}")
def change(api: FakeApi, call: Call) -> Answer:
    queue, page = queue_of(api), page_of(api)
    if call.parts[1] in queue:
        del queue[call.parts[1]]
        return Answer(200, copy.deepcopy(page))
    one = next(o for o in page["agreements"] if o["agreement_id"] == call.parts[1])
    one |= {"state": "cancelled", "can": dict.fromkeys(one["can"], False)}
    tell(page, "agreement.cancelled", facts={})
    return Answer(200, copy.deepcopy(page))


@route("POST", "/cases/{id}/agreements/{agreement}/code")
def code(api: FakeApi, call: Call) -> Answer:
    body = {"code_id": "otc_1", "to": "•••5678", "expires_at": "2026-11-22T18:10:00Z"}
    return Answer(201, body)


@route("POST", "/cases/{id}/agreements/{agreement}/acceptance")
def accept(api: FakeApi, call: Call) -> Answer:
    page = page_of(api)
    if call.body["proof"] == "code" and call.body["code"] != "123456":
        return problem(422, "code.not_valid")
    one = next(o for o in page["agreements"] if o["agreement_id"] == call.parts[1])
    one |= {
        "state": "active",
        "proof": call.body["proof"],
        "signed_at": "2026-11-22T18:05:00Z",
        "document_id": "doc_1",
        "can": {"accept": False, "decide": False, "cancel": True},
    }
    page["case"]["status"] = "promised"
    tell(page, "agreement.signed", facts={})
    return Answer(200, copy.deepcopy(page))


@route("GET", "/agreement-approvals")
def approvals(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"items": copy.deepcopy(list(queue_of(api).values())), "cursor": None})
