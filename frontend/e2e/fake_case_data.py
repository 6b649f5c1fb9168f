"""One full case file, as the stand-in API has it at first."""

from datetime import date, timedelta
from typing import Any

from frontend.e2e.fake_api import FakeApi
from frontend.e2e.fake_case_events import events

TODAY = date(2026, 11, 22)
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
        "owner": {"id": "per_carla", "name": "Carla Ríos"} if number % 5 == 1 else None,
        "charged_off": 1 if number % 6 == 2 else 0,
        "updated_at": "2026-11-20T12:00:00Z",
    }


def touched(number: int) -> str | None:
    """Every third was never turned to; the others some days ago."""
    return (TODAY - timedelta(days=number % 40)).isoformat() if number % 3 else None


def money(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "MXN"}


def made_visit(number: int, **more: Any) -> dict[str, Any]:
    base = {
        "visit_id": f"vis_{number}",
        "at": f"2026-11-1{number}T17:20:00Z",
        "person": {"id": "per_carla", "name": "Carla Ríos"},
        "kind": "visit",
        "disposition": {"code": "promise", "label": {"es": "Promesa de pago"}},
        "met": "holder",
        "exception": "",
        "verdict": "verified",
        "distance_m": 12.5,
        "standing": "received",
        "photos": 2,
        "photos_wanted": 0,
        "trust": 96,
        "doubts": [],
        "lat": 19.0433 + number * 0.0004,
        "lng": -98.1981,
    }
    return {**base, **more}


FORECAST = {
    "percent": 44,
    "days": 15,
    "expected": {"usual": 12, "low": 5, "high": 20},
    "reasons": [
        {"code": "paid_before", "speaks_for": True, "debts": 4, "late": 3, "mean_days": 12},
        {"code": "open_others", "speaks_for": False, "debts": 1, "late": 1, "mean_days": 84},
    ],
}


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
        "forecast": {"percent": 9, "days": 15, "expected": None},
        "charge_off": None,
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
        "recovered": False,
    }
    return {**base, **more}


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
        charged_off=0,
        charged_off_balance=money(0),
        last_payment_on="2026-07-25",
        debts=2,
        erased="",
        merged_into=None,
        debtor_key="10021",
        language="",
        wish={"opens_at": "10:00", "closes_at": "", "not_on": ["sat"]},
        written_in="es",
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
        forecast={"percent": 41, "days": 15, "expected": {"usual": 96, "low": 88, "high": 121}},
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
        "forecast": FORECAST,
        "no_forecast": "",
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
                "radius_m": 100.0,
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
                "last_day": "2026-12-01",
                "paid": money(0),
                "series_id": "",
            }
        ],
        "reliability": {
            "matured": 3,
            "kept": 2,
            "partial": 0,
            "broken": 1,
            "promised": money(500_000),
            "kept_amount": money(320_000),
            "score": 60,
        },
        "tasks": [
            {
                "task_id": "tsk_1",
                "kind": "call",
                "state": "open",
                "due_on": "2026-11-23",
                "cause": "strategy",
                "strategy": "str_1@2",
                "step": "due-day",
                "text": "",
                "owner": None,
                "asked_by": {"id": "system", "name": ""},
                "created_at": "2026-11-21T12:00:00Z",
                "ended_at": None,
                "ended_by": {"id": "", "name": ""},
                "outcome": "",
            }
        ],
        "visits_planned": [
            {
                "assignment_id": "asg_1",
                "address_id": "adr_1",
                "person": {"id": "per_carla", "name": "Carla Ríos"},
                "day": "2026-11-24",
                "state": "planned",
                "why": "zone",
                "withdrawn": None,
            }
        ],
        "visits": [
            made_visit(2, verdict="outside", trust=45, standing="review", photos_wanted=1),
            made_visit(1),
        ],
        "agreements": [],
        "disputes": [],
        "notes": [one for one in told[::-1] if one["kind"] == "note.added"],
        "timeline": {"items": told[::-1][:6], "cursor": "2"},
        "chain": {"seq": len(told), "hash": told[-1]["hash"]},
        "can": dict.fromkeys(
            (
                "pay",
                "adjust",
                "reverse",
                "waive",
                "note",
                "tag",
                "promise",
                "visit",
                "dispute",
                "agree",
                "charge_off",
                "see_requests",
            ),
            True,
        ),
    }
