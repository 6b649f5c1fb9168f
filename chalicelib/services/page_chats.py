"""
The chat on a debtor's page, kept as a conversation: people read along, take it over and answer.

Nothing is handed to a provider: what is said waits on the page until the debtor looks. So there is
no window and no gate, for whoever reads it came to ask.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.conversation.turns import Stage, Talk, Turn
from chalicelib.conversation.words import Language
from chalicelib.domain.contact import Channel
from chalicelib.domain.conversation import (
    PAGE,
    YEAR_DAYS,
    Conversation,
    Desk,
    Message,
    page_conversation_id,
)
from chalicelib.domain.errors import ConversationMoved
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services.conversation_ports import Conversations
from chalicelib.services.conversation_sending import later, shown
from chalicelib.services.conversations import asked_for

ATTEMPTS = 10
# What the page shows: of an older conversation only what is fresh.
SHOWN, FRESH = 30, timedelta(hours=24)

Decide = Callable[[Talk], Turn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """
    Args:
        whole: None until the debtor has said something.
        messages: What the page shows of it, in order.
    """

    whole: Conversation | None = None
    messages: tuple[Message, ...] = ()

    @property
    def with_person(self) -> bool:
        """Whether a person is wanted or has it."""
        return self.whole is not None and self.whole.desk in (Desk.WAITING, Desk.PERSON)

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """What the bot offers to choose from: with what it said last."""
        last = self.messages[-1] if self.messages else None
        return last.buttons if last is not None and last.by == "bot" else ()


def opened(portfolio_id: str, case_id: str, *, conversations: Conversations, now: datetime) -> Chat:
    """Give a debtor's chat as their page shows it."""
    one = conversations.find(page_conversation_id(portfolio_id, case_id))
    if one is None:
        return Chat()
    found = conversations.messages(one.conversation_id, limit=SHOWN)
    fresh = tuple(message for message in found if message.text and message.at > now - FRESH)
    return Chat(whole=one, messages=fresh)


def talk_of(chat: Chat, case_id: str, language: str, now: datetime) -> Talk:
    """The dialogue's state: who is on the page has proven who they are, again and again."""
    if chat.whole is None or not chat.whole.talk:
        begun = Talk(language=Language(language), stage=Stage.MENU)
    else:
        begun = from_plain(Talk, chat.whole.talk)
    if begun.stage in (Stage.START, Stage.IDENTIFY):
        begun = replace(begun, stage=Stage.MENU)
    return replace(begun, language=Language(language), case_id=case_id, identified_at=now)


def hear(
    words: str,
    *,
    case_id: str,
    portfolio: Portfolio,
    language: str,
    key: str,
    decide: Decide,
    follow: Callable[[Turn, Conversation | None], None],
    conversations: Conversations,
    now: datetime,
) -> None:
    """
    Take what a debtor said. Safe to repeat with the same key.

    Args:
        words: What they wrote, or the title of what they chose.
        decide: What the bot makes of it.
        follow: Does what follows, before it is noted that it was taken; may be called again.

    Raises:
        ConversationMoved: It kept moving.
    """
    for left in reversed(range(ATTEMPTS)):
        if conversations.heard(PAGE, key) is not None:
            return
        before = conversations.find(page_conversation_id(portfolio.portfolio_id, case_id))
        turn = decide(talk_of(Chat(whole=before), case_id, language, now))
        follow(turn, before)
        base = before or _new(portfolio, case_id, now)
        messages = _messages(words, turn, base.seq, case_id=case_id, key=key, now=now)
        try:
            conversations.save(
                _moved(base, turn, messages, fresh=before is None, now=now),
                *messages,
                before=before,
                heard=(PAGE, key),
                now=now,
            )
        except ConversationMoved:
            if not left:
                raise
        else:
            return


def _new(portfolio: Portfolio, case_id: str, now: datetime) -> Conversation:
    return Conversation(
        conversation_id=page_conversation_id(portfolio.portfolio_id, case_id),
        portfolio_id=portfolio.portfolio_id,
        channel=Channel.WHATSAPP,  # how long the bot's answers may be
        phone=case_id,
        recipient="",
        on_page=True,
        case_ids=(case_id,),
        kept_days=portfolio.policies.retention_years * YEAR_DAYS,
        created_at=now,
        moved_at=now,
    )


def _messages(
    words: str, turn: Turn, seq: int, *, case_id: str, key: str, now: datetime
) -> list[Message]:
    said = Message(
        seq=seq + 1,
        at=now,
        by="debtor",
        text=words,
        provider_id=key,
        intent=turn.intent,
        case_id=case_id,
    )
    answers = (
        Message(
            seq=seq + 2 + number,
            at=now,
            by="bot",
            text=reply.text,
            buttons=reply.buttons,
            case_id=case_id,
            state="sent",
        )
        for number, reply in enumerate(turn.replies)
    )
    return [said, *answers]


def _moved(
    base: Conversation, turn: Turn, messages: Sequence[Message], *, fresh: bool, now: datetime
) -> Conversation:
    desk, reason = asked_for(turn, base.reason)
    moved = replace(
        base,
        talk=to_plain(turn.talk),
        desk=desk,
        reason=reason,
        unread=base.unread + 1,
        last_in_at=now,
        moved_at=now if fresh else later(base, now),
        seq=messages[-1].seq,
    )
    return shown(moved, *messages)
