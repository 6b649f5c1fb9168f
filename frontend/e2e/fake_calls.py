"""The queue of calls, and calls, in the stand-in API."""

import copy
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain import calls as catalogue
from chalicelib.domain import priority
from chalicelib.domain.experiment import share
from chalicelib.domain.plain import to_plain
from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route
from frontend.e2e.fake_cases import page_of
from frontend.e2e.fake_contact import reach_of

FIGURES = {"balance": {"minor": 1_250_000, "currency": "MXN"}, "name": "Ofelia Ibarra Montes"}
REASONS = [
    {"code": "promise_broken", "points": 50, "value": 1, "basis": ""},
    {"code": "asked", "points": 30, "value": 632, "basis": "voice_heard"},
    {"code": "good_hour", "points": 20, "value": 100, "basis": "zone"},
    {"code": "likely", "points": 17, "value": 67, "basis": ""},
    {"code": "rest", "points": 15, "value": None, "basis": ""},
]
WEIGHTS = {"promise_broken": 50, "likely": 25, "balance": 25, "rest": 15}


def a_turn(**values: Any) -> dict[str, Any]:
    base = {
        "case_id": "cas_1",
        "place": "taken",
        "segment": "early",
        "segment_name": "Mora temprana",
        "score": 132,
        "reasons": REASONS,
        "why": "call",
        "until": "2026-11-23T18:30:00Z",
        "since": "2026-11-23T18:00:00Z",
        "law_until": "2026-11-24T04:00:00Z",
        "person": {"id": "per_ana", "name": "Ana Torres"},
    }
    return base | values


def queue_of(api: FakeApi) -> dict[str, Any]:
    """What waits: one case, which may be called; a test may take it away."""
    if not hasattr(api, "queue"):
        api.queue = {"left": ["cas_1"], "held": False, "open": None}  # type: ignore[attr-defined]
        for way in reach_of(api)["ways"]:
            if way["channel"] == "call":
                way.update(allowed=True, reason_code="OK", article="", next_allowed_at=None)
    queue: dict[str, Any] = api.queue  # type: ignore[attr-defined]
    return queue


@route("GET", "/portfolios/{pid}/queue")
def board(api: FakeApi, _: Call) -> Answer:
    queue = queue_of(api)
    line = {"turn": a_turn(place="ready", person=None, why=None, until=None), **FIGURES}
    taken = {"turn": a_turn(), **FIGURES}
    body = {
        "segments": [
            {"segment": "early", "name": "Mora temprana", "ready": 12, "given": 30},
            {"segment": "", "name": "", "ready": 500, "given": 4},
        ],
        "most": 500,
        "waiting": 3,
        "taken": [taken] if queue["held"] else [],
        "top": [] if queue["held"] else [line],
        "skipped": {"number": 2},
        "weights": WEIGHTS,
    }
    return Answer(200, copy.deepcopy(body))


@route("POST", "/portfolios/{pid}/queue/next")
def take_next(api: FakeApi, _: Call) -> Answer:
    queue = queue_of(api)
    if not queue["left"]:
        body = {"turn": None, "opens_at": "2026-11-24T13:00:00Z", "waiting": 2}
        return Answer(200, body)
    queue["held"] = True
    return Answer(200, {"turn": a_turn(), "opens_at": None, "waiting": 0})


@route("POST", "/portfolios/{pid}/queue/{id}")
def act(api: FakeApi, call: Call) -> Answer:
    queue = queue_of(api)
    queue.update(left=[], held=False)
    return Answer(200, a_turn(place="later", law_until=None))


def sheet_of(api: FakeApi) -> dict[str, Any]:
    sheet = {
        "stage": "broken",
        "language": "es",
        "script": list(catalogue.script(catalogue.Stage.BROKEN, "es")),
        "words": {"creditor": "La Esquina", "agency": "", "payment_means": "", "complaints": ""},
        "forecast": getattr(api, "forecast", None),
        "no_forecast": "" if hasattr(api, "forecast") else getattr(api, "silence", "too_few_paid"),
        "due_on": "2026-10-01",
        "brand": "La Esquina",
        "results": to_plain(catalogue.results()),
        "open": queue_of(api)["open"],
        "dialer": hasattr(api, "dialer"),
    }
    return copy.deepcopy(sheet)


