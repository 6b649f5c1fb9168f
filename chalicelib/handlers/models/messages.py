"""Messages on their way: the outbox, one message's page, what queues gave up on."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Day, Instant

Micros = Annotated[int, Field(description="Millionths of the currency.")]


class MessageLine(Answer):
    case_id: str
    attempt_id: str
    name: Annotated[str, Field(description="The debtor's.")]
    channel: str
    direction: Literal["out", "in"]
    state: str
    hangs: Annotated[
        bool, Field(description="Handed over, and nobody knows whether it went: a person decides.")
    ]
    template_id: str
    problem: Annotated[str, Field(description="Why it failed or was taken back; a code.")]
    reason_code: Annotated[str, Field(description="What the contact decision said.")]
    not_before: Instant | None
    created_at: Instant
    sent_at: Instant | None
    delivered_at: Instant | None
    read_at: Instant | None
    ended_at: Instant | None
    cost_micros: Micros
    cost_currency: str
    provider: str
    provider_id: str
    tracking: Annotated[str, Field(description="The post's number of a certified letter.")]


class Messages(Answer):
    items: list[MessageLine]
    cursor: str | None


class Spending(Answer):
    """What messages cost; ``limit_micros``: the budget, null without one."""

    messages: int
    spent_micros: Micros
    limit_micros: Micros | None
    currency: str


class Month(Spending):
    month: Annotated[str, Field(description="yyyy-mm of the portfolio's calendar.")]


class SpendingDay(Spending):
    day: Annotated[str, Field(description="Today, of the portfolio's calendar.")]


class OutboxSummary(Answer):
    states: Annotated[dict[str, int], Field(description="planned, reserved, failed, denied.")]
    counted_up_to: Annotated[int, Field(description="A state of that many holds more.")]
    month: Month
    day: SpendingDay


class Someone(Answer):
    id: str
    name: str


class MessagePortfolio(Answer):
    id: str
    name: str
    time_zone: str


class Why(Answer):
    kind: str
    strategy: Annotated[str, Field(description="`<strategy id>@<version>`, or empty.")]
    step: str
    anchor: Day | None
    variant: str
    by: Someone


class Decision(Answer):
    at: Instant
    allowed: bool
    reason_code: str
    article: str
    rules: Annotated[str, Field(description="The rule pack and its version.")]
    next_allowed_at: Instant | None


class SentFile(Answer):
    """A file as it went; ``url`` downloads it for some minutes, ``sha256`` is on the timeline."""

    name: str
    sha256: str
    url: str


class Said(Answer):
    to: str
    subject: str
    text: str
    language: str
    template: Annotated[str, Field(description="`<template id>@<version>`, or empty.")]
    buttons: list[str]
    attachments: list[str]
    files: list[SentFile]


class MessageEvent(Answer):
    seq: int
    kind: str
    at: Instant
    actor: Someone
    facts: dict[str, Any]
    personal: dict[str, Any]
    hash: str


class MessageCan(Answer):
    retry: bool
    settle: bool
    withdraw: bool
    post: bool


class MessagePage(Answer):
    message: MessageLine
    portfolio: MessagePortfolio
    cause: Why
    ruling: Decision | None
    content: Said | None
    events: list[MessageEvent]
    can: MessageCan


class Settlement(Body):
    went: Annotated[bool, Field(description="Whether it reached the provider, as looked up there.")]


class Posting(Body):
    tracking: Annotated[str, Field(max_length=60)]


class NewLetterBatch(Body):
    day: Day


class LetterBatch(Answer):
    day: Day
    letters: int
    pages: int
    url: Annotated[str | None, Field(description="The file to print, for an hour; null: none.")]


class DeadQueue(Answer):
    name: str
    dead: Annotated[int, Field(description="How much it gave up on.")]


class DeadQueues(Answer):
    items: list[DeadQueue]


class SentBack(Answer):
    name: str
    sent: int
