"""
The tray of payments that nobody could place, and money that came beyond what was owed.

A person says whose a payment is, or that it goes back. What is decided is noted before it is done:
of two people one does it, and what a crash left half done is gone on with by pressing again.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.case import CaseFile
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import (
    AlreadyRecorded,
    BadField,
    CaseNotFound,
    CaseVoid,
    NotReturnable,
    PaymentProviderNotFound,
    ProviderUnavailable,
    UnmatchedMoved,
    UnmatchedNotFound,
)
from chalicelib.domain.payment import Back, PaymentState, ProviderPayment, ProviderProblem
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.received import Received
from chalicelib.domain.unmatched import MERGED, Unmatched, UnmatchedState
from chalicelib.services import casework, incoming, ledger, merged_payments
from chalicelib.services.access import MANAGERS, need_portfolio
from chalicelib.services.incoming import Means

DONE = frozenset({UnmatchedState.ASSIGNED, UnmatchedState.RETURNED})


class Refunds(Protocol):
    def refund(self, payment_id: str, amount_minor: int, *, key: str) -> Back: ...


# Gives the adapter of a portfolio (its id) by name, or raises ``PaymentProviderNotFound``.
Providers = Callable[[str, str], Refunds]


class Tray(incoming.Tray, Protocol):
    def page(
        self, portfolio_id: str, *, limit: int, cursor: str | None, state: str | None = ...
    ) -> tuple[list[Unmatched], str | None]: ...


def assign(
    portfolio_id: str,
    unmatched_id: str,
    *,
    case_id: str,
    debt_id: str | None,
    actor: Actor,
    tray: Tray,
    means: Means,
    now: datetime,
) -> dict[str, Any]:
    """
    Put a payment of the tray to a case, with all that follows from a payment.

    Safe to repeat: what was assigned to this case stays so once.

    Raises:
        UnmatchedNotFound: None such in the portfolio.
        UnmatchedMoved: Somebody sent it back, or put it elsewhere; details: ``state``, ``case_id``.
        CaseNotFound: Not of the portfolio.
        BadField: The case has no debt, or its currency is another.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    file = means.cases.open(case_id)
    if file.head.portfolio_id != portfolio_id:
        raise CaseNotFound(case_id=case_id)
    known = _known(portfolio_id, unmatched_id, tray)
    if file.head.currency != known.payment.currency:
        raise BadField(field="case_id", reason="currency")
    if (known.state, known.case_id) == (UnmatchedState.ASSIGNED, case_id):
        return shown(known)
    begun = _begin(
        known, UnmatchedState.ASSIGNING, tray, case_id=case_id, by=actor.actor_id, now=now
    )
    try:
        incoming.post(
            case_id, begun.payment, debt_id=debt_id, by=actor.actor_id, means=means, now=now
        )
    except AlreadyRecorded as recorded:
        # It had found its case by itself meanwhile: that is where it is.
        holder = str(recorded.details.get("case_id", ""))
        if holder != case_id:
            _end(begun, UnmatchedState.ASSIGNED, tray, case_id=holder, now=now)
            raise UnmatchedMoved(state="assigned", case_id=holder) from None
    except (BadField, CaseVoid):
        _end(begun, UnmatchedState.OPEN, tray, case_id="", now=now)
        raise
    return shown(_end(begun, UnmatchedState.ASSIGNED, tray, case_id=case_id, now=now))


def send_back(
    portfolio_id: str,
    unmatched_id: str,
    *,
    actor: Actor,
    tray: Tray,
    providers: Providers,
    now: datetime,
) -> dict[str, Any]:
    """
    Give a payment of the tray back to whoever paid it. Safe to repeat: it goes back once.

    Raises:
        UnmatchedNotFound, UnmatchedMoved: As ``assign``.
        NotReturnable: Its provider cannot; it is to be sent back by hand.
        ProviderUnavailable: It did not now.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    known = _known(portfolio_id, unmatched_id, tray)
    if known.state is UnmatchedState.RETURNED:
        return shown(known)
    begun = _begin(known, UnmatchedState.RETURNING, tray, by=actor.actor_id, now=now)
    try:
        back = _refunded(
            portfolio_id,
            begun.payment,
            begun.payment.kept_minor,
            key=f"{unmatched_id}-{begun.payment.kept_minor}",
            providers=providers,
        )
    except (NotReturnable, ProviderUnavailable):
        _end(begun, UnmatchedState.OPEN, tray, case_id="", now=now)
        raise
    payment = replace(begun.payment, backs=(*begun.payment.backs, back))
    return shown(_end(begun, UnmatchedState.RETURNED, tray, now=now, payment=payment))


def bring(
    portfolio_id: str,
    unmatched_id: str,
    *,
    actor: Actor,
    tray: Tray,
    means: Means,
    now: datetime,
) -> dict[str, Any]:
    """
    Bring news of a payment whose case was merged to the case that its debts are in now.

    Safe to repeat: what was brought moves nothing again.

    Raises:
        UnmatchedNotFound: None such in the portfolio.
        BadField: It waits for another reason.
        NotAllowed, OverLimit: Managers only, within the supervisor's limit of adjustments.
        CaseNotFound, CaseVoid, DebtNotFound: See ``merged_payments.bring``.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    for _ in range(casework.ATTEMPTS):
        known = _known(portfolio_id, unmatched_id, tray)
        if known.reason != MERGED:
            raise BadField(field="action", reason="not_one_of")
        if known.state is UnmatchedState.ASSIGNED:
            return shown(known)
        case_id = merged_payments.bring(
            known.payment,
            portfolio_id=portfolio_id,
            by=actor.actor_id,
            check=lambda moved, portfolio: ledger.need_adjust(actor, moved, portfolio),
            means=means,
            now=now,
        )
        done = replace(
            known,
            state=UnmatchedState.ASSIGNED,
            case_id=case_id,
            by=actor.actor_id,
            updated_at=now,
        )
        saved = tray.save(done)  # not if there is news of it since
        if saved is not None:
            return shown(saved)
    raise UnmatchedMoved(state="moved", case_id="")


