"""Payments of providers that came to a case: what is known of each, what of it is in the ledger."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.ids import derived_id
from chalicelib.domain.payment import ProviderPayment


class ReceivedStanding(StrEnum):
    """
    Which list a payment is in.

    POSTED is in the ledger. OVER is too, and brought more than was owed: what is over waits for
    somebody to send it back. BACK was refunded or charged back, in whole or in part.
    """

    POSTED = "posted"
    OVER = "over"
    BACK = "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """
    Args:
        received_id: Made from portfolio, provider and payment: news of it finds it again.
        payment: How it stands, all that was ever told of it put together.
        at: When we first heard of it.
        posted_minor: What of it is in the ledger now.
        revision: How often that was corrected; the ledger's reference holds it.
        over_minor: How much of it went beyond all that was owed: a credit to be given back.
    """

    received_id: str
    payment: ProviderPayment
    at: datetime
    updated_at: datetime
    checkout_id: str = ""
    posted_minor: int = 0
    revision: int = 0
    over_minor: int = 0

    @property
    def standing(self) -> ReceivedStanding:
        if any(not back.returned for back in self.payment.backs):
            return ReceivedStanding.BACK
        return ReceivedStanding.OVER if self.over_minor else ReceivedStanding.POSTED

    @property
    def reference(self) -> str:
        """The ledger's reference of what is posted now."""
        return ledger_reference(self.payment.payment_id, self.revision)


def received_id(portfolio_id: str, provider: str, payment_id: str) -> str:
    return derived_id("rcv", portfolio_id, provider, payment_id)


def ledger_reference(payment_id: str, revision: int) -> str:
    """
    Write a payment's reference in the ledger: the provider's own, and its corrections beside it.

    >>> ledger_reference("pi_1", 0), ledger_reference("pi_1", 2)
    ('pi_1', 'pi_1~2')
    """
    return f"{payment_id}~{revision}" if revision else payment_id
