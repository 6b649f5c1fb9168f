"""
Who may do what, asked about the thing itself.

Every use case calls one of these on the loaded object before it acts; no table of routes
grants anything.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from chalicelib.domain.errors import NotAllowed, NotFound, PortfolioNotFound
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.portfolio import Portfolio

STAFF = (Role.ADMIN, Role.SUPERVISOR, Role.AGENT)
MANAGERS = (Role.ADMIN, Role.SUPERVISOR)
UPLOADERS = (Role.ADMIN, Role.SUPERVISOR, Role.SERVICE)
SLICED = (*UPLOADERS, Role.CREDITOR)  # who is given the portfolio's own files of the lake

T = TypeVar("T")


class Portfolios(Protocol):
    def get(self, portfolio_id: str) -> Portfolio | None: ...


def need(actor: Actor, *roles: Role) -> None:
    """
    Raises:
        NotAllowed: The actor's role is none of *roles*.
    """
    if actor.role not in roles:
        raise NotAllowed(needs=[role.value for role in roles])


def need_portfolio(actor: Actor, portfolio_id: str, *roles: Role) -> None:
    """
    Let through an actor of one of *roles* to whom the portfolio is open.

    Raises:
        PortfolioNotFound: It is not theirs; the same answer as for one that does not exist,
            so that ids cannot be probed.
        NotAllowed: It is theirs to see, not to do this with.
    """
    if not actor.sees(portfolio_id):
        raise PortfolioNotFound
    need(actor, *roles)


def open_portfolio(
    actor: Actor, portfolio_id: str, portfolios: Portfolios, *roles: Role
) -> Portfolio:
    """
    Open a portfolio for an actor of one of *roles*.

    Raises:
        PortfolioNotFound: There is none, or it is not theirs; told apart by nothing.
        NotAllowed: It is theirs to see, not to do this with.
    """
    need_portfolio(actor, portfolio_id, *roles)
    return known_portfolio(portfolio_id, portfolios)


def known_portfolio(portfolio_id: str, portfolios: Portfolios) -> Portfolio:
    """
    Open a portfolio whoever asks.

    Raises:
        PortfolioNotFound: There is none.
    """
    found = portfolios.get(portfolio_id)
    if found is None:
        raise PortfolioNotFound
    return found


def managed(
    get: Callable[[str, str], T | None],
    portfolio_id: str,
    one_id: str,
    *,
    actor: Actor,
    missing: NotFound,
) -> T:
    """
    Load something of a portfolio for one who manages it.

    Args:
        get: Reads it by its portfolio and its own id.
        missing: What to raise when there is none.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    found = get(portfolio_id, one_id)
    if found is None:
        raise missing
    return found


def shares(actor: Actor, portfolios: tuple[str, ...]) -> bool:
    """Whether somebody with these portfolios is one of the actor's; everybody is an admin's."""
    return "*" in actor.portfolios or any(actor.sees(one) for one in portfolios)
