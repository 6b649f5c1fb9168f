"""Cases of the stand-in API: a list that filters and pages, and one full case file."""

import copy
import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 16, 20, tzinfo=UTC)
FIRST = ("Ofelia", "Rubén", "Itzel", "Gonzalo", "Maribel", "Teodoro", "Ximena", "Evaristo", "Noemí")
LAST = ("Ibarra", "Quiñones", "Núñez", "Cárdenas", "Pech", "Zavala", "Arriaga", "Ochoa")
CITIES = ("Puebla", "Cholula", "Atlixco", "Tehuacán")
BANDS = ((0, "current"), (7, "1-7"), (30, "8-30"), (60, "31-60"), (90, "61-90"), (180, "91-180"))


def band(dpd: int) -> str:
    return next((code for last, code in BANDS if dpd <= last), "181+")


def row(number: int, portfolio: dict[str, Any]) -> dict[str, Any]:
    dpd = max(0, 260 - number * 3)
    status = ("open", "open", "promised", "open", "held")[number % 5] if dpd else "settled"
    first, last, second = FIRST[number % 9], LAST[number % 8], LAST[(number * 3 + 1) % 8]
    letters = (last[:2] + second[0] + first[0]).upper()
    return {
        "case_id": f"cas_{number}",
        "portfolio_id": portfolio["portfolio_id"],
        "name": f"{last} {second}, {first}",
        "tax_id": f"{letters}72{number % 12 + 1:02d}11K{number % 90 + 10}",
        "status": status,
        "balance": {
            "minor": (number * 7919 % 40_000) * 100 + 4_50 if dpd else 0,
            "currency": portfolio["currency"],
        },
        "oldest_due_on": (TODAY - timedelta(days=dpd)).isoformat() if dpd else None,
        "dpd": dpd,
        "band": band(dpd),
        "city": CITIES[number % 4],
        "tags": ["zona norte"] if number % 7 == 0 else [],
        "debts": number % 3 + 1,
        "last_payment_on": "2026-10-30" if number % 4 == 0 else None,
        "updated_at": "2026-11-20T12:00:00Z",
    }


def rows_of(api: FakeApi, portfolio_id: str) -> list[dict[str, Any]]:
    portfolio = next((p for p in api.portfolios if p["portfolio_id"] == portfolio_id), None)
    if portfolio is None or portfolio is not api.portfolios[0]:
        return []
    return [row(number, portfolio) for number in range(1, 131)]


def wanted(one: dict[str, Any], query: dict[str, str]) -> bool:
    words = query.get("q", "").lower().split()
    digits = "".join(c for c in query.get("q", "") if c.isdigit())
    if digits and len(digits) >= 8:
        one["matched"] = "phone"
        return bool(one["case_id"] == "cas_1")
    if words and not all(word in one["name"].lower() for word in words):
        return False
    return (
        query.get("band", one["band"]) == one["band"]
        and query.get("status", one["status"]) == one["status"]
        and query.get("city", one["city"]).lower() == one["city"].lower()
        and query.get("tag", "") in ["", *one["tags"]]
        and int(query.get("min_minor", 0)) <= one["balance"]["minor"]
        and one["balance"]["minor"] <= int(query.get("max_minor", 10**12))
    )


@route("GET", "/portfolios/{pid}/cases")
def list_cases(api: FakeApi, call: Call) -> Answer:
    rows = [one for one in rows_of(api, call.parts[0]) if wanted(one, call.query)]
    keys: dict[str, Any] = {
        "due": lambda one: one["oldest_due_on"] or "9",
        "balance": lambda one: one["balance"]["minor"],
        "-balance": lambda one: -one["balance"]["minor"],
        "name": lambda one: one["name"],
    }
    rows.sort(key=keys[call.query.get("sort", "due")])
    start = int(call.query.get("cursor", 0))
    end = start + int(call.query.get("limit", 50))
    return Answer(200, {"items": rows[start:end], "cursor": str(end) if end < len(rows) else None})


@route("POST", "/portfolios/{pid}/exports")
def order_export(api: FakeApi, call: Call) -> Answer:
    return Answer(202, {"export_id": "exp_1", "state": "running", "rows": 0})


