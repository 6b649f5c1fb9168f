"""The laptop's provider of payments, which takes no money (``local/providers/paying.py``)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
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
from chalicelib.payments.port import Forged
from chalicelib.payments.rest import Rest
from chalicelib.webhooks import signatures

NAME = "sandbox"
HEADER = "sandbox-signature"
_STATES = {
    "asks_code": PaymentState.PENDING,
    "pending": PaymentState.PENDING,
    "succeeded": PaymentState.PAID,
    "failed": PaymentState.FAILED,
}
_BEST = (PaymentState.FAILED, PaymentState.PENDING, PaymentState.PAID)


class Sandbox:
    """
    Args:
        url: Where its API is.
        key: The account's, ``sbx_...``; what signs its webhooks follows from it.
    """

    name = NAME

    def __init__(self, url: str, *, key: str) -> None:
        self._rest = Rest(url, {"Authorization": f"Bearer {key}"})
        self._secret = signing_secret(account_id(key))

    def start(self, ask: Ask) -> Started:
        made = self._rest.post(
            "/v1/checkouts",
            {
                "reference": ask.reference,
                "amount_minor": ask.amount.minor,
                "currency": ask.amount.currency,
                "payee": ask.title,
                "description": "",
                "methods": [ask.method] if ask.method in ("card", "cash", "transfer") else None,
                "language": ask.language,
                "success_url": ask.return_url,
                "cancel_url": ask.cancel_url,
                "webhook_url": ask.notify_url,
                "expires_at": ask.expires_at.isoformat(),
            },
            key=ask.key,
        )
        return Started(
            url=made["url"],
            provider_id=made["id"],
            expires_at=datetime.fromisoformat(made["expires_at"]),
        )

    def close(self, provider_id: str) -> bool:
        return bool(self._rest.post(f"/v1/checkouts/{provider_id}/expire")["status"] == "expired")

    def read(self, read_id: str) -> ProviderPayment:
        if not read_id.startswith("sbc_"):
            return _payment(self._rest.get(f"/v1/payments/{read_id}"))
        checkout = self._rest.get(f"/v1/checkouts/{read_id}")
        made = [_payment(raw) for raw in checkout["payments"]]
        if checkout["status"] == "open":  # who was refused a card may try another
            made = [payment for payment in made if payment.state is not PaymentState.FAILED]
        if made:
            return max(made, key=lambda payment: _BEST.index(payment.state))
        ended = checkout["status"] == "expired"
        return ProviderPayment(
            provider=NAME,
            state=PaymentState.EXPIRED if ended else PaymentState.PENDING,
            amount_minor=checkout["amount_minor"],
            currency=checkout["currency"],
            provider_id=checkout["id"],
            reference=checkout["reference"],
        )

    def list_day(self, day: date) -> Sequence[ProviderPayment]:
        # Its days are UTC's; the portfolio's own lies in two of them, or in three.
        found: dict[str, ProviderPayment] = {}
        for near in (day - timedelta(days=1), day, day + timedelta(days=1)):
            listed = self._rest.get("/v1/payments", {"day": near.isoformat()})["payments"]
            found |= {raw["id"]: _payment(raw) for raw in listed}
        return list(found.values())

    def refund(self, payment_id: str, amount_minor: int, *, key: str) -> Back:
        body = {"amount_minor": amount_minor}
        paid = self._rest.post(f"/v1/payments/{payment_id}/refunds", body, key=key)
        return next(
            back
            for back in reversed(_payment(paid).backs)
            if back.kind is BackKind.REFUND and back.amount_minor == amount_minor
        )

    def events(
        self, headers: Mapping[str, str], query: Mapping[str, str], raw: bytes, *, now: datetime
    ) -> Sequence[ProviderEvent]:
        del query
        given = next((v for k, v in headers.items() if k.lower() == HEADER), None)
        verdict = signatures.stripe(raw, {"Stripe-Signature": given}, secret=self._secret, now=now)
        if not verdict.valid:
            raise Forged(verdict.reason)
        event: dict[str, Any] = json.loads(raw)
        payment = _payment(event["payment"])
        if payment.state is PaymentState.FAILED and event["checkout_status"] == "open":
            return ()  # the payer is still at it
        return (
            ProviderEvent(
                event_id=event["id"],
                kind=event["type"],
                at=datetime.fromisoformat(event["created"]),
                payment=payment,
            ),
        )

    def account(self) -> str:
        """
        Name the account, to see that the key is good.

        Raises:
            ProviderProblem: It is not.
        """
        return str(self._rest.get("/v1/account")["id"])


def account_id(key: str) -> str:
    """Whose key it is."""
    return hashlib.sha256(key.encode()).hexdigest()[:24]


def signing_secret(account: str) -> str:
    """What signs an account's webhooks; follows from the account, so that nothing is set up."""
    return f"whsec_{hashlib.sha256(f'sandbox:{account}'.encode()).hexdigest()[:40]}"


def _payment(raw: Mapping[str, Any]) -> ProviderPayment:
    return ProviderPayment(
        provider=NAME,
        state=_STATES[raw["status"]],
        amount_minor=raw["amount_minor"],
        currency=raw["currency"],
        payment_id=raw["id"],
        provider_id=raw["checkout"],
        reference=raw["reference"],
        paid_at=datetime.fromisoformat(raw["paid_at"]) if raw["paid_at"] else None,
        method=raw["method"],
        backs=tuple(
            Back(
                back_id=back["id"],
                kind=BackKind(back["kind"]),
                amount_minor=back["amount_minor"],
                at=datetime.fromisoformat(back["at"]),
                returned=back["returned"],
            )
            for back in raw["backs"]
        ),
        problem=raw["failure"],
    )
