"""Boards of people and teams in the stand-in API."""

import copy
from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, route

ZERO = {
    "attempts": 0,
    "calls": 0,
    "talk_s": 0,
    "messages": 0,
    "contacts": 0,
    "rpc": 0,
    "visits": 0,
    "visits_verified": 0,
    "promises": 0,
    "promised": {"minor": 0, "currency": "MXN"},
    "promises_matured": 0,
    "promises_kept": 0,
    "kept": {"minor": 0, "currency": "MXN"},
    "collected": {"minor": 0, "currency": "MXN"},
}
ANA = ZERO | {
    "attempts": 42,
    "calls": 40,
    "talk_s": 5_400,
    "contacts": 18,
    "rpc": 12,
    "visits": 2,
    "visits_verified": 1,
    "promises": 6,
    "promised": {"minor": 3_200_000, "currency": "MXN"},
    "promises_matured": 4,
    "promises_kept": 3,
    "kept": {"minor": 900_000, "currency": "MXN"},
    "collected": {"minor": 1_850_000, "currency": "MXN"},
}
LUIS = ZERO | {"attempts": 9, "calls": 9, "talk_s": 610, "rpc": 2, "contacts": 3}
PEOPLE = [("per_ana", "Ana Torres", "Norte", ANA), ("per_luis", "Luis Prado", "Sur", LUIS)]


def goals_of(api: FakeApi) -> dict[str, Any]:
    if not hasattr(api, "goals"):
        api.goals = {  # type: ignore[attr-defined]
            "month": "2026-11",
            "version": 1,
            "goals": {"person:per_ana": {"calls": 30}, "portfolio": {"collected_minor": 5_000_000}},
        }
    goals: dict[str, Any] = api.goals  # type: ignore[attr-defined]
    return goals


@route("GET", "/portfolios/{pid}/boards")
def board(api: FakeApi, call: Call) -> Answer:
    portfolio = next(p for p in api.portfolios if p["portfolio_id"] == call.parts[0])
    own = getattr(api, "board_rows", PEOPLE)
    goals = goals_of(api)["goals"]
    rows = [
        {
            "person": {"id": key, "name": name},
            "team": team,
            "role": "agent",
            "figures": figures,
            "goals": goals.get(f"person:{key}"),
            "shift_s": 7_200 if key == "per_ana" else None,
        }
        for key, name, team, figures in own
    ]
    total = {"minor": goals.get("portfolio", {}).get("collected_minor", 0), "currency": "MXN"}
    return Answer(
        200,
        {
            "portfolio_id": call.parts[0],
            "period": call.query.get("period", "day"),
            "first": "2026-11-22",
            "last": "2026-11-22",
            "month": "2026-11",
            "currency": "MXN",
            "as_of": "2026-11-22T18:00:00Z",
            "ranking": getattr(api, "ranking", portfolio["policies"]["ranking"]),
            "own": "per_ana",
            "rows": rows,
            "teams": [
                {"team": team, "people": 1, "figures": figures, "goals": None}
                for _, _, team, figures in own
            ],
            "total": {
                "people": len(rows),
                "figures": ANA if rows else ZERO,
                "goals": {"collected": total} if goals.get("portfolio") else None,
            },
        },
    )


@route("GET", "/portfolios/{pid}/commissions")
def commissions(api: FakeApi, call: Call) -> Answer:
    """Ana's month, and Luis's in a second answer, once somebody has set rules."""
    portfolio = next(p for p in api.portfolios if p["portfolio_id"] == call.parts[0])
    sets = portfolio["policies"]["commission"]

    def row(number: int, collected: int, earned: int) -> dict[str, Any]:
        key, name, team, _ = PEOPLE[number]
        bands = [(30, 40_000, collected, earned), (None, 0, 0, 0)]
        return {
            "person": {"id": key, "name": name},
            "team": team,
            "payments": 2,
            "collected_minor": collected,
            "goal_minor": None,
            "percent": 120 if number == 0 else 100,
            "earned_minor": earned,
            "bands": [
                {
                    "up_to_days": days,
                    "ppm": ppm,
                    "payments": 2 if taken else 0,
                    "collected_minor": taken,
                    "earned_minor": gained,
                }
                for days, ppm, taken, gained in bands
            ],
        }

    second = call.query.get("cursor") is not None
    rows = [row(1, 100_000, 4_000)] if second else [row(0, 40_000, 1_920)]
    body = {
        "month": call.query["month"],
        "currency": "MXN",
        "rules": copy.deepcopy(sets[-1]) if sets else None,
        "rows": rows if sets else [],
        "cursor": "per_ana" if sets and not second else None,
    }
    return Answer(200, body)


@route("POST", "/portfolios/{pid}/commissions")
def commission_file(_: FakeApi, __: Call) -> Answer:
    return Answer(200, {"url": "/robots.txt"})


