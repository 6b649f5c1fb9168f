"""Cash in agents' hands: what phones and the panel send and are told."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.cases import Amount
from chalicelib.handlers.models.common import Form, Id, Instant, Money, Scanned
from chalicelib.handlers.models.visits import DeviceId, Named, VisitId

Number = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{8}-[0-9]{6}$")]
Reason = Annotated[str, Field(max_length=500)]
DepositId = Annotated[str, Field(pattern=r"^dep_[A-Za-z0-9_\-]{8,60}$")]
Word = Literal["open", "confirmed", "denied"]
Kind = Literal["receipt", "void", "deposit", "count", "settlement"]


class TornUp(Body):
    """A receipt's number whose paper was torn up before the visit was over."""

    number: Number
    device_id: DeviceId
    case_id: Id
    visit_id: VisitId
    amount_minor: Amount
    at: AwareDatetime
    reason: Reason


class ReceiptState(Answer):
    number: str
    state: Literal["issued", "void"]


class Slip(Body):
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    bytes: Annotated[int, Field(ge=1, le=10_000_000)]


class NewDeposit(Body):
    """What an agent says was handed in. ``way``: into the bank, or at the office."""

    deposit_id: DepositId
    portfolio_id: Id
    amount_minor: Amount
    at: AwareDatetime
    way: Literal["bank", "office"]
    reference: Annotated[str, Field(max_length=60)] = ""
    note: Annotated[str, Field(max_length=500)] = ""
    slip: Slip | None = None


class CodeAsked(Body):
    """``code_id`` and ``code``: what the debtor read out; without them one is sent."""

    case_id: Id
    number: Number
    amount_minor: Amount
    code_id: Annotated[str, Field(max_length=80)] = ""
    code: Annotated[str, Field(max_length=12)] = ""


class CodeSent(Answer):
    code_id: str
    confirmed: bool


class HeldReceipt(Answer):
    """
    What a receipt's QR stands for; no debtor, no debt.

    ``state``: ``credited``, ``void``, ``waiting`` for the phone's signal, or ``other`` when what
    came under the number is not what the paper says.
    """

    number: str
    amount: Money
    at: Instant
    state: Literal["credited", "void", "waiting", "other"]
    taken_by: str
    creditor: str
    agency: str


class CashDeposit(Answer):
    """``difference_minor``: what was missing when it was counted; negative for too much."""

    deposit_id: str
    portfolio_id: str
    amount_minor: int
    currency: str
    at: Instant
    declared_at: Instant
    way: str
    state: Literal["declared", "counted"]
    reference: str
    note: str
    counted_minor: int | None
    counted_at: Instant | None
    reason: str
    difference_minor: int
    has_slip: bool


class Declared(Answer):
    """``have``: there is no slip to send; else ``post`` it, within the hour."""

    deposit: CashDeposit
    have: bool
    post: Form | None


class CashHand(Answer):
    """
    What somebody holds: ``declared_minor`` of it is said to be handed in, and not counted.

    ``owed_minor`` is what counts found missing. ``answers_for_minor`` is held against the limit.
    """

    portfolio_id: str
    currency: str
    held_minor: int
    declared_minor: int
    owed_minor: int
    answers_for_minor: int
    limit_minor: int
    state: Literal["fine", "warn", "full"]


class PhoneCash(Answer):
    """``last`` and ``missing``: which numbers of the phone's series have come."""

    as_of: Instant
    series: str
    last: int
    missing: list[int]
    hands: list[CashHand]
    deposits: list[CashDeposit]


class CanSettle(Answer):
    settle: bool


class AgentHand(CashHand):
    person: Named
    can: CanSettle


class CanCount(Answer):
    count: bool


class AgentDeposit(CashDeposit):
    person: Named
    counted_by: str | None
    slip_url: str | None
    slip_scan: Scanned
    can: CanCount


class CashPortfolio(Answer):
    portfolio_id: str
    name: str
    currency: str
    country: str
    time_zone: str


class CashOverview(Answer):
    """``barred_by``: the article that keeps who collects from taking cash; empty if none does."""

    portfolio: CashPortfolio
    allowed: bool
    barred_by: str
    limit_minor: int
    hands: list[AgentHand]
    deposits: list[AgentDeposit]


class CashLine(Answer):
    """A line of the book; the three amounts are what it adds to the hand's own."""

    move_id: str
    kind: Kind
    portfolio_id: str
    person_id: str
    person: Named
    at: Instant
    by: str
    currency: str
    held_minor: int
    declared_minor: int
    owed_minor: int
    receipt: str
    case_id: str
    name: str
    visit_id: str
    deposit_id: str
    reason: str


class CashHistory(Answer):
    items: list[CashLine]
    cursor: str | None


class CanVoid(Answer):
    void: bool


class CashReceipt(Answer):
    """``key``: what it is voided by; its number, but where that was used twice."""

    key: str
    number: str
    portfolio_id: str
    person_id: str
    device_id: str
    case_id: str
    visit_id: str
    amount_minor: int
    currency: str
    at: Instant
    received_at: Instant
    state: Literal["issued", "void"]
    reference: str
    confirmed: str
    doubts: list[str]
    voided_at: Instant | None
    by: str
    reason: str
    twin_of: str
    said_minor: int | None
    said_at: Instant | None
    can: CanVoid


class CanHear(Answer):
    call: bool
    void: bool


class SaidReceipt(CashReceipt):
    """
    A receipt with what its debtor says of it.

    ``said_minor``: what was paid as they say, 0 for nothing; null where nothing was denied.
    ``confirmed``: ``code`` at the door, ``page`` or ``call`` afterwards.
    """

    word: Word
    person: Named
    name: str
    age_days: int
    can: CanHear  # type: ignore[assignment]


class WordCounts(Answer):
    open: int
    confirmed: int
    denied: int


class AgentWords(WordCounts):
    person: Named


class SaidReceipts(Answer):
    """``people``: who has receipts, those with denied ones first."""

    items: list[SaidReceipt]
    counts: WordCounts
    people: list[AgentWords]
    cursor: str | None


class ReceiptCall(Body):
    """
    What the debtor said when a supervisor called.

    ``said_minor``: with ``denies``, what was paid as they say; 0 for nothing.
    """

    key: Annotated[str, Field(min_length=15, max_length=100)]
    outcome: Literal["confirms", "denies", "unreached"]
    said_minor: Annotated[int, Field(ge=0, le=10**15)] | None = None
    words: Annotated[str, Field(max_length=500)] = ""


class MissingNumber(Answer):
    """``since``: when the next number that has come was given."""

    number: str
    since: Instant


class CashSeries(Answer):
    series: str
    person: Named
    device_id: str
    last: int
    missing: list[MissingNumber]
    elsewhere: int
    receipts: list[CashReceipt]


class CashSerieses(Answer):
    items: list[CashSeries]


class Count(Body):
    portfolio_id: Id
    counted_minor: Annotated[int, Field(ge=0, le=10**15)]
    reason: Reason = ""


class Void(Body):
    key: Annotated[str, Field(min_length=15, max_length=100)]
    reason: Reason


class Settlement(Body):
    """``amount_minor``: signed as the difference is, and no more than it."""

    portfolio_id: Id
    person_id: Id
    amount_minor: Annotated[int, Field(ge=-(10**15), le=10**15)]
    reason: Reason
