"""
Stripe Checkout, over its REST API (docs/adr/0022): cards, OXXO and SPEI.

What a webhook tells is never believed for itself: it names the payment, and the payment is read
from the API, so that late and repeated notifications come to the same result.

Sources: docs.stripe.com/api/checkout/sessions, /payments/oxxo, /payments/bank-transfers,
/webhooks, /api/idempotent_requests.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from chalicelib.domain.payment import (
    Ask,
    Back,
    BackKind,
    PaymentState,
    ProviderEvent,
    ProviderPayment,
    Started,
)
from chalicelib.payments.port import Forged, ProviderProblem
from chalicelib.payments.rest import Rest
from chalicelib.webhooks import signatures

NAME = "stripe"
URL = "https://api.stripe.com"
# What answers look like is this version's, whatever the account's own is.
VERSION = "2024-06-20"
# Stripe takes an end between 30 minutes and 24 hours ahead; a minute less for the way there.
SOONEST, LATEST = timedelta(minutes=31), timedelta(hours=23, minutes=59)
VOUCHER_DAYS = 3
PAGE = 100
LOCALES = {"es": "es-419", "en": "en", "pt": "pt-BR"}
TYPES = {"card": "card", "oxxo": "oxxo", "spei": "customer_balance"}
METHODS = {kind: method for method, kind in TYPES.items()}
# Of these the payment is read again; everything else is somebody else's news.
OF_SESSION = "checkout.session."
OF_MONEY = ("charge.refund", "charge.dispute.", "refund.", "payment_intent.succeeded")
LOST_SO_FAR = ("needs_response", "under_review", "lost")  # of a dispute; an inquiry takes nothing
GONE = ("succeeded", "pending")  # of a refund
PROBLEMS = {
    "insufficient_funds": "insufficient_funds",
    "payment_intent_authentication_failure": "authentication",
    "authentication_required": "authentication",
    "fraudulent": "fraud",
    "card_declined": "declined",
    "generic_decline": "declined",
    "do_not_honor": "declined",
    "expired_card": "declined",
    "payment_intent_payment_attempt_expired": "expired",
}


class Stripe:
    """
    Args:
        key: The account's secret or restricted key.
        secret: What signs its webhooks, ``whsec_...``.
    """

    name = NAME

    def __init__(
        self,
        *,
        key: str,
        secret: str,
        url: str = URL,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._rest = Rest(url, {"Authorization": f"Bearer {key}", "Stripe-Version": VERSION})
        self._secret, self._clock = secret, clock

    def start(self, ask: Ask) -> Started:
        method = ask.method or "card"
        if method not in TYPES:
            raise ProviderProblem("not_supported")
        now = self._clock()
        ends = min(max(ask.expires_at, now + SOONEST), now + LATEST)
        item = "line_items[0]"
        form = {
            "mode": "payment",
            "client_reference_id": ask.reference,
            "metadata[reference]": ask.reference,
            "payment_intent_data[metadata][reference]": ask.reference,
            "payment_intent_data[description]": ask.title[:200],
            f"{item}[quantity]": "1",
            f"{item}[price_data][currency]": ask.amount.currency.lower(),
            f"{item}[price_data][unit_amount]": str(ask.amount.minor),
            f"{item}[price_data][product_data][name]": ask.title[:200],
            "payment_method_types[0]": TYPES[method],
            "locale": LOCALES.get(ask.language, "auto"),
            "success_url": ask.return_url,
            "cancel_url": ask.cancel_url,
            "expires_at": str(int(ends.timestamp())),
        }
        if method == "oxxo":
            form["payment_method_options[oxxo][expires_after_days]"] = str(VOUCHER_DAYS)
        if method == "spei":
            form |= self._bank_transfer(ask)
        made = self._rest.post("/v1/checkout/sessions", form=form, key=ask.key)
        return Started(
            url=made["url"], provider_id=made["id"], expires_at=_instant(made["expires_at"])
        )

    def close(self, provider_id: str) -> bool:
        try:
            made = self._rest.post(f"/v1/checkout/sessions/{provider_id}/expire", form={})
        except ProviderProblem as problem:
            if problem.code != "rejected":
                raise
            # It is over already, by itself or because it was paid: only the first is an end.
            made = self._rest.get(f"/v1/checkout/sessions/{provider_id}")
        return bool(made["status"] == "expired")

    def read(self, read_id: str) -> ProviderPayment:
        if read_id.startswith("cs_"):
            wanted = {"expand[0]": "payment_intent.latest_charge"}
            return self._of_session(self._rest.get(f"/v1/checkout/sessions/{read_id}", wanted))
        if not read_id.startswith("pi_"):
            raise ProviderProblem("not_found")
        wanted = {"expand[0]": "latest_charge"}
        return self._of_intent(self._rest.get(f"/v1/payment_intents/{read_id}", wanted), "")

    def list_day(self, day: date) -> Sequence[ProviderPayment]:
        # What moved the account's balance: money that came in, and money that went back. Stripe
        # reckons in UTC; the portfolio's day lies in what is asked for, wherever it is.
        start = datetime.combine(day, time.min, UTC)
        wanted = {
            "created[gte]": str(int((start - timedelta(hours=14)).timestamp())),
            "created[lt]": str(int((start + timedelta(hours=38)).timestamp())),
            "expand[0]": "data.source",
        }
        intents: dict[str, None] = {}
        for moved in self._pages("/v1/balance_transactions", wanted):
            source = moved["source"]
            intent = source.get("payment_intent") if isinstance(source, dict) else None
            if intent:
                intents[str(intent)] = None
        found = [self.read(intent) for intent in intents]
        # The account may take other money than debts: what we did not start is none of ours.
        return [payment for payment in found if payment.reference]

    def refund(self, payment_id: str, amount_minor: int, *, key: str) -> Back:
        form = {"payment_intent": payment_id, "amount": str(amount_minor)}
        return _refund(self._rest.post("/v1/refunds", form=form, key=key))

    def events(
        self, headers: Mapping[str, str], query: Mapping[str, str], raw: bytes, *, now: datetime
    ) -> Sequence[ProviderEvent]:
        del query
        verdict = signatures.stripe(raw, headers, secret=self._secret, now=now)
        if not verdict.valid:
            raise Forged(verdict.reason)
        event: dict[str, Any] = json.loads(raw)
        kind, about = str(event["type"]), event["data"]["object"]
        if kind.startswith(OF_SESSION):
            reference = (about.get("metadata") or {}).get("reference")
            read_id = about["id"] if reference else ""
        elif kind.startswith(OF_MONEY):
            read_id = about["id"] if kind.startswith("payment") else about.get("payment_intent")
        else:
            read_id = ""
        if not read_id:
            return ()
        at = _instant(event["created"])
        return (ProviderEvent(event_id=event["id"], kind=kind, at=at, read_id=str(read_id)),)

    def account(self) -> str:
        """
        Name the account, to see that the key is good.

        Raises:
            ProviderProblem: It is not (``credentials``), or the account may not take money yet
                (``rejected``).
        """
        read = self._rest.get("/v1/account")
        if read.get("charges_enabled") is False:
            raise ProviderProblem("rejected")
        dashboard = (read.get("settings") or {}).get("dashboard") or {}
        return str(dashboard.get("display_name") or read["id"])

    # Private

    def _bank_transfer(self, ask: Ask) -> dict[str, str]:
        """SPEI goes to a balance, which has to be somebody's: of a customer without a name."""
        customer = self._rest.post(
            "/v1/customers", form={"metadata[reference]": ask.reference}, key=f"{ask.key}:customer"
        )
        option = "payment_method_options[customer_balance]"
        return {
            "customer": customer["id"],
            f"{option}[funding_type]": "bank_transfer",
            f"{option}[bank_transfer][type]": "mx_bank_transfer",
        }

    def _of_session(self, session: Mapping[str, Any]) -> ProviderPayment:
        intent = session.get("payment_intent")
        if isinstance(intent, dict):
            found = self._of_intent(intent, session["id"])
            # A card that was refused while the page is open is no end: the payer tries another.
            if found.state is PaymentState.PAID or session["status"] == "complete":
                return found
        ended = session["status"] == "expired"
        return ProviderPayment(
            provider=NAME,
            state=PaymentState.EXPIRED if ended else PaymentState.PENDING,
            amount_minor=session["amount_total"],
            currency=str(session["currency"]).upper(),
            provider_id=session["id"],
            reference=(session.get("metadata") or {}).get("reference", ""),
        )

    def _of_intent(self, intent: Mapping[str, Any], session_id: str) -> ProviderPayment:
        charge = intent.get("latest_charge")
        charge = charge if isinstance(charge, dict) else {}
        error = intent.get("last_payment_error") or {}
        state = _state(intent["status"], failed=bool(error) and bool(session_id))
        paid = state is PaymentState.PAID
        details = charge.get("payment_method_details") or {}
        known = str(details.get("type") or next(iter(intent.get("payment_method_types") or []), ""))
        return ProviderPayment(
            provider=NAME,
            state=state,
            amount_minor=intent.get("amount_received") or intent["amount"],
            currency=str(intent["currency"]).upper(),
            payment_id=intent["id"],
            provider_id=session_id,
            reference=(intent.get("metadata") or {}).get("reference", ""),
            paid_at=_instant(charge["created"]) if paid and charge else None,
            method=METHODS.get(known, known),
            backs=tuple(self._backs(intent["id"], charge)) if paid else (),
            problem="" if paid or not error else _problem(error),
        )

    def _backs(self, intent_id: str, charge: Mapping[str, Any]) -> Iterator[Back]:
        of = {"payment_intent": intent_id}
        if charge.get("amount_refunded"):
            yield from (
                _refund(raw) for raw in self._pages("/v1/refunds", of) if raw["status"] in GONE
            )
        if charge.get("disputed"):
            for raw in self._pages("/v1/disputes", of):
                if raw["status"] in (*LOST_SO_FAR, "won"):
                    yield Back(
                        back_id=raw["id"],
                        kind=BackKind.CHARGEBACK,
                        amount_minor=raw["amount"],
                        at=_instant(raw["created"]),
                        reason=str(raw.get("reason") or ""),
                        returned=raw["status"] == "won",
                    )

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        asked = dict(query) | {"limit": str(PAGE)}
        while True:
            page = self._rest.get(path, asked)
            yield from page["data"]
            if not page.get("has_more") or not page["data"]:
                return
            asked["starting_after"] = page["data"][-1]["id"]


def _state(status: str, *, failed: bool) -> PaymentState:
    if status == "succeeded":
        return PaymentState.PAID
    if status == "canceled":
        return PaymentState.EXPIRED
    # After the page is done with, by a voucher that ran out or a bank that said no in the end.
    if status == "requires_payment_method" and failed:
        return PaymentState.FAILED
    return PaymentState.PENDING


def _refund(raw: Mapping[str, Any]) -> Back:
    return Back(
        back_id=raw["id"],
        kind=BackKind.REFUND,
        amount_minor=raw["amount"],
        at=_instant(raw["created"]),
        reason=str(raw.get("reason") or ""),
    )


def _problem(error: Mapping[str, Any]) -> str:
    codes = (error.get("decline_code"), error.get("code"))
    return next((PROBLEMS[code] for code in codes if code in PROBLEMS), "other")


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
