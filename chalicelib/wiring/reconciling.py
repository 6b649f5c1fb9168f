"""Payments that nobody sent by webhook: of a bank's file, of the day's reconciliation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.lazily import lazily
from chalicelib.wiring.clients import now
from chalicelib.wiring.money import receiving
from chalicelib.wiring.payments import payment_accounts, provider_of

with lazily():
    from chalicelib.services import incoming, reconciliation

if TYPE_CHECKING:
    from chalicelib.domain.payment import ProviderPayment


def take_payment(payment: ProviderPayment, portfolio_id: str) -> str:
    """Bring a payment to its case by the path that webhooks take; says what became of it."""
    outcome, _ = incoming.take(payment, portfolio_id=portfolio_id, means=receiving(), now=now())
    return outcome.value


def reconciling() -> reconciliation.Means:
    """What asking providers about a day is done with."""
    return reconciliation.Means(
        accounts=payment_accounts(), provider=provider_of, take=take_payment
    )