@route("GET", "/portfolios/{pid}/call-settings")
def settings(api: FakeApi, call: Call) -> Answer:
    """What the settings start from; once something was saved, what was before."""
    portfolio = next(p for p in api.portfolios if p["portfolio_id"] == call.parts[0])
    before = {
        "portfolio_version": portfolio["version"] - 1,
        "replaced_at": "2026-11-20T17:30:00Z",
        "replaced_by": {"id": "user:per_ana", "name": "Ana Torres"},
        "queue": {
            "weights": {"balance": 60},
            "least_percent": 10,
            "hold_minutes": 30,
            "fill": 200,
            "segment_parts": [],
        },
        "calls": {"results": [], "hidden": ["busy"], "scripts": []},
    }
    body = {
        "results": [
            to_plain(one) | {"always": one.code in catalogue.ALWAYS} for one in catalogue.results()
        ],
        "scripts": [
            {
                "stage": stage.value,
                "language": language,
                "lines": list(catalogue.script(stage, language)),
            }
            for stage in catalogue.Stage
            for language in catalogue.LANGUAGES
        ],
        "variables": list(catalogue.VARIABLES),
        "of_the_debt": sorted(catalogue.OF_THE_DEBT),
        "weights": {factor.value: weight for factor, weight in priority.WEIGHTS.items()},
        "most_weight": priority.MOST_WEIGHT,
        "forecast_until": forecast_of(api)["models"][0]["until"],
        "hours_until": "2026-11-22",
        "segments": [
            {"segment": "seg_1", "name": "Mora tardía", "given": 12},
            {"segment": "", "name": "", "given": 36},
        ],
        "history": [before],
    }
    return Answer(200, copy.deepcopy(body))


def forecast_of(api: FakeApi) -> dict[str, Any]:
    if not hasattr(api, "forecast_settings"):
        api.forecast_settings = {  # type: ignore[attr-defined]
            "version": 3,
            "models": [
                {"name": "first", "model_id": "2026-10-31-0a1b2c3d4e5f", "until": "2026-10-31"},
                {"name": "second", "model_id": None, "until": None},
            ],
            "champion": "first",
            "challenger": None,
            "percent": 0,
            "test_id": None,
            "current": True,
            "can_change": True,
            "tests": [],
        }
    known: dict[str, Any] = api.forecast_settings  # type: ignore[attr-defined]
    return known


@route("GET", "/portfolios/{pid}/forecast")
def forecast(api: FakeApi, _: Call) -> Answer:
    return Answer(200, forecast_of(api))


@route("PUT", "/portfolios/{pid}/forecast")
def choose_forecast(api: FakeApi, call: Call) -> Answer:
    known, chosen = forecast_of(api), call.body
    if chosen["challenger"] == "second":
        return problem(422, "request.bad_field", field="challenger", reason="not_deployed")
    portfolio = next(p for p in api.portfolios if p["portfolio_id"] == call.parts[0])
    portfolio["version"] = chosen["version"] + 1
    known.update(chosen, version=portfolio["version"], test_id="fct_1")
    known["tests"].insert(
        0,
        {
            "test_id": "fct_1",
            "champion": chosen["champion"],
            "champion_id": "2026-10-31-0a1b2c3d4e5f",
            "challenger": chosen["challenger"],
            "challenger_id": "rules",
            "percent": chosen["percent"],
            "started_at": "2026-11-22T17:30:00Z",
            "started_by": {"id": "user:per_ana", "name": "Ana Torres"},
            "running": True,
        },
    )
    return Answer(200, known)


@route("GET", "/portfolios/{pid}/forecast/{test}")
def forecast_result(_: FakeApi, call: Call) -> Answer:
    """Counted in two answers, too small to decide."""
    done = call.query.get("cursor") is not None

    def arm(code: str, model: str, cases: int, paid: int) -> dict[str, Any]:
        return {
            "code": code,
            "model": model,
            "cases": cases,
            "watched": cases - 20,
            "paid": paid,
            "rate": {"value": 0.2, "low": 0.15, "high": 0.26},
            "collected": {"minor": 1_250_000, "currency": "MXN"},
            "promises": 12,
            "kept": 7,
        }

    body = {
        "test_id": call.parts[1],
        "days": 30,
        "arms": [arm("champion", "first", 400, 80), arm("challenger", "rules", 110, 14)],
        "paid": {"value": -0.06, "low": -0.13, "high": 0.02},
        "kept": None,
        "collected_minor": {"value": -1_400.5, "low": -4_000.0, "high": 1_200.0},
        "needed": 1_005,
        "enough": False,
        "cursor": None if done else "more",
    }
    return Answer(200, body)


