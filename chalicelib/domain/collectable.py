"""
What of a case may be asked for: all it owes, less the debts whose collection is stopped.

Debts under an agreement in force are asked for by its payments: they owe since the next one that is
open, whatever the law counts from. Where one of them is held, all of the agreement is.
"""

from dataclasses import dataclass
from datetime import date

from chalicelib.domain import holds
from chalicelib.domain.agreed import agreed
from chalicelib.domain.book import Book
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Hold
from chalicelib.domain.portfolio import Portfolio


@dataclass(frozen=True, slots=True)
class Collectable:
    """
    Args:
        oldest_due_on: Since when it owes what may be asked for, as it was agreed where it was;
            None when that is nothing.
        balance_minor: What may be asked for.
        held: Ids of the debts left out.
        stopped: The holds that stop all contact about the case; with one of them nothing is left
            out, for then nothing is asked for and the figures are those of the case.
        oldest_debt: The debt that has owed longest; empty where no single debts are held.
    """

    oldest_due_on: date | None
    balance_minor: int
    held: frozenset[str] = frozenset()
    stopped: tuple[Hold, ...] = ()
    oldest_debt: str = ""


def collectable(file: CaseFile, portfolio: Portfolio, day: date) -> Collectable:
    """Say what of a case may be asked for on *day*."""
    head = file.head
    plan = agreed(file, portfolio)
    if plan is None and not any(hold.debt_ids for hold in file.holds):
        return Collectable(
            oldest_due_on=head.oldest_due_on,
            balance_minor=head.balance_minor,
            stopped=holds.active(file.holds, day),
        )
    book = Book(
        portfolio.portfolio_id,
        portfolio.policies,
        file.debts,
        file.entries,
        actor="",
        now=head.updated_at,
    )
    due = {debt.debt_id: book.oldest_due_on(debt.debt_id) for debt in file.debts}
    within = frozenset(plan.agreement.debt_ids) if plan else frozenset()
    if plan and plan.standing.next is not None:
        agreed_on = plan.standing.next.share.due_on
        due |= {key: agreed_on for key in within if due.get(key) is not None}
    owing = {debt_id: on for debt_id, on in due.items() if on is not None}
    stopped = holds.stopping(file.holds, day, lambda: owing)
    held = frozenset() if stopped else holds.held_debts(file.holds, day)
    if held & within:
        held |= within
        stopped = holds.active(file.holds, day) if set(owing) <= held else ()
        held = frozenset() if stopped else held
    left = {debt_id: on for debt_id, on in owing.items() if debt_id not in held}
    oldest = min(left, key=lambda debt_id: (left[debt_id], debt_id), default="")
    return Collectable(
        oldest_due_on=left.get(oldest),
        balance_minor=head.balance_minor
        - sum(book.balance(debt_id).total_minor for debt_id in held if debt_id in due),
        held=held,
        stopped=stopped,
        oldest_debt=oldest,
    )
