"""What is known of a customer's invoices at a moment, and nothing that was learned later."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# What somebody did long ago says little, and each costs time: the newest count.
MOST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """
    One thing that was to be paid by a day.

    Args:
        customer: Who owes it, by a name that is the same for all of theirs.
        amount_minor: In minor units.
        settled_on: The day it was paid in full; None = not yet.
        paperless: It was sent electronically.
        group: What fairness is reported by, such as a country; never a fact of the model.
    """

    customer: str
    issued_on: date
    due_on: date
    amount_minor: int
    settled_on: date | None = None
    paperless: bool = False
    group: str = ""

    @property
    def lateness(self) -> int | None:
        """Days from the due date to payment; negative when it came before."""
        return None if self.settled_on is None else (self.settled_on - self.due_on).days

    @property
    def late(self) -> bool | None:
        return None if self.lateness is None else self.lateness > 0


@dataclass(frozen=True, slots=True)
class Seen:
    """
    What an invoice said by a moment.

    Args:
        days: After the due date: of its payment, or of that moment while it is open.
    """

    days: int
    settled: bool
    paperless: bool


def seen(invoices: Iterable[Invoice], at: date) -> list[Seen]:
    """
    Give what a customer's invoices said before the day *at*; the newest come last.

    A payment of that same day may not have been posted yet: it counts as open.
    """
    known = sorted(
        (one for one in invoices if one.issued_on < at),
        key=lambda one: (one.issued_on, one.due_on, one.amount_minor),
    )
    return [as_of(one, at) for one in known[-MOST:]]


def late_by(one: Invoice, at: date) -> bool | None:
    """
    Say whether an invoice was late, as far as that was known before the day *at*.

    None for what was not due yet, paid or not: taking only those that were paid by then would
    take the punctual ones.
    """
    if one.due_on >= at:
        return None
    return as_of(one, at).days > 0


def as_of(one: Invoice, at: date) -> Seen:
    """Tell what one invoice said before the day *at*."""
    if one.settled_on is not None and one.settled_on < at:
        return Seen((one.settled_on - one.due_on).days, True, one.paperless)
    return Seen((at - one.due_on).days, False, one.paperless)
