"""Payments that nobody can say whose they are: they wait in a tray, and are never lost."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.ids import derived_id
from chalicelib.domain.payment import ProviderPayment

MERGED = "merged"


class UnmatchedState(StrEnum):
    """
    OPEN waits for somebody. ASSIGNING and RETURNING were begun by one person, so that no other
    does the opposite; begun again they go on. ASSIGNED is in a case's ledger, RETURNED went back.
    """

    OPEN = "open"
    ASSIGNING = "assigning"
    ASSIGNED = "assigned"
    RETURNING = "returning"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """
    Args:
        unmatched_id: Made from provider and payment: news of it finds it again.
        payment: How it stands, all that was told of it put together.
        reason: Why it has no case: ``unknown``, ``case_void``, ``foreign``, ``currency``,
            ``no_debt``; or ``merged``: it was posted, and its case went into another before
            this news of it.
        case_id: Where it goes, once somebody said so; of ``merged`` where its debts are.
        by: Who did, as on the timeline.
    """

    unmatched_id: str
    portfolio_id: str
    payment: ProviderPayment
    reason: str
    state: UnmatchedState
    at: datetime
    updated_at: datetime
    case_id: str = ""
    by: str = ""
    version: int = 1


def unmatched_id(provider: str, payment_id: str) -> str:
    return derived_id("unm", provider, payment_id)
