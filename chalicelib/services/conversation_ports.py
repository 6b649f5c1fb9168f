"""What a conversation is held with: stores, the gate, the channels."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain.case import CaseFile, CaseHead
from chalicelib.domain.contact import Channel, Inbound, Outgoing, Receipt, Ruling
from chalicelib.domain.conversation import Conversation, Message
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework
from chalicelib.services.access import Portfolios
from chalicelib.services.suppression import Known, nowhere


class Conversations(Protocol):
    def get(self, conversation_id: str) -> Conversation:
        """
        Raises:
            ConversationNotFound: No such conversation.
        """
        ...

    def find(self, conversation_id: str) -> Conversation | None: ...

    def heard(self, provider: str, provider_id: str) -> tuple[str, ...] | None:
        """Give the attempts that answer a message taken already; None for one that was not."""
        ...

    def of_phone(self, channel: Channel, phone: str) -> list[Conversation]: ...

    def page(
        self,
        portfolio_id: str,
        *,
        known: bool,
        limit: int,
        cursor: str | None = ...,
        since: str | None = ...,
        desk: str | None = ...,
    ) -> tuple[list[Conversation], str | None, str]: ...

    def messages(
        self, conversation_id: str, *, after: int = ..., before: int | None = ..., limit: int = ...
    ) -> list[Message]: ...

    def save(
        self,
        conversation: Conversation,
        *messages: Message,
        before: Conversation | None,
        heard: tuple[str, str] | None = ...,
        now: datetime,
    ) -> Conversation:
        """
        Raises:
            ConversationMoved: It changed, or that message was taken, meanwhile.
        """
        ...

    def settle(self, conversation_id: str, *messages: Message) -> None: ...

    def forget(self, conversation: Conversation) -> None: ...


class Cases(casework.Cases, Protocol):
    def case_of_message(self, provider: str, provider_id: str) -> tuple[str, str] | None:
        """Find the case and attempt that a provider's message belongs to."""
        ...

    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...

    def find(
        self, portfolio_id: str, kind: str, value: str, *, limit: int = ...
    ) -> Sequence[CaseHead]: ...


class Sender(Protocol):
    def send(self, message: Outgoing) -> Receipt:
        """
        Raises:
            NotSent: It surely did not go.
        """
        ...


class Gate(Protocol):
    def __call__(
        self,
        file: CaseFile,
        portfolio: Portfolio,
        *,
        contact_id: str,
        channel: Channel,
        now: datetime,
    ) -> Ruling:
        """Decide whether somebody who wrote may be answered now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """
    Args:
        reached: The portfolios that answer at the number a message came to.
        answering: The same, for a conversation that is there already.
        pay_url: Where a debtor can pay what a case owes, for a contact point of it; empty where
            there is no such page.
        sender: The adapter of a channel.
        suppressed: What people had erased: it becomes no contact point again.
    """

    conversations: Conversations
    cases: Cases
    portfolios: Portfolios
    reached: Callable[[Inbound], Sequence[Portfolio]]
    answering: Callable[[Conversation], Sequence[Portfolio]]
    gate: Gate
    sender: Callable[[Channel], Sender]
    pay_url: Callable[[CaseFile, str], str]
    suppressed: Known = nowhere