@route("GET", "/portfolios/{pid}/exports/{id}")
def look_at_export(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"export_id": "exp_1", "state": "done", "rows": 130, "url": "/robots.txt"})


# One case


def money(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "MXN"}


def debt(number: int, **more: Any) -> dict[str, Any]:
    base = {
        "debt_id": f"dbt_{number}",
        "external_id": f"F-00088{number}",
        "product": "Crédito personal",
        "issued_on": "2025-09-15",
        "due_on": "2026-04-03",
        "dpd": 233,
        "band": "181+",
        "balance": money(1_298_050),
        "principal": money(1_080_000),
        "interest": money(168_050),
        "fees": money(50_000),
        "moratory": money(233_010),
        "total_due": money(1_531_060),
        "instalments": [],
        "documents": ["Pagaré 4471"],
        "void": False,
    }
    return {**base, **more}


def entry(number: int, kind: str, minor: int, day: str, **more: Any) -> dict[str, Any]:
    base = {
        "entry_id": f"ent_{number}",
        "debt_id": "dbt_1",
        "kind": kind,
        "amount": money(minor),
        "principal": money(minor),
        "interest": money(0),
        "fees": money(0),
        "effective_on": day,
        "recorded_at": f"{day}T17:00:00Z",
        "source": "manual",
        "reference": f"R-{number}",
        "actor": {"id": "user:per_ana", "name": "Ana Lucía Ferrer"},
        "reverses": None,
        "reversed_by": None,
        "reason": "",
    }
    return {**base, **more}


def event(kind: str, ago: timedelta, *, actor: str = "Ana Lucía Ferrer", **parts: Any) -> Any:
    return {
        "kind": kind,
        "at": (NOW - ago).isoformat().replace("+00:00", "Z"),
        "actor": {"id": "user:per_ana", "name": actor},
        "facts": parts.get("facts", {}),
        "personal": parts.get("personal", {}),
    }


def events() -> list[dict[str, Any]]:
    """Oldest first, numbered and with a hash each."""
    told = [
        event(
            "case.created",
            timedelta(days=220),
            actor="cartera_abril.xlsx",
            facts={
                "debts": [
                    {"debt_id": "dbt_1", "amount_minor": 1_500_000},
                    {"debt_id": "dbt_2", "amount_minor": 640_000},
                ]
            },
            personal={"name": "Ibarra Montes, Ofelia"},
        ),
        event(
            "contact.added",
            timedelta(days=219),
            facts={"quality": "valid", "party": "debtor"},
            personal={"value": "+522222431190"},
        ),
        event(
            "payment.posted",
            timedelta(days=120),
            facts={
                "amount_minor": 220_000,
                "paid_on": "2026-07-25",
                "method": "cash",
                "reference": "R-3",
            },
        ),
        event(
            "debt.changed",
            timedelta(days=60),
            actor="cartera_septiembre.xlsx",
            facts={
                "debt_id": "dbt_2",
                "before": {"due_on": "2026-09-01"},
                "adjusted_minor": 12_000,
            },
        ),
        event("tags.changed", timedelta(days=31), facts={"before": [], "after": ["zona norte"]}),
        event(
            "note.added",
            timedelta(days=3, hours=2),
            personal={"text": "Habló su hija. Pide que se le llame después de las seis, al salir."},
        ),
        event(
            "promise.made",
            timedelta(hours=20),
            facts={"amount_minor": 300_000, "due_on": "2026-11-30", "channel": "phone"},
        ),
        event(
            "adjustment.posted",
            timedelta(hours=2),
            facts={"amount_minor": -15_000, "component": "fees", "debt_id": "dbt_1"},
            personal={"reason": "Comisión cobrada dos veces"},
        ),
    ]
    return [{**one, "seq": n, "hash": seal(n)} for n, one in enumerate(told, 1)]


def seal(number: int) -> str:
    return hashlib.sha256(f"event {number}".encode()).hexdigest()


