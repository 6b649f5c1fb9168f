"""The people who work on a portfolio: whom a case can be given to, who may be told of it."""

from typing import Protocol

from chalicelib.domain.people import Actor, Person
from chalicelib.services.access import STAFF, need_portfolio

PAGE = 200


class People(Protocol):
    def page(self, *, limit: int, cursor: str | None) -> tuple[list[Person], str | None]: ...


def of_portfolio(portfolio_id: str, *, actor: Actor, people: People) -> list[Person]:
    """
    List who may see a portfolio's cases and is not disabled, by name.

    Raises:
        PortfolioNotFound: None that the actor may see.
    """
    need_portfolio(actor, portfolio_id, *STAFF)
    found: list[Person] = []
    cursor: str | None = None
    while True:
        page, cursor = people.page(limit=PAGE, cursor=cursor)
        found += [one for one in page if works_on(one, portfolio_id)]
        if cursor is None:
            return sorted(found, key=lambda one: (one.name.casefold(), one.person_id))


def works_on(person: Person, portfolio_id: str) -> bool:
    """Say whether somebody may work on a portfolio's cases now."""
    return (
        not person.disabled
        and person.role in STAFF
        and ("*" in person.portfolios or portfolio_id in person.portfolios)
    )
