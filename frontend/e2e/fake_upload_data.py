"""Uploads as the stand-in API has them at first: one in every state worth a look."""

from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
FIELD_KINDS = {
    "debtor_id": "id",
    "name": "text",
    "tax_id": "tax_id",
    "phone": "phone",
    "phone2": "phone",
    "email": "email",
    "address": "text",
    "city": "text",
    "postal_code": "id",
    "debt_id": "id",
    "product": "text",
    "issued_on": "date",
    "due_on": "date",
    "amount": "money",
    "principal": "money",
    "interest": "money",
    "fees": "money",
    "balance": "money",
    "charged_off": "text",
    "charged_off_on": "date",
    "charged_off_amount": "money",
    "tags": "text",
    "note": "text",
}
REQUIRED = ("due_on",)
ONE_OF = {
    "debtor_id": "debtor",
    "tax_id": "debtor",
    "name": "debtor",
    "amount": "amount",
    "balance": "amount",
    "principal": "amount",
}


def column(
    index: int, header: str, kind: str, field: str | None, *samples: str, **more: Any
) -> Any:
    return {
        "index": index,
        "header": header,
        "samples": list(samples),
        "kind": kind,
        "field": field,
        "confidence": more.get("confidence", 0.97 if field else 0.0),
        "reading": more.get("reading", {}),
        "distinct": 40,
        "empty": 0,
        "sum": more.get("sum"),
        "min": more.get("min"),
        "max": more.get("max"),
    }


COLUMNS = [
    column(0, "No. Cliente", "id", "debtor_id", "10021", "10022", "10023"),
    column(
        1, "NOMBRE DEL DEUDOR", "text", "name", "Ibarra Montes, Ofelia", "Quiñones Duarte, Rubén"
    ),
    column(2, "R.F.C.", "tax_id", "tax_id", "IAMO720311K45", "QUDR651002AB1"),
    column(3, "Tel. casa", "phone", "phone", "(222) 243 11 90", "222-555-0134"),
    column(4, "Celular", "phone", "phone2", "044 222 118 7745", "2221000456"),
    column(5, "Folio", "id", "debt_id", "F-000881", "F-000882", confidence=0.72),
    column(
        6,
        "Fecha",
        "date",
        "due_on",
        "03/04/2026",
        "11/02/2026",
        "07/12/2025",
        confidence=0.55,
        reading={"form": "text", "order": "dmy", "because": "asked"},
    ),
    column(
        7,
        "Importe",
        "money",
        "amount",
        "$ 12.480,50",
        "$ 3.630,00",
        "$ 950,00",
        reading={"decimal": ","},
        sum="18942204.55",
    ),
    column(
        8,
        "Int. moratorios",
        "money",
        "interest",
        "1.204,10",
        "0,00",
        reading={"decimal": ","},
        sum="1292.10",
    ),
    column(9, "Colonia", "text", None, "La Paz", "El Carmen"),
    column(10, "", "empty", None),
]

PREVIEW = [
    [
        "10021",
        "Ibarra Montes, Ofelia",
        "IAMO720311K45",
        "(222) 243 11 90",
        "044 222 118 7745",
        "F-000881",
        "03/04/2026",
        "$ 12.480,50",
        "1.204,10",
        "La Paz",
        "",
    ],
    [
        "10022",
        "Quiñones Duarte, Rubén",
        "QUDR651002AB1",
        "222-555-0134",
        "2221000456",
        "F-000882",
        "11/02/2026",
        "$ 3.630,00",
        "0,00",
        "El Carmen",
        "",
    ],
    [
        "10023",
        "Comercial Tres Hermanos",
        "CTH010203XY9",
        "",
        "",
        "F-000883",
        "07/12/2025",
        "$ 950,00",
        "88,00",
        "",
        "",
    ],
]

INSPECTION = {
    "encoding": "cp1252",
    "delimiter": ";",
    "sheet": None,
    "sheets": [],
    "header_rows": [2],
    "first_data_row": 3,
    "rows": 1240,
    "shape": "shape-1",
    "columns": COLUMNS,
    "questions": [
        {
            "id": "date-6",
            "column": 6,
            "kind": "date_order",
            "suggested": "dmy",
            "choices": [
                {
                    "value": "dmy",
                    "label_key": "intake.choice.dmy",
                    "example": "03/04/2026 → 3 abr 2026",
                },
                {
                    "value": "mdy",
                    "label_key": "intake.choice.mdy",
                    "example": "03/04/2026 → 4 mar 2026",
                },
            ],
        }
    ],
    "preview": PREVIEW,
    "problems": [
        {"code": "ids.as_floats", "details": {"column": 0, "rows": 212}},
        {"code": "rows.totals", "details": {"rows": 1}},
    ],
    "totals_rows": [1243],
    "remembered": False,
}

