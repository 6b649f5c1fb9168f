"""A conversation with a phone number: what was said on one channel, by whom, and who answers."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.domain.contact import Channel
from chalicelib.domain.ids import derived_id

# WhatsApp lets a business write freely this long after the person's last message; afterwards
# only approved templates go. SMS has no such window, but the same courtesy is kept.
WINDOW = timedelta(hours=24)
PREVIEW_LENGTH = 120
# Names what was said on a debtor's page, where a provider's name stands elsewhere.
PAGE = "page"
# Where files received lie in the bucket of evidence; anything else is still the provider's id.
STORED = "inbound/"


class Desk(StrEnum):
    """Who answers: the BOT; a person is wanted (WAITING) or has it (PERSON); nobody (QUIET)."""

    BOT = "bot"
    WAITING = "waiting"
    PERSON = "person"
    QUIET = "quiet"


YEAR_DAYS = 366
STRANGERS_KEPT_DAYS = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """
    One message of a conversation, as its page shows it.

    Args:
        seq: 1, 2, 3... within the conversation.
        by: ``debtor``, ``bot``, ``user:<id>``, or ``business``: one of us, from WhatsApp's own app.
        kind: ``text``, ``image``, ``audio``, ``location``, ``reaction``, ``system``...
        buttons: (code, title) that went along.
        media: (media type, stored key) of files received.
        intent: How it was understood; ours only.
        case_id, attempt_id: Where the case's timeline has it; empty for a number of no case.
        state: Of one of ours: ``reserved``, ``sent``, ``failed`` or ``denied``; what the provider
            tells later is kept with the attempt.
    """

    seq: int
    at: datetime
    by: str
    text: str = ""
    kind: str = "text"
    buttons: tuple[tuple[str, str], ...] = ()
    media: tuple[tuple[str, str], ...] = ()
    provider_id: str = ""
    intent: str = ""
    case_id: str = ""
    attempt_id: str = ""
    state: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """
    Args:
        portfolio_id: Empty for a number of ours that no single portfolio answers at.
        phone: Who writes, E.164; on a page the case.
        recipient, sender_id: Our number, and what the provider calls it when we send from it.
        name: What they call themselves on the channel; personal.
        case_ids: Cases that have the number; none = the unknown senders' tray.
        attached: The case a person said it belongs to.
        talk: The dialogue's state (``conversation.turns.Talk``), plain.
        taken_by: The person who answers, ``user:<id>``.
        reason: Why a person is wanted.
        unread: Messages from them since a person last looked.
        seq: Messages so far.
        last_in_at: Their last message: the window runs from it.
        moved_at: When anything changed last; what lists are ordered by.
        on_page: The chat on the debtor's own page: nothing is sent, they come and look.
        kept_days: How long what a debtor of the portfolio says is kept.
    """

    conversation_id: str
    portfolio_id: str
    channel: Channel
    phone: str
    recipient: str
    created_at: datetime
    moved_at: datetime
    sender_id: str = ""
    name: str = ""
    case_ids: tuple[str, ...] = ()
    attached: str = ""
    talk: dict[str, Any] = field(default_factory=dict)
    desk: Desk = Desk.BOT
    taken_by: str = ""
    reason: str = ""
    unread: int = 0
    seq: int = 0
    preview: str = ""
    preview_by: str = ""
    last_in_at: datetime | None = None
    version: int = 0
    on_page: bool = False
    kept_days: int = 5 * YEAR_DAYS

    @property
    def kept_for(self) -> timedelta:
        """How long it is kept after it last moved; who is nobody's debtor is forgotten sooner."""
        return timedelta(days=self.kept_days if self.known else STRANGERS_KEPT_DAYS)

    @property
    def place(self) -> str:
        """Where it is held, as people are told: a channel, or ``page``."""
        return PAGE if self.on_page else self.channel.value

    @property
    def known(self) -> bool:
        """Say whether it belongs to a case; the others wait in the tray."""
        return bool(self.case_ids or self.attached)

    def window_ends(self) -> datetime | None:
        """Give the moment up to which free text may be sent; None when they never wrote."""
        return self.last_in_at + WINDOW if self.last_in_at else None


def conversation_id(portfolio_id: str, channel: Channel, phone: str) -> str:
    return derived_id("cnv", portfolio_id, channel.value, phone)


def page_conversation_id(portfolio_id: str, case_id: str) -> str:
    return derived_id("cnv", portfolio_id, PAGE, case_id)
