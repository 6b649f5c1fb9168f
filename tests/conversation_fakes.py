"""Conversations in memory, and a telephone for the bot to answer at."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from chalicelib.domain.contact import Channel, Inbound, NotSent, Receipt
from chalicelib.domain.errors import ConversationMoved, ConversationNotFound
from chalicelib.services.conversation_facts import may_answer
from chalicelib.services.conversation_ports import Means
from tests.builders import NOW

OURS = "+525500000000"
ANA = "+525511112222"
OVERLAP = timedelta(seconds=5)


class MemoryConversations:
    """What ``store.conversations.ConversationStore`` promises, in dictionaries."""

    def __init__(self) -> None:
        self.heads = {}
        self.said = {}
        self.taken = {}
        self._lock = threading.RLock()

    def get(self, conversation_id):
        if conversation_id not in self.heads:
            raise ConversationNotFound(conversation_id=conversation_id)
        return self.heads[conversation_id]

    def find(self, conversation_id):
        return self.heads.get(conversation_id)

    def heard(self, provider, provider_id):
        return self.taken.get((provider, provider_id))

    def of_phone(self, channel, phone):
        found = [h for h in self.heads.values() if (h.channel, h.phone) == (channel, phone)]
        return sorted(found, key=lambda head: head.moved_at, reverse=True)

    def page(self, portfolio_id, *, known, limit, cursor=None, since=None, desk=None):
        found = [
            head
            for head in self.heads.values()
            if head.portfolio_id == portfolio_id
            and head.known is known
            and (desk is None or head.desk == desk)
        ]
        found.sort(key=lambda head: (head.moved_at, head.conversation_id), reverse=True)
        newest = found[0].moved_at.isoformat() if found else since or ""
        if since:
            found = [h for h in found if h.moved_at > datetime.fromisoformat(since) - OVERLAP]
        if cursor:
            found = [h for h in found if f"{h.moved_at.isoformat()}#{h.conversation_id}" < cursor]
        shown = found[:limit]
        more = len(found) > limit
        last = f"{shown[-1].moved_at.isoformat()}#{shown[-1].conversation_id}" if more else None
        return shown, last, newest

    def messages(self, conversation_id, *, after=0, before=None, limit=50):
        found = [
            one
            for one in self.said.get(conversation_id, {}).values()
            if one.seq > after and (before is None or one.seq < before)
        ]
        found.sort(key=lambda one: one.seq)
        return found[:limit] if after else found[-limit:]

    def save(self, conversation, *messages, before, heard=None, now):
        with self._lock:
            current = self.heads.get(conversation.conversation_id)
            if (current.version if current else None) != (before.version if before else None):
                raise ConversationMoved(conversation_id=conversation.conversation_id)
            if heard and heard in self.taken:
                raise ConversationMoved(conversation_id=conversation.conversation_id)
            stored = replace(conversation, version=conversation.version + 1)
            self.heads[stored.conversation_id] = stored
            self.settle(stored.conversation_id, *messages)
            if heard:
                self.taken[heard] = tuple(one.attempt_id for one in messages if one.by == "bot")
            return stored

    def settle(self, conversation_id, *messages):
        said = self.said.setdefault(conversation_id, {})
        said.update({one.seq: one for one in messages})

    def forget(self, conversation):
        self.heads.pop(conversation.conversation_id, None)
        self.said.pop(conversation.conversation_id, None)


class Phone:
    """A channel that keeps what was sent; ``refuse`` makes it say no, ``break_`` makes it fail."""

    def __init__(self) -> None:
        self.sent = []
        self.refuse = ""
        self.break_ = None

    def send(self, message):
        if self.break_:
            raise self.break_
        if self.refuse:
            raise NotSent(self.refuse)
        self.sent.append(message)
        return Receipt(provider="whatsapp", provider_id=f"out-{len(self.sent)}")


def means_of(conversations, cases, *portfolios, phone=None, gate=may_answer):
    """Everything a conversation needs; every portfolio answers at ``OURS``."""
    phone = phone or Phone()
    return Means(
        conversations=conversations,
        cases=cases,
        portfolios=Portfolios(portfolios),
        reached=lambda said: portfolios if said.recipient == OURS else (),
        answering=lambda one: portfolios if one.recipient == OURS else (),
        gate=gate,
        sender=lambda channel: phone,
        pay_url=lambda file, contact_id: "",
    )


class Portfolios:
    def __init__(self, portfolios):
        self._all = {one.portfolio_id: one for one in portfolios}

    def get(self, portfolio_id):
        return self._all.get(portfolio_id)


_ids = count(1)


def says(
    text="",
    *,
    sender=ANA,
    at=NOW - timedelta(seconds=2),
    provider_id=None,
    channel=Channel.WHATSAPP,
    **values,
):
    """A message from a phone; each with an id of its own unless it is given."""
    return Inbound(
        **{
            "provider": "whatsapp",
            "provider_id": provider_id or f"wamid.{next(_ids)}",
            "channel": channel,
            "sender": sender,
            "recipient": OURS,
            "at": at,
            "text": text,
            "extras": {"kind": values.pop("kind", "text")},
        }
        | values
    )