CHECKED = {
    "rows": 1240,
    "created": 874,
    "updated": 203,
    "unchanged": 131,
    "rejected": 32,
    "closed": 0,
    "amount_minor": 1_894_220_455,
}
REASONS = [
    {
        "code": "money.not_positive",
        "field": "amount",
        "count": 19,
        "rows": [12, 40, 41, 77, 90, 95, 101, 130, 155],
    },
    {"code": "money.unreadable", "field": "interest", "count": 8, "rows": [15, 402, 403]},
    {"code": "due_on.missing", "field": "due_on", "count": 5, "rows": [900, 901, 902, 903, 904]},
]


def iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def upload(
    upload_id: str, state: str, *, mode: str = "debts", ago_h: float = 1, **more: Any
) -> Any:
    created = NOW - timedelta(hours=ago_h)
    made = {
        "upload_id": upload_id,
        "portfolio_id": "",
        "mode": mode,
        "state": state,
        "filename": "cartera_octubre.csv",
        "size_bytes": 284_113,
        "close_absent": False,
        "apply_automatically": False,
        "created_by": {"id": "user:per_ana", "name": "Ana Solís"},
        "created_at": iso(created),
        "updated_at": iso(created),
        "started_at": None,
        "finished_at": None,
        "inspection": None,
        "mapping": None,
        "checked": None,
        "applied": None,
        "progress": progress(),
        "problem": None,
        "same_as": None,
        "has_rejects": False,
        "reasons": [],
        "warnings": [],
        "can": {"apply": False, "cancel": False, "undo": False, "map": False},
    }
    return {**made, **more}


def progress(done: int = 0, total: int | None = None, **more: Any) -> dict[str, Any]:
    base = {
        "rows_total": total,
        "rows_read": done,
        "rows_done": done,
        "created": 0,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
        "rows_per_s": None,
        "seconds_left": None,
    }
    return {**base, **more}


# Of rows that are loaded: what people had erased is left out of them.
WARNINGS = [
    {"code": "value.suppressed", "field": "phone", "count": 3, "rows": [17, 208, 611]},
    {"code": "debtor.suppressed", "field": "tax_id", "count": 1, "rows": [208]},
]


def can(*names: str) -> dict[str, bool]:
    return {name: name in names for name in ("apply", "cancel", "undo", "map")}


def uploads() -> list[dict[str, Any]]:
    """One upload in each state worth looking at, newest first."""
    mapped: dict[str, Any] = {"inspection": INSPECTION, "mapping": None}
    written = {
        "started_at": iso(NOW - timedelta(hours=26, minutes=3)),
        "finished_at": iso(NOW - timedelta(hours=26)),
    }
    return [
        upload("upl_map", "needs_mapping", **mapped, can=can("map", "cancel"), ago_h=0.2),
        upload(
            "upl_run",
            "applying",
            **mapped,
            filename="nueva_asignacion.xlsx",
            checked=CHECKED,
            started_at=iso(NOW),
            progress=progress(
                61_240, 120_000, created=50_000, rejected=312, rows_per_s=1_840.5, seconds_left=31.9
            ),
            can=can("cancel"),
            ago_h=0.5,
        ),
        upload(
            "upl_ready",
            "ready",
            **mapped,
            checked=CHECKED,
            has_rejects=True,
            reasons=REASONS,
            warnings=WARNINGS,
            same_as="upl_done",
            can=can("apply", "cancel", "map"),
            ago_h=3,
        ),
        upload(
            "upl_done",
            "done",
            **mapped,
            **written,
            checked=CHECKED,
            applied=CHECKED,
            has_rejects=True,
            reasons=REASONS,
            warnings=WARNINGS,
            progress=progress(1240, 1240, rows_per_s=6.9),
            can=can("undo"),
            ago_h=26.2,
        ),
        upload(
            "upl_bal",
            "done",
            mode="balances",
            **written,
            filename="saldos_2026-11-20.xlsx",
            close_absent=True,
            applied={**CHECKED, "created": 0, "updated": 1077, "closed": 14},
            can=can("undo"),
            ago_h=50,
        ),
        upload(
            "upl_bad",
            "failed",
            filename="escaneo.xls",
            problem={"code": "upload.unreadable", "details": {}},
            ago_h=90,
        ),
        upload("upl_gone", "cancelled", filename="prueba.csv", ago_h=200),
    ]
