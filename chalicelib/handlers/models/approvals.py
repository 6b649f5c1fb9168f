"""What waits for a second person, and corrections beyond somebody's limit."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import ChargeOffReason, Day, Id, Instant, Minor, Money

Kind = Literal[
    "agreement", "correction", "cash", "point", "merge", "reported", "charge_off", "erasure"
]
Part = Literal["principal", "interest", "fees"]


class KindCount(Answer):
    """``more``: there are at least so many. ``yours``: those that the reader may decide on."""

    kind: Kind
    count: int
    more: bool
    oldest_at: Instant | None
    yours: int


class Asker(Answer):
    id: str
    name: str


class Waiting(Answer):
    """``own``: the reader made it, and somebody else decides."""

    kind: Kind
    key: str
    case_id: str
    name: str
    asked_by: Asker | None
    asked_at: Instant
    until: Instant | None
    amount: Money | None
    detail: dict[str, Any]
    own: bool
    can_decide: bool


class Tray(Answer):
    kinds: list[KindCount]
    items: list[Waiting]


class NewCorrection(Body):
    """``amount_minor``: positive for a waiver, signed for an adjustment."""

    kind: Literal["waiver", "adjustment"]
    debt_id: Id
    component: Part
    amount_minor: Minor
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Decision(Body):
    """A no takes a ``reason``."""

    decision: Literal["approved", "rejected"]
    reason: Annotated[str, Field(max_length=500)] = ""


class NewChargeOff(Body):
    """
    ``on`` is the day of the creditor's books, today if none. A second person decides; the debt is
    owed as before.
    """

    debt_ids: Annotated[list[Id], Field(min_length=1, max_length=30)]
    reason: ChargeOffReason
    on: Day | None = None
    note: Annotated[str, Field(min_length=1, max_length=500)]


class ChargeOffDecision(Body):
    """
    ``approved`` and ``rejected`` decide on ``what`` waits, ``withdrawn`` takes one's own request
    back, ``reinstate`` asks a second person to take the charge-off back. All but ``approved`` and
    ``withdrawn`` take a ``reason``.
    """

    decision: Literal["approved", "rejected", "withdrawn", "reinstate"]
    what: Literal["charge_off", "reinstatement"] = "charge_off"
    reason: Annotated[str, Field(max_length=500)] = ""


class Correction(Answer):
    correction_id: str
    portfolio_id: str
    case_id: str
    kind: Literal["waiver", "adjustment"]
    debt_id: str
    component: Part
    amount_minor: Minor
    reason: str
    asked_by: str
    asked_at: Instant
    state: Literal["waiting", "approved", "refused"]
    decided_by: str
    decided_at: Instant | None
    answer: str
