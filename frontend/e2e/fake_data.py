"""Invented people and portfolios for the stand-in API; the same on every start."""

import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any

TODAY = date(2026, 11, 22)

COUNTRIES: list[dict[str, Any]] = [
    {
        "code": "MX",
        "currency": "MXN",
        "currencies": ["MXN", "USD"],
        "time_zones": ["America/Mexico_City", "America/Tijuana", "America/Cancun"],
        "default_time_zone": "America/Mexico_City",
        "languages": ["es"],
        "tax_ids": ["RFC", "CURP"],
    },
    {
        "code": "CO",
        "currency": "COP",
        "currencies": ["COP", "USD"],
        "time_zones": ["America/Bogota"],
        "default_time_zone": "America/Bogota",
        "languages": ["es"],
        "tax_ids": ["NIT", "CC"],
    },
    {
        "code": "CL",
        "currency": "CLP",
        "currencies": ["CLP", "USD"],
        "time_zones": ["America/Santiago", "America/Punta_Arenas", "Pacific/Easter"],
        "default_time_zone": "America/Santiago",
        "languages": ["es"],
        "tax_ids": ["RUT"],
    },
    {
        "code": "BR",
        "currency": "BRL",
        "currencies": ["BRL", "USD"],
        "time_zones": ["America/Sao_Paulo", "America/Manaus"],
        "default_time_zone": "America/Sao_Paulo",
        "languages": ["pt"],
        "tax_ids": ["CPF", "CNPJ"],
    },
]

BANDS = [
    {"code": "preventiva", "from_dpd": -10, "to_dpd": 0},
    {"code": "1-7", "from_dpd": 1, "to_dpd": 7},
    {"code": "8-30", "from_dpd": 8, "to_dpd": 30},
    {"code": "31-60", "from_dpd": 31, "to_dpd": 60},
    {"code": "61-90", "from_dpd": 61, "to_dpd": 90},
    {"code": "91-180", "from_dpd": 91, "to_dpd": 180},
    {"code": "181+", "from_dpd": 181, "to_dpd": None},
]


IDENTIFICATION = (
    "creditor",
    "creditor_tax_id",
    "creditor_address",
    "agency",
    "registration",
    "address",
    "phone",
    "email",
    "complaints",
    "payment_means",
)


def defaults(country: str) -> dict[str, Any]:
    facts = next(c for c in COUNTRIES if c["code"] == country)
    return {
        "name": "",
        "creditor": "",
        "country": country,
        "currency": facts["currency"],
        "time_zone": facts["default_time_zone"],
        "language": facts["languages"][0],
        "branding": {
            "display_name": "",
            "colour": "#1f5f5b",
            "logo_key": None,
            "contact_line": "",
        },
        "identification": dict.fromkeys(IDENTIFICATION, ""),
        "policies": {
            "bands": copy.deepcopy(BANDS),
            "allocation_order": ["fees", "interest", "principal"],
            "moratory": {
                "annual_rate_ppm": 360_000,
                "day_count": 360,
                "grace_days": 3,
                "cap_ppm": 1_000_000,
            },
            "tolerance_minor": 100,
            "geofence_radius_m": 100,
            "cash_allowed": country == "MX",
            "cash": {"hand_limit_minor": None},
            "queue": {
                "weights": {},
                "least_percent": 10,
                "hold_minutes": 30,
                "fill": 200,
                "segment_parts": [],
            },
            "calls": {"results": [], "hidden": [], "scripts": []},
            "ranking": False,
            "best_hour": True,
            "costs": {
                "call_hour_minor": 9_000,
                "field_hour_minor": None,
                "visit_minor": 3_500,
                "km_minor": None,
                "dollar_minor": 1_850,
            },
            "commission": [],
            "agreements": {
                "min_down_payment_ppm": 100_000,
                "max_instalments": 12,
                "max_discount_principal_ppm": 0,
                "max_discount_interest_ppm": 500_000,
                "max_discount_fees_ppm": 1_000_000,
                "min_share_minor": 0,
                "frequencies": ["weekly", "fortnightly", "monthly"],
                "first_within_days": 45,
                "valid_days": 10,
                "earned": "share",
                "missed": 1,
                "grace_days": 5,
                "extension_days": 30,
                "restructures": 1,
                "capitalise": False,
                "approver": "supervisor",
                "approval_hours": 48,
            },
            "agreement_rules": [],
            "role_limits": {
                "agent_payment_minor": 0,
                "agent_adjustment_minor": 0,
                "supervisor_adjustment_minor": None,
            },
            "charge_off": {"after_days": None, "interest_goes_on": False},
            "retention_years": 5,
            "promises": {
                "most_days": 15,
                "broken_before_person": 2,
                "pause_days": 3,
                "most_together": 4,
                "tolerance_days": 1,
                "kept_percent": 95,
                "partial_percent": 30,
            },
            "disputes": {"answer_days": 10, "owner": ""},
            "office": [
                {"weekday": day, "opens_at": "09:00", "closes_at": "18:00"} for day in range(1, 6)
            ],
            "field": {
                "show_amount": "exact",
                "dispositions": [],
                "forms": [],
                "visit_results_to": [],
            },
            "contact": {
                "closed_days": [],
                "closed_channels": [],
                "opens_at": "",
                "closes_at": "",
                "caps": [],
                "regime": "",
                "authorised_channels": [],
            },
        },
    }


