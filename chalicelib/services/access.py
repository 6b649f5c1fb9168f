"""
Who may do what, asked about the thing itself.

Every use case calls one of these on the loaded object before it acts; no table of routes
grants anything.
"""

from chalicelib.domain.errors import NotAllowed, PortfolioNotFound
from chalicelib.domain.people import Actor, Role

STAFF = (Role.ADMIN, Role.SUPERVISOR, Role.AGENT)
MANAGERS = (Role.ADMIN, Role.SUPERVISOR)
UPLOADERS = (Role.ADMIN, Role.SUPERVISOR, Role.SERVICE)


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
