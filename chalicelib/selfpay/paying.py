"""What a debtor may set out to pay, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.checkout import PAID_OTHERWISE, Checkout, CheckoutState, Pays, Target
from chalicelib.domain.offers import Standing
from chalicelib.messages.formats import Amount
from chalicelib.selfpay.account import Account
from chalicelib.selfpay.plans import AgreementView

MOST_DEBTS = 20  # listed one by one; who owes more pays an amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """
    One thing to pay.

    Args:
        code: As the form sends it; ``debt:<id>`` for one debt.
        label: Of the texts' ``pay``; *name* goes into it.
        amount: What it comes to now; what is asked for is reckoned anew when it is started.
        given_minor: For what is an amount only: how much.
        saving, until: Of an offer: what it saves, and its last day.
    """

    code: str
    label: str
    amount: Amount
    target: Target
    name: str = ""
    given_minor: int | None = None
    saving: Amount | None = None
    until: date | None = None


def choices(
    account: Account, agreement: AgreementView | None, offer: Standing | None = None
) -> tuple[Choice, ...]:
    """List what can be paid, what matters most first; an amount of one's own comes beside it."""
    found: list[Choice] = []
    share = agreement.next if agreement else None
    if agreement and share:
        target = Target(pays=Pays.SHARE, of=agreement.agreement_id, number=share.number)
        found.append(
            Choice(code="share", label="pay.agreement", amount=share.amount, target=target)
        )
    if offer:
        currency = account.total.currency
        found.append(
            Choice(
                code="offer",
                label="pay.offer",
                amount=Amount(offer.to_pay_minor, currency),
                target=Target(pays=Pays.OFFER, of=offer.made_by),
                saving=Amount(offer.saved_minor, currency),
                until=offer.until,
            )
        )
    found.append(
        Choice(code="all", label="pay.all", amount=account.total, target=Target(pays=Pays.ALL))
    )
    if 0 < account.overdue.minor < account.total.minor:
        found.append(
            Choice(
                code="overdue",
                label="pay.overdue",
                amount=account.overdue,
                target=Target(pays=Pays.AMOUNT),
                given_minor=account.overdue.minor,
            )
        )
    coming = account.upcoming
    if coming:
        target = Target(pays=Pays.INSTALMENT, debt_id=coming.debt_id, number=coming.number)
        found.append(
            Choice(
                code="instalment",
                label="pay.instalment_late" if coming.late else "pay.instalment",
                amount=coming.amount,
                target=target,
            )
        )
    if len(account.debts) > 1:
        found += [
            Choice(
                code=f"debt:{debt.debt_id}",
                label="pay.debt",
                name=f"{debt.product} {debt.reference}".strip(),
                amount=debt.split.total,
                target=Target(pays=Pays.DEBT, debt_id=debt.debt_id),
            )
            for debt in account.debts[:MOST_DEBTS]
        ]
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to pay that the creditor offers: a provider and a method of its."""

    code: str
    provider: str
    method: str


def ways(offered: Sequence[tuple[str, str]]) -> tuple[Way, ...]:
    """Name every way so that a form can send it."""
    return tuple(
        Way(code=f"{provider}:{method}", provider=provider, method=method)
        for provider, method in offered
    )


_SHOWN = {
    CheckoutState.OPEN: "open",
    CheckoutState.PENDING: "pending",
    CheckoutState.PAID: "paid",
    CheckoutState.FAILED: "failed",
    CheckoutState.CLOSED: "closed",
    CheckoutState.EXPIRED: "expired",
}


def state_of(checkout: Checkout, shown: CheckoutState) -> str:
    """
    Name what a checkout is shown as: one that was paid less than asked is paid in part, and one
    that was closed because the money came another way says so.
    """
    if shown is CheckoutState.PAID and checkout.paid_minor < checkout.amount_minor:
        return "partly"
    if shown is CheckoutState.CLOSED and checkout.problem == PAID_OTHERWISE:
        return "otherwise"
    return _SHOWN[shown]