def portfolio(portfolio_id: str, body: dict[str, Any]) -> dict[str, Any]:
    made = {
        **copy.deepcopy(body),
        "portfolio_id": portfolio_id,
        "created_at": "2026-10-02T15:00:00Z",
        "updated_at": "2026-11-20T18:30:00Z",
        "version": 3,
        "archived": False,
        "forecast": {
            "champion": "first",
            "challenger": "",
            "percent": 0,
            "test_id": "",
            "champion_id": "",
            "challenger_id": "",
        },
    }
    currency = made["currency"]
    made.setdefault(
        "kpis",
        {
            "cases": 0,
            "balance": {"minor": 0, "currency": currency},
            "overdue": {"minor": 0, "currency": currency},
        },
    )
    return made


def portfolios() -> list[dict[str, Any]]:
    mx = defaults("MX") | {"name": "Microcréditos Centro", "creditor": "Financiera Jacaranda"}
    mx["branding"] |= {
        "display_name": "Financiera Jacaranda",
        "colour": "#6b3fa0",
        "contact_line": "800 555 0134",
    }
    mx["identification"] |= {
        "address": "Av. Uno 11, Ciudad de México",
        "phone": "800 555 0134",
        "complaints": "www.condusef.gob.mx",
        "payment_means": "CLABE 0123 4567 8901 2345 67",
    }
    mx["kpis"] = {
        "cases": 612,
        "balance": {"minor": 1_284_530_275, "currency": "MXN"},
        "overdue": {"minor": 872_914_050, "currency": "MXN"},
    }
    co = defaults("CO") | {"name": "Servicios Bogotá", "creditor": "Aguas del Páramo"}
    co["branding"] |= {
        "display_name": "Aguas del Páramo",
        "colour": "#0a6ebd",
        "contact_line": "601 555 0198",
    }
    co["kpis"] = {
        "cases": 348,
        "balance": {"minor": 45_871_200_000, "currency": "COP"},
        "overdue": {"minor": 12_004_300_000, "currency": "COP"},
    }
    return [portfolio("prt_mx", mx), portfolio("prt_co", co)]


def person(person_id: str, **facts: Any) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "email": "",
        "name": "",
        "role": "agent",
        "portfolios": [],
        "language": "es",
        "totp": False,
        "team": "",
        "phone": "",
        "mention_mail": "now",
        "task_mail": "daily",
        "call_back_mail": "now",
        "approval_mail": "daily",
        "disabled": False,
        "status": "active",
        "invited_at": "2026-10-01T15:00:00Z",
        "last_seen_at": None,
        "photo_key": "",
        **facts,
    }


