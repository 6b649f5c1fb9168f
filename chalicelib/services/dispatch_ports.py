"""What the dispatch of messages asks of the outside."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.bank_references import PayTo
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Attempt, Cause, Channel, DueMessage, Outgoing, Receipt
from chalicelib.domain.offer import Offer
from chalicelib.domain.pacing import Turn
from chalicelib.domain.portfolio import Portfolio
from chalicelib.messages.facts import Links
from chalicelib.services.access import Portfolios
from chalicelib.services.casework import Cases
from chalicelib.services.contacting import Reach
from chalicelib.services.sending_hours import Hours, no_hours
from chalicelib.services.writing import Templates, nowhere


class Outbox(Protocol):
    def due_messages(
        self, shard: int, until: datetime, *, cursor: str | None = ..., limit: int = ...
    ) -> "Page": ...

    def lease(self, message: DueMessage, until: datetime) -> bool:
        """Put a message off while it is worked on; of two who do, one gets it."""
        ...


class Page(Protocol):
    @property
    def items(self) -> tuple[DueMessage, ...]: ...
    @property
    def cursor(self) -> str | None: ...


class Queue(Protocol):
    def send(self, messages: Iterable[dict[str, Any]]) -> None: ...


class Sender(Protocol):
    def send(self, message: Outgoing) -> Receipt:
        """
        Raises:
            NotSent: It surely did not go.
        """
        ...


def no_offer(_portfolio_id: str, _cause: Cause) -> Offer | None:
    """What who asks no strategy offers: nothing of its own."""
    return None


def no_budget(_portfolio: Portfolio, _micros: int, _now: datetime) -> str:
    """What who keeps no budget says of every message: none is used up."""
    return ""


def no_pace(_c: Channel, _country: str, _units: int, _key: str, _now: datetime) -> Turn | None:
    """What who keeps no pace says of every message: it goes."""
    return None


def never_again(_case_id: str, _attempt_id: str, _turn: datetime, _now: datetime) -> None:
    """What who keeps no pace does with a message that waits for its turn: there is none."""


def no_files(_: CaseFile, __: Attempt) -> tuple[tuple[str, str, bytes], ...]:
    return ()


def list_prices(_: str) -> Mapping[str, int]:
    return {}


def keep_nothing(_key: str, _body: bytes, _media_type: str) -> None:
    """What who keeps no evidence does with the files of a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """
    What a message is taken through with.

    Args:
        sender: The adapter of a channel.
        links: Signed addresses for a message to this reach of a case.
        pay_to: The numbers at the creditor's bank and counters that are a case's own.
        problem: Told of an error after which nobody knows whether the message went.
        offer: What the strategy that asked for a message offers in a portfolio.
        prices: What a unit of a channel costs a portfolio by its own contract.
        budget: Counts a message of that cost (millionths) where the portfolio's day and month
            have room for it, and else says which has none: a code of ``services.budgets``.
        pace: The turn of a message at its provider; see ``services.pacing.Pacer.wait``.
        again: Has ``deliver`` called with the turn that is kept for a message, at that moment.
        enclosed: The files that belong to a message because of what caused it: a receipt.
        hours: Which hours are good for a case on a channel.
        keep: Puts a file that goes along where evidence is kept: key, body, media type.
    """

    cases: Cases
    portfolios: Portfolios
    templates: Templates
    sender: Callable[[Channel], Sender]
    links: Callable[[CaseFile, Reach], Links]
    problem: Callable[[Exception], None]
    pay_to: Callable[[CaseFile], PayTo] = nowhere
    offer: Callable[[str, Cause], Offer | None] = no_offer
    prices: Callable[[str], Mapping[str, int]] = list_prices
    budget: Callable[[Portfolio, int, datetime], str] = no_budget
    hours: Hours = no_hours
    pace: Callable[[Channel, str, int, str, datetime], Turn | None] = no_pace
    again: Callable[[str, str, datetime, datetime], None] = never_again
    keep: Callable[[str, bytes, str], None] = keep_nothing
    enclosed: Callable[[CaseFile, Attempt], tuple[tuple[str, str, bytes], ...]] = no_files
