"""A correction of a ledger that is more than who asks for it may make: another person decides."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.portfolio import Component


class CorrectionKind(StrEnum):
    """WAIVER forgives a part of a debt, ADJUSTMENT moves one by a signed amount."""

    WAIVER = "waiver"
    ADJUSTMENT = "adjustment"


class CorrectionState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """
    Args:
        amount_minor: As it would be posted: positive for a waiver, signed for an adjustment.
        asked_by, decided_by: Actors as on the timeline; never the same.
        answer: Why it was not allowed.
    """

    correction_id: str
    portfolio_id: str
    case_id: str
    kind: CorrectionKind
    debt_id: str
    component: Component
    amount_minor: int
    reason: str
    asked_by: str
    asked_at: datetime
    state: CorrectionState = CorrectionState.WAITING
    decided_by: str = ""
    decided_at: datetime | None = None
    answer: str = ""
    version: int = 1
