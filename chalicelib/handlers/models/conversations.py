"""Conversations with debtors."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Id, Instant, Money

Desk = Annotated[
    Literal["bot", "waiting", "person", "quiet"],
    Field(description="Who answers: the bot; a person is wanted, or has it; nobody."),
]
State = Annotated[
    str,
    Field(description="Of one of ours: planned, reserved, sent, delivered, read, failed, denied."),
]


class Someone(Answer):
    id: str
    name: str


class TalkCase(Answer):
    case_id: str
    name: str
    status: str
    balance: Money


class Conversation(Answer):
    conversation_id: str
    portfolio_id: Annotated[str, Field(description="Empty: several answer at the number.")]
    channel: str
    phone: str
    name: Annotated[str, Field(description="What they call themselves on the channel.")]
    case: TalkCase | None
    cases: Annotated[int, Field(description="How many cases have the number.")]
    desk: Desk
    reason: Annotated[str, Field(description="Why a person should look; a code.")]
    taken_by: Someone | None
    unread: int
    preview: str
    preview_by: str
    last_in_at: Instant | None
    moved_at: Instant
    window_ends_at: Instant | None
    messages: int


class Conversations(Answer):
    items: list[Conversation]
    cursor: str | None
    mark: Annotated[str, Field(description="Ask with `since` to get only what moved after it.")]


class Author(Answer):
    kind: Literal["debtor", "bot", "user", "business", "system"]
    name: str


class Media(Answer):
    type: str
    stored: Annotated[bool, Field(description="Whether it can be had by `/file`.")]


class Message(Answer):
    seq: Annotated[int, Field(description="Below zero: it went out beside the conversation.")]
    at: Instant
    by: Author
    kind: str
    text: str
    buttons: list[str]
    media: list[Media]
    intent: str
    state: State
    problem: str


class Can(Answer):
    take: bool
    hand_back: bool
    reply: bool
    attach: bool
    erase: bool


class TalkPortfolio(Answer):
    id: str
    name: str


class ConversationPage(Answer):
    conversation: Conversation
    cases: list[TalkCase]
    identified: Annotated[str, Field(description="Case of who gave the second fact; else empty.")]
    portfolio: TalkPortfolio
    messages: list[Message]
    more: Annotated[bool, Field(description="Whether there are earlier ones.")]
    window_ends_at: Instant | None
    can: Can
    why_not: Annotated[str, Field(description="Why free words may not be sent now; a code.")]
    next_allowed_at: Instant | None
    templates: Annotated[list[str], Field(description="What may be sent instead.")]


class NewMessage(Body):
    """Free words, or a template; not both."""

    text: Annotated[str, Field(max_length=1000)] = ""
    template_id: Annotated[str, Field(max_length=80)] = ""


class Erasure(Body):
    reason: Annotated[str, Field(max_length=200, description="Who asked for it, and how.")]


class Attachment(Body):
    case_id: Id
    party: Literal["debtor", "codebtor", "guarantor", "family", "reference", "other"] = "debtor"
