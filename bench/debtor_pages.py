"""The debtor's pages as the app answers them, for Lighthouse: an invented debtor, no cloud."""

from datetime import date
from typing import Any

from chalicelib.domain.draft import after
from chalicelib.handlers.debtor_call import headers_for
from chalicelib.selfpay import account, asker, forms, pages, paying, rights, speaking
from tests.builders import (
    NOW,
    a_case,
    a_debt,
    a_portfolio,
    change_of,
    in_instalments,
    moratory,
    reopened,
)

STEPS = frozenset(
    {"pago", "plan", "promesa", "ya-pague", "aclarar", "no-puedo", "documentos", "mis-datos",
     "contacto"}
)  # fmt: skip
TEMPLATES = {
    "/pagar/a/enlace": "door",
    "/pagar/cuenta": "account",
    "/pagar/pago": "pay",
    "/pagar/derechos": "rights",
}


def page(path: str, language: str = "es") -> tuple[bytes, dict[str, str]]:
    """Make one of ``TEMPLATES``: the page and its headers."""
    portfolio = a_portfolio(moratory=moratory())
    file = a_case(
        a_debt("F-1"),
        in_instalments(6, 25_000, date(2026, 11, 5), external_id="CR-77", product="crédito"),
        portfolio=portfolio,
    )
    draft = reopened(file, portfolio)
    draft.pay(30_000, paid_on=date(2026, 11, 10), source="manual", reference="R-77")
    file = after(file, change_of(draft))
    seen = account.build(file, portfolio, now=NOW, language=language)
    view: dict[str, Any] = speaking.tools(portfolio, language, steps=STEPS) | {
        "account": seen, "agreement": None, "offer": None, "form": forms.EMPTY, "step": "pago",
        "cash": 0, "looked_for": "",
    }  # fmt: skip
    template = {"/pagar/a/enlace": "door", "/pagar/pago": "pay"}.get(
        path, path.rsplit("/", maxsplit=1)[-1]
    )
    template = {"cuenta": "account", "derechos": "rights"}.get(template, template)
    view |= {
        "choices": paying.choices(seen, None),
        "chosen": "all",
        "ways": paying.ways((("sandbox", "card"), ("sandbox", "cash"))),
        "means": "sandbox:card",
        "example": 50_000,
        "rights": rights.build(portfolio),
        "complaints": portfolio.identification.complaints,
        "asker": asker.build(portfolio),
        "typed": False,
        "wrong": "",
        "inside": template != "door",
        "here": path,
        "hidden": lambda: "",
    }
    text = pages.render(template, language, **view)
    headers = {"Content-Type": "text/html; charset=utf-8"}
    headers |= {name: str(value) for name, value in headers_for([]).items()}
    return text.encode(), headers
