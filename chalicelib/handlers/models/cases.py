"""Cases: lists, the page of one, its ledger, promises and timeline; figures of portfolios."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.agreements import Agreement
from chalicelib.handlers.models.case_visits import CaseVisit
from chalicelib.handlers.models.common import (
    ChargeOffReason,
    Day,
    DayText,
    Id,
    Instant,
    Money,
    Who,
)
from chalicelib.handlers.models.forecasts import DebtForecast, Forecast, Silence
from chalicelib.handlers.models.tasks import Task

Component = Literal["fees", "interest", "principal"]
Status = Literal["open", "promised", "held", "settled", "void"]
Reason = Annotated[str, Field(min_length=1, max_length=500)]
Amount = Annotated[int, Field(gt=0, lt=10**15, description="In the smallest unit.")]
SignedAmount = Annotated[int, Field(gt=-(10**15), lt=10**15, description="In the smallest unit.")]


class NewPayment(Body):
    """Money received; ``reference`` is unique among a portfolio's manual payments."""

    amount_minor: Amount
    paid_on: Day
    reference: Annotated[str, Field(min_length=1, max_length=120)]
    method: Annotated[str, Field(max_length=40)] = ""
    debt_id: Id | None = None


class NewAdjustment(Body):
    debt_id: Id
    component: Component
    amount_minor: SignedAmount
    reason: Reason


class NewWaiver(Body):
    debt_id: Id
    component: Component
    amount_minor: Amount
    reason: Reason


class NewReversal(Body):
    entry_id: Id
    reason: Reason


class NewNote(Body):
    """``mentions``: people who may see the case; each finds a task of kind ``mention``."""

    text: Annotated[str, Field(min_length=1, max_length=4000)]
    mentions: Annotated[list[Id], Field(default_factory=list, max_length=20)]


class Tags(Body):
    tags: Annotated[list[Annotated[str, Field(min_length=1, max_length=40)]], Field(max_length=20)]


class PromisePart(Body):
    amount_minor: Amount
    due_on: Day


class NewPromise(Body):
    """``then``: further promises made together with it."""

    amount_minor: Amount
    due_on: Day
    channel: Annotated[str, Field(max_length=20)] = ""
    then: Annotated[list[PromisePart], Field(default_factory=list, max_length=11)]


class ProposedPromise(Answer):
    """``meant_for`` is the day by the calendar alone; ``due_on`` the working day it came to."""

    amount: Money
    due_on: DayText
    meant_for: DayText


class ProposedPromises(Answer):
    items: list[ProposedPromise]


class ChangePromise(Body):
    state: Literal["cancelled"]


class Line(Answer):
    """What a list shows. ``dpd``: legal days past due; ``charged_off``: debts that are and owe."""

    case_id: str
    portfolio_id: str
    name: str
    tax_id: str
    status: Status
    balance: Money
    oldest_due_on: DayText | None
    dpd: int
    band: str | None
    city: str
    tags: list[str]
    debts: int
    last_payment_on: DayText | None
    owner: Who | None
    charged_off: int
    updated_at: Instant


class FoundLine(Line):
    """
    ``matched`` says by what a search found it; ``touched_on``, on which day the debtor was last
    written to, called or visited.
    """

    touched_on: DayText | None
    matched: Literal["name", "tax_id", "phone", "email", "debt", "debtor"] | None = None


class Lines(Answer):
    items: list[FoundLine]
    cursor: str | None


class SpokenLanguage(Body):
    """``es``, ``en``, ``pt``; empty: the one they write in, else the portfolio's."""

    language: Annotated[str, Field(max_length=2)] = ""


class Wish(Answer):
    """When the debtor wants to be contacted: inside the law's hours; empty leaves those."""

    opens_at: str
    closes_at: str
    not_on: list[Literal["mon_fri", "sat", "sun"]]


class Head(Line):
    """
    ``language`` is noted on the case; ``written_in`` is what messages are written in now.
    What is charged off owes ``charged_off_balance``. ``erased``: the number of the request at which
    the person's data were erased; empty while they are there.
    """

    language: str
    wish: Wish | None
    written_in: str
    legal_dpd: int
    treatment_dpd: int
    total_due: Money
    interest_accrued: Money
    charged_off_balance: Money
    debtor_key: str
    erased: str
    created_at: Instant
    merged_into: str | None
    version: int


class Band(Answer):
    code: str
    from_dpd: int | None
    to_dpd: int | None


class PortfolioOfCase(Answer):
    id: str
    name: str
    country: str
    currency: str
    time_zone: str
    bands: list[Band]


class Instalment(Answer):
    number: int
    due_on: DayText
    amount: Money
    open: Money


