"""Where a portfolio's money goes: accounts at providers, connected, tried, switched off."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.errors import (
    BadField,
    PaymentAccountMoved,
    PaymentProviderNotFound,
)
from chalicelib.domain.ids import new_id
from chalicelib.domain.payment import ProviderProblem
from chalicelib.domain.payment_account import KINDS, Kind, PaymentAccount, check, plausible_keys
from chalicelib.domain.people import Actor, AuditEvent, Role
from chalicelib.services.access import MANAGERS, Portfolios, known_portfolio, need_portfolio

HINT = 4


class Accounts(Protocol):
    def get(self, portfolio_id: str, provider: str) -> PaymentAccount | None: ...
    def of_portfolio(self, portfolio_id: str) -> list[PaymentAccount]: ...
    def save(self, account: PaymentAccount, *, audit: AuditEvent | None = None) -> bool: ...
    def remove(self, account: PaymentAccount, *, audit: AuditEvent) -> bool: ...


class Keys(Protocol):
    def get(self, portfolio_id: str, provider: str, version: int) -> dict[str, str]: ...
    def put(self, portfolio_id: str, provider: str, keys: dict[str, str]) -> None: ...
    def remove(self, portfolio_id: str, provider: str) -> None: ...


# Names an account at its provider, or raises ``ProviderProblem``.
Asking = Callable[[PaymentAccount], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """
    Args:
        ask: Asks the provider what the account is called, with the keys that it has now.
        available: The providers of this installation; the sandbox is on laptops only.
    """

    accounts: Accounts
    keys: Keys
    portfolios: Portfolios
    ask: Asking
    available: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """
    What an account is to be.

    Args:
        keys: Only those that change; the others stay as they are.
        version: The one that was seen; 0 = there was none.
    """

    enabled: bool
    methods: tuple[str, ...]
    settings: dict[str, str]
    keys: dict[str, str]
    version: int


def listed(
    portfolio_id: str, *, actor: Actor, means: Means
) -> Sequence[tuple[Kind, tuple[str, ...], PaymentAccount | None]]:
    """Give every provider there is for a portfolio, its ways to pay there, and the account."""
    need_portfolio(actor, portfolio_id, *MANAGERS)
    country = known_portfolio(portfolio_id, means.portfolios).country
    known = {one.provider: one for one in means.accounts.of_portfolio(portfolio_id)}
    return [
        (kind, kind.methods_in(country), known.get(kind.name))
        for kind in KINDS.values()
        if kind.name in means.available and kind.methods_in(country)
    ]


def connect(
    portfolio_id: str, provider: str, wanted: Wanted, *, actor: Actor, means: Means, now: datetime
) -> PaymentAccount:
    """
    Set an account up or change it, and ask the provider whether its keys are good.

    It is kept even if they are not, with the reason; debtors are offered only what works.

    Raises:
        PaymentProviderNotFound: No such provider here.
        PaymentAccountMoved: Somebody else changed it meanwhile.
        BadField: What is wanted makes no sense, or keys are missing.
        NotAllowed: Not an admin: who changes this takes the money.
    """
    need_portfolio(actor, portfolio_id, Role.ADMIN)
    _kind(provider, means)
    before = means.accounts.get(portfolio_id, provider)
    if (before.version if before else 0) != wanted.version:
        raise PaymentAccountMoved(provider=provider)
    after = _changed(before, portfolio_id, provider, wanted, actor=actor, now=now)
    check(after, country=known_portfolio(portfolio_id, means.portfolios).country)
    plausible_keys(provider, wanted.keys)
    keys = _keys(before, provider, wanted.keys, means)
    if keys:
        means.keys.put(portfolio_id, provider, keys)
        hint = keys.get("key", "")[-HINT:]
        after = replace(after, keys_version=after.keys_version + 1, key_hint=hint)
    after = _tried(after, means, now)
    facts = _facts(before, after, keys_changed=bool(wanted.keys))
    if not means.accounts.save(after, audit=_audit("payments.connected", after, actor, now, facts)):
        raise PaymentAccountMoved(provider=provider)
    return after


def tried(
    portfolio_id: str, provider: str, *, actor: Actor, means: Means, now: datetime
) -> PaymentAccount:
    """
    Ask the provider once more whether the keys are good, and note what it said.

    Raises:
        PaymentProviderNotFound: No such account.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    account = _account(portfolio_id, provider, means)
    asked = _tried(account, means, now)
    after = replace(asked, version=account.version + 1)
    if not means.accounts.save(after):
        raise PaymentAccountMoved(provider=provider)
    return after