def give_back_over(
    case_id: str,
    received_id: str,
    *,
    actor: Actor,
    providers: Providers,
    means: Means,
    now: datetime,
) -> Received:
    """
    Send back what a payment brought beyond all that was owed, as far as it still is a credit.

    Safe to repeat: it goes back once, under a key made from the payment.

    Raises:
        CaseNotFound, NotAllowed: Managers of its portfolio only.
        NotReturnable: There is nothing (left) to give back, or its provider cannot.
        ProviderUnavailable: It did not now.
    """
    file = means.cases.open(case_id)
    need_portfolio(actor, file.head.portfolio_id, *MANAGERS)
    known = _over(file, received_id)
    credit = max(0, -file.head.balance_minor)
    amount = min(known.over_minor, credit)
    if amount <= 0:
        raise NotReturnable(reason="nothing_over")
    back = _refunded(
        file.head.portfolio_id,
        known.payment,
        amount,
        key=f"{received_id}-{known.revision}",
        providers=providers,
    )
    payment = replace(known.payment, backs=(*known.payment.backs, back))

    def do(draft: Draft, now_file: CaseFile, _: Portfolio) -> None:
        received = draft.receive_payment(payment)
        if received is not None:
            for follow in means.follows:
                follow(draft, now_file, received)

    casework.change_by_machine(
        case_id, do, cases=means.cases, portfolios=means.portfolios, now=now, by=actor.actor_id
    )
    return next(o for o in means.cases.open(case_id).received if o.received_id == received_id)


def shown(one: Unmatched) -> dict[str, Any]:
    """Give what is shown of a payment in the tray."""
    payment = one.payment
    return {
        "kind": "unmatched",
        "unmatched_id": one.unmatched_id,
        "provider": payment.provider,
        "payment_id": payment.payment_id,
        "reference": payment.reference,
        "method": payment.method,
        "amount": {"minor": payment.amount_minor, "currency": payment.currency},
        "kept": {"minor": payment.kept_minor, "currency": payment.currency},
        "paid_at": to_plain(payment.paid_at),
        "reason": one.reason,
        "state": one.state.value,
        "case_id": one.case_id,
        "at": to_plain(one.at),
        "updated_at": to_plain(one.updated_at),
    }


# Private


def _known(portfolio_id: str, unmatched_id: str, tray: Tray) -> Unmatched:
    known = tray.get(portfolio_id, unmatched_id)
    if known is None:
        raise UnmatchedNotFound(unmatched_id=unmatched_id)
    return known


def _begin(
    known: Unmatched,
    state: UnmatchedState,
    tray: Tray,
    *,
    by: str,
    now: datetime,
    case_id: str = "",
) -> Unmatched:
    """Take it in hand; what was begun in the same way before is gone on with."""
    if known.reason == MERGED:  # its money is in a ledger already: only ``bring`` moves it
        raise BadField(field="action", reason="not_one_of", choices=["bring"])
    again = (known.state, known.case_id) == (state, case_id)
    if known.state is not UnmatchedState.OPEN and not again:
        raise UnmatchedMoved(state=known.state.value, case_id=known.case_id)
    if known.payment.state is not PaymentState.PAID or not known.payment.kept_minor:
        raise NotReturnable(reason="nothing_left")
    begun = tray.save(replace(known, state=state, case_id=case_id, by=by, updated_at=now))
    if begun is None:
        raise UnmatchedMoved(state="moved", case_id="")
    return begun


def _end(
    begun: Unmatched,
    state: UnmatchedState,
    tray: Tray,
    *,
    now: datetime,
    case_id: str | None = None,
    payment: ProviderPayment | None = None,
) -> Unmatched:
    """Note how it ended, on top of whatever news of the payment came meanwhile."""
    for _ in range(casework.ATTEMPTS):
        latest = tray.get(begun.portfolio_id, begun.unmatched_id) or begun
        ended = replace(
            latest,
            state=state,
            case_id=latest.case_id if case_id is None else case_id,
            payment=payment or latest.payment,
            updated_at=now,
        )
        saved = tray.save(ended)
        if saved is not None:
            return saved
    raise UnmatchedMoved(state="moved", case_id="")


def _over(file: CaseFile, received_id: str) -> Received:
    for one in file.received:
        if one.received_id == received_id:
            return one
    raise NotReturnable(reason="unknown")


def _refunded(
    portfolio_id: str,
    payment: ProviderPayment,
    amount_minor: int,
    *,
    key: str,
    providers: Providers,
) -> Back:
    try:
        adapter = providers(portfolio_id, payment.provider)
        return adapter.refund(payment.payment_id, amount_minor, key=key)
    except PaymentProviderNotFound as error:
        raise NotReturnable(reason="not_configured") from error
    except ProviderProblem as problem:
        if problem.code == "not_supported":
            raise NotReturnable(reason="by_hand") from problem
        raise ProviderUnavailable(
            provider=payment.provider, reason=problem.code, retry=problem.retry
        ) from problem
