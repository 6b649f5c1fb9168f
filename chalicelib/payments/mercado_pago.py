"""
Mercado Pago Checkout Pro, over its REST API (docs/adr/0022).

Its notifications carry an id and nothing else, and the signature covers no more: every payment
is read from the API before it is believed.

Sources: mercadopago.com/developers, reference of preferences, payments and refunds; "Validate
origin of notifications".
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from chalicelib.domain.checkout import read_reference
from chalicelib.domain.money import DECIMALS
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

NAME = "mercado_pago"
URL = "https://api.mercadopago.com"
KEY_HEADER = "X-Idempotency-Key"
PAGE = 100
# What it calls the ways to pay; those that were not asked for are excluded from its page.
TYPES = {
    "card": ("credit_card", "debit_card", "prepaid_card"),
    "cash": ("ticket", "atm"),
    "transfer": ("bank_transfer",),
    "wallet": ("account_money", "digital_currency", "digital_wallet"),
}
# The buyer's own balance cannot be excluded.
FIXED = ("account_money",)
STATES = {
    "approved": PaymentState.PAID,
    "refunded": PaymentState.PAID,
    "charged_back": PaymentState.PAID,
    "in_mediation": PaymentState.PAID,
    "pending": PaymentState.PENDING,
    "in_process": PaymentState.PENDING,
    "authorized": PaymentState.PENDING,
    "rejected": PaymentState.FAILED,
    "cancelled": PaymentState.FAILED,
}
BEST = (PaymentState.EXPIRED, PaymentState.FAILED, PaymentState.PENDING, PaymentState.PAID)
PROBLEMS = {
    "cc_rejected_insufficient_amount": "insufficient_funds",
    "cc_rejected_high_risk": "fraud",
    "cc_rejected_blacklist": "fraud",
    "cc_rejected_call_for_authorize": "authentication",
    "cc_rejected_3ds_challenge": "authentication",
    "expired": "expired",
}


class MercadoPago:
    """
    Args:
        key: The account's access token.
        secret: What signs its notifications.
    """

    name = NAME

    def __init__(self, *, key: str, secret: str, url: str = URL) -> None:
        self._rest = Rest(url, {"Authorization": f"Bearer {key}"})
        self._secret, self._trial = secret, key.startswith("TEST-")

    def start(self, ask: Ask) -> Started:
        if ask.method and ask.method not in TYPES:
            raise ProviderProblem("not_supported")
        item = {
            "id": ask.key,
            "title": ask.title[:200],
            "quantity": 1,
            "currency_id": ask.amount.currency,
            "unit_price": _major(ask.amount.minor, ask.amount.currency),
        }
        body: dict[str, Any] = {
            "items": [item],
            "external_reference": ask.reference,
            "back_urls": {
                "success": ask.return_url,
                "pending": ask.return_url,
                "failure": ask.cancel_url,
            },
            "auto_return": "approved",
            # Without this it tells everything twice, once by its older kind of notification.
            "notification_url": f"{ask.notify_url}?source_news=webhooks",
            "expires": True,
            "expiration_date_to": _stamp(ask.expires_at),
        }
        if ask.method:
            others = [
                {"id": kind}
                for method, kinds in TYPES.items()
                for kind in kinds
                if method != ask.method and kind not in FIXED
            ]
            body["payment_methods"] = {"excluded_payment_types": others}
        made = self._rest.post("/checkout/preferences", body, key=ask.key, key_header=KEY_HEADER)
        url = made.get("sandbox_init_point") if self._trial else made.get("init_point")
        return Started(url=str(url), provider_id=made["id"], expires_at=ask.expires_at)

    def close(self, provider_id: str) -> bool:
        preference = self._rest.get(f"/checkout/preferences/{provider_id}")
        over = {"expires": True, "expiration_date_to": _stamp(datetime(2020, 1, 1, tzinfo=UTC))}
        self._rest.post(f"/checkout/preferences/{provider_id}", over, method="PUT")
        made = self._payments(preference["external_reference"])
        return not any(one.state in (PaymentState.PAID, PaymentState.PENDING) for one in made)

    def read(self, read_id: str) -> ProviderPayment:
        if read_id.isdigit():
            return _payment(self._rest.get(f"/v1/payments/{read_id}"))
        preference = self._rest.get(f"/checkout/preferences/{read_id}")
        made = self._payments(preference["external_reference"])
        live = [one for one in made if one.state in (PaymentState.PAID, PaymentState.PENDING)]
        if live:
            return max(live, key=lambda one: BEST.index(one.state))
        (item,) = preference["items"]
        until = preference.get("expiration_date_to")
        ended = until is not None and datetime.fromisoformat(until) <= datetime.now(UTC)
        return ProviderPayment(
            provider=NAME,
            # One that was refused may be tried again for as long as the page is open.
            state=PaymentState.EXPIRED if ended else PaymentState.PENDING,
            amount_minor=_minor(item["unit_price"], item["currency_id"]),
            currency=item["currency_id"],
            provider_id=preference["id"],
            reference=preference["external_reference"],
        )

    def list_day(self, day: date) -> Sequence[ProviderPayment]:
        # By when it last changed: what came in that day, and what went back that day.
        start = datetime.combine(day, time.min, UTC)
        wanted = {
            "range": "date_last_updated",
            "begin_date": _stamp(start - timedelta(hours=14)),
            "end_date": _stamp(start + timedelta(hours=38)),
        }
        listed = [_payment(raw) for raw in self._search(wanted)]
        # The account may sell other things too: what we did not start is none of ours.
        return [one for one in listed if read_reference(one.reference) is not None]

    def refund(self, payment_id: str, amount_minor: int, *, key: str) -> Back:
        paid = self._rest.get(f"/v1/payments/{payment_id}")
        currency = paid["currency_id"]
        made = self._rest.post(
            f"/v1/payments/{payment_id}/refunds",
            {"amount": _major(amount_minor, currency)},
            key=key,
            key_header=KEY_HEADER,
        )
        return _refund(made, currency)

    def events(
        self, headers: Mapping[str, str], query: Mapping[str, str], raw: bytes, *, now: datetime
    ) -> Sequence[ProviderEvent]:
        verdict = signatures.mercado_pago(query, headers, secret=self._secret, now=now)
        if not verdict.valid:
            raise Forged(verdict.reason)
        event: dict[str, Any] = json.loads(raw or b"{}")
        kind = str(query.get("type") or event.get("type") or "")
        # Only the id in the query is signed; the body's may be anything.
        payment_id = query.get("data.id", "")
        if kind != "payment" or not payment_id.isdigit():
            return ()
        told = str(event.get("action") or kind)
        event_id = str(event.get("id") or "")
        return (ProviderEvent(event_id=event_id, kind=told, at=now, read_id=payment_id),)

    def account(self) -> str:
        """
        Name the account, to see that the key is good.

        Raises:
            ProviderProblem: It is not.
        """
        read = self._rest.get("/users/me")
        return str(read.get("nickname") or read["id"])

    # Private

    def _payments(self, reference: str) -> list[ProviderPayment]:
        return [_payment(raw) for raw in self._search({"external_reference": reference})]

    def _search(self, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        offset = 0
        while True:
            asked = dict(query) | {"limit": str(PAGE), "offset": str(offset)}
            page = self._rest.get("/v1/payments/search", asked)
            yield from page["results"]
            offset += len(page["results"])
            if not page["results"] or offset >= page["paging"]["total"]:
                return


def _payment(raw: Mapping[str, Any]) -> ProviderPayment:
    currency = raw["currency_id"]
    state = STATES.get(raw["status"], PaymentState.PENDING)
    detail = str(raw.get("status_detail") or "")
    if raw["status"] == "cancelled" and detail == "expired":
        state = PaymentState.EXPIRED
    kind = raw.get("payment_type_id")
    paid = state is PaymentState.PAID
    approved = raw.get("date_approved")
    return ProviderPayment(
        provider=NAME,
        state=state,
        amount_minor=_minor(raw["transaction_amount"], currency),
        currency=currency,
        payment_id=str(raw["id"]),
        reference=str(raw.get("external_reference") or ""),
        paid_at=_instant(approved) if paid and approved else None,
        method=next((method for method, kinds in TYPES.items() if kind in kinds), str(kind or "")),
        backs=tuple(_backs(raw, currency)) if paid else (),
        problem="" if paid or not detail else PROBLEMS.get(detail, _other(detail)),
    )


def _backs(raw: Mapping[str, Any], currency: str) -> Iterator[Back]:
    refunds = [
        one for one in raw.get("refunds") or () if one.get("status", "approved") == "approved"
    ]
    yield from (_refund(one, currency) for one in refunds)
    if raw["status"] == "charged_back":
        gone = sum(_minor(one["amount"], currency) for one in refunds)
        detail = str(raw.get("status_detail") or "")
        yield Back(
            back_id=f"chargeback-{raw['id']}",
            kind=BackKind.CHARGEBACK,
            amount_minor=_minor(raw["transaction_amount"], currency) - gone,
            at=_instant(raw["date_last_updated"]),
            reason=detail,
            returned=detail == "reimbursed",
        )


def _refund(raw: Mapping[str, Any], currency: str) -> Back:
    return Back(
        back_id=str(raw["id"]),
        kind=BackKind.REFUND,
        amount_minor=_minor(raw["amount"], currency),
        at=_instant(raw["date_created"]),
    )


def _other(detail: str) -> str:
    return "declined" if detail.startswith("cc_rejected") else "other"


def _minor(amount: Any, currency: str) -> int:
    """Integer minor units of what JSON has as a number, exactly."""
    return int(Decimal(str(amount)).scaleb(DECIMALS[currency]).to_integral_value())


def _major(minor: int, currency: str) -> int | float:
    """The number that its JSON wants: a float has sixteen digits, more than any amount has."""
    whole, rest = divmod(minor, 10 ** DECIMALS[currency])
    return whole if not rest else float(Decimal(minor).scaleb(-DECIMALS[currency]))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+00:00")
