"""What was ever done to the stand-in's case: its timeline, oldest first."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2026, 11, 22, 16, 20, tzinfo=UTC)


def event(kind: str, ago: timedelta, *, actor: str = "Ana Lucía Ferrer", **parts: Any) -> Any:
    return {
        "kind": kind,
        "at": (NOW - ago).isoformat().replace("+00:00", "Z"),
        "actor": {"id": "user:per_ana", "name": actor},
        "facts": parts.get("facts", {}),
        "personal": parts.get("personal", {}),
        "result": parts.get("result"),
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
