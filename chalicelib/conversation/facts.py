"""What a conversation is told of the creditor and of the cases that have the sender's number."""

from dataclasses import dataclass
from datetime import date

# Who lawfully may hear of the debt besides the debtor; nobody else is ever told of it.
MAY_KNOW = frozenset({"debtor", "codebtor", "guarantor"})


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """
    The creditor's side.

    Args:
        today: The day it is where the portfolio is.
        shared: Whether several creditors answer at this number: which one it is, is told to
            those only who said who they are.
        contact_line: Phone or e-mail that a debtor may use, as shown.
        payment_means: How to pay the creditor: account, reference, place; as shown.
        office_open: Whether people answer now.
        office: When they do: (weekday from 1 = Monday, opens, closes), clock times ``HH:MM``.
        promise_days: A promise may be this far ahead at most.
        broken_promises: After so many broken ones a person makes the next.
        pause_days: How long messages pause after "I already paid".
    """

    name: str
    country: str
    today: date
    shared: bool = False
    contact_line: str = ""
    payment_means: str = ""
    office_open: bool = True
    office: tuple[tuple[int, str, str], ...] = tuple((n, "09:00", "18:00") for n in range(1, 6))
    promise_days: int = 15
    broken_promises: int = 2
    pause_days: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One debt as the debtor may hear of it."""

    product: str
    external_id: str
    due_on: date
    owed_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Debtor:
    """
    A case that has the number which wrote.

    Args:
        contact_id: The contact point with that number.
        party: Whose number it is.
        reachable: False where it is known to be somebody else's.
        total_minor: All that is owed today, default interest included.
        promised_minor, promised_on: The open promise.
        broken: Promises broken so far.
        pay_url: Where this debtor can pay; empty where there is no such page.
    """

    case_id: str
    contact_id: str
    tax_id: str
    currency: str
    total_minor: int
    owed: tuple[Owed, ...] = ()
    party: str = "debtor"
    reachable: bool = True
    promised_minor: int | None = None
    promised_on: date | None = None
    broken: int = 0
    pay_url: str = ""

    @property
    def may_know(self) -> bool:
        """Say whether whoever has this number may be told of the debt at all."""
        return self.reachable and self.party in MAY_KNOW
