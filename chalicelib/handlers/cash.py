"""Cash taken at the door: what agents hold, hand in, and what others find."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.handlers import asker, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import cash as words
    from chalicelib.services import cash_checking, cash_desk, cash_on_phone, cash_words

bp = Blueprint(__name__)

KINDS = ("receipt", "void", "deposit", "count", "settlement")
WORDS = ("open", "denied", "confirmed")
PORTFOLIO = web.Query(name="portfolio", about="Whose cash.", required=True)


@web.route(
    bp,
    "GET /field/cash",
    answer="cash:PhoneCash",
    query=(web.Query(name="device", about="Id of the phone that asks.", required=True),),
)
def on_phone(call: web.Call) -> dict[str, Any]:
    """Say what one holds of each portfolio's cash, and which of the phone's receipts came."""
    return cash_on_phone.on_phone(
        call.query["device"],
        actor=call.actor,
        devices=wiring.devices(),
        book=wiring.cash(),
        portfolios=wiring.portfolios(),
        now=call.now,
    )


@web.route(
    bp,
    "POST /field/cash/voids",
    body="cash:TornUp",
    answer="cash:ReceiptState",
    status=200,
    rescued=True,
)
def tear_up(call: web.Call) -> dict[str, Any]:
    """Account for a receipt's number whose paper was torn up before the visit was over."""
    body = call.body
    receipt = cash_on_phone.void_unposted(
        body.number,
        device_id=body.device_id,
        case_id=body.case_id,
        visit_id=body.visit_id,
        amount_minor=body.amount_minor,
        at=body.at,
        reason=body.reason,
        devices=wiring.devices(),
        book=wiring.cash(),
        **call.casework,
    )
    return {"number": receipt.number, "state": receipt.state.value}


@web.route(
    bp,
    "POST /field/cash/deposits",
    body="cash:NewDeposit",
    answer="cash:Declared",
    status=201,
    again=200,
)
def declare(call: web.Call) -> Response:
    """Declare what was handed in; it stays in the hand until somebody else has counted it."""
    body = call.body
    answer, new = cash_on_phone.declare(
        body.deposit_id,
        portfolio_id=body.portfolio_id,
        amount_minor=body.amount_minor,
        at=body.at,
        way=body.way,
        reference=body.reference,
        note=body.note,
        slip=(body.slip.sha256, body.slip.bytes) if body.slip else None,
        actor=call.actor,
        book=wiring.cash(),
        portfolios=wiring.portfolios(),
        files=wiring.evidence_files(),
        now=call.now,
    )
    return web.answered(answer, 201 if new else 200)


@web.route(bp, "POST /field/cash/codes", body="cash:CodeAsked", answer="cash:CodeSent")
def confirm(call: web.Call) -> dict[str, Any]:
    """Send the debtor a code to confirm what was paid, or take the one that was read out."""
    body = call.body

    def problem(error: Exception) -> None:
        web.log.error("code handed over, outcome unknown", extra={"error": type(error).__name__})

    asked: dict[str, Any] = {
        "actor": call.actor,
        "portfolios": wiring.portfolios(),
        "means": wiring.coding(problem),
        "now": call.now,
    }
    if body.code_id:
        cash_checking.try_code(body.case_id, body.number, body.code_id, body.code, **asked)
        return {"code_id": body.code_id, "confirmed": True}
    code_id = cash_checking.ask_code(
        body.case_id,
        body.number,
        amount_minor=body.amount_minor,
        queue=wiring.messages(),
        **asked,
    )
    return {"code_id": code_id, "confirmed": False}


@web.route(bp, "GET /cash/receipts/{token}", answer="cash:HeldReceipt", public=True)
def held_receipt(call: web.Call, token: str) -> dict[str, Any]:
    """Say what a receipt's QR stands for, to whoever holds it: credited, void or on its way."""
    return cash_checking.shown(
        token[:400],
        asker=asker.address_of(call.request),
        devices=wiring.devices(),
        book=wiring.cash(),
        people=wiring.people(),
        portfolios=wiring.portfolios(),
        turns=wiring.turns(),
        now=call.now,
    )