def disconnect(
    portfolio_id: str, provider: str, *, actor: Actor, means: Means, now: datetime
) -> None:
    """
    Take an account away and forget its keys at once.

    Payments that were started there are still posted when their money is told of by hand or by
    a file; nothing that the provider says is believed any more.

    Raises:
        PaymentProviderNotFound: No such account.
    """
    need_portfolio(actor, portfolio_id, Role.ADMIN)
    account = _account(portfolio_id, provider, means)
    audit = _audit("payments.disconnected", account, actor, now, {"key_hint": account.key_hint})
    if not means.accounts.remove(account, audit=audit):
        raise PaymentAccountMoved(provider=provider)
    means.keys.remove(portfolio_id, provider)


def offered(portfolio_id: str, *, accounts: Accounts) -> Sequence[tuple[str, str]]:
    """List the ways in which a debtor may pay, as (provider, method), cards first."""
    found = [
        (account.provider, method)
        for account in accounts.of_portfolio(portfolio_id)
        for method in account.offered
    ]
    return sorted(found, key=lambda one: (one[1] != "card", one[1], one[0]))


# Private


def _kind(provider: str, means: Means) -> Kind:
    if provider not in means.available or provider not in KINDS:
        raise PaymentProviderNotFound(provider=provider)
    return KINDS[provider]


def _account(portfolio_id: str, provider: str, means: Means) -> PaymentAccount:
    _kind(provider, means)
    found = means.accounts.get(portfolio_id, provider)
    if found is None:
        raise PaymentProviderNotFound(provider=provider)
    return found


def _changed(
    before: PaymentAccount | None,
    portfolio_id: str,
    provider: str,
    wanted: Wanted,
    *,
    actor: Actor,
    now: datetime,
) -> PaymentAccount:
    base = before or PaymentAccount(
        portfolio_id=portfolio_id,
        provider=provider,
        changed_at=now,
        changed_by=actor.actor_id,
        version=0,
    )
    return replace(
        base,
        enabled=wanted.enabled,
        methods=wanted.methods,
        settings={name: value.strip() for name, value in wanted.settings.items()},
        changed_at=now,
        changed_by=actor.actor_id,
        version=base.version + 1,
    )


def _keys(
    before: PaymentAccount | None, provider: str, changed: dict[str, str], means: Means
) -> dict[str, str]:
    """All the keys the account is to have; nothing when they stay."""
    has = before is not None and before.keys_version > 0
    if provider == "sandbox" and not has:
        return {"key": f"sbx_{secrets.token_hex(16)}"}
    if has and before is not None and not changed:
        return {}
    kept: dict[str, str] = {}
    if has and before is not None:
        kept = means.keys.get(before.portfolio_id, provider, before.keys_version)
    after = kept | changed
    for name in KINDS[provider].keys:
        if name not in after:
            raise BadField(field=f"keys.{name}", reason="missing")
    return after


def _tried(account: PaymentAccount, means: Means, now: datetime) -> PaymentAccount:
    try:
        label = means.ask(account)
    except ProviderProblem as problem:
        return replace(account, tested_at=now, problem=problem.code)
    return replace(account, tested_at=now, problem="", label=label[:120])


def _facts(
    before: PaymentAccount | None, after: PaymentAccount, *, keys_changed: bool
) -> dict[str, Any]:
    """Old and new of what is no secret; of the keys only that they changed."""
    names = ("enabled", "methods", "settings", "key_hint")
    facts: dict[str, Any] = {
        name: [getattr(before, name) if before else None, getattr(after, name)]
        for name in names
        if before is None or getattr(before, name) != getattr(after, name)
    }
    return facts | {"keys_changed": keys_changed}


def _audit(
    kind: str, account: PaymentAccount, actor: Actor, now: datetime, facts: dict[str, Any]
) -> AuditEvent:
    return AuditEvent(
        event_id=new_id("aud"),
        kind=kind,
        at=now,
        actor=actor.actor_id,
        subject=f"portfolio:{account.portfolio_id}",
        facts=facts | {"provider": account.provider},
    )
