"""Agreements: what may be offered, what was agreed, and who says so."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Day, Instant, Minor, Money
from chalicelib.handlers.models.policies import AgreementRule, Agreements, Ppm

Kind = Literal["plan", "settlement", "extension", "restructure", "refinance"]
Frequency = Literal["weekly", "fortnightly", "monthly"]
State = Literal[
    "pending",
    "proposed",
    "active",
    "completed",
    "defaulted",
    "cancelled",
    "expired",
    "rejected",
    "replaced",
]
DayText = Annotated[str, Field(description="yyyy-mm-dd")]


class AgreementActor(Answer):
    id: str
    name: str


class NewOffer(Body):
    """What is asked for or proposed; what is left out is the least or the usual."""

    instalments: Annotated[int, Field(ge=0, le=120, description="0 = all is paid at once.")]
    frequency: Frequency = "monthly"
    down_payment_minor: Annotated[Minor, Field(ge=0)] | None = None
    first_on: Day | None = None
    discount_principal_ppm: Annotated[Ppm, Field(ge=0, le=1_000_000)] = 0
    discount_interest_ppm: Annotated[Ppm, Field(ge=0, le=1_000_000)] = 0
    discount_fees_ppm: Annotated[Ppm, Field(ge=0, le=1_000_000)] = 0
    affordable_minor: Annotated[Minor, Field(ge=1)] | None = None
    capitalise: bool = False


class Simulate(Body):
    """Without an offer only the options worth comparing are given."""

    kind: Kind = "plan"
    offer: NewOffer | None = None
    affordable_minor: Annotated[Minor, Field(ge=1)] | None = None
    debts: Annotated[list[str], Field(default_factory=list, max_length=200)]


class ExampleDebt(Body):
    """A debt made up to try limits on."""

    principal_minor: Annotated[Minor, Field(ge=0)] = 0
    interest_minor: Annotated[Minor, Field(ge=0)] = 0
    fees_minor: Annotated[Minor, Field(ge=0)] = 0
    dpd: Annotated[int, Field(ge=-3650, le=9999, description="Days past due.")] = 0
    product: Annotated[str, Field(max_length=120)] = ""


class PreviewLimits(Body):
    """Limits that are not saved, and a case or an example to try them on."""

    agreements: Agreements
    agreement_rules: Annotated[list[AgreementRule], Field(default_factory=list, max_length=30)]
    example: ExampleDebt | None = None
    case_id: Annotated[str, Field(max_length=80)] = ""


class NewAgreement(Body):
    """One beyond the limits waits for a second person and says why."""

    kind: Kind = "plan"
    offer: NewOffer
    debts: Annotated[list[str], Field(default_factory=list, max_length=200)]
    channel: Annotated[str, Field(max_length=20)] = ""
    reason: Annotated[str, Field(max_length=500)] = ""


class ChangeAgreement(Body):
    """The second person's word, or an end to it; a refusal and an end say why."""

    decision: Literal["approved", "rejected", "cancelled"]
    reason: Annotated[str, Field(max_length=500)] = ""


class Acceptance(Body):
    """
    How the debtor said yes. ``code``: the digits of the code whose ``reference`` is its id.
    ``call``: the recording's reference. ``signature``: the visit's.
    """

    proof: Literal["code", "signature", "call"]
    reference: Annotated[str, Field(min_length=1, max_length=120)]
    code: Annotated[str, Field(max_length=20)] = ""
    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""


class CodeSent(Answer):
    """``to`` is masked."""

    code_id: str
    to: str
    expires_at: Instant


class OfferText(Answer):
    instalments: int
    frequency: Frequency
    down_payment_minor: Minor | None
    first_on: DayText | None
    discount_principal_ppm: Ppm
    discount_interest_ppm: Ppm
    discount_fees_ppm: Ppm
    affordable_minor: Minor | None
    capitalise: bool


class AgreementParts(Answer):
    principal: Money
    interest: Money
    fees: Money
    total: Money


class PlannedShare(Answer):
    """Number 0 is the down payment."""

    number: int
    due_on: DayText
    amount: Money


class AgreementBreach(Answer):
    field: str
    reason: str
    limit: int


class Simulation(Answer):
    offer: OfferText
    owed: AgreementParts
    discount: AgreementParts
    to_pay: Money
    shares: list[PlannedShare]
    breaches: list[AgreementBreach]
    counter: "Simulation | None"
    extension: bool


class AgreementOption(Simulation):
    kind: Kind


class Offered(Answer):
    limits: Agreements
    options: list[AgreementOption]
    simulation: Simulation | None


class LimitsPreview(Offered):
    """``rule`` is which of the rules holds, counted from 0; null: the portfolio's own limits."""

    rule: int | None
    name: str


class AgreedShare(PlannedShare):
    paid: Money
    paid_on: DayText | None
    state: Literal["open", "late", "missed", "paid"]


class MayDo(Answer):
    accept: bool
    decide: bool
    cancel: bool


class Agreement(Answer):
    agreement_id: str
    kind: Kind
    state: State
    made_at: Instant
    made_by: AgreementActor | None
    until: Instant
    channel: str
    reason: str
    breaches: list[AgreementBreach]
    approver: Literal["supervisor", "admin"]
    decided_by: AgreementActor | None
    signed_at: Instant | None
    signed_by: AgreementActor | None
    proof: Literal["code", "signature", "call", "payment"] | None
    ended_at: Instant | None
    frequency: Frequency
    earned: Literal["start", "share", "end"]
    missed: int
    grace_days: int
    to_pay: Money
    saved: Money
    paid: Money
    capitalised: Money
    debts: list[str]
    replaces: str
    document_id: str
    letter_id: str
    shares: list[AgreedShare]
    can: MayDo


class Approval(Answer):
    """An agreement that waits for a second person, with the case it is of."""

    case_id: str
    name: str
    balance: Money
    agreement: Agreement


class Approvals(Answer):
    items: list[Approval]
    cursor: str | None
