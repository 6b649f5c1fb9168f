"""Contact with a debtor: attempts (gestiones), what was said, consents and holds."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Channel(StrEnum):
    """How somebody is reached; ``CALL`` is a person or a voice message on the phone."""

    CALL = "call"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    LETTER = "letter"
    VISIT = "visit"


class Direction(StrEnum):
    OUT = "out"
    IN = "in"


class AttemptState(StrEnum):
    """
    What became of an attempt.

    PLANNED waits for its moment. RESERVED holds its place under the caps while it is handed
    over; a crash leaves it there, and only a provider's event or a person moves it on, for
    nobody may be written to twice. SENT was accepted by the provider, DELIVERED and READ are
    what the provider tells. FAILED did not reach anybody and counts under no cap. WITHDRAWN was
    taken back before it went, DENIED may never go. RECEIVED came in. DONE was made by a person.
    """

    PLANNED = "planned"
    RESERVED = "reserved"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    DENIED = "denied"
    RECEIVED = "received"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """
    Why an attempt is made; its id is made from this (``ids.derived_id``), so it happens once.

    Args:
        kind: ``strategy``, ``manual``, ``reply``, ``promise``, ``receipt``, ``letter``...
        strategy: ``<strategy id>@<version>``; empty when no strategy asked.
        step: The step's code within the strategy.
        anchor: The due date the step was reckoned from.
        variant: The arm of an A/B test; ``holdout`` is never written to.
        by: Who asked: an actor as on the timeline.
        answers: The attempt that a reply answers.
    """

    kind: str
    strategy: str = ""
    step: str = ""
    anchor: date | None = None
    variant: str = ""
    by: str = "system"
    answers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The contact decision as it was taken, kept with what it decided."""

    at: datetime
    allowed: bool
    reason_code: str
    article: str = ""
    rules: str = ""
    next_allowed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """
    What was said, as it went out or came in; personal.

    Args:
        to: Phone (E.164), e-mail or address lines at that moment; for one that came in, from whom.
        text: The whole text. ``html`` is kept for e-mail only.
        template: ``<template id>@<version>``; empty for free text.
        attachments: Names of files sent along (kept as they went, ``services.enclosures``), and the
            evidence bucket's keys of what was received.
        buttons: Quick replies shown with it, (code, title).
    """

    to: str
    text: str
    subject: str = ""
    html: str = ""
    language: str = "es"
    template: str = ""
    attachments: tuple[str, ...] = ()
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """
    One attempt on any channel, out or in, by a strategy or a person.

    Args:
        contact_id: The contact point or address used; empty for one that is not (yet) on file.
        template_id: What is to be said, for one still to be rendered.
        fallback: Channels to try in this order if it fails.
        not_before: When it may go at the earliest, UTC.
        outcome: Disposition code for a call or visit: ``""``, ``unanswered``, ``answered``,
            ``conversation`` or a portfolio's own.
        provider_id: The provider's id of the message; its events are found by it.
        cost_micros: Millionths of ``cost_currency``.
        problem: Why it failed or was denied, as a stable code.
        tracking: The post's number of a certified letter.
        disposition: What a person's call came to, of the closed list; see ``domain.calls``.
    """

    attempt_id: str
    channel: Channel
    direction: Direction
    state: AttemptState
    cause: Cause
    created_at: datetime
    contact_id: str = ""
    party: str = "debtor"
    template_id: str = ""
    fallback: tuple[Channel, ...] = ()
    not_before: datetime | None = None
    ruling: Ruling | None = None
    content: Content | None = None
    outcome: str = ""
    provider: str = ""
    provider_id: str = ""
    cost_micros: int = 0
    cost_currency: str = ""
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    ended_at: datetime | None = None
    problem: str = ""
    tracking: str = ""
    disposition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMessage:
    """A planned message whose moment has come; ``at`` is where it stands in the outbox."""

    case_id: str
    attempt_id: str
    at: datetime


class ConsentState(StrEnum):
    GIVEN = "given"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """
    What the debtor (or whoever has the number) allows; the newest word counts.

    Args:
        consent_id: ``<contact_id>:<channel>``, with ``*`` for every point or channel.
        source: ``file``, ``whatsapp``, ``sms``, ``unsubscribe_link``, ``call``, ``panel``...
        words: What was said, where it was words; personal.
    """

    consent_id: str
    contact_id: str
    channel: Channel | None
    state: ConsentState
    source: str
    at: datetime
    by: str
    words: str = ""


