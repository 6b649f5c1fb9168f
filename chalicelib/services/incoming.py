"""
Money that a provider says came in, or went back: brought to its case, or to the tray.

Everything that follows from a payment is one change of the case: entries, promises kept, queued
messages and planned visits withdrawn, the checkout marked, the receipt issued and its message put
into the outbox. It may be told of twice, late, in any order, and stop anywhere: told again, it
goes on where it was. A payment that no case can be found for is kept in the tray.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from chalicelib.domain.case import CaseFile, CaseStatus
from chalicelib.domain.checkout import read_reference
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import AlreadyRecorded, BadField, CaseMoved, CaseNotFound
from chalicelib.domain.payment import PaymentState, ProviderPayment, together
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.received import Received, received_id
from chalicelib.domain.unmatched import MERGED, Unmatched, UnmatchedState, unmatched_id
from chalicelib.services import casework
from chalicelib.services.access import Portfolios

ATTEMPTS = 10
MOST_MERGES = 8


class Outcome(StrEnum):
    """POSTED moved the case; KNOWN was no news; UNMATCHED is in the tray; IGNORED has no money."""

    POSTED = "posted"
    KNOWN = "known"
    UNMATCHED = "unmatched"
    IGNORED = "ignored"


class Cases(casework.Cases, Protocol):
    def case_of_payment(self, portfolio_id: str, source: str, reference: str) -> str | None:
        """Say which case has the payment with this key; None when there is none."""
        ...


class Tray(Protocol):
    def add(self, document: Unmatched) -> bool: ...
    def get(self, portfolio_id: str, key: str) -> Unmatched | None: ...
    def save(self, document: Unmatched) -> Unmatched | None: ...


# Whose a reference is that debtors pay to: (case id, debt id).
References = Callable[[str, str, str], "tuple[str, str] | None"]
# What else follows from a payment, in the same change: receipts, discounts taken.
Follow = Callable[[Draft, CaseFile, Received], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """
    Args:
        references: Finds (case id, debt id) by (portfolio id, provider, reference); None where
            nobody has been given it.
        follows: Called in turn with the draft, once what came is posted on it.
    """

    cases: Cases
    portfolios: Portfolios
    tray: Tray
    references: References
    follows: tuple[Follow, ...] = ()


def take(
    payment: ProviderPayment, *, portfolio_id: str, means: Means, now: datetime
) -> tuple[Outcome, str]:
    """
    Bring one payment, as it stands at its provider, to where it belongs.

    Safe to repeat, in any order.

    Args:
        portfolio_id: Whose account at the provider it is; a case of another is not touched.

    Returns:
        What became of it, and the case it is in; empty for none.

    Raises:
        CaseMoved: The case kept moving; to be told again.
    """
    try:
        return _brought(payment, portfolio_id, means, now)
    except _NoPlace as none:
        return _unmatched(payment, none, portfolio_id, means, now), ""


def post(
    case_id: str,
    payment: ProviderPayment,
    *,
    checkout_id: str = "",
    debt_id: str | None = None,
    by: str = casework.MACHINE,
    means: Means,
    now: datetime,
) -> bool:
    """
    Post a payment to a case with all that follows, in one change. Says whether anything moved.

    Raises:
        AlreadyRecorded: Another case has it.
        BadField: The case has no debt that it could pay.
    """

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        received = draft.receive_payment(payment, checkout_id=checkout_id, debt_id=debt_id)
        if received is not None:
            for follow in means.follows:
                follow(draft, file, received)

    return casework.change_by_machine(
        case_id, do, cases=means.cases, portfolios=means.portfolios, now=now, by=by
    )


def living(case_id: str, means: Means) -> CaseFile:
    """Open a case, or the one that it was merged into."""
    file = _opened(case_id, means)
    for _ in range(MOST_MERGES):
        if file.head.status is not CaseStatus.VOID or not file.head.merged_into:
            break
        file = _opened(file.head.merged_into, means)
    return file


# Private


class _NoPlace(Exception):
    """No case can take a payment; ``reason`` and ``case_id`` as of ``Unmatched``."""

    def __init__(self, reason: str, case_id: str = "") -> None:
        super().__init__(reason)
        self.reason, self.case_id = reason, case_id


def _brought(
    payment: ProviderPayment, portfolio_id: str, means: Means, now: datetime
) -> tuple[Outcome, str]:
    """Put a payment to its case, wherever that is by now."""
    case_id, checkout_id, debt_id = _place(payment, portfolio_id, means)
    for _ in range(ATTEMPTS):
        if _moved_away(case_id, payment, portfolio_id, means):
            return Outcome.KNOWN, case_id
        file = living(case_id, means)
        _check(file, payment, portfolio_id)
        case_id = file.head.case_id
        try:
            moved = post(
                case_id, payment, checkout_id=checkout_id, debt_id=debt_id, means=means, now=now
            )
        except AlreadyRecorded as recorded:
            # It is in another case's ledger, or another delivery won: go where it is.
            holder = str(recorded.details.get("case_id") or case_id)
            case_id, checkout_id, debt_id = holder, "", None
            continue
        except BadField:
            raise _NoPlace("no_debt") from None
        return (Outcome.POSTED if moved else Outcome.KNOWN), case_id
    raise CaseMoved(case_id=case_id)


def _place(
    payment: ProviderPayment, portfolio_id: str, means: Means
) -> tuple[str, str, str | None]:
    """Find (case id, checkout id, debt id): by the ledger first, for what is posted stays."""
    ours = read_reference(payment.reference)
    holder = None
    if payment.payment_id:
        holder = means.cases.case_of_payment(portfolio_id, payment.provider, payment.payment_id)
    if holder is not None:
        return holder, ours[1] if ours and ours[0] == holder else "", None
    if ours is not None:
        return ours[0], ours[1], None
    if payment.reference:
        given = means.references(portfolio_id, payment.provider, payment.reference)
        if given is not None:
            return given[0], "", given[1] or None
    raise _NoPlace("unknown")


def _moved_away(case_id: str, payment: ProviderPayment, portfolio_id: str, means: Means) -> bool:
    """
    Say whether a payment was posted to a case that was merged into another since.

    Its entries are there, its money is in a balance that moved on: what changes of it now is for
    a person to correct, who finds it in the tray.
    """
    file = _opened(case_id, means)
    key = received_id(portfolio_id, payment.provider, payment.payment_id)
    known = next((one for one in file.received if one.received_id == key), None)
    if known is None or file.head.status is not CaseStatus.VOID:
        return False
    if together(known.payment, payment) != known.payment:
        raise _NoPlace(MERGED, living(case_id, means).head.case_id)
    return True


def _opened(case_id: str, means: Means) -> CaseFile:
    try:
        return means.cases.open(case_id)
    except CaseNotFound:
        raise _NoPlace("unknown") from None


def _check(file: CaseFile, payment: ProviderPayment, portfolio_id: str) -> None:
    """Refuse to put a payment where it cannot be."""
    reasons = {
        "foreign": file.head.portfolio_id != portfolio_id,
        "case_void": file.head.status is CaseStatus.VOID,
        "currency": file.head.currency != payment.currency,
    }
    reason = next((reason for reason, holds in reasons.items() if holds), "")
    if reason:
        raise _NoPlace(reason)


def _unmatched(
    payment: ProviderPayment, none: _NoPlace, portfolio_id: str, means: Means, now: datetime
) -> Outcome:
    """Keep what nobody can place; news of it is put together with what is kept."""
    if not payment.payment_id:
        return Outcome.IGNORED
    key = unmatched_id(payment.provider, payment.payment_id)
    for _ in range(ATTEMPTS):
        known = means.tray.get(portfolio_id, key)
        if known is None:
            if payment.state is not PaymentState.PAID:
                return Outcome.IGNORED
            fresh = Unmatched(
                unmatched_id=key,
                portfolio_id=portfolio_id,
                payment=payment,
                reason=none.reason,
                state=UnmatchedState.OPEN,
                case_id=none.case_id,
                at=now,
                updated_at=now,
            )
            if means.tray.add(fresh):
                return Outcome.UNMATCHED
            continue
        stands = together(known.payment, payment)
        state = _state(known, stands)
        if (stands, state) == (known.payment, known.state):
            return Outcome.KNOWN
        if means.tray.save(replace(known, payment=stands, state=state, updated_at=now)):
            return Outcome.UNMATCHED
    raise RuntimeError("a payment of the tray kept moving")


def _state(known: Unmatched, stands: ProviderPayment) -> UnmatchedState:
    """How a payment of the tray waits after news of it."""
    if known.reason == MERGED:  # each news of it is to be brought to its debts
        return known.state if stands == known.payment else UnmatchedState.OPEN
    gone = stands.kept_minor == 0 and known.state in (
        UnmatchedState.OPEN,
        UnmatchedState.RETURNING,
    )
    return UnmatchedState.RETURNED if gone else known.state
