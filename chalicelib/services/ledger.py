"""Money by hand: post a payment, adjust, waive, reverse. Each with a reason and a role's limit."""

from datetime import date, datetime

from chalicelib.domain.case import CaseFile
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import AlreadyRecorded, EntryNotFound, NotAllowed, OverLimit
from chalicelib.domain.ids import entry_id as entry_id_of
from chalicelib.domain.ledger import Entry, EntryKind, reversals
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.portfolio import Component, Portfolio
from chalicelib.services import casework
from chalicelib.services.access import MANAGERS, Portfolios, need
from chalicelib.services.casework import Cases

MANUAL = "manual"
LONGEST_REASON = 500
LONGEST_REFERENCE = 120

Opened = tuple[CaseFile, Portfolio]


def post_payment(
    case_id: str,
    *,
    amount_minor: int,
    paid_on: date,
    reference: str,
    method: str = "",
    debt_id: str | None = None,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Opened:
    """
    Record money received for a case, allocated by the portfolio's policy.

    Safe to repeat: the reference is unique among the portfolio's manual payments, and a second
    delivery of the same payment gives the case as it is and changes nothing.

    Raises:
        BadField: Amount not positive, date after today, no reference, no debt to pay.
        DebtNotFound: The named debt is not of this case.
        AlreadyRecorded: The reference was used for another payment; details: ``case_id``.
        NotAllowed, OverLimit: The role may not, or not so much.
    """
    reference = casework.text(reference, "reference", longest=LONGEST_REFERENCE)

    def do(draft: Draft, _: CaseFile, portfolio: Portfolio) -> None:
        limits = portfolio.policies.role_limits
        _within(actor, amount_minor, agent=limits.agent_payment_minor, supervisor=None)
        known = draft.payment(MANUAL, reference)
        if known:
            if not _same_payment(known, amount_minor, paid_on):
                raise AlreadyRecorded(key=reference, case_id=draft.case_id, same=False)
            return
        draft.pay(
            amount_minor,
            paid_on=paid_on,
            source=MANUAL,
            reference=reference,
            method=method[:40],
            debt_id=debt_id,
        )

    try:
        return casework.change(
            case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now
        )
    except AlreadyRecorded as recorded:
        # Another delivery of the same payment won the race between our reading and writing.
        if not recorded.details.get("same"):
            holder = recorded.details.get("case_id")
            raise AlreadyRecorded(key=reference, case_id=holder, same=False) from None
        return casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)


def adjust(
    case_id: str,
    *,
    debt_id: str,
    component: Component,
    amount_minor: int,
    reason: str,
    key: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Opened:
    """
    Correct one component of a debt by a signed amount.

    Args:
        key: Names this request; a second one with the same key changes nothing.

    Raises:
        BadField: Zero, or no reason.
        DebtNotFound: Not of this case.
        AlreadyRecorded: The key was used for another adjustment.
        NotAllowed, OverLimit: The role may not, or not so much.
    """
    reason = casework.text(reason, "reason", longest=LONGEST_REASON)

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        need_adjust(actor, amount_minor, portfolio)
        if not _recorded(file, key, debt_id, EntryKind.ADJUSTMENT, amount_minor):
            draft.adjust(
                debt_id, component, amount_minor, reason=reason, source=MANUAL, reference=key
            )

    return casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def waive(
    case_id: str,
    *,
    debt_id: str,
    component: Component,
    amount_minor: int,
    reason: str,
    key: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Opened:
    """
    Forgive part of a debt (positive amount); interest includes what accrued until today.

    Args:
        key: Names this request; a second one with the same key changes nothing.

    Raises:
        BadField: Not positive, more than is owed, or no reason.
        DebtNotFound: Not of this case.
        AlreadyRecorded: The key was used for another waiver.
        NotAllowed, OverLimit: The role may not, or not so much.
    """
    reason = casework.text(reason, "reason", longest=LONGEST_REASON)

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        need_adjust(actor, amount_minor, portfolio)
        if not _recorded(file, key, debt_id, EntryKind.WAIVER, -amount_minor):
            draft.waive(
                debt_id, component, amount_minor, reason=reason, source=MANUAL, reference=key
            )

    return casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def reverse(
    case_id: str,
    *,
    entry_id: str,
    reason: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Opened:
    """
    Undo an entry to the cent; a payment in all its entries.

    Safe to repeat: what was reversed stays reversed once.

    Raises:
        EntryNotFound: Not of this case.
        NotReversible: Its kind cannot be.
        NotAllowed, OverLimit: Managers only, within the supervisor's limit.
    """
    reason = casework.text(reason, "reason", longest=LONGEST_REASON)

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        need(actor, *MANAGERS)
        target = next((e for e in file.entries if e.entry_id == entry_id), None)
        if target is None:
            raise EntryNotFound(entry_id=entry_id)
        if entry_id in reversals(file.entries):
            return
        need_adjust(actor, target.amount_minor, portfolio)
        draft.reverse(entry_id, reason=reason)

    return casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def may_post_payment(actor: Actor, portfolio: Portfolio) -> bool:
    """Say whether the actor may post any payment at all; what a page shows its button by."""
    return actor.role in MANAGERS or (
        actor.role is Role.AGENT and portfolio.policies.role_limits.agent_payment_minor != 0
    )


def may_adjust(actor: Actor, portfolio: Portfolio) -> bool:
    """Say whether the actor may adjust or waive anything at all."""
    limits = portfolio.policies.role_limits
    limit = {
        Role.ADMIN: None,
        Role.SUPERVISOR: limits.supervisor_adjustment_minor,
        Role.AGENT: limits.agent_adjustment_minor,
    }
    return limit.get(actor.role, 0) != 0


def need_limit(actor: Actor, amount_minor: int, portfolio: Portfolio) -> None:
    """
    Let through who may correct a ledger by so much.

    Raises:
        NotAllowed, OverLimit: The role may not, or not so much.
    """
    need_adjust(actor, amount_minor, portfolio)


def need_adjust(actor: Actor, amount_minor: int, portfolio: Portfolio) -> None:
    limits = portfolio.policies.role_limits
    _within(
        actor,
        amount_minor,
        agent=limits.agent_adjustment_minor,
        supervisor=limits.supervisor_adjustment_minor,
    )


def _within(actor: Actor, amount_minor: int, *, agent: int | None, supervisor: int | None) -> None:
    limit = {Role.ADMIN: None, Role.SUPERVISOR: supervisor, Role.AGENT: agent}.get(actor.role, 0)
    if limit is None:
        return
    if limit == 0:
        raise NotAllowed(needs=[role.value for role in MANAGERS])
    if abs(amount_minor) > limit:
        raise OverLimit(limit_minor=limit)


def _same_payment(known: tuple[Entry, ...], amount_minor: int, paid_on: date) -> bool:
    paid = -sum(entry.amount_minor for entry in known)
    return paid == amount_minor and all(entry.effective_on == paid_on for entry in known)


def _recorded(file: CaseFile, key: str, debt_id: str, kind: EntryKind, amount_minor: int) -> bool:
    wanted = entry_id_of(file.head.portfolio_id, MANUAL, key, debt_id)
    known = next((entry for entry in file.entries if entry.entry_id == wanted), None)
    if known is None:
        return False
    if known.kind is not kind or known.amount_minor != amount_minor:
        raise AlreadyRecorded(key=key, case_id=file.head.case_id, same=False)
    return True