class HoldReason(StrEnum):
    """
    Why contact stops. CEASE (the debtor asked for none) and ATTORNEY (ask the attorney instead)
    are for good; the others may have an end.
    """

    DISPUTE = "dispute"
    ILLNESS = "illness"
    VULNERABLE = "vulnerable"
    DECEASED = "deceased"
    REPORTED_PAYMENT = "reported_payment"
    CEASE = "cease"
    ATTORNEY = "attorney"
    LEGAL = "legal"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """
    A stop of collection with a reason; one without ``until`` lasts until somebody lifts it.

    Args:
        since, until: Days of the portfolio's calendar; ``until`` is the last day of it.
        lifted_at: When it was lifted before its end.
        ended_at: When its end was noted on the timeline; it stopped nothing after ``until``.
        note: Why, in a person's words; personal.
        debt_ids: What is held: these debts only; empty = the whole case.
    """

    hold_id: str
    reason: HoldReason
    since: date
    until: date | None
    placed_at: datetime
    placed_by: str
    lifted_at: datetime | None = None
    ended_at: datetime | None = None
    note: str = ""
    debt_ids: tuple[str, ...] = ()

    def active_on(self, day: date) -> bool:
        """Say whether it stops contact on *day*."""
        if self.lifted_at is not None:
            return False
        return self.since <= day and (self.until is None or day <= self.until)


# What travels between services and channel adapters


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """
    A message as a channel adapter is given it: everything rendered, nothing to look up.

    Args:
        message_id: The attempt's id; goes along as the provider's tag, so that events find it.
        reference: ``<case id>:<attempt id>``, carried by every provider and given back.
        sender: The sender's id, number or address for this portfolio; empty = the default.
        template_name, template_values: WhatsApp's approved template and its values in order;
            empty inside the 24 hour window.
        unsubscribe_url: One-click address (RFC 8058); e-mail only.
        files: (file name, media type, bytes) sent along.
        pictures: The same, shown in the HTML where it says ``cid:<file name>``; e-mail only.
    """

    message_id: str
    reference: str
    portfolio_id: str
    channel: Channel
    content: Content
    country: str
    sender: str = ""
    template_name: str = ""
    template_values: tuple[str, ...] = ()
    unsubscribe_url: str = ""
    files: tuple[tuple[str, str, bytes], ...] = ()
    pictures: tuple[tuple[str, str, bytes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A provider took a message. ``units``: SMS segments, pages, seconds; 1 for others."""

    provider: str
    provider_id: str
    units: int = 1


class NotSent(Exception):
    """
    A provider refused a message.

    Args:
        code: Stable: ``throttled``, ``unavailable``, ``invalid_recipient``, ``opted_out``,
            ``template_missing``, ``window_closed``, ``sender_missing``, ``rejected``.
        retry: Whether the same message may be sent again later; only where it surely did not go.
    """

    def __init__(self, code: str, *, retry: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.retry = retry


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelEvent:
    """
    What a provider tells of a message that went out.

    Args:
        kind: ``sent``, ``delivered``, ``read``, ``clicked``, ``failed``, ``bounced``
            (permanent), ``complained``, ``opted_out``.
        reference: ``<case id>:<attempt id>`` if it came back; else found by ``provider_id``.
    """

    provider: str
    provider_id: str
    kind: str
    at: datetime
    reference: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """
    A message from somebody, whoever it is.

    Args:
        sender: Phone (E.164) or e-mail of who wrote.
        recipient: Our number or address it came to: tells the portfolio.
        choice: Code of the button or list row that was tapped.
        media: (media type, provider's media id or stored key) received along.
        quoted_id: Provider's id of our message it answers to.
    """

    provider: str
    provider_id: str
    channel: Channel
    sender: str
    recipient: str
    at: datetime
    text: str = ""
    choice: str = ""
    media: tuple[tuple[str, str], ...] = ()
    quoted_id: str = ""
    name: str = ""
    extras: dict[str, str] = field(default_factory=dict)