def people() -> list[dict[str, Any]]:
    return [
        person(
            "per_ana",
            email="ana@ejemplo.example",
            name="Ana Lucía Ferrer",
            role="admin",
            portfolios=["*"],
            totp=True,
            last_seen_at="2026-11-22T15:40:00Z",
        ),
        person(
            "per_bruno",
            email="bruno@ejemplo.example",
            name="Bruno Salcedo",
            role="supervisor",
            portfolios=["prt_mx", "prt_co"],
            team="Centro",
            totp=True,
            last_seen_at="2026-11-21T23:05:00Z",
        ),
        person(
            "per_carla",
            email="carla@ejemplo.example",
            name="Carla Montes",
            portfolios=["prt_mx"],
            team="Centro",
            last_seen_at="2026-11-22T14:10:00Z",
        ),
        person(
            "per_diego",
            email="diego@ejemplo.example",
            name="Diego Arrieta",
            portfolios=["prt_co"],
            team="Bogotá norte",
            status="invited",
        ),
        person(
            "per_elsa",
            email="elsa@ejemplo.example",
            name="Elsa Quiroga",
            portfolios=["prt_mx"],
            team="Centro",
            disabled=True,
            status="disabled",
            last_seen_at="2026-09-30T20:00:00Z",
        ),
    ]


def totp(email: str) -> dict[str, str]:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    return {
        "secret": secret,
        "uri": f"otpauth://totp/Recobro:{email}?secret={secret}&issuer=Recobro",
    }


def kpis(portfolio: dict[str, Any]) -> dict[str, Any]:
    """Figures that hang together: bands sum to the balance, days to the month."""
    currency = portfolio["currency"]
    balance = portfolio["kpis"]["balance"]["minor"]
    weights = (320, 90, 160, 150, 110, 100, 70)

    def money(minor: int) -> dict[str, Any]:
        return {"minor": minor, "currency": currency}

    shares = [balance * weight // 1000 for weight in weights]
    shares[0] += balance - sum(shares)
    cases = portfolio["kpis"]["cases"]
    days = [
        {
            "day": (TODAY - timedelta(days=29 - n)).isoformat(),
            "paid": money(balance // 2000 * (0 if (29 - n) % 7 == 1 else 2 + (n * 7) % 5)),
            "payments": 0 if (29 - n) % 7 == 1 else 3 + (n * 7) % 5,
        }
        for n in range(30)
    ]
    month = sum(d["paid"]["minor"] for d in days if d["day"] >= TODAY.replace(day=1).isoformat())
    return {
        "as_of": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "today": TODAY.isoformat(),
        "currency": currency,
        "balance": money(balance),
        "overdue": money(sum(shares[1:])),
        "debts": cases * 2,
        "cases": {
            "open": cases - cases // 8 - cases // 20 - cases // 6,
            "promised": cases // 8,
            "held": cases // 20,
            "settled": cases // 6,
        },
        "bands": [
            {**band, "balance": money(share), "debts": cases * 2 * weight // 1000}
            for band, share, weight in zip(
                portfolio["policies"]["bands"], shares, weights, strict=False
            )
        ],
        "recovered": {
            "today": money(days[-1]["paid"]["minor"]),
            "this_week": money(sum(d["paid"]["minor"] for d in days[-7:])),
            "this_month": money(month),
            "last_month_to_date": money(month * 9 // 10),
            "last_month": money(month * 5 // 4),
        },
        "payments": {"today": days[-1]["payments"], "this_month": 88},
        "promises": {"matured": 40, "kept": 28, "partial": 5, "broken": 7},
        "agreements": {
            name: {
                "offered": 9 * weeks,
                "accepted": 4 * weeks,
                "completed": weeks,
                "broken": weeks // 2,
                "agreed": money(month * weeks // 8),
                "matured": 10 * weeks,
                "kept": 7 * weeks,
                "due": money(month * weeks // 10),
                "paid": money(month * weeks * 3 // 40),
            }
            for name, weeks in (("this_week", 1), ("this_month", 3), ("last_month", 4))
        },
        "disputes": {
            "open": 3,
            "cases": 3,
            "balance": money(balance // 40),
            "this_month": {
                "opened": 5,
                "accepted": 2,
                "partly": 1,
                "rejected": 1,
                "withdrawn": 0,
            },
        },
        "days": days,
    }
