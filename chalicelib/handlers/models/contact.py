"""Contact with a debtor: what is allowed, consents, holds, attempts."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Day, DayText, Instant, Who
from chalicelib.handlers.models.policies import ContactLimits

Channel = Literal["call", "sms", "whatsapp", "email", "letter", "visit"]
Reason = Literal[
    "dispute",
    "illness",
    "vulnerable",
    "deceased",
    "reported_payment",
    "cease",
    "attorney",
    "legal",
    "supervisor",
]
ContactId = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^(\*|[0-9a-z_]+)$")]


class NewConsent(Body):
    """``contact_id`` of a phone, e-mail or address; ``*`` and a null channel mean all of them."""

    contact_id: ContactId
    channel: Channel | None = None
    state: Literal["given", "refused"]
    source: Literal["call", "visit", "writing", "panel"] = "panel"
    words: Annotated[str, Field(max_length=500)] = ""


class ChangeContact(Body):
    """What was found out of a contact point; what is left out stays."""

    quality: Literal["valid", "unverified", "invalid", "wrong_person"] | None = None
    party: (
        Literal["debtor", "codebtor", "guarantor", "reference", "family", "neighbour", "minor"]
        | Literal["coworker_or_employer", "attorney"]
        | None
    ) = None


class NewHold(Body):
    reason: Reason
    until: Day | None = None
    note: Annotated[str, Field(max_length=500)] = ""


class ChangeHold(Body):
    state: Literal["lifted"]


class Way(Answer):
    """
    A contact point or address on one channel. ``reason_code``, ``article`` and
    ``next_allowed_at`` say why not now, by which article, and from when on (null: waiting does
    not help).
    """

    contact_id: str
    channel: Channel
    allowed: bool
    reason_code: str
    article: str
    rules: str
    next_allowed_at: Instant | None
    consent: Literal["given", "refused"] | None
    consent_source: str | None


class Hold(Answer):
    hold_id: str
    reason: Reason
    since: DayText
    until: DayText | None
    placed_at: Instant
    placed_by: Who
    lifted_at: Instant | None
    note: str
    debts: list[str]
    active: bool


class Consent(Answer):
    contact_id: str
    channel: Channel | None
    state: Literal["given", "refused"]
    source: str
    at: Instant
    by: Who
    words: str


class Cause(Answer):
    kind: str
    strategy: str
    step: str
    anchor: DayText | None
    variant: str
    by: Who


class Ruling(Answer):
    at: Instant
    allowed: bool
    reason_code: str
    article: str
    rules: str
    next_allowed_at: Instant | None


class Attempt(Answer):
    """One contact, out or in: why, what was decided, what was said, what became of it."""

    attempt_id: str
    channel: Channel
    direction: Literal["out", "in"]
    state: Literal[
        "planned",
        "reserved",
        "sent",
        "delivered",
        "read",
        "failed",
        "withdrawn",
        "denied",
        "received",
        "done",
    ]
    contact_id: str
    cause: Cause
    ruling: Ruling | None
    to: str
    subject: str
    text: str
    template: str
    created_at: Instant
    not_before: Instant | None
    sent_at: Instant | None
    delivered_at: Instant | None
    read_at: Instant | None
    outcome: str
    problem: str
    cost_micros: int
    cost_currency: str


class Can(Answer):
    """``decide``: may give the reasons for a hold that supervisors answer for."""

    consent: bool
    hold: bool
    lift: bool
    decide: bool


class ContactPage(Answer):
    ways: list[Way]
    holds: list[Hold]
    consents: list[Consent]
    attempts: list[Attempt]
    can: Can


class ChannelRule(Answer):
    """Hours by kind of day, as `[["07:00", "22:00"]]`; `holiday` null = as any day."""

    channel: Channel
    allowed: bool
    exception_products: list[str]
    mon_fri: list[list[str]]
    sat: list[list[str]]
    sun: list[list[str]]
    holiday: list[list[str]] | None
    article: str
    confidence: str
    sources: list[str]


class CapRule(Answer):
    cap_id: str
    kind: Literal[
        "count", "count_per_channel", "distinct_channels", "min_gap_days", "after_conversation"
    ]
    channels: list[Channel]
    most: int
    period: str
    two_way_only: bool
    article: str
    confidence: str
    sources: list[str]


class Source(Answer):
    source_id: str
    title: str
    address: str


class Regime(Answer):
    code: str
    name: str


class Rules(Answer):
    """What the engine enforces; ``holidays`` are the next closed days of the whole country."""

    reference: str
    version: str
    valid_from: DayText
    confidence: str
    regimes: list[Regime]
    subdivisions: list[str]
    channels: list[ChannelRule]
    caps: list[CapRule]
    refused_recipients: dict[str, str]
    recipients_article: str
    workplace: Literal["always", "never", "if_employer_forbids"]
    workplace_article: str
    authorisation_required: bool
    authorisation_article: str
    hidden_caller_id_forbidden: bool
    holidays: list[DayText]
    sources: list[Source]


class CanTighten(Answer):
    tighten: bool


class RulesPage(Answer):
    """``limits`` are the portfolio's own, changed by `PATCH /portfolios/{id}` on ``version``."""

    portfolio_id: str
    version: int
    country: str
    limits: ContactLimits
    rules: Rules | None
    can: CanTighten
