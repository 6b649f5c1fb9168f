"""Cases of the stand-in API: a list that filters and pages, and one full case file."""

import copy
from datetime import date, timedelta
from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route
from frontend.e2e.fake_case_data import TODAY, case_page, entry, money, row, touched
from frontend.e2e.fake_case_events import event, events, seal

MOST_TOGETHER = 4  # promises of a portfolio


def rows_of(api: FakeApi, portfolio_id: str) -> list[dict[str, Any]]:
    portfolio = next((p for p in api.portfolios if p["portfolio_id"] == portfolio_id), None)
    if portfolio is None or portfolio is not api.portfolios[0]:
        return []
    numbers = range(1, 131)
    return [row(number, portfolio) | {"touched_on": touched(number)} for number in numbers]


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
        and query.get("owner", "") in ["", (one["owner"] or {"id": "none"})["id"]]
        and left_alone(one, int(query.get("untouched_days", 0)))
        and query.get("charged_off", "") in ["", "yes" if one["charged_off"] else "no"]
        and int(query.get("min_minor", 0)) <= one["balance"]["minor"]
        and one["balance"]["minor"] <= int(query.get("max_minor", 10**12))
    )


def left_alone(one: dict[str, Any], days: int) -> bool:
    long_ago = (TODAY - timedelta(days=days)).isoformat()
    return not days or (one["dpd"] > 0 and (one["touched_on"] or "") <= long_ago)


@route("GET", "/portfolios/{pid}/cases")
def list_cases(api: FakeApi, call: Call) -> Answer:
    rows = [one for one in rows_of(api, call.parts[0]) if wanted(one, call.query)]
    keys: dict[str, Any] = {
        "due": lambda one: one["oldest_due_on"] or "9",
        "balance": lambda one: one["balance"]["minor"],
        "-balance": lambda one: -one["balance"]["minor"],
        "name": lambda one: one["name"],
        "touched": lambda one: (one["touched_on"] or "", one["oldest_due_on"] or "9"),
    }
    rows.sort(key=keys[call.query.get("sort", "due")])
    start = int(call.query.get("cursor", 0))
    end = start + int(call.query.get("limit", 50))
    return Answer(200, {"items": rows[start:end], "cursor": str(end) if end < len(rows) else None})


@route("POST", "/portfolios/{pid}/exports")
def order_export(api: FakeApi, call: Call) -> Answer:
    return Answer(202, {"export_id": "exp_1", "state": "running", "rows": 0, "url": None})


@route("GET", "/portfolios/{pid}/exports/{id}")
def look_at_export(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"export_id": "exp_1", "state": "done", "rows": 130, "url": "/robots.txt"})


# One case


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


@route("GET", "/portfolios/{id}/reliability")
def reliability(_: FakeApi, __: Call) -> Answer:
    several = (("per_carla", "Carla Ríos", 24, 20, 87), ("per_teo", "Teo Barrientos", 9, 3, 41))
    items = [
        {
            "person": {"id": key, "name": name},
            "matured": matured,
            "kept": kept,
            "partial": 1,
            "broken": matured - kept - 1,
            "promised": money(matured * 100_000),
            "kept_amount": money(kept * 100_000),
            "score": score,
        }
        for key, name, matured, kept, score in several
    ]
    return Answer(200, {"items": items})


@route("GET", "/cases/{id}/promise-dates")
def promise_dates(_: FakeApi, call: Call) -> Answer:
    query = call.query
    parts, minor = int(query["parts"]), int(query["amount_minor"])
    if parts > MOST_TOGETHER:
        return problem(
            422, "request.bad_field", field="then", reason="too_many", most=MOST_TOGETHER
        )
    first, each = date.fromisoformat(query["first_on"]), -(-minor // parts)
    items = []
    for n in range(parts):
        meant = first + timedelta(days=7 * n)
        on = meant + timedelta(days=max(0, 7 - meant.weekday()) if meant.weekday() > 4 else 0)
        items.append(
            {
                "amount": money(min(each, minor - each * n)),
                "due_on": on.isoformat(),
                "meant_for": meant.isoformat(),
            }
        )
    return Answer(200, {"items": items})


@route("POST", "/cases/{id}/promises")
def promise(api: FakeApi, call: Call) -> Answer:
    page = page_of(api)
    known = page["promises"]
    known[0].update(amount=money(call.body["amount_minor"]), due_on=call.body["due_on"])
    for n, part in enumerate(call.body.get("then", ()), 1):
        known[0]["series_id"] = "ser_1"
        one = {"promise_id": f"pro_s{n}", "amount": money(part["amount_minor"])}
        known.append(known[0] | one | {"due_on": part["due_on"]})
    tell(page, "promise.made", facts=call.body)
    return Answer(201, copy.deepcopy(page))


@route("PATCH", "/cases/{id}/promises/{pid}")
def cancel_promise(api: FakeApi, call: Call) -> Answer:
    page = page_of(api)
    page["promises"][0]["state"] = "cancelled"
    page["case"]["status"] = "open"
    tell(page, "promise.cancelled", facts={"promise_id": call.parts[1]})
    return Answer(200, copy.deepcopy(page))


@route("PUT", "/cases/{id}/language")
def put_language(api: FakeApi, call: Call) -> Answer:
    page = page_of(api)
    spoken = call.body["language"]
    page["case"] |= {"language": spoken, "written_in": spoken or "es"}
    tell(page, "language.changed", facts={"before": "", "after": spoken})
    return Answer(200, copy.deepcopy(page))


@route("PUT", "/cases/{id}/tags")
def put_tags(api: FakeApi, call: Call) -> Answer:
    page = page_of(api)
    before, after = page["case"]["tags"], call.body["tags"]
    page["case"]["tags"] = after
    tell(page, "tags.changed", facts={"before": before, "after": after})
    return Answer(200, copy.deepcopy(page))


# Documents that were issued


def paper(number: int, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "document_id": f"doc_{number}",
        "kind": kind,
        "code": f"K7QD-0000-000{number}",
        "of": f"of_{number}",
        "issued_at": f"2026-11-{20 - number:02}T16:00:00Z",
        "sha256": f"{number:064x}",
        "size_bytes": 24_310,
        "filename": f"{kind}-{number}.pdf",
        "annulled_at": None,
        "annulled_why": "",
        "facts": {},
        "url": f"/_s3/{kind}-{number}.pdf",
    } | more  # fmt: skip


@route("GET", "/cases/{id}/documents")
def issued(_api: FakeApi, _call: Call) -> Answer:
    gone = {"annulled_at": "2026-11-19T10:00:00Z", "annulled_why": "charged_back"}
    papers = [paper(1, "agreement"), paper(2, "receipt", **gone), paper(3, "resolution")]
    return Answer(200, {"items": papers})
