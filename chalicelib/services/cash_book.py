"""
The book of cash in agents' hands: its port, its lines, and how it is told.

Who may write what stands in ``cash_on_phone`` (the agent) and ``cash_desk`` (the supervisor).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.cash import (
    MOST_NUMBERS,
    Deposit,
    Hand,
    Move,
    MoveKind,
    Receipt,
    limit_of,
    warns,
)
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio

LONGEST_REASON = 500


class CashBook(Protocol):
    """What agents hold and why (``store.cash``)."""

    def receipt(self, key: str) -> Receipt | None: ...
    def receipts(self, series: str) -> list[Receipt]: ...
    def add_void(self, receipt: Receipt, move: Move) -> bool: ...
    def series(self, portfolio_id: str) -> list[tuple[str, str, str]]: ...
    def hand(self, portfolio_id: str, person_id: str) -> Hand: ...
    def hands(self, portfolio_id: str) -> list[Hand]: ...
    def moves(
        self,
        portfolio_id: str,
        *,
        since: datetime | None = ...,
        until: datetime | None = ...,
        where: Callable[[Move], bool] = ...,
        cursor: str | None = ...,
        limit: int = ...,
    ) -> tuple[list[Move], str | None]: ...
    def settled(self, portfolio_id: str, move_id: str) -> bool: ...
    def settle(self, move: Move) -> bool: ...
    def deposit(self, portfolio_id: str, deposit_id: str) -> Deposit | None: ...
    def deposits(self, portfolio_id: str) -> list[Deposit]: ...
    def declare(self, deposit: Deposit, move: Move) -> bool: ...
    def count(self, deposit: Deposit, move: Move) -> bool: ...


def line(
    kind: MoveKind,
    portfolio: Portfolio,
    person_id: str,
    cause: str,
    *,
    by: Actor,
    at: datetime,
    **values: Any,
) -> Move:
    """Make a line of the book; the same *cause* gives the same one, so it is written once."""
    return Move(
        move_id=derived_id("mov", kind.value, cause),
        kind=kind,
        portfolio_id=portfolio.portfolio_id,
        person_id=person_id,
        at=at,
        by=by.actor_id,
        currency=portfolio.currency,
        **values,
    )


def hand_plain(hand: Hand, portfolio: Portfolio) -> dict[str, Any]:
    """Tell a hand with the limit of its portfolio, and how near it is to it."""
    limit = limit_of(portfolio)
    return {
        "portfolio_id": hand.portfolio_id,
        "currency": portfolio.currency,
        "held_minor": hand.held_minor,
        "declared_minor": hand.declared_minor,
        "owed_minor": hand.owed_minor,
        "answers_for_minor": hand.answers_for_minor,
        "limit_minor": limit,
        "state": "full"
        if hand.answers_for_minor >= limit
        else "warn"
        if warns(hand.answers_for_minor, limit)
        else "fine",
    }


def deposit_plain(deposit: Deposit) -> dict[str, Any]:
    """Tell a deposit without its people and where its slip lies."""
    plain: dict[str, Any] = to_plain(deposit)
    for name in ("slip", "slip_sha256", "counted_by", "person_id", "version"):
        del plain[name]
    return plain | {"difference_minor": deposit.difference_minor, "has_slip": bool(deposit.slip)}


def place(number: str) -> int:
    """Give a receipt's place in its series."""
    return min(int(number.partition("-")[2]), MOST_NUMBERS)


def named(person_id: str, who: Mapping[str, str]) -> dict[str, str]:
    return {"id": person_id, "name": who.get(f"user:{person_id}", "")}
