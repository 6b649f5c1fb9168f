"""The ledger: entries are only ever added; every balance is their sum."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.portfolio import Component
from chalicelib.domain.quick import quick


class EntryKind(StrEnum):
    """
    CHARGE what the creditor says is owed. INTEREST moratory interest realised because
    a payment or a waiver touched it. PAYMENT money received. ADJUSTMENT a correction
    either way. WAIVER forgiven. REVERSAL undoes one earlier entry to the cent.
    """

    CHARGE = "charge"
    INTEREST = "interest"
    PAYMENT = "payment"
    ADJUSTMENT = "adjustment"
    WAIVER = "waiver"
    REVERSAL = "reversal"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    One line of the ledger, signed: what raises the debt is positive.

    Args:
        entry_id: Made from what caused it (``ids.entry_id(source, reference, debt_id)``), so
            that a repeat meets itself.
        principal_minor, interest_minor, fees_minor: The split, signed like ``amount_minor``,
            which is their sum.
        effective_on: The day it counts for (a payment's date), in the portfolio's time zone.
        recorded_at: When we learned of it, UTC.
        source: Where it comes from: ``upload``, ``manual``, or a provider's name.
        reference: The source's own reference; (source, reference) is unique in a portfolio
            for payments.
        reverses: The entry it undoes, for REVERSAL.
        reason: Free text for the file; required for ADJUSTMENT, WAIVER and REVERSAL by hand.
        credited: Of a PAYMENT, and what reverses it: whose work it is put down to, a person's
            id; empty = nobody's. See ``domain.credit``.
        late_days: Of one that is put down to somebody: how many days its debt was past due on
            that day, before it was paid; negative = not yet due.
    """

    entry_id: str
    debt_id: str
    kind: EntryKind
    amount_minor: int
    principal_minor: int
    interest_minor: int
    fees_minor: int
    effective_on: date
    recorded_at: datetime
    source: str
    reference: str
    actor: str
    reverses: str | None = None
    reason: str = ""
    credited: str = ""
    late_days: int | None = None

    def __post_init__(self) -> None:
        if self.principal_minor + self.interest_minor + self.fees_minor != self.amount_minor:
            raise ValueError("the split of an entry must add up to its amount")


@quick
@dataclass(frozen=True, slots=True)
class Balance:
    """
    What a debt owes, in minor units; a negative part is a credit.

    >>> Balance(100, 20, 5).total_minor
    125
    """

    principal_minor: int = 0
    interest_minor: int = 0
    fees_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.principal_minor + self.interest_minor + self.fees_minor

    def plus(self, entry: Entry) -> "Balance":
        return Balance(
            self.principal_minor + entry.principal_minor,
            self.interest_minor + entry.interest_minor,
            self.fees_minor + entry.fees_minor,
        )


NOTHING = Balance()


def of_component(component: Component, amount_minor: int) -> Balance:
    """
    Put a signed amount on one component.

    >>> of_component(Component.FEES, -5)
    Balance(principal_minor=0, interest_minor=0, fees_minor=-5)
    """
    return Balance(
        amount_minor if component is Component.PRINCIPAL else 0,
        amount_minor if component is Component.INTEREST else 0,
        amount_minor if component is Component.FEES else 0,
    )


def balances(entries: Iterable[Entry]) -> dict[str, Balance]:
    """Replay *entries* to what each debt owes, by debt id."""
    owed: dict[str, Balance] = {}
    for entry in entries:
        owed[entry.debt_id] = owed.get(entry.debt_id, NOTHING).plus(entry)
    return owed


def reversals(entries: Iterable[Entry]) -> dict[str, str]:
    """Map each entry that was undone to the id of the REVERSAL that undid it."""
    return {entry.reverses: entry.entry_id for entry in entries if entry.reverses}


_RANK = {kind: rank for rank, kind in enumerate(EntryKind)}


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Sort entries as they were recorded; interest before the payment that realised it."""
    return tuple(sorted(entries, key=lambda e: (e.recorded_at, _RANK[e.kind], e.entry_id)))
