"""Where a portfolio's money goes: its accounts at providers of payments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.people import Role
from chalicelib.domain.plain import to_plain
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import payment_account
    from chalicelib.services import payment_accounts

if TYPE_CHECKING:
    from chalicelib.domain.payment_account import PaymentAccount

bp = Blueprint(__name__)

PATH = "/portfolios/{portfolio_id}/payment-providers"
HIDDEN = ("portfolio_id", "provider", "keys_version")


@web.route(bp, f"GET {PATH}", answer="payment_accounts:ProvidersOfPayments")
def list_providers(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List the providers of payments, and the portfolio's account at each."""
    found = payment_accounts.listed(portfolio_id, actor=call.actor, means=wiring.payment_means())
    items = [_shown(portfolio_id, kind.name, methods, one) for kind, methods, one in found]
    return {"items": items, "can_connect": call.actor.role is Role.ADMIN}


@web.route(
    bp,
    f"PUT {PATH}/{{provider}}",
    body="payment_accounts:ConnectAccount",
    answer="payment_accounts:Account",
)
def connect(call: web.Call, portfolio_id: str, provider: str) -> dict[str, Any]:
    """
    Connect an account or change it; admins only. Its keys are asked for once and never shown.

    The provider is asked at once whether they are good: ``problem`` says so.
    """
    body = call.body
    account = payment_accounts.connect(
        portfolio_id,
        provider,
        payment_accounts.Wanted(
            enabled=body.enabled,
            methods=tuple(body.methods),
            settings=dict(body.settings),
            keys=dict(body.keys),
            version=body.version,
        ),
        actor=call.actor,
        means=wiring.payment_means(),
        now=call.now,
    )
    return _account(account)


@web.route(bp, f"POST {PATH}/{{provider}}", answer="payment_accounts:Account")
def try_account(call: web.Call, portfolio_id: str, provider: str) -> dict[str, Any]:
    """Ask the provider whether the account's keys are good."""
    account = payment_accounts.tried(
        portfolio_id, provider, actor=call.actor, means=wiring.payment_means(), now=call.now
    )
    return _account(account)


@web.route(bp, f"DELETE {PATH}/{{provider}}", status=204)
def disconnect(call: web.Call, portfolio_id: str, provider: str) -> None:
    """Take an account away and forget its keys; admins only."""
    payment_accounts.disconnect(
        portfolio_id, provider, actor=call.actor, means=wiring.payment_means(), now=call.now
    )


def _shown(
    portfolio_id: str, provider: str, methods: tuple[str, ...], account: PaymentAccount | None
) -> dict[str, Any]:
    kind = payment_account.KINDS[provider]
    return {
        "provider": provider,
        "methods": methods,
        "keys": kind.keys,
        "settings": kind.settings,
        "notify_url": wiring.notify_url(portfolio_id, provider) if kind.keys else "",
        "account": _account(account) if account else None,
    }


def _account(account: PaymentAccount) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(account)
    names = wiring.actor_names({account.changed_by})
    shown = {name: value for name, value in plain.items() if name not in HIDDEN}
    return shown | {"changed_by": names.get(account.changed_by, "")}