def case_page(api: FakeApi) -> dict[str, Any]:
    portfolio = api.portfolios[0]
    told = events()
    one = row(1, portfolio)
    one.update(
        name="Ibarra Montes, Ofelia",
        status="promised",
        tags=["zona norte"],
        balance=money(1_953_050),
        legal_dpd=233,
        treatment_dpd=233,
        dpd=233,
        band="181+",
        oldest_due_on="2026-04-03",
        total_due=money(2_210_060),
        interest_accrued=money(257_010),
        last_payment_on="2026-07-25",
        debts=2,
        merged_into=None,
        debtor_key="10021",
        created_at="2026-04-16T16:20:00Z",
        version=9,
    )
    second = debt(
        2,
        due_on="2026-09-01",
        dpd=82,
        band="61-90",
        balance=money(655_000),
        principal=money(655_000),
        interest=money(0),
        fees=money(0),
        moratory=money(24_000),
        total_due=money(679_000),
        product="Refrigerador a plazos",
        documents=[],
        instalments=[
            {"number": 1, "due_on": "2026-08-01", "amount": money(163_750), "open": money(0)},
            {"number": 2, "due_on": "2026-09-01", "amount": money(163_750), "open": money(163_750)},
            {"number": 3, "due_on": "2026-10-01", "amount": money(163_750), "open": money(163_750)},
        ],
    )
    fees = {"principal": money(0), "fees": money(-15_000), "reason": "Comisión cobrada dos veces"}
    return {
        "case": one,
        "portfolio": {
            "id": portfolio["portfolio_id"],
            "name": portfolio["name"],
            "country": portfolio["country"],
            "currency": portfolio["currency"],
            "time_zone": portfolio["time_zone"],
            "bands": portfolio["policies"]["bands"],
        },
        "debts": [debt(1), second],
        "contacts": [
            {
                "contact_id": "c1",
                "kind": "phone",
                "value": "+522222431190",
                "party": "debtor",
                "quality": "valid",
                "detail": "fixed_line",
                "source": "upload",
            },
            {
                "contact_id": "c2",
                "kind": "phone",
                "value": "+522221187745",
                "party": "guarantor",
                "quality": "unverified",
                "detail": "mobile",
                "source": "upload",
            },
            {
                "contact_id": "c3",
                "kind": "phone",
                "value": "+522225550134",
                "party": "debtor",
                "quality": "wrong_person",
                "detail": "",
                "source": "upload",
            },
            {
                "contact_id": "c4",
                "kind": "email",
                "value": "ofelia.ibarra@ejemplo.example",
                "party": "debtor",
                "quality": "unverified",
                "detail": "",
                "source": "upload",
            },
        ],
        "addresses": [
            {
                "address_id": "a1",
                "lines": "Calle 5 de Mayo 1208, int. 3",
                "city": "Puebla",
                "region": "Puebla",
                "postal_code": "72000",
                "country": "MX",
                "lat": 19.0433,
                "lng": -98.1981,
                "cell": None,
                "quality": "street",
                "source": "upload",
            }
        ],
        "entries": [
            entry(
                1,
                "charge",
                1_500_000,
                "2025-09-15",
                source="upload",
                principal=money(1_200_000),
                interest=money(250_000),
                fees=money(50_000),
            ),
            entry(2, "charge", 640_000, "2026-07-01", debt_id="dbt_2", source="upload"),
            entry(
                3,
                "payment",
                -220_000,
                "2026-07-25",
                principal=money(-120_000),
                interest=money(-100_000),
            ),
            entry(4, "interest", 33_050, "2026-07-25", principal=money(0), interest=money(33_050)),
            entry(5, "adjustment", -15_000, "2026-11-22", **fees),
            entry(6, "adjustment", 15_000, "2026-09-23", debt_id="dbt_2", source="upload"),
        ],
        "promises": [
            {
                "promise_id": "pro_1",
                "amount": money(300_000),
                "due_on": "2026-11-30",
                "state": "open",
                "made_at": "2026-11-21T20:20:00Z",
                "made_by": {"id": "user:per_ana", "name": "Ana"},
                "channel": "phone",
            }
        ],
        "tasks": [
            {
                "task_id": "tsk_1",
                "kind": "call",
                "state": "open",
                "due_on": "2026-11-23",
                "strategy": "str_1@2",
                "step": "due-day",
                "ended_at": None,
                "ended_by": {"id": "", "name": ""},
            }
        ],
        "notes": [one for one in told[::-1] if one["kind"] == "note.added"],
        "timeline": {"items": told[::-1][:6], "cursor": "2"},
        "chain": {"seq": len(told), "hash": told[-1]["hash"]},
        "can": dict.fromkeys(("pay", "adjust", "reverse", "waive", "note", "tag", "promise"), True),
    }


