"""Banks' files of what came in; and the day's reconciliation with every provider."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import sent_files, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.intake import texts
    from chalicelib.services import bank_files, reconciliation

if TYPE_CHECKING:
    from chalicelib.services.bank_files import Reject

bp = Blueprint(__name__)
log = logging.getLogger("recobro")

# API Gateway hangs up after 29 s; what is left is asked for again from where it stopped.
WORKS_FOR_S = 18.0
MAX_BYTES = 6 * 1024 * 1024  # base64 of what a file may have


@web.route(
    bp,
    "POST /portfolios/{portfolio_id}/bank-files",
    body="payment_accounts:BankFile",
    answer="payment_accounts:BankFileReport",
    max_bytes=MAX_BYTES,
)
def post_bank_file(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """
    Post what a bank's file (CSV or spreadsheet) says came in.

    What the file leaves open is asked first. A long file is posted in several goes: send it again
    from ``next_row``. Sent twice, it posts nothing twice.
    """
    until = time.monotonic() + WORKS_FOR_S
    report = bank_files.post(
        portfolio_id,
        call.body.filename,
        sent_files.content(call.body.content),
        from_row=call.body.from_row,
        answers=dict(call.body.answers),
        actor=call.actor,
        portfolios=wiring.portfolios(),
        accounts=wiring.payment_accounts(),
        take=wiring.take_payment,
        time_left_s=lambda: until - time.monotonic(),
    )
    person = wiring.people().get(call.actor.person_id)
    language = person.language if person else "es"
    return {
        "rows": report.rows,
        "outcomes": dict(report.outcomes),
        "rejects": [_reject(one, language) for one in report.rejects],
        "rejected": report.rejected,
        "next_row": report.next_row,
        "questions": [
            {name: question.get(name) for name in ("id", "kind", "suggested", "choices")}
            for question in report.questions
        ],
    }


def reconcile() -> None:
    """Ask every provider about the last days, and post what webhooks missed."""
    portfolios = [one for one in wiring.portfolios().all() if not one.archived]
    reports = reconciliation.lately(portfolios, means=wiring.reconciling(), now=wiring.now())
    for report in reports:
        # What webhooks missed, or a provider that does not answer, is worth a person's look.
        level = logging.INFO if report.ok else logging.ERROR
        log.log(
            level,
            "reconciled",
            extra={
                "portfolio_id": report.portfolio_id,
                "provider": report.provider,
                "day": report.day.isoformat(),
                "outcomes": dict(report.outcomes),
                "problem": report.problem,
                "failed": report.failed,
            },
        )


def _reject(reject: Reject, language: str) -> dict[str, Any]:
    field = texts.field_name(reject.field, language)
    text = texts.text(f"intake.reason.{reject.code}", language, field=field)
    return {"row": reject.row, "field": reject.field, "code": reject.code, "text": text}
