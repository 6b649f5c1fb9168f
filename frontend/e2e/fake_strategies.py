"""Strategies, segments and dry runs, in the stand-in API: the real shapes, the real validation."""

import copy
from dataclasses import replace
from typing import Any

from chalicelib.domain.contact import Channel
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.domain.task import OF_STRATEGIES
from chalicelib.strategies import rules, validation
from chalicelib.strategies.model import CaseEvent, Strategy
from chalicelib.strategies.ready_made import ready_made
from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route

AT = "2026-11-22T15:00:00Z"
CONTENT = ("name", "steps", "min_gap_days", "stop", "pause_on_promise", "arms")


PRICES = [
    {"channel": "sms", "unit": "segment", "micros": 20_000, "basis": "estimate"},
    {"channel": "email", "unit": "message", "micros": 100, "basis": "list"},
]


def shelf(api: FakeApi) -> dict[str, Any]:
    """What the portfolio has: one published strategy with its segment, to begin with."""
    if not hasattr(api, "shelf"):
        first = made("three_reminders", "str_1", "prt_mx")
        first |= {"state": "published", "valid_from": "2026-11-01", "published_at": AT}
        segment = {
            "segment_id": "all",
            "name": "Toda la cartera",
            "priority": 1,
            "strategy_id": "str_1",
            "rule": {"op": ">=", "field": "balance", "value": 50_000, "parts": []},
            "daily_quota": 500,
        }
        api.shelf = {  # type: ignore[attr-defined]
            "versions": {"str_1": [first]},
            "playbook": {
                "portfolio_id": "prt_mx",
                "segments": [segment],
                "monthly_budget_micros": None,
                "daily_budget_micros": 300_000,
                "budget_currency": "USD",
                "own_prices": {},
                "updated_at": AT,
                "updated_by": "user:per_ana",
                "version": 1,
            },
            "asked": 0,
        }
    found: dict[str, Any] = api.shelf  # type: ignore[attr-defined]
    return found


def made(code: str, strategy_id: str, portfolio_id: str) -> dict[str, Any]:
    if code:
        strategy = ready_made()[code].strategy(strategy_id, portfolio_id, "es")
    else:
        strategy = Strategy(strategy_id=strategy_id, portfolio_id=portfolio_id, name="", steps=())
    plain: dict[str, Any] = to_plain(replace(strategy, created_by="user:per_ana"))
    return checked(plain | {"created_at": AT})


