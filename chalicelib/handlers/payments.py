"""A portfolio's payments: what came in, what was set out to be paid, what nobody could place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import payment_pages

if TYPE_CHECKING:
    from chalicelib.handlers.models import payments as models

bp = Blueprint(__name__)


@web.route(
    bp,
    "GET /portfolios/{portfolio_id}/payments",
    answer="payments:PaymentPage",
    query=(
        web.Query(
            name="list",
            about="What came in, checkouts, what debtors say they paid, what nobody could place.",
            choices=("received", "checkouts", "reported", "unmatched"),
        ),
        web.Query(name="state", about="Of the list's own states; all of them if left out."),
        web.Query(
            name="source",
            about="Where debtors said it; the list of what they report only.",
            choices=("self_pay", "chat", "whatsapp", "sms", "email", "visit", "call"),
        ),
        web.Query(name="q", about="A provider's payment id or reference, exactly; payments only."),
        *web.PAGE,
    ),
)
def listed(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Page through a portfolio's payments by providers, the last one first."""
    return payment_pages.listed(
        portfolio_id,
        which=call.query.get("list") or "received",
        state=call.query.get("state"),
        source=call.query.get("source") or "",
        wanted=(call.query.get("q") or "").strip(),
        limit=call.limit,
        cursor=call.cursor,
        actor=call.actor,
        cases=wiring.cases(),
        tray=wiring.unmatched_payments(),
        files=wiring.evidence_files(),
        now=call.now,
    )


@web.route(
    bp,
    "POST /portfolios/{portfolio_id}/payments/{payment_id}",
    body="payments:Decision",
    answer="payments:Decided",
)
def decide(call: web.Call, portfolio_id: str, payment_id: str) -> dict[str, Any]:
    """
    Put a payment of the tray to a case, or send it back; bring a refund after a merge to where
    the debts are; send back what was paid over; say
    whether a payment that a debtor reported was found.

    Safe to repeat: what was decided is done once.
    """
    body: models.Decision = call.body
    return payment_pages.decided(
        portfolio_id,
        payment_id,
        action=body.action,
        case_id=body.case_id,
        debt_id=body.debt_id,
        answer=body.answer,
        actor=call.actor,
        tray=wiring.unmatched_payments(),
        providers=wiring.payment_provider,
        means=wiring.receiving(),
        files=wiring.evidence_files(),
        now=call.now,
    )