class ChargeOff(Answer):
    """
    What is in force, or waits for a second person. ``amount``: what the debt owed then; it is
    still owed. ``from_file``: the creditor's file says so, and ``asked_by`` loaded it.
    """

    charge_off_id: str
    state: Literal["waiting", "standing", "returning"]
    reason: ChargeOffReason
    on: DayText
    amount: Money
    note: str
    asked_by: Who
    from_file: bool
    in_force: bool
    interest_stops: bool


class Debt(Answer):
    """``balance`` is what the ledger holds, ``moratory`` what accrued beside it until today."""

    debt_id: str
    external_id: str
    product: str
    issued_on: DayText | None
    due_on: DayText
    dpd: int
    band: str | None
    balance: Money
    principal: Money
    interest: Money
    fees: Money
    moratory: Money
    total_due: Money
    instalments: list[Instalment]
    documents: list[str]
    void: bool
    forecast: DebtForecast | None
    charge_off: ChargeOff | None


class Contact(Answer):
    contact_id: str
    kind: Literal["phone", "email"]
    value: str
    party: str
    quality: str
    detail: str
    source: str


class Address(Answer):
    """``radius_m``: within it a visit is at the address; 0 without a point to be near to."""

    address_id: str
    lines: str
    city: str
    region: str
    postal_code: str
    country: str
    lat: float | None
    lng: float | None
    cell: str | None
    quality: Literal["rooftop", "street", "town", "none"]
    radius_m: float
    source: str


class Entry(Answer):
    """
    A line of the ledger, signed: what raises the debt is positive. ``recovered``: a payment of what
    was charged off when it came in, or the reversal of one.
    """

    entry_id: str
    debt_id: str
    kind: Literal["charge", "interest", "payment", "adjustment", "waiver", "reversal"]
    amount: Money
    principal: Money
    interest: Money
    fees: Money
    effective_on: DayText
    recorded_at: Instant
    source: str
    reference: str
    actor: Who
    reverses: str | None
    reversed_by: str | None
    reason: str
    recovered: bool


class Promise(Answer):
    promise_id: str
    amount: Money
    due_on: DayText
    state: Literal["open", "kept", "partial", "broken", "cancelled", "replaced"]
    made_at: Instant
    made_by: Who
    channel: str
    last_day: DayText
    paid: Money
    series_id: str


class Reliability(Answer):
    """
    What became of promises that matured. ``score`` is what part of one to expect, 0 to 100, leaning
    to the middle while there are few; null where none has matured.
    """

    matured: int
    kept: int
    partial: int
    broken: int
    promised: Money
    kept_amount: Money
    score: int | None


class PersonReliability(Reliability):
    person: Who


class PeopleReliability(Answer):
    """Of those who agreed promises in the portfolio, the most first."""

    items: list[PersonReliability]


class PlannedVisit(Answer):
    """A visit somebody is, or was, to make; ``withdrawn`` says why it is no longer wanted."""

    assignment_id: str
    address_id: str
    person: Who
    day: DayText
    state: Literal["planned", "done", "withdrawn"]
    why: str
    withdrawn: str | None


class CaseDispute(Answer):
    """A dispute of the case; ``late``: it should have been answered."""

    dispute_id: str
    kind: str
    state: str
    source: str
    debts: list[str]
    opened_at: Instant
    due_on: DayText
    late: bool
    owner: Who | None
    ended_at: Instant | None


class Event(Answer):
    """
    One thing that happened. ``facts`` name nobody; ``personal`` holds what can be erased later
    while the chain still verifies. ``result``: what a call came to, as its portfolio calls it, by
    language; null for all else.
    """

    seq: int
    kind: str
    at: Instant
    actor: Who
    facts: dict[str, Any]
    personal: dict[str, str]
    hash: str
    result: dict[str, str] | None


class Timeline(Answer):
    items: list[Event]
    cursor: str | None


class Chain(Answer):
    seq: int
    hash: str


class Can(Answer):
    """What the caller may do with the case as it stands."""

    pay: bool
    adjust: bool
    waive: bool
    reverse: bool
    note: bool
    tag: bool
    promise: bool
    agree: bool
    visit: bool
    dispute: bool
    charge_off: bool
    see_requests: bool = Field(description="What the person asked about their own data by law.")


class CasePage(Answer):
    """``no_forecast``: why there is none; empty where there is one."""

    case: Head
    portfolio: PortfolioOfCase
    debts: list[Debt]
    forecast: Forecast | None
    no_forecast: Silence
    contacts: list[Contact]
    addresses: list[Address]
    entries: list[Entry]
    promises: list[Promise]
    reliability: Reliability
    tasks: list[Task]
    visits_planned: list[PlannedVisit]
    visits: list[CaseVisit]
    agreements: list[Agreement]
    disputes: list[CaseDispute]
    notes: list[Event]
    timeline: Timeline
    chain: Chain
    can: Can


class Verification(Answer):
    """Whether the timeline is whole; if not, the first event that was altered."""

    ok: bool
    events: int
    head: str
    first_altered: int | None = None
    reason: str | None = None
