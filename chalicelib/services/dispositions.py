"""What a visit of a portfolio can come to: its own list, or its country's within the law."""

from typing import Any

from chalicelib.compliance import packs
from chalicelib.domain import calls, field
from chalicelib.domain.field import Disposition
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import cash_rules
from chalicelib.services import portfolios as portfolio_use
from chalicelib.services.portfolios import Portfolios


def of(portfolio: Portfolio) -> tuple[Disposition, ...]:
    """Give the results that a visit may come to today: what a report is held to."""
    policies = portfolio.policies
    forbidden = _forbidden(portfolio.country)
    listed = field.catalogue(
        policies.field,
        country=portfolio.country,
        cash_allowed=cash_rules.allowed(portfolio),
        forbidden=forbidden,
    )
    of_calls = calls.results(forbidden, policies.calls)
    codes = [one.code for one in listed]
    return (*listed, *field.of_calls(of_calls, portfolio.country, codes))


def shown(portfolio: Portfolio, asked: frozenset[str]) -> list[dict[str, Any]]:
    """
    Write them as the agent's phone takes them.

    Args:
        asked: Questionnaires that have a published version.
    """
    return field.shown(portfolio.policies.field, of(portfolio), asked)


def page(portfolio_id: str, *, actor: Actor, portfolios: Portfolios) -> dict[str, Any]:
    """
    Lay out the list for whoever looks after it, with what the country proposes.

    Raises:
        PortfolioNotFound: None that the actor may see.
    """
    portfolio = portfolio_use.get(portfolio_id, actor=actor, portfolios=portfolios)
    own = portfolio.policies.field.dispositions
    proposed = field.defaults(portfolio.country, _forbidden(portfolio.country))
    return {
        "items": to_plain(own or proposed),
        "own": bool(own),
        "defaults": to_plain(proposed),
    }


def _forbidden(country: str) -> frozenset[str]:
    return frozenset(packs.forbidden_questions(country))
