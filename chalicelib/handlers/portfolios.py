"""Portfolios, the countries they may be in, and their service tokens."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.people import Role, TokenUse
from chalicelib.domain.plain import to_plain
from chalicelib.handlers import sent_files, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import defaults
    from chalicelib.services import call_settings, dispositions, kpis, portfolios, tokens

if TYPE_CHECKING:
    from chalicelib.domain.people import ServiceToken
    from chalicelib.domain.portfolio import Portfolio

bp = Blueprint(__name__)


def _countries() -> tuple[str, ...]:
    return tuple(defaults.BY_CODE)


COUNTRY = web.Query(name="country", about="ISO 3166 alpha-2.", choices=_countries, required=True)


@web.route(bp, "GET /countries", answer="portfolios:Countries")
def countries(_call: web.Call) -> dict[str, Any]:
    """List the countries a portfolio may be in."""
    return {
        "items": [
            {
                "code": country.code,
                "currency": country.currencies[0],
                "currencies": country.currencies,
                "time_zones": country.time_zones,
                "default_time_zone": country.time_zones[0],
                "languages": country.languages,
                "tax_ids": country.tax_ids,
            }
            for country in defaults.BY_CODE.values()
        ]
    }


@web.route(bp, "GET /portfolio-defaults", answer="portfolios:PortfolioDraft", query=(COUNTRY,))
def portfolio_defaults(call: web.Call) -> dict[str, Any]:
    """Give a portfolio body with sane policies for a country."""
    return portfolios.draft(call.query["country"])


@web.route(bp, "GET /portfolios", answer="portfolios:PortfolioList")
def list_portfolios(call: web.Call) -> dict[str, Any]:
    """List the portfolios one may work on."""
    found = portfolios.seen(actor=call.actor, portfolios=wiring.portfolios())
    if call.actor.role is Role.SERVICE:  # a system uploads; what is owed is not its business
        return {"items": [to_plain(each) | {"kpis": None} for each in found], "cursor": None}
    figures = kpis.small_of_all(found, wiring.counters(), call.now)
    items = [to_plain(e) | {"kpis": k} for e, k in zip(found, figures, strict=True)]
    return {"items": items, "cursor": None}


@web.route(
    bp,
    "POST /portfolios",
    body="portfolios:NewPortfolio",
    answer="portfolios:Portfolio",
    status=201,
    repeat=lambda call, receipt, _path: _shown(call, receipt["portfolio_id"]),
)
def create(call: web.Call) -> Portfolio:
    """Make a portfolio."""
    portfolio = portfolios.create(
        sent(call), actor=call.actor, portfolios=wiring.portfolios(), now=call.now
    )
    call.receipt["portfolio_id"] = portfolio.portfolio_id
    return portfolio


@web.route(bp, "GET /portfolios/{portfolio_id}", answer="portfolios:Portfolio")
def get(call: web.Call, portfolio_id: str) -> Portfolio:
    """Show a portfolio with its policies."""
    return _shown(call, portfolio_id)


@web.route(
    bp,
    "PATCH /portfolios/{portfolio_id}",
    body="portfolios:ChangePortfolio",
    answer="portfolios:Portfolio",
)
def change(call: web.Call, portfolio_id: str) -> Portfolio:
    """Change a portfolio; refused when somebody else changed it meanwhile."""
    return portfolios.change(
        portfolio_id,
        sent(call),
        version=call.body.version,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        strategies=wiring.strategies(),
        before_change=functools.partial(
            call_settings.keep,
            history=wiring.call_history(),
            by=call.actor.actor_id,
            now=call.now,
        ),
        now=call.now,
    )


@web.route(
    bp,
    "PUT /portfolios/{portfolio_id}/logo",
    body="portfolios:NewLogo",
    answer="portfolios:Portfolio",
)
def put_logo(call: web.Call, portfolio_id: str) -> Portfolio:
    """Set the logo debtors see: a PNG, JPEG or WebP of at most 128 KB, in base64."""
    return portfolios.put_logo(
        portfolio_id,
        sent_files.content(call.body.image, "image"),
        version=call.body.version,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        media=wiring.media(),
        strategies=wiring.strategies(),
        now=call.now,
    )


@web.route(bp, "GET /portfolios/{portfolio_id}/dispositions", answer="portfolios:Dispositions")
def list_dispositions(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List the results that a visit can come to, and what the country proposes."""
    return dispositions.page(portfolio_id, actor=call.actor, portfolios=wiring.portfolios())


@web.route(bp, "GET /portfolios/{portfolio_id}/tokens", answer="portfolios:TokenList")
def list_tokens(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List a portfolio's service tokens, those whose time is over too."""
    found = tokens.of_portfolio(portfolio_id, actor=call.actor, tokens=wiring.tokens())
    return {"items": [_token(token, call) for token in found], "cursor": None}


@web.route(
    bp,
    "POST /portfolios/{portfolio_id}/tokens",
    body="portfolios:NewToken",
    answer="portfolios:TokenOnce",
    status=201,
)
def create_token(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Make a service token; the answer shows it for the only time."""
    token, text = tokens.create(
        portfolio_id,
        call.body.name,
        use=TokenUse(call.body.use),
        lasts_days=call.body.lasts_days,
        actor=call.actor,
        tokens=wiring.tokens(),
        now=call.now,
    )
    return _token(token, call) | {"token": text}


@web.route(bp, "DELETE /portfolios/{portfolio_id}/tokens/{token_id}", status=204)
def revoke_token(call: web.Call, portfolio_id: str, token_id: str) -> None:
    """Revoke a service token; works from the next request on."""
    tokens.revoke(portfolio_id, token_id, actor=call.actor, tokens=wiring.tokens(), now=call.now)


def _token(token: ServiceToken, call: web.Call) -> dict[str, Any]:
    shape = ("token_id", "name", "use", "until", "created_at", "last_used_at")
    return {name: getattr(token, name) for name in shape} | {"works": token.works(call.now)}


def _shown(call: web.Call, portfolio_id: str) -> Portfolio:
    return portfolios.get(portfolio_id, actor=call.actor, portfolios=wiring.portfolios())


def sent(call: web.Call) -> dict[str, Any]:
    """The fields that were sent with a value; null leaves a field as it is, but for two."""
    return _without_nulls(to_plain(call.changes()))


def _without_nulls(sent: dict[str, Any]) -> dict[str, Any]:
    # Null is a value where it means "none": no cap, no limit, no logo.
    means_none = {"cap_ppm", "logo_key", "agent_payment_minor", "agent_adjustment_minor"}
    means_none |= {"supervisor_adjustment_minor"}
    return {
        name: _without_nulls(value) if isinstance(value, dict) else value
        for name, value in sent.items()
        if value is not None or name in means_none
    }
