"""
News of a payment whose case was merged since: a refund, a chargeback, one that was won.

The payment's entries stand in the ledger of the case that is gone. There it is undone, as any is;
what that moves is handed on at once to the case its debts live in now, in the same commit, so that
each ledger explains itself and the portfolio's sums hold. A person says so, see the tray.
"""

import functools
from collections.abc import Callable
from datetime import datetime

from chalicelib.domain.case import CaseFile, CaseStatus
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import CaseMoved, CaseNotFound, CaseVoid
from chalicelib.domain.payment import ProviderPayment
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.received import Received
from chalicelib.services import incoming
from chalicelib.services.incoming import ATTEMPTS, Means

# Says whether a change of so much may be made, by raising.
Check = Callable[[int, Portfolio], None]


def bring(
    payment: ProviderPayment,
    *,
    portfolio_id: str,
    by: str,
    check: Check,
    means: Means,
    now: datetime,
) -> str:
    """
    Bring a merged case in step with its payment, and what moves to where its debts are.

    Safe to repeat: what is no news moves nothing.

    Returns:
        The case that the debts are in.

    Raises:
        CaseNotFound: No ledger of the portfolio has this payment.
        CaseVoid: The debts are in no living case.
        DebtNotFound: The living case no longer has the debt that was paid.
        CaseMoved: They kept moving.
    """
    case_id = means.cases.case_of_payment(portfolio_id, payment.provider, payment.payment_id)
    portfolio = means.portfolios.get(portfolio_id)
    if case_id is None or portfolio is None:
        raise CaseNotFound(case_id=case_id or "")
    for _ in range(ATTEMPTS):
        gone_file = means.cases.open(case_id)
        if gone_file.head.status is not CaseStatus.VOID:  # the merge was undone
            incoming.post(case_id, payment, by=by, means=means, now=now)
            return case_id
        into_file = incoming.living(case_id, means)
        if into_file.head.status is CaseStatus.VOID:
            raise CaseVoid(merged_into=into_file.head.merged_into)
        gone = Draft(gone_file, portfolio, actor=by, now=now)
        into = Draft(into_file, portfolio, actor=by, now=now)

        moved = gone.bring_after(
            into, payment, follow=functools.partial(_follow, means, gone, gone_file)
        )
        check(moved, portfolio)
        changes = [one for one in (gone.change(), into.change()) if one is not None]
        try:
            if changes:
                means.cases.commit(*changes)
        except CaseMoved:
            continue
        return into.case_id
    raise CaseMoved(case_id=case_id)


def _follow(means: Means, draft: Draft, file: CaseFile, received: Received) -> None:
    for one in means.follows:
        one(draft, file, received)
