"""Handing over what is said in a conversation, and noting what became of it."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Content, NotSent, Outgoing, Receipt
from chalicelib.domain.conversation import PREVIEW_LENGTH, Conversation, Message
from chalicelib.domain.draft import Draft
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework
from chalicelib.services.conversation_ports import Means


def later(before: Conversation, now: datetime) -> datetime:
    """A moment after the last move, whatever the clocks say: lists are read by it."""
    return max(now, before.moved_at + timedelta(microseconds=1))


def shown(conversation: Conversation, *messages: Message) -> Conversation:
    """Let lists show the last of *messages*."""
    last = messages[-1]
    return replace(conversation, preview=last.text[:PREVIEW_LENGTH], preview_by=last.by)


def send(
    conversation: Conversation,
    message: Message,
    *,
    portfolio: Portfolio,
    means: Means,
    now: datetime,
    template: tuple[str, tuple[str, ...]] = ("", ()),
) -> Message:
    """
    Hand over a reserved message, and note what became of it.

    Any error but ``NotSent`` leaves open whether it went; it stays reserved.
    """
    outgoing = Outgoing(
        message_id=message.attempt_id or f"{conversation.conversation_id}-{message.seq}",
        reference=f"{message.case_id}:{message.attempt_id}" if message.case_id else "",
        portfolio_id=portfolio.portfolio_id,
        channel=conversation.channel,
        content=Content(
            to=conversation.phone,
            text=message.text,
            language=str(conversation.talk.get("language") or portfolio.language),
            buttons=message.buttons,
        ),
        country=portfolio.country,
        sender=conversation.sender_id,
        template_name=template[0],
        template_values=template[1],
    )
    try:
        receipt = means.sender(conversation.channel).send(outgoing)
    except NotSent as refused:
        done = replace(message, state="failed", problem=refused.code)
        _settle_attempt(done, None, means, now)
    else:
        done = replace(message, state="sent", provider_id=receipt.provider_id)
        _settle_attempt(done, receipt, means, now)
    means.conversations.settle(conversation.conversation_id, done)
    return done


def _settle_attempt(message: Message, receipt: Receipt | None, means: Means, now: datetime) -> None:
    if not message.attempt_id:
        return

    def note(draft: Draft, _: CaseFile, __: Portfolio) -> None:
        if receipt is None:
            draft.failed(message.attempt_id, message.problem)
        else:
            draft.sent(
                message.attempt_id, provider=receipt.provider, provider_id=receipt.provider_id
            )

    casework.change_by_machine(
        message.case_id, note, cases=means.cases, portfolios=means.portfolios, now=now
    )