def page_of(api: FakeApi) -> dict[str, Any]:
    if not hasattr(api, "case"):
        api.case = case_page(api)  # type: ignore[attr-defined]
    page: dict[str, Any] = api.case  # type: ignore[attr-defined]
    return page


def tell(page: dict[str, Any], kind: str, **parts: Any) -> None:
    number = page["chain"]["seq"] + 1
    told = {**event(kind, timedelta(0), **parts), "seq": number, "hash": seal(number)}
    page["timeline"]["items"].insert(0, told)
    if kind == "note.added":
        page["notes"].insert(0, told)
    page["chain"] = {"seq": number, "hash": seal(number)}


@route("GET", "/cases/{id}")
def get_case(api: FakeApi, call: Call) -> Answer:
    if call.parts[0] == "cas_none":
        return problem(404, "case.not_found")
    return Answer(200, page_of(api))


@route("GET", "/cases/{id}/timeline")
def timeline(api: FakeApi, call: Call) -> Answer:
    kind = call.query.get("kind", "")
    known = page_of(api)["timeline"]["items"]
    older = [one for one in events()[::-1] if one["seq"] not in {k["seq"] for k in known}]
    items = [*([] if "cursor" in call.query else known), *older]
    return Answer(200, {"items": [o for o in items if o["kind"].startswith(kind)], "cursor": None})


@route("GET", "/cases/{id}/statement")
def statement(_api: FakeApi, _call: Call) -> Answer:
    return Answer(200, {"url": "/_s3/estado-de-cuenta-2026-11-22.pdf"})


@route("GET", "/cases/{id}/verification")
def verify(api: FakeApi, call: Call) -> Answer:
    chain = page_of(api)["chain"]
    return Answer(200, {"ok": True, "events": chain["seq"], "head": chain["hash"]})


@route("POST", "/cases/{id}/payments")
def pay(api: FakeApi, call: Call) -> Answer:
    page = page_of(api)
    amount = call.body["amount_minor"]
    if call.body["reference"] == "R-3":
        return problem(409, "fact.already_recorded", field="reference")
    day = call.body["paid_on"]
    page["entries"].append(
        entry(len(page["entries"]) + 1, "payment", -amount, day, reference=call.body["reference"])
    )
    for name in ("balance", "total_due"):
        page["case"][name]["minor"] -= amount
    tell(page, "payment.posted", facts=call.body)
    return Answer(201, copy.deepcopy(page))


@route("POST", "/cases/{id}/reversals")
def reverse(api: FakeApi, call: Call) -> Answer:
    page = page_of(api)
    undone = next(e for e in page["entries"] if e["entry_id"] == call.body["entry_id"])
    undone["reversed_by"] = "ent_r"
    amount = -undone["amount"]["minor"]
    page["entries"].append(
        entry(99, "reversal", amount, undone["effective_on"], reason=call.body["reason"])
    )
    tell(page, "entry.reversed", facts={"amount_minor": amount}, personal=call.body)
    return Answer(201, copy.deepcopy(page))


@route("POST", "/cases/{id}/adjustments")
@route("POST", "/cases/{id}/waivers")
def correct(api: FakeApi, call: Call) -> Answer:
    return problem(403, "ledger.over_limit", limit_minor=50_000)


@route("POST", "/cases/{id}/notes")
def add_note(api: FakeApi, call: Call) -> Answer:
    page = page_of(api)
    tell(page, "note.added", personal={"text": call.body["text"]})
    return Answer(201, copy.deepcopy(page))


@route("POST", "/cases/{id}/promises")
def promise(api: FakeApi, call: Call) -> Answer:
    page = page_of(api)
    page["promises"][0].update(amount=money(call.body["amount_minor"]), due_on=call.body["due_on"])
    tell(page, "promise.made", facts=call.body)
    return Answer(201, copy.deepcopy(page))


@route("PATCH", "/cases/{id}/promises/{pid}")
def cancel_promise(api: FakeApi, call: Call) -> Answer:
    page = page_of(api)
    page["promises"][0]["state"] = "cancelled"
    page["case"]["status"] = "open"
    tell(page, "promise.cancelled", facts={"promise_id": call.parts[1]})
    return Answer(200, copy.deepcopy(page))


