"""The erasure of a person's data: asked for by one person, decided by another, then carried out."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ErasureState(StrEnum):
    """
    ASKED waits for a second person; REJECTED by them, it can be asked for again. RUNNING is being
    carried out, case by case; DONE is, and nobody can take it back.
    """

    ASKED = "asked"
    REJECTED = "rejected"
    RUNNING = "running"
    DONE = "done"


# From here on nothing else is done about the request.
SETTLED = frozenset({ErasureState.ASKED, ErasureState.RUNNING, ErasureState.DONE})


class Blocked(StrEnum):
    """
    Why nothing may be erased yet.

    OWES; CREDIT: we owe the person. DECISION: a charge-off or a correction waits for a second
    person. REQUEST: another right is asked for. VISIT: one is planned, or waits to be looked at.
    HOLD: the case is with lawyers, and what is in it is evidence.
    """

    OWES = "owes"
    CREDIT = "credit"
    AGREEMENT = "agreement"
    DISPUTE = "dispute"
    PAYMENT = "payment_under_way"
    CASH = "cash"
    VISIT = "visit"
    HOLD = "hold"
    DECISION = "decision"
    REQUEST = "request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """*amount_minor*: what is owed, by whom *reason* says; None where it is no amount."""

    case_id: str
    name: str
    reason: Blocked
    amount_minor: int | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """
    Args:
        asked_by, decided_by: Actors as on the timeline; never the same.
        note: Why, in the words of who asked; then why not, of who rejected it. Empty once done.
        case_ids: All cases it is about, merged ones too, fixed when it was decided.
        erased: How many of them are done, in that order.
        goes, stays: What was counted when it was decided, by the codes of the rules; of what
            stays None where it is not counted.
    """

    state: ErasureState
    asked_by: str
    asked_at: datetime
    note: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    case_ids: tuple[str, ...] = ()
    erased: int = 0
    goes: dict[str, int] = field(default_factory=dict)
    stays: dict[str, int | None] = field(default_factory=dict)
    finished_at: datetime | None = None
