"""
What every payment provider can do for us; the adapters beside this module do it.

An adapter is made for one portfolio with that portfolio's account: the money goes to the
creditor, never through us. It knows HTTP and the provider's words, and nothing of cases.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from chalicelib.domain.payment import (
    REASONS,
    Ask,
    Back,
    Forged,
    ProviderEvent,
    ProviderPayment,
    ProviderProblem,
    Started,
)

# Refusals are the domain's, so that use cases may answer them; adapters find them here.
__all__ = ["REASONS", "Forged", "Provider", "ProviderProblem"]


class Provider(Protocol):
    @property
    def name(self) -> str:
        """``stripe``, ``mercado_pago``, ``bank``, ``sandbox``: the ledger's source, for ever."""
        ...

    def start(self, ask: Ask) -> Started:
        """
        Have a page (or a number to pay to) made. Safe to repeat: ``ask.key`` names it.

        Raises:
            ProviderProblem: It was not made, or it is not known whether it was (``retry``).
        """
        ...

    def close(self, provider_id: str) -> bool:
        """
        End what was started, so that nobody pays it any more. Safe to repeat.

        Returns:
            False when it was paid already, or cannot be ended.
        """
        ...

    def read(self, read_id: str) -> ProviderPayment:
        """
        Say how a payment stands now.

        Args:
            read_id: A ``Started.provider_id``, a ``payment_id`` or an event's ``read_id``.

        Raises:
            ProviderProblem: ``not_found``, or it could not be asked.
        """
        ...

    def list_day(self, day: date) -> Sequence[ProviderPayment]:
        """
        Give every payment that came in, or of which money went back, on *day*.

        The day is the portfolio's own; an adapter whose provider reckons otherwise gives more
        rather than less.
        """
        ...

    def refund(self, payment_id: str, amount_minor: int, *, key: str) -> Back:
        """
        Send money of a payment back to who paid it. Safe to repeat: *key* names the refund.

        Raises:
            ProviderProblem: ``not_supported`` where money can only be sent back by hand.
        """
        ...

    def events(
        self, headers: Mapping[str, str], query: Mapping[str, str], raw: bytes, *, now: datetime
    ) -> Sequence[ProviderEvent]:
        """
        Read a notification, its signature first, over the bytes as they came.

        Returns:
            What it tells of payments; nothing for news of something else.

        Raises:
            Forged: The signature is missing, wrong or too old.
        """
        ...