def checked(plain: dict[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in plain.items() if name != "problems"}
    faults = validation.of_strategy(from_plain(Strategy, own))
    return own | {"problems": to_plain(faults) if own["state"] == "draft" else []}


def versions(api: FakeApi, call: Call) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shelf(api)["versions"].get(call.parts[1], [])
    return found


@route("GET", "/strategy-vocabulary")
def vocabulary(api: FakeApi, call: Call) -> Answer:
    fields = [
        {"name": name, "kind": field.kind.value, "ops": list(rules.OPS[field.kind])}
        for name, field in rules.FIELDS.items()
    ]
    ready = [
        {
            "code": each.code,
            "names": dict(each.names),
            "texts": dict(each.texts),
            "rule": to_plain(each.rule),
            "steps": to_plain(each.strategy("", "", "es").steps),
        }
        for each in ready_made().values()
    ]
    return Answer(
        200,
        {
            "fields": fields,
            "events": [each.value for each in CaseEvent],
            "channels": [each.value for each in Channel],
            "work": [each.value for each in OF_STRATEGIES],
            "ready_made": ready,
        },
    )


@route("GET", "/portfolios/{pid}/strategies")
def list_strategies(api: FakeApi, call: Call) -> Answer:
    known = shelf(api)
    items = [each[0] for each in known["versions"].values() if each[0]["state"] != "archived"]
    stated = next(p for p in api.portfolios if p["portfolio_id"] == call.parts[0])["identification"]
    lacking = [f"identification.{name}" for name in ("payment_means",) if not stated[name]]
    told = {"items": items, "playbook": known["playbook"], "prices": PRICES, "lacking": lacking}
    return Answer(200, told)


@route("POST", "/portfolios/{pid}/strategies")
def create(api: FakeApi, call: Call) -> Answer:
    key = f"str_{len(shelf(api)['versions']) + 1}"
    new = made(call.body.get("ready_made", ""), key, call.parts[0])
    shelf(api)["versions"][key] = [new]
    return Answer(201, new)


@route("GET", "/portfolios/{pid}/strategies/{sid}")
def read(api: FakeApi, call: Call) -> Answer:
    found = versions(api, call)
    return Answer(200, {"items": found}) if found else problem(404, "strategy.not_found")


@route("PUT", "/portfolios/{pid}/strategies/{sid}")
def write(api: FakeApi, call: Call) -> Answer:
    found = versions(api, call)
    newest = found[0]
    if call.body["edit"] != newest["edit"]:
        return problem(409, "strategy.moved")
    stored = copy.deepcopy(newest) | call.body["content"] | {"edit": newest["edit"] + 1}
    if newest["state"] == "published":
        stored |= {"version": newest["version"] + 1, "state": "draft", "valid_from": None}
        stored["published_at"] = None
        found.insert(0, checked(stored))
    else:
        found[0] = checked(stored)
    return Answer(200, found[0])


@route("POST", "/portfolios/{pid}/strategies/{sid}/publication")
def publish(api: FakeApi, call: Call) -> Answer:
    newest = versions(api, call)[0]
    if newest["problems"]:
        return problem(422, "strategy.invalid", problems=newest["problems"])
    newest |= {"state": "published", "published_at": AT, "edit": newest["edit"] + 1}
    newest["valid_from"] = call.body.get("valid_from") or "2026-11-22"
    return Answer(200, newest)


@route("POST", "/portfolios/{pid}/strategies/{sid}/archival")
def archive(api: FakeApi, call: Call) -> Answer:
    users = [
        each["segment_id"]
        for each in shelf(api)["playbook"]["segments"]
        if each["strategy_id"] == call.parts[1]
    ]
    if users:
        return problem(409, "strategy.wrong_state", used_by=users)
    newest = versions(api, call)[0]
    newest["state"] = "archived"
    return Answer(200, newest)


@route("GET", "/portfolios/{pid}/strategies/{sid}/experiment")
def experiment(api: FakeApi, call: Call) -> Answer:
    newest = versions(api, call)[0]
    arms = [
        {
            "code": arm["code"],
            "holdout": arm["holdout"],
            "cases": 400,
            "paid": 60 if arm["holdout"] else 96,
            "rate": {"value": 0.15, "low": 0.118, "high": 0.188}
            if arm["holdout"]
            else {"value": 0.24, "low": 0.201, "high": 0.284},
            "against": None if arm["holdout"] else {"value": 0.09, "low": 0.0349, "high": 0.1445},
        }
        for arm in newest["arms"]
    ]
    base = next((arm["code"] for arm in newest["arms"] if arm["holdout"]), "a")
    told = {"strategy": f"{call.parts[1]}@1", "base": base, "arms": arms, "cursor": None}
    return Answer(200, told)


@route("PUT", "/portfolios/{pid}/playbook")
def put_playbook(api: FakeApi, call: Call) -> Answer:
    book = shelf(api)["playbook"]
    book |= {
        "segments": call.body["segments"],
        "monthly_budget_micros": call.body.get("monthly_budget_micros"),
        "daily_budget_micros": call.body.get("daily_budget_micros"),
        "own_prices": call.body.get("own_prices", {}),
    }
    book["version"] += 1
    return Answer(200, book)


@route("POST", "/portfolios/{pid}/segment-counts")
def count(api: FakeApi, call: Call) -> Answer:
    items = [
        {"segment_id": each["segment_id"], "cases": 812, "balance_minor": 94_500_00}
        for each in call.body["segments"]
    ]
    rest = {"segment_id": "", "cases": 37, "balance_minor": 1_250_00}
    return Answer(200, {"items": [*items, rest], "seen": 849, "sampled": False})


def dry_run(day: str, state: str, strategy_id: str, sample: int | None) -> dict[str, Any]:
    base = {
        "strategy": "str_1@1", "arm": "", "segment": "all", "template_id": "", "offer": None,
        "article": "", "cost_micros": 0, "balance_minor": 250_000, "at": None, "code": "",
    }  # fmt: skip
    lines = [
        base
        | {"case_id": "cas_1", "name": "Rosa Ibarra", "outcome": "goes", "step": "due-day",
           "channel": "whatsapp", "at": f"{day}T16:00:00Z", "cost_micros": 8_500},
        base
        | {"case_id": "cas_2", "name": "Julián Páez", "outcome": "waits", "step": "after",
           "channel": "sms", "at": "2026-11-30T14:00:00Z", "code": "SUNDAY",
           "article": "LFPDPPP 12"},
        base
        | {"case_id": "cas_1", "name": "Rosa Ibarra", "outcome": "asks", "step": "due-day",
           "channel": "call"},
    ]  # fmt: skip
    done = state == "done"
    return {
        "dry_run_id": "dry_1",
        "portfolio_id": "prt_mx",
        "state": state,
        "day": day,
        "strategy_id": strategy_id,
        "sample": sample,
        "cases": 500 if done else 120,
        "outcomes": {"goes": 41, "waits": 7, "asks": 12, "nothing": 440},
        "channels": {"whatsapp": 38, "sms": 3},
        "codes": {"waits": 433, "SUNDAY": 7},
        "cost_micros": 443_000,
        "daily_budget_micros": 300_000,
        "cost_currency": "USD",
        "lines": lines if done else [],
        "created_at": AT,
        "updated_at": AT,
        "urls": ["/api/v1/_storage/plan.csv"] if done else [],
    }


@route("POST", "/portfolios/{pid}/dry-runs")
def start_dry_run(api: FakeApi, call: Call) -> Answer:
    asked = (call.body["day"], call.body.get("strategy_id", ""), call.body.get("sample"))
    shelf(api)["dry"] = asked
    return Answer(202, dry_run(asked[0], "running", *asked[1:]))


@route("GET", "/portfolios/{pid}/dry-runs/{did}")
def read_dry_run(api: FakeApi, call: Call) -> Answer:
    day, strategy_id, sample = shelf(api)["dry"]
    return Answer(200, dry_run(day, "done", strategy_id, sample))
