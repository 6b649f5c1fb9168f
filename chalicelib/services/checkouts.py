"""
Paying by oneself: a checkout is started, found again, given up.

It is written to the case before the provider is asked, and the provider is asked under its id:
a double click, two tabs and two people who pay the same thing meet in one checkout, and a crash
between the two steps is made good by whoever starts the same thing next. The ledger moves only
by what the provider says came in (``services.incoming``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.case import CaseFile
from chalicelib.domain.checkout import (
    Checkout,
    CheckoutState,
    Discount,
    Pays,
    Target,
    reference,
)
from chalicelib.domain.days import ends_at
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import (
    CheckoutNotFound,
    PaymentProviderNotFound,
    ProviderUnavailable,
)
from chalicelib.domain.ids import new_id
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Ask, ProviderPayment, ProviderProblem, Started
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework, checkout_prices
from chalicelib.services.access import Portfolios
from chalicelib.services.casework import Cases

LASTS = timedelta(hours=2)
# A voucher or a transfer needs a walk to a shop, or a bank's day.
LASTS_OFF_PAGE = timedelta(days=3)
OFF_PAGE = frozenset({"oxxo", "spei", "transfer", "cash", "pix", "boleto", "pse"})
STALE_FOR = timedelta(hours=1)
REPLACED, GIVEN_UP = "replaced", "given_up"


class Provider(Protocol):
    """What starting a payment asks of ``payments.port.Provider``."""

    @property
    def name(self) -> str: ...
    def start(self, ask: Ask) -> Started: ...
    def close(self, provider_id: str) -> bool: ...
    def read(self, read_id: str) -> ProviderPayment: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """
    What paying is done with.

    Args:
        provider: Gives the adapter of a portfolio (its id) by name, or raises
            ``PaymentProviderNotFound``.
        site: Where debtors' pages and webhooks are, without a slash at the end.
        prices: Of what is neither the debts as they stand nor a part of them.
        offered: Gives the offer that was made to a debtor.
    """

    cases: Cases
    portfolios: Portfolios
    provider: Callable[[str, str], Provider]
    site: str
    prices: Mapping[Pays, checkout_prices.Price] = field(default_factory=dict)
    offered: checkout_prices.Offered = lambda *_: None


def start(
    case_id: str,
    target: Target,
    *,
    provider: str,
    by: str,
    language: str,
    return_url: str,
    cancel_url: str,
    amount_minor: int | None = None,
    method: str = "",
    contact_id: str = "",
    means: Means,
    now: datetime,
) -> Checkout:
    """
    Start paying something; the debtor goes on at the ``url`` given back, or by its instructions.

    Safe to repeat: while a checkout of the same thing, amount, provider and method may be paid, it
    is that one. A start of the same thing otherwise takes the earlier one's place, which is
    ended at its provider.

    Args:
        by: An actor: ``debtor:<case id>``, ``user:<id>``.
        amount_minor: For AMOUNT; what the others cost is not the payer's to say.
        contact_id: Where the receipt is to go, if that is known.

    Raises:
        BadField: No such target, or an amount that makes no sense.
        DebtNotFound: Not of this case.
        NothingToPay: It is not owed any more, or less of it is.
        PaymentProviderNotFound: The portfolio has no such provider.
        ProviderUnavailable: The provider did not start it; nothing was taken.
    """
    made: list[Checkout] = []
    replaced: list[Checkout] = []

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        made.clear()
        replaced.clear()
        asks = checkout_prices.price(
            file, portfolio, target, amount_minor=amount_minor, now=now, means=means
        )
        same = [one for one in draft.checkouts if one.live_at(now) and one.target.key == target.key]
        for one in same:
            if (one.amount_minor, one.provider, one.method) == (asks, provider, method):
                made.append(one)
                return
        for one in same:
            if draft.end_checkout(one.checkout_id, CheckoutState.CLOSED, REPLACED):
                replaced.append(one)
        expires_at = now + (LASTS_OFF_PAGE if method in OFF_PAGE else LASTS)
        discount = None
        if target.pays is Pays.OFFER:
            offer = checkout_prices.offer_of(file, portfolio, target, now, means)
            discount = Discount(covered=offer.covered, until=offer.until)
            expires_at = min(expires_at, ends_at(offer.until, portfolio.time_zone))
        fresh = Checkout(
            checkout_id=new_id("chk"),
            target=target,
            amount_minor=asks,
            currency=portfolio.currency,
            provider=provider,
            state=CheckoutState.OPEN,
            started_at=now,
            started_by=by,
            expires_at=expires_at,
            language=language,
            contact_id=contact_id,
            method=method,
            discount=discount,
        )
        draft.open_checkout(fresh)
        made.append(fresh)

    owner = means.cases.open(case_id).head.portfolio_id
    adapter = means.provider(owner, provider)
    casework.change_by_machine(
        case_id, do, cases=means.cases, portfolios=means.portfolios, now=now, by=by
    )
    for one in replaced:
        _close(one, case_id, means)
    checkout = made[0]
    if checkout.asked:
        return checkout
    return _asked(
        case_id,
        checkout,
        adapter,
        return_url=return_url,
        cancel_url=cancel_url,
        by=by,
        means=means,
        now=now,
    )


def found(case_id: str, checkout_id: str, *, cases: casework.OpenCases) -> Checkout:
    """
    Find a checkout of a case as it now is: what a debtor who comes back is shown.

    Raises:
        CaseNotFound: No such case.
        CheckoutNotFound: Not of this case.
    """
    file = cases.open(case_id)
    for one in file.checkouts:
        if one.checkout_id == checkout_id:
            return one
    raise CheckoutNotFound(checkout_id=checkout_id)


def give_up(case_id: str, checkout_id: str, *, by: str, means: Means, now: datetime) -> Checkout:
    """
    End a checkout that nobody wants to pay any more, at its provider too. Safe to repeat.

    One that was paid stays paid; money that comes afterwards is posted all the same.
    """
    known = found(case_id, checkout_id, cases=means.cases)

    def do(draft: Draft, _: CaseFile, __: Portfolio) -> None:
        draft.end_checkout(checkout_id, CheckoutState.CLOSED, GIVEN_UP)

    casework.change_by_machine(
        case_id, do, cases=means.cases, portfolios=means.portfolios, now=now, by=by
    )
    _close(known, case_id, means)
    return found(case_id, checkout_id, cases=means.cases)


def close_stale(case_id: str, *, means: Means, now: datetime) -> int:
    """
    End at their providers the checkouts that the case closed because the money came otherwise.

    Says how many. Safe to repeat; one that cannot be ended may still be paid: that is posted and
    stands as a credit. Only what was closed within an hour is ended: nothing is tried for ever.

    Raises:
        ProviderProblem: A provider could not be asked now; to be done again.
    """
    file = means.cases.open(case_id)
    stale = [
        one
        for one in file.checkouts
        if one.left_open and one.ended_at is not None and now - one.ended_at < STALE_FOR
    ]
    ended, unasked = 0, None
    for one in stale:
        try:
            ended += _close(one, case_id, means, insist=True)
        except ProviderProblem as problem:
            unasked = problem
    if unasked is not None:
        raise unasked
    return ended


# Private


def _asked(
    case_id: str,
    checkout: Checkout,
    adapter: Provider,
    *,
    return_url: str,
    cancel_url: str,
    by: str,
    means: Means,
    now: datetime,
) -> Checkout:
    """Ask the provider under the checkout's own id, and note what it answered."""
    file = means.cases.open(case_id)
    portfolio = means.portfolios.get(file.head.portfolio_id)
    if portfolio is None:
        raise ProviderUnavailable(provider=checkout.provider, reason="not_configured", retry=False)
    owner = portfolio.portfolio_id
    mark = "{checkout_id}"
    ask = Ask(
        key=checkout.checkout_id,
        reference=reference(case_id, checkout.checkout_id),
        amount=Money(checkout.amount_minor, checkout.currency),
        title=portfolio.branding.display_name or portfolio.creditor,
        language=checkout.language,
        country=portfolio.country,
        return_url=return_url.replace(mark, checkout.checkout_id),
        cancel_url=cancel_url.replace(mark, checkout.checkout_id),
        notify_url=f"{means.site}/api/v1/webhooks/payments/{checkout.provider}/{owner}",
        expires_at=checkout.expires_at,
        method=checkout.method,
        debt_id=checkout.target.debt_id,
    )
    try:
        started = adapter.start(ask)
    except ProviderProblem as problem:
        code, again = problem.code, problem.retry

        def fail(draft: Draft, _: CaseFile, __: Portfolio) -> None:
            if not again:
                draft.end_checkout(checkout.checkout_id, CheckoutState.FAILED, code)

        casework.change_by_machine(
            case_id, fail, cases=means.cases, portfolios=means.portfolios, now=now, by=by
        )
        raise ProviderUnavailable(provider=checkout.provider, reason=code, retry=again) from problem

    def note(draft: Draft, _: CaseFile, __: Portfolio) -> None:
        draft.checkout_asked(
            checkout.checkout_id,
            provider_id=started.provider_id,
            url=started.url,
            instructions=started.instructions,
            expires_at=started.expires_at,
        )

    casework.change_by_machine(
        case_id, note, cases=means.cases, portfolios=means.portfolios, now=now, by=by
    )
    return found(case_id, checkout.checkout_id, cases=means.cases)


def _close(checkout: Checkout, case_id: str, means: Means, *, insist: bool = False) -> bool:
    """
    End one at its provider, if it will; that it does not is no reason to stop.

    Args:
        insist: Raise what may be tried again.
    """
    if not checkout.provider_id:
        return False
    owner = means.cases.open(case_id).head.portfolio_id
    try:
        return means.provider(owner, checkout.provider).close(checkout.provider_id)
    except PaymentProviderNotFound:
        return False
    except ProviderProblem as problem:
        if insist and problem.retry:
            raise
        return False