@route("GET", "/portfolios/{pid}/boards/{person}/commission")
def commission(api: FakeApi, call: Call) -> Answer:
    """A payment and one that was taken back, once somebody has set rules."""
    portfolio = next(p for p in api.portfolios if p["portfolio_id"] == call.parts[0])
    sets = portfolio["policies"]["commission"]

    def money(minor: int) -> dict[str, Any]:
        return {"minor": minor, "currency": "MXN"}

    def line(number: int, collected: int, earned: int) -> dict[str, Any]:
        return {
            "case_id": "cas_1",
            "name": "Ofelia Ibarra Montes",
            "entry_id": f"ent_{number}",
            "day": "2026-11-20",
            "late_days": 12,
            "reversal": collected < 0,
            "collected": money(collected),
            "ppm": 40_000,
            "earned": money(earned),
        }

    lines = [line(1, 50_000, 2_400), line(2, -10_000, -480)] if sets else []
    body = {
        "person": {"id": call.parts[1], "name": "Ana Torres"},
        "month": call.query["month"],
        "rules": copy.deepcopy(sets[-1]) if sets else None,
        "collected": money(40_000) if sets else None,
        "goal": money(30_000) if sets else None,
        "percent": 120 if sets else 100,
        "earned": money(1_920) if sets else None,
        "lines": lines,
        "more": False,
    }
    return Answer(200, body)


@route("GET", "/portfolios/{pid}/boards/{person}")
def day(_: FakeApi, call: Call) -> Answer:
    on = call.query.get("date") or "2026-11-22"
    here = on == "2026-11-22"
    base = {
        "case_id": "cas_1",
        "name": "Ofelia Ibarra Montes",
        "ended_at": None,
        "label": None,
        "met": "",
        "verified": None,
        "amount": None,
        "due_on": None,
    }
    acts = [
        base
        | {
            "kind": "promise",
            "at": "2026-11-22T17:01:00Z",
            "result": "open",
            "amount": {"minor": 120_000, "currency": "MXN"},
            "due_on": "2026-11-30",
        },
        base
        | {
            "kind": "call",
            "at": "2026-11-22T17:00:00Z",
            "ended_at": "2026-11-22T17:04:00Z",
            "result": "promise",
            "label": {"es": "Promete pagar", "en": "Promises to pay", "pt": "Promete pagar"},
            "met": "conversation",
        },
        base
        | {
            "kind": "visit",
            "at": "2026-11-22T15:00:00Z",
            "ended_at": "2026-11-22T15:12:00Z",
            "result": "undecided",
            "label": {"es": "Pagará después", "en": "Will pay later", "pt": "Pagará depois"},
            "met": "holder",
            "verified": True,
        },
    ]
    payment = {
        "case_id": "cas_1",
        "name": "Ofelia Ibarra Montes",
        "entry_id": "ent_1",
        "amount": {"minor": 1_850_000, "currency": "MXN"},
        "late_days": 34,
        "reversal": False,
    }
    return Answer(
        200,
        {
            "person": {"id": call.parts[1], "name": "Ana Torres"},
            "team": "Norte",
            "date": on,
            "today": "2026-11-22",
            "time_zone": "America/Mexico_City",
            "figures": ANA if here else ZERO,
            "shifts": [{"started_at": "2026-11-22T14:00:00Z", "ended_at": None}] if here else [],
            "acts": acts if here else [],
            "more": False,
            "payments": [payment] if here else [],
        },
    )


@route("GET", "/portfolios/{pid}/goals")
def goals(api: FakeApi, call: Call) -> Answer:
    return Answer(200, goals_of(api) | {"month": call.query["month"]})


@route("PUT", "/portfolios/{pid}/goals")
def set_goals(api: FakeApi, call: Call) -> Answer:
    known = goals_of(api)
    known.update(copy.deepcopy(call.body), version=call.body["version"] + 1)
    return Answer(200, known)


@route("GET", "/portfolios/{pid}/untouched")
def untouched(api: FakeApi, call: Call) -> Answer:
    more = call.query.get("cursor") is not None
    empty = getattr(api, "covered", False)
    case = {
        "case_id": "cas_1",
        "name": "Ofelia Ibarra Montes",
        "balance": {"minor": 1_250_000, "currency": "MXN"},
        "touched_on": None,
        "due_on": "2026-09-01",
    }
    return Answer(
        200,
        {
            "days": int(call.query.get("days", 7)),
            "bands": [
                {"code": "8-30", "cases": 0 if empty else 12, "never": 0 if empty else 4},
                {"code": "31-60", "cases": 0 if empty else 3, "never": 0},
            ],
            "items": [] if more or empty else [case],
            "cursor": None if more or empty else "2026-11-01#x",
        },
    )
