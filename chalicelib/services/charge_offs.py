"""Charging debts off and taking that back: asked for by one person, decided by another."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from chalicelib.domain.case import CaseFile, Debt
from chalicelib.domain.charge_off import (
    UNDECIDED,
    ChargeOff,
    ChargeOffReason,
    ChargeOffState,
    undecided,
)
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import BadField, ChargeOffSettled, OwnRequest
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import PERSON, Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework, ledger
from chalicelib.services.access import MANAGERS, Portfolios, need, need_portfolio
from chalicelib.services.casework import Cases

MOST_AT_ONCE = 30  # debts of one request: each is a row and an event of one change


class What(StrEnum):
    CHARGE_OFF = "charge_off"
    REINSTATEMENT = "reinstatement"  # the debt is to be as it was


Opened = tuple[CaseFile, Portfolio]


class Queue(Protocol):
    """Charge-offs that wait for a second person."""

    def charge_offs(self, portfolio_id: str, *, limit: int = ...) -> Sequence[tuple[str, str]]:
        """(case id, debt id), the oldest first."""
        ...

    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]: ...


def ask(
    case_id: str,
    *,
    debt_ids: Sequence[str],
    reason: ChargeOffReason,
    on: date | None,
    note: str,
    key: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Opened:
    """
    Ask a second person to charge debts off: all of them, or none where one cannot be.

    Safe to repeat under one key. Nothing of the ledger moves, now or when it is decided.

    Args:
        on: The day of the creditor's books; None = today.

    Raises:
        BadField: No debt, too many, no note, a day to come or one before there was the debt.
        DebtNotFound: Not of this case.
        ChargeOffSettled: One is charged off, or waits for that.
        NothingToChargeOff: One owes nothing.
    """
    wanted = tuple(dict.fromkeys(debt_ids))
    if not wanted:
        raise BadField(field="debt_ids", reason="missing")
    if len(wanted) > MOST_AT_ONCE:
        raise BadField(field="debt_ids", reason="too_many", most=MOST_AT_ONCE)
    note = casework.text(note, "note", longest=ledger.LONGEST_REASON)

    def do(draft: Draft, _: CaseFile, __: Portfolio) -> None:
        for debt_id in wanted:
            draft.ask_charge_off(
                debt_id,
                derived_id("cho", debt_id, key),
                reason=reason,
                on=on or draft.today,
                note=note,
            )

    return casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def reinstate(
    case_id: str,
    charge_off_id: str,
    *,
    note: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Opened:
    """
    Ask a second person to take a charge-off back. Safe to repeat.

    Raises:
        ChargeOffNotFound: Not of this case.
        ChargeOffSettled: It does not stand.
        BadField: No note.
    """
    note = casework.text(note, "reason", longest=ledger.LONGEST_REASON)

    def do(draft: Draft, _: CaseFile, __: Portfolio) -> None:
        draft.ask_reinstatement(charge_off_id, note=note)

    return casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def withdraw(
    case_id: str,
    charge_off_id: str,
    *,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Opened:
    """
    Take back one's own request to charge a debt off, while nobody decided on it. Safe to repeat.

    Raises:
        ChargeOffNotFound: Not of this case.
        ChargeOffSettled: It was decided on.
        NotAllowed: Somebody else asked for it, and the actor manages nothing.
    """

    def do(draft: Draft, _: CaseFile, __: Portfolio) -> None:
        debt, known = draft.charge_off(charge_off_id)
        if known.asked_by != actor.actor_id:
            need(actor, *MANAGERS)
        if known.state is ChargeOffState.WITHDRAWN:
            return
        if not draft.withdraw_charge_off(charge_off_id):
            raise ChargeOffSettled(state=known.state.value, debt_id=debt.debt_id)

    return casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def decide(
    case_id: str,
    charge_off_id: str,
    *,
    what: What,
    approved: bool,
    answer: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Opened:
    """
    Decide on what waits: charge the debt off, or take that back; or say no, with a reason.

    Args:
        what: Which of the two the decider saw; the other may wait by now.

    Safe to repeat. Decided within the limit by role that corrections of a ledger have.

    Raises:
        NotAllowed, OverLimit: The role may not, or not so much.
        OwnRequest: By who asked for it.
        ChargeOffNotFound: Not of this case.
        ChargeOffSettled: Somebody decided otherwise, or it was withdrawn.
        NothingToChargeOff: The debt was paid meanwhile; nothing is done, and it can be refused.
        BadField: A no without a reason.
    """
    need(actor, *MANAGERS)
    if not approved:
        answer = casework.text(answer, "reason", longest=ledger.LONGEST_REASON)

    def do(draft: Draft, _: CaseFile, portfolio: Portfolio) -> None:
        debt, known = draft.charge_off(charge_off_id)
        back = what is What.REINSTATEMENT
        if (known.return_asked_by if back else known.asked_by) == actor.actor_id:
            raise OwnRequest
        if approved and known.state in UNDECIDED:
            owed = draft.balance(debt.debt_id).total_minor
            ledger.need_limit(actor, known.amount_minor if back else owed, portfolio)
        decided = draft.decide_reinstatement if back else draft.decide_charge_off
        decided(charge_off_id, approved=approved, answer=answer)

    return casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def waiting(
    portfolio_id: str, *, actor: Actor, cases: Queue, limit: int = 100
) -> list[tuple[CaseFile, Debt, ChargeOff]]:
    """List what waits for a second person in a portfolio, the oldest first."""
    need_portfolio(actor, portfolio_id, *MANAGERS)
    keys = cases.charge_offs(portfolio_id, limit=limit)
    files = cases.open_many(list(dict.fromkeys(case_id for case_id, _ in keys)))
    found = []
    for case_id, debt_id in keys:
        file = files.get(case_id)
        for debt in file.debts if file else ():
            # The index lags behind: what was decided a moment ago is still in it.
            waits = undecided(debt.charge_offs) if debt.debt_id == debt_id else None
            if file is not None and waits is not None and not debt.void:
                found.append((file, debt, waits))
    return found


def asker(one: ChargeOff) -> str:
    """Who asked for what waits, an actor as on the timeline; empty where the plan did."""
    by = one.asked_by if what(one) is What.CHARGE_OFF else one.return_asked_by
    return by if by.startswith(PERSON) else ""


def what(one: ChargeOff) -> What:
    """Say what of a charge-off waits."""
    back = one.state is ChargeOffState.RETURNING
    return What.REINSTATEMENT if back else What.CHARGE_OFF
