"""Providers of payments, each with the account of one portfolio."""

from __future__ import annotations

import functools
import time
from typing import TYPE_CHECKING, Any

from chalicelib.config import settings
from chalicelib.domain.errors import PaymentProviderNotFound
from chalicelib.lazily import lazily
from chalicelib.wiring.casework import cases, offer_of, portfolios
from chalicelib.wiring.clients import aws, wire

with lazily():
    from chalicelib.domain import bank_references, checkout
    from chalicelib.payments import bank, mercado_pago, sandbox, stripe
    from chalicelib.services import checkout_prices, offers
    from chalicelib.services import checkouts as checkouts_service
    from chalicelib.services import payment_accounts as accounts_service
    from chalicelib.store import payment_accounts as account_rows
    from chalicelib.store import payment_references as reference_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.domain.bank_references import PayTo
    from chalicelib.domain.case import CaseFile
    from chalicelib.domain.offers import Standing
    from chalicelib.domain.payment_account import PaymentAccount
    from chalicelib.domain.portfolio import Portfolio
    from chalicelib.payments.port import Provider

REMEMBERED_S = 30
REAL = frozenset({"stripe", "mercado_pago", "bank"})


def payment_accounts() -> account_rows.PaymentAccountStore:
    return account_rows.PaymentAccountStore(wire(), settings().work_table)


def payment_references() -> reference_rows.PaymentReferenceStore:
    """The numbers that debtors pay to."""
    return reference_rows.PaymentReferenceStore(wire(), settings().work_table)


@functools.cache
def payment_keys() -> account_rows.PaymentKeys:
    """One per process: it remembers what it has read."""
    known = settings()
    return account_rows.PaymentKeys(
        aws("secretsmanager"), prefix=known.payment_keys, kms_key=known.payment_keys_key
    )


def payment_provider(portfolio_id: str, provider: str) -> Provider:
    """
    Give a provider, with the account of a portfolio. One that is switched off is given too:
    what was paid there before is still told of.

    Raises:
        PaymentProviderNotFound: It is not connected.
    """
    account = payment_accounts().get(portfolio_id, provider)
    if account is None:
        raise PaymentProviderNotFound(provider=provider)
    provided: Provider = provider_of(account)
    return provided


def payment_methods(portfolio_id: str) -> Sequence[tuple[str, str]]:
    """The ways a debtor of the portfolio may pay, as (provider, method)."""
    return accounts_service.offered(portfolio_id, accounts=payment_accounts())


def payment_means() -> accounts_service.Means:
    """What connecting accounts is done with."""
    here = REAL | ({"sandbox"} if settings().payment_sandbox else set())
    return accounts_service.Means(
        accounts=payment_accounts(),
        keys=payment_keys(),
        portfolios=portfolios(),
        ask=lambda account: provider_of(account).account(),
        available=frozenset(here),
    )


def paying() -> checkouts_service.Means:
    """What debtors pay with by themselves."""
    return checkouts_service.Means(
        cases=cases(),
        portfolios=portfolios(),
        provider=payment_provider,
        site=settings().site_url,
        prices={checkout.Pays.SHARE: checkout_prices.of_share},
        offered=offered,
    )


def pay_to(portfolio_id: str, case_id: str = "") -> PayTo:
    """
    Say where a portfolio's debtors pay at its bank and counters.

    Args:
        case_id: Whose numbers; empty = numbers that are nobody's, to look at.
    """
    account = _bank_account(portfolio_id, int(time.monotonic() // REMEMBERED_S))
    if account is None:
        return bank_references.NOWHERE
    at: PayTo = bank.Bank(account, payment_references()).pay_to(case_id, example=not case_id)
    return at


@functools.lru_cache(maxsize=256)
def _bank_account(portfolio_id: str, _: int) -> PaymentAccount | None:
    """Every message that says where to pay asks for it: read once in a while."""
    return payment_accounts().get(portfolio_id, "bank")


def offered(file: CaseFile, portfolio: Portfolio, now: datetime) -> Standing | None:
    """The discount that a message offered a debtor and that stands."""
    return offers.made_to(file, portfolio, terms=offer_of, now=now)


def notify_url(portfolio_id: str, provider: str) -> str:
    """Where a provider tells what came of a payment."""
    return f"{settings().site_url}/api/v1/webhooks/payments/{provider}/{portfolio_id}"


def provider_of(account: PaymentAccount) -> Any:
    """
    Give the adapter of an account.

    Raises:
        PaymentProviderNotFound: The installation has no such provider.
    """
    keys = (
        payment_keys().get(account.portfolio_id, account.provider, account.keys_version)
        if account.keys_version
        else {}
    )
    match account.provider:
        case "sandbox" if settings().payment_sandbox:
            return sandbox.Sandbox(settings().payment_sandbox, key=keys["key"])
        case "bank":
            return bank.Bank(account, payment_references())
        case "stripe":
            return stripe.Stripe(key=keys["key"], secret=keys["webhook_secret"])
        case "mercado_pago":
            return mercado_pago.MercadoPago(key=keys["key"], secret=keys["webhook_secret"])
    raise PaymentProviderNotFound(provider=account.provider)
