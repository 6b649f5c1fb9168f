"""A dispatch for tests: real services, a case store of choice, a provider that counts."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.contact import Channel, Outgoing, Receipt
from chalicelib.domain.pacing import Turn
from chalicelib.domain.portfolio import Portfolio
from chalicelib.messages import ready
from chalicelib.messages.facts import Links
from chalicelib.services.dispatch_ports import Means
from chalicelib.store.paces import NEVER


class OnePortfolio:
    def __init__(self, portfolio: Portfolio) -> None:
        self.portfolio = portfolio

    def get(self, _portfolio_id: str) -> Portfolio:
        return self.portfolio


class ReadyTexts:
    def find(self, _portfolio_id, template_id, channel, language):
        return ready.texts().get((template_id, channel, language))


@dataclass
class Provider:
    """
    Takes every message, and counts how often it got each.

    Args:
        refusals: What to raise for the first messages, in turn.
    """

    refusals: list[Exception] = field(default_factory=list)
    got: list[Outgoing] = field(default_factory=list)
    lock: Any = field(default_factory=threading.Lock)

    def send(self, message: Outgoing) -> Receipt:
        with self.lock:
            if self.refusals:
                raise self.refusals.pop(0)
            self.got.append(message)
            return Receipt(provider="fake", provider_id=f"m-{message.message_id}")

    @property
    def counts(self) -> Counter[str]:
        return Counter(message.message_id for message in self.got)


class MemoryPaces:
    """What ``store.paces.PaceStore`` promises."""

    def __init__(self) -> None:
        self.free_at: dict[str, datetime] = {}
        self.lock = threading.Lock()

    def take(self, lane: str, *, step: timedelta, now: datetime, most_ahead: timedelta) -> Turn:
        with self.lock:
            free = self.free_at.get(lane, now)
            at = now if free > now + most_ahead + NEVER else max(free, now)
            if at > now + most_ahead:
                return Turn(at, False)
            self.free_at[lane] = at + step
            return Turn(at, True)


class LostConnection(Exception):
    """After a request was written: nobody knows whether it arrived."""


def means(cases, portfolio, provider, **changes) -> Means:
    base = {
        "cases": cases,
        "portfolios": OnePortfolio(portfolio),
        "templates": ReadyTexts(),
        "sender": lambda channel: provider,
        "links": lambda file, reach: Links(
            unsubscribe="https://x.example/u" if reach.channel is Channel.EMAIL else ""
        ),
        "problem": lambda error: None,
    }
    return Means(**base | changes)