@route("PATCH", "/cases/{id}/tasks/{tid}")
def end_task(api: FakeApi, call: Call) -> Answer:
    page = page_of(api)
    page["tasks"][0]["state"] = call.body["state"]
    tell(page, f"task.{call.body['state']}", facts={"task_id": call.parts[1], "task": "call"})
    return Answer(200, copy.deepcopy(page))


REACH = {
    "ways": [
        {
            "contact_id": "c1",
            "channel": channel,
            "allowed": channel == "whatsapp",
            "reason_code": "OK" if channel == "whatsapp" else "OUTSIDE_HOURS",
            "article": "" if channel == "whatsapp" else "CONDUSEF, DOF 7-10-2014",
            "rules": "MX/1@2026-01-01/strict",
            "next_allowed_at": "2026-11-23T13:00:00Z",
            "consent": None,
            "consent_source": None,
        }
        for channel in ("whatsapp", "sms", "call")
    ],
    "holds": [],
    "consents": [],
    "attempts": [],
    "can": {"consent": True, "hold": True, "lift": True, "decide": True},
}


def reach_of(api: FakeApi) -> dict[str, Any]:
    if not hasattr(api, "reach"):
        api.reach = copy.deepcopy(REACH)  # type: ignore[attr-defined]
    reach: dict[str, Any] = api.reach  # type: ignore[attr-defined]
    return reach


@route("GET", "/cases/{id}/contact")
def contact(api: FakeApi, _: Call) -> Answer:
    return Answer(200, copy.deepcopy(reach_of(api)))


@route("POST", "/cases/{id}/consents")
def add_consent(api: FakeApi, call: Call) -> Answer:
    reach = reach_of(api)
    for way in reach["ways"]:
        if way["channel"] == call.body["channel"]:
            refused = call.body["state"] == "refused"
            way.update(
                consent=call.body["state"],
                consent_source=call.body["source"],
                allowed=not refused,
                reason_code="OPT_OUT" if refused else "OK",
                next_allowed_at=None if refused else way["next_allowed_at"],
                article="",
            )
    tell(page_of(api), f"consent.{call.body['state']}", facts={"channel": call.body["channel"]})
    return Answer(201, copy.deepcopy(reach))


@route("PATCH", "/cases/{id}/contacts/{cid}")
def mark_contact(api: FakeApi, call: Call) -> Answer:
    for point in page_of(api)["contacts"]:
        if point["contact_id"] == call.parts[1]:
            point.update({name: value for name, value in call.body.items() if value})
    return Answer(200, copy.deepcopy(reach_of(api)))


@route("POST", "/cases/{id}/holds")
def add_hold(api: FakeApi, call: Call) -> Answer:
    reach, page = reach_of(api), page_of(api)
    reach["holds"].insert(
        0,
        {
            "hold_id": "hld_1",
            "reason": call.body["reason"],
            "since": "2026-11-22",
            "until": call.body["until"],
            "placed_at": "2026-11-22T18:00:00Z",
            "placed_by": {"id": "user:1", "name": "Ana"},
            "lifted_at": None,
            "note": call.body["note"],
            "active": True,
        },
    )
    page["case"]["status"] = "held"
    tell(page, "hold.placed", facts={"reason": call.body["reason"]})
    return Answer(201, copy.deepcopy(reach))


@route("PATCH", "/cases/{id}/holds/{hid}")
def lift_hold(api: FakeApi, _: Call) -> Answer:
    reach, page = reach_of(api), page_of(api)
    hold = reach["holds"][0]
    hold.update(active=False, lifted_at="2026-11-22T19:00:00Z")
    page["case"]["status"] = "open"
    tell(page, "hold.lifted", facts={"reason": hold["reason"]})
    return Answer(200, copy.deepcopy(reach))


@route("PUT", "/cases/{id}/tags")
def put_tags(api: FakeApi, call: Call) -> Answer:
    page = page_of(api)
    before, after = page["case"]["tags"], call.body["tags"]
    page["case"]["tags"] = after
    tell(page, "tags.changed", facts={"before": before, "after": after})
    return Answer(200, copy.deepcopy(page))