@web.route(
    bp,
    "GET /cash/receipts",
    answer="cash:SaidReceipts",
    query=(
        PORTFOLIO,
        web.Query(name="word", about="What the debtor says of them.", choices=WORDS),
        web.Query(name="person", about="Id of who took the money."),
        *web.PAGE,
    ),
)
def receipts(call: web.Call) -> dict[str, Any]:
    """Page through receipts of which debtors say one thing: nothing yet, right, or denied."""
    asked = call.query
    return cash_words.listed(
        asked["portfolio"],
        words.Word(asked.get("word", WORDS[0])),
        person_id=asked.get("person", ""),
        cases=wiring.cases(),
        now=call.now,
        **_page(call),
    )


@web.route(
    bp,
    "POST /cash/receipts",
    body="cash:ReceiptCall",
    status=204,
    repeat=lambda _call, _receipt, _path: None,
)
def note_call(call: web.Call) -> None:
    """Note what a debtor said of a receipt when called; never by who took it. Safe to repeat."""
    body = call.body
    cash_words.note_call(
        body.key,
        body.outcome,
        said_minor=body.said_minor,
        words=body.words,
        book=wiring.cash(),
        **call.casework,
    )


@web.route(bp, "GET /cash", answer="cash:CashOverview", query=(PORTFOLIO,))
def overview(call: web.Call) -> dict[str, Any]:
    """Lay out a portfolio's cash: who holds what, what waits to be counted, what was found."""
    return cash_desk.overview(
        call.query["portfolio"],
        files=wiring.evidence_files(),
        **_reading(call),
    )


@web.route(
    bp,
    "GET /cash/moves",
    answer="cash:CashHistory",
    query=(
        PORTFOLIO,
        web.Query(name="person", about="Id of whose hand."),
        web.Query(name="kind", about="Of one kind only.", choices=KINDS),
        web.Query(name="from", about="First day, of the portfolio's calendar.", kind="date"),
        web.Query(name="to", about="Last day.", kind="date"),
        *web.PAGE,
    ),
)
def history(call: web.Call) -> dict[str, Any]:
    """Page through the book of a portfolio's cash, the last line first."""
    asked = call.query
    return cash_desk.history(
        asked["portfolio"],
        person_id=asked.get("person", ""),
        kind=words.MoveKind(asked["kind"]) if "kind" in asked else None,
        first=asked.get("from"),
        last=asked.get("to"),
        cases=wiring.cases(),
        **_page(call),
    )


@web.route(bp, "GET /cash/series", answer="cash:CashSerieses", query=(PORTFOLIO,))
def series(call: web.Call) -> dict[str, Any]:
    """List the series of receipts, the numbers in them that have not come, and each receipt."""
    return cash_desk.series(
        call.query["portfolio"],
        **_reading(call),
    )


@web.route(bp, "POST /cash/deposits/{deposit_id}", body="cash:Count", status=204)
def count(call: web.Call, deposit_id: str) -> None:
    """Say what a deposit really held; never by who declared it. Safe to repeat."""
    cash_desk.count(
        deposit_id,
        portfolio_id=call.body.portfolio_id,
        counted_minor=call.body.counted_minor,
        reason=call.body.reason,
        **_deciding(call),
    )


@web.route(bp, "POST /cash/voids", body="cash:Void", status=204)
def void(call: web.Call) -> None:
    """Take a receipt back, with a reason; never by who gave it."""
    cash_desk.void(call.body.key, reason=call.body.reason, book=wiring.cash(), **call.casework)


@web.route(bp, "POST /cash/settlements", body="cash:Settlement", status=204)
def settle(call: web.Call) -> None:
    """Close a difference or part of it; never by whose it is. Takes an ``Idempotency-Key``."""
    cash_desk.settle(
        call.body.portfolio_id,
        call.body.person_id,
        amount_minor=call.body.amount_minor,
        reason=call.body.reason,
        key=call.key,
        **_deciding(call),
    )


def _reading(call: web.Call) -> dict[str, Any]:
    """What every look at the book takes: who looks, the book, whose names it shows."""
    return {
        "actor": call.actor,
        "book": wiring.cash(),
        "portfolios": wiring.portfolios(),
        "people": wiring.actor_names,
    }


def _deciding(call: web.Call) -> dict[str, Any]:
    return {
        "actor": call.actor,
        "book": wiring.cash(),
        "portfolios": wiring.portfolios(),
        "now": call.now,
    }


def _page(call: web.Call) -> dict[str, Any]:
    return _reading(call) | {"cursor": call.cursor, "limit": call.limit}