@route("GET", "/portfolios/{pid}/forecast-quality")
def forecast_quality(_: FakeApi, call: Call) -> Answer:
    """Counted in two answers; told more than came, and few in all but two tenths."""
    told, paid = {20: 60, 50: 45, 80: 12}, {20: 9, 50: 14, 80: 8}
    done = call.query.get("cursor") is not None

    def counted(cases: int, hits: int, predicted: float) -> dict[str, Any]:
        return {
            "cases": cases,
            "predicted": predicted if cases else None,
            "observed": asdict(share(hits, cases)) if cases else None,
            "small": cases < 30,
        }

    bins = [
        {"low": low, "high": low + 10}
        | counted(told.get(low, 0), paid.get(low, 0), (low + 5) / 100)
        for low in range(0, 100, 10)
    ]
    groups = [
        {"by": "open_debts", "name": "1"} | counted(96, 25, 0.4),
        {"by": "open_debts", "name": "2-4"} | counted(21, 6, 0.5),
        {"by": "product", "name": "Crédito personal"} | counted(117, 31, 0.43),
    ]
    body = {
        "model": "first",
        "model_id": "2026-10-31-0a1b2c3d4e5f",
        "until": "2026-10-31",
        "days": 15,
        "months": [
            {"month": "2026-11", "cases": 130},
            {"month": "2026-10", "cases": 0},
            {"month": "2026-09", "cases": 0},
        ],
        "sampled": False,
        "cases": 117,
        "paid": 31,
        "predicted": 0.43,
        "observed": asdict(share(31, 117)),
        "auc": 0.7312,
        "brier": 0.1911,
        "usual_brier": 0.1948,
        "verdict": "high",
        "bins": bins,
        "groups": groups,
        "drift": None,
        "drifted": False,
        "cursor": None if done else "more",
    }
    return Answer(200, body)


@route("POST", "/portfolios/{pid}/queue-previews")
def try_weights(_: FakeApi, call: Call) -> Answer:
    """Two cases: what the balance weighs decides which comes first."""
    large = {
        "code": "balance",
        "points": call.body["weights"].get("balance", 25),
        "value": None,
        "basis": "",
    }
    broken = {"code": "promise_broken", "points": 50, "value": 1, "basis": ""}
    rows = [
        {"case_id": "cas_1", "name": "Ofelia Ibarra Montes", "was": 1, "reasons": [broken]},
        {"case_id": "cas_2", "name": "Teodoro Luna Paz", "was": 2, "reasons": [large]},
    ]
    items = [row | {"score": sum(one["points"] for one in row["reasons"])} for row in rows]
    items.sort(key=lambda one: -one["score"])
    return Answer(200, {"items": items, "looked": 2, "all": True})


@route("GET", "/cases/{id}/calls")
def sheet(api: FakeApi, _: Call) -> Answer:
    return Answer(200, sheet_of(api))


@route("POST", "/cases/{id}/calls")
def begin(api: FakeApi, call: Call) -> Answer:
    began = datetime.now(UTC) - timedelta(seconds=5)
    queue_of(api)["open"] = {
        "attempt_id": "att_call",
        "contact_id": call.body["contact_id"],
        "began_at": began.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "by": f"user:{api.me_id}",
        "rung": False,
    }
    return Answer(201, sheet_of(api))


@route("POST", "/cases/{id}/calls/{attempt}")
def ring(api: FakeApi, _: Call) -> Answer:
    """What the dialer says is ``api.dialer``: nothing, or why it rang nobody."""
    if refusal := getattr(api, "dialer", "off"):
        return problem(409, "call.not_rung", reason=refusal)
    queue_of(api)["open"]["rung"] = True
    return Answer(200, sheet_of(api))


@route("PUT", "/cases/{id}/calls/{attempt}")
def end(api: FakeApi, call: Call) -> Answer:
    queue, page = queue_of(api), page_of(api)
    promised = any(one["state"] == "open" for one in page["promises"])
    if call.body["disposition"] == "promise" and not promised:
        return problem(422, "call.unfinished", wants="promise")
    if call.body["disposition"] == "agrees" and not page["agreements"]:
        return problem(422, "call.unfinished", wants="agreement")
    queue["open"] = None
    if call.body["disposition"] != "not_made":
        queue.update(left=[], held=False)
    return Answer(200, sheet_of(api))
