"""Disputes as people answer them."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import DayText, Instant, Minor, Money, Scanned
from chalicelib.handlers.models.visits import Named

Kind = Literal[
    "not_mine",
    "wrong_amount",
    "already_paid",
    "goods_or_service",
    "deceased",
    "fraud",
    "prescribed",
    "other",
]
State = Literal["open", "investigating", "accepted", "partly", "rejected", "withdrawn"]
DebtId = Annotated[str, Field(max_length=80)]


class NewDispute(Body):
    """``debts`` empty: the whole case. ``claimed_minor``: what the debtor says is owed."""

    kind: Kind
    debts: Annotated[list[DebtId], Field(default_factory=list, max_length=200)]
    text: Annotated[str, Field(max_length=2_000)] = ""
    claimed_minor: Minor | None = None
    source: Literal["call", "panel", "email", "visit"] = "panel"


class ChangeDispute(Body):
    """Who looks into it, or what kind it is."""

    owner: Annotated[str, Field(max_length=80)] | None = None
    kind: Kind | None = None


class NewEvidence(Body):
    """``content``: a JPEG, PNG, WebP or PDF of up to 3 MB. ``shown``: the debtor may see it."""

    name: Annotated[str, Field(max_length=120)]
    content: Annotated[str, Field(min_length=4, max_length=4_200_000, description="Base64.")]
    shown: bool = True


class Correction(Body):
    debt_id: DebtId
    component: Literal["principal", "interest", "fees"]
    amount_minor: Minor


class Resolution(Body):
    """
    ``reason`` is what the letter says. ``clear``: take all off that the disputed debts owe.
    ``withdrawn``: the debtor takes it back; there is no letter then.
    """

    verdict: Literal["accepted", "partly", "rejected", "withdrawn"]
    reason: Annotated[str, Field(max_length=2_000)]
    corrections: Annotated[list[Correction], Field(default_factory=list, max_length=30)]
    clear: bool = False


class DisputeLine(Answer):
    """``late``: it should have been answered. ``disputed``: what the case's disputes are about."""

    dispute_id: str
    case_id: str
    case_name: str
    portfolio_id: str
    kind: Kind
    state: State
    source: str
    debts: list[str]
    disputed: Money
    opened_at: Instant
    due_on: DayText
    late: bool
    days_left: int | None
    owner: Named | None
    evidence: int
    ended_at: Instant | None


class DisputeLines(Answer):
    items: list[DisputeLine]
    cursor: str | None


class EvidenceFile(Answer):
    evidence_id: str
    side: Literal["debtor", "ours"]
    name: str
    media_type: str
    size_bytes: int
    at: Instant
    by: Named
    shown: bool
    url: str | None
    scan: Scanned


class Resolved(Answer):
    at: Instant
    by: Named
    reason: str
    adjusted: Money
    code: str
    letter: str | None


class DisputeCan(Answer):
    take: bool
    give: bool
    resolve: bool
    evidence: bool


class DisputePage(DisputeLine):
    """One dispute; addresses of files are good for some minutes."""

    text: str
    claimed: Money | None
    opened_by: Named
    taken_up_at: Instant | None
    files: list[EvidenceFile]
    resolution: Resolved | None
    can: DisputeCan
