"""How cases are written into files: a row each, in the language of who ordered it."""

from datetime import date

from chalicelib.domain.case import CaseHead
from chalicelib.domain.case_list import CaseLine
from chalicelib.domain.money import DECIMALS

# Formulas that a spreadsheet would run when it opens the file begin with one of these.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

HEADERS = {
    "es": (
        "expediente", "nombre", "identificacion_fiscal", "estado", "saldo", "moneda",
        "vence_desde", "dias_de_atraso", "ciudad", "etiquetas", "adeudos", "ultimo_pago",
    ),
    "en": (
        "case", "name", "tax_id", "status", "balance", "currency",
        "oldest_due_on", "days_past_due", "city", "tags", "debts", "last_payment_on",
    ),
    "pt": (
        "caso", "nome", "identificacao_fiscal", "estado", "saldo", "moeda",
        "vence_desde", "dias_de_atraso", "cidade", "etiquetas", "dividas", "ultimo_pagamento",
    ),
}  # fmt: skip
# Of the cases behind a number: how often each counts in it, and what that comes to.
BEHIND = {"es": ("veces", "aporta"), "en": ("times", "adds"), "pt": ("vezes", "soma")}


def row(line: CaseLine | CaseHead, today: date) -> list[str]:
    dpd = (today - line.oldest_due_on).days if line.oldest_due_on else None
    return [
        line.case_id,
        safe(line.name),
        safe(line.tax_id),
        line.status.value,
        amount(line.balance_minor, line.currency),
        line.currency,
        line.oldest_due_on.isoformat() if line.oldest_due_on else "",
        "" if dpd is None else str(max(dpd, 0)),
        safe(line.city),
        safe(" ".join(line.tags)),
        str(line.debts),
        line.last_payment_on.isoformat() if line.last_payment_on else "",
    ]


def worth(value: int, part: str, currency: str) -> str:
    """
    Write what a case has of a number, by what that part of it counts.

    >>> worth(1205, "money", "MXN"), worth(3, "count", "MXN"), worth(1_500_000, "micros", "MXN")
    ('12.05', '3', '1.500000')
    """
    if part == "money":
        return amount(value, currency)
    if part == "micros":
        return f"{value / 1_000_000:.6f}"
    return str(value)


def safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def amount(minor: int, currency: str) -> str:
    """
    Write an amount exactly, with the currency's decimals.

    >>> amount(-1205, "MXN"), amount(57603, "CLP")
    ('-12.05', '57603')
    """
    decimals = DECIMALS[currency]
    sign, digits = "-" if minor < 0 else "", str(abs(minor)).rjust(decimals + 1, "0")
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)
