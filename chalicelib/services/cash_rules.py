"""Whether agents may take cash at all: the portfolio has to say so, and its country to let it."""

from chalicelib.compliance import packs
from chalicelib.domain.portfolio import Portfolio


def allowed(portfolio: Portfolio) -> bool:
    """Say whether a portfolio's agents may take cash at the door today."""
    return portfolio.policies.cash_allowed and not barred_by(portfolio)


def barred_by(portfolio: Portfolio) -> str:
    """Give the article that keeps who collects for the creditor from taking cash; empty if none."""
    return packs.cash_barred(portfolio.country, by_agency=bool(portfolio.identification.agency))
