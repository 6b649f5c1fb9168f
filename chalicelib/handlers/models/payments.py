"""Payments by providers, as a portfolio's people see and settle them."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import DayText, Id, Instant, Money, Scanned


class Heard(Answer):
    """How many payments a notification told of."""

    heard: int


class GoneBack(Answer):
    kind: Literal["refund", "chargeback"]
    amount: Money
    at: Instant
    reason: str
    returned: bool


class ReceivedLine(Answer):
    """
    A payment that came in.

    ``kept``: what of it stays. ``over``: what of that nobody owed; it is to be given back.
    """

    kind: Literal["received"]
    received_id: str
    case_id: str
    name: str
    provider: str
    payment_id: str
    method: str
    amount: Money
    kept: Money
    over: Money
    state: Literal["posted", "over", "back"]
    paid_at: Instant | None
    at: Instant
    checkout_id: str
    backs: list[GoneBack]


class CheckoutLine(Answer):
    """What a debtor set out to pay; ``problem`` says why it failed or was closed."""

    kind: Literal["checkout"]
    checkout_id: str
    case_id: str
    name: str
    provider: str
    method: str
    pays: Literal["all", "amount", "debt", "instalment", "offer", "share"]
    amount: Money
    paid: Money
    state: Literal["open", "pending", "paid", "failed", "closed", "expired"]
    started_at: Instant
    started_by: str
    expires_at: Instant
    problem: str


class UnmatchedLine(Answer):
    """A payment that nobody could place. ``case_id``: where it went or goes."""

    kind: Literal["unmatched"]
    unmatched_id: str
    provider: str
    payment_id: str
    reference: str
    method: str
    amount: Money
    kept: Money
    paid_at: Instant | None
    reason: Literal["unknown", "case_void", "foreign", "currency", "no_debt", "merged"]
    state: Literal["open", "assigning", "assigned", "returning", "returned"]
    case_id: str
    at: Instant
    updated_at: Instant


class ReportedFile(Answer):
    """A photo or PDF that the debtor sent; ``url`` works for some minutes."""

    name: str
    media_type: str
    url: str | None
    scan: Scanned


class ReportedLine(Answer):
    """
    A payment that a debtor says they made; amount and day are null where they said neither.

    ``source``: where it was told first. ``answer``: what they were told.
    """

    kind: Literal["reported"]
    reported_id: str
    case_id: str
    name: str
    amount: Money | None
    paid_on: DayText | None
    reference: str
    words: str
    state: Literal["waiting", "found", "not_found", "moved"]
    at: Instant
    source: Literal["self_pay", "chat", "whatsapp", "sms", "email", "visit", "call"]
    answer: str
    ended_at: Instant | None
    files: list[ReportedFile]


class PaymentPage(Answer):
    """``waiting``: how many payments of the tray wait for somebody, up to a hundred."""

    items: list[ReceivedLine | CheckoutLine | ReportedLine | UnmatchedLine]
    cursor: str | None
    waiting: int


class Decision(Body):
    """
    ``assign`` a payment of the tray to ``case_id``; ``send_back`` one to who paid it;
    ``bring`` what a merged case's payment moved to where its debts are; with
    ``give_back_over`` what a payment brought beyond what was owed (``case_id`` is its case);
    ``found`` or ``not_found`` what a debtor reported, with an ``answer`` for them.
    """

    action: Literal["assign", "send_back", "bring", "give_back_over", "found", "not_found"]
    case_id: Id | None = None
    debt_id: Id | None = None
    answer: Annotated[str, Field(max_length=1_000)] = ""


class Decided(Answer):
    item: ReceivedLine | ReportedLine | UnmatchedLine
