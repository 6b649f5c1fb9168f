"""Portfolios: made from a country's defaults, changed as a whole or in part, seen by their own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain import defaults, policy_rules
from chalicelib.domain.errors import BadField, PortfolioMoved
from chalicelib.domain.ids import new_id
from chalicelib.domain.people import Actor, AuditEvent, Role
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.domain.portfolio import Branding, ContactLimits, Identification, Portfolio
from chalicelib.services import images
from chalicelib.services.access import MANAGERS, STAFF, need, need_portfolio, open_portfolio
from chalicelib.services.audit import audited
from chalicelib.services.strategies_in_force import Published, any_in_force, lacking

# What may change once there are cases; the country and currency are what they were made in.
CHANGEABLE = (
    "name",
    "creditor",
    "time_zone",
    "language",
    "branding",
    "identification",
    "policies",
    "archived",
)


BeforeChange = Callable[[Portfolio, Portfolio], None]


class Portfolios(Protocol):
    def get(self, portfolio_id: str) -> Portfolio | None: ...
    def all(self) -> list[Portfolio]: ...
    def some(self, portfolio_ids: tuple[str, ...]) -> list[Portfolio]: ...
    def add(self, portfolio: Portfolio, *, audit: AuditEvent, grant_to: str | None) -> None:
        """
        Keep a new portfolio.

        Args:
            grant_to: The person who gets it into their own list in the same transaction.
        """
        ...

    def save(self, portfolio: Portfolio, *, audit: AuditEvent) -> None:
        """
        Write over the version before *portfolio*'s.

        Raises:
            PortfolioMoved: Somebody else did.
        """
        ...


def seen(*, actor: Actor, portfolios: Portfolios) -> list[Portfolio]:
    """List the portfolios open to the actor, by name; archived ones last."""
    need(actor, *STAFF, Role.SERVICE)
    found = portfolios.all() if "*" in actor.portfolios else portfolios.some(actor.portfolios)
    return sorted(found, key=lambda each: (each.archived, each.name.casefold()))


def get(portfolio_id: str, *, actor: Actor, portfolios: Portfolios) -> Portfolio:
    """
    Raises:
        PortfolioNotFound: None that the actor may see.
    """
    return open_portfolio(actor, portfolio_id, portfolios, *STAFF, Role.SERVICE)


def draft(country: str) -> dict[str, Any]:
    """Give the body of a new portfolio of a country, with sane policies."""
    chosen = defaults.country(country)
    return {
        "name": "",
        "creditor": "",
        "country": chosen.code,
        "currency": chosen.currencies[0],
        "time_zone": chosen.time_zones[0],
        "language": chosen.languages[0],
        "branding": to_plain(Branding(display_name="")),
        "identification": to_plain(Identification()),
        "policies": to_plain(defaults.policies(country)),
    }


def create(
    body: dict[str, Any], *, actor: Actor, portfolios: Portfolios, now: datetime
) -> Portfolio:
    """
    Make a portfolio; what *body* leaves out comes from the country's defaults.

    A supervisor who makes one may work on it at once.

    Raises:
        BadField: A policy that makes no sense, by dotted path.
        NotAllowed: It has limits of contact of its own, which only an admin sets.
    """
    need(actor, *MANAGERS)
    plain = _merged(draft(body["country"]), body)
    if not plain["branding"]["display_name"]:
        plain["branding"]["display_name"] = plain["creditor"]
    fixed = {
        "portfolio_id": new_id("prt"),
        "created_at": to_plain(now),
        "updated_at": to_plain(now),
    }
    portfolio = _read(plain | fixed)
    _need_admin_for(portfolio.policies.contact, ContactLimits(), actor)
    policy_rules.check(portfolio)
    kind, _, person_id = actor.actor_id.partition(":")
    grant_to = person_id if kind == "user" and "*" not in actor.portfolios else None
    audit = audited(
        "portfolio.created",
        f"portfolio:{portfolio.portfolio_id}",
        actor,
        now,
        {"country": portfolio.country},
    )
    portfolios.add(portfolio, audit=audit, grant_to=grant_to)
    return portfolio


def change(
    portfolio_id: str,
    changes: dict[str, Any],
    *,
    version: int,
    actor: Actor,
    portfolios: Portfolios,
    strategies: Published,
    before_change: BeforeChange | None = None,
    now: datetime,
) -> Portfolio:
    """
    Change what *changes* names; nested objects are merged, lists replaced.

    Args:
        version: The version that the changes were made on.
        before_change: Told what is about to be written over, and by what.

    Raises:
        PortfolioMoved: It has another version by now.
        BadField: The result makes no sense, by dotted path; or a strategy is published and it
            does not state how to pay, where to ask, or what the law wants said of the sender.
        NotAllowed: The limits of contact change, and the actor is no admin.
    """
    before = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    if before.version != version:
        raise PortfolioMoved(version=before.version)
    wanted = {name: value for name, value in changes.items() if name in CHANGEABLE}
    after = _read(_merged(to_plain(before), wanted))
    if after == before:
        return before
    _need_admin_for(after.policies.contact, before.policies.contact, actor)
    policy_rules.check(after)
    _refuse_to_be_silent(after, strategies)
    after = replace(after, version=version + 1, updated_at=now)
    facts = _differences(to_plain(before), to_plain(after))
    if before_change is not None:
        before_change(before, after)
    portfolios.save(
        after,
        audit=audited("portfolio.changed", f"portfolio:{after.portfolio_id}", actor, now, facts),
    )
    return after


def put_logo(
    portfolio_id: str,
    image: bytes,
    *,
    version: int,
    actor: Actor,
    portfolios: Portfolios,
    media: images.Media,
    strategies: Published,
    now: datetime,
) -> Portfolio:
    """
    Publish a logo and put it into the branding. Safe to repeat.

    Its name is made of its content, so that caches may keep it for ever.

    Raises:
        BadField: Not a PNG, JPEG or WebP, or larger than ``images.MAX_BYTES``.
        PortfolioMoved: It has another version by now.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    key = images.publish(image, prefix=f"{portfolio_id}/logo-", media=media)
    return change(
        portfolio_id,
        {"branding": {"logo_key": key}},
        version=version,
        actor=actor,
        portfolios=portfolios,
        strategies=strategies,
        now=now,
    )


def _refuse_to_be_silent(portfolio: Portfolio, strategies: Published) -> None:
    """Messages are going out: what they say may not be taken from them."""
    missing = () if portfolio.archived else lacking(portfolio)
    if missing and any_in_force(portfolio.portfolio_id, strategies):
        raise BadField(field=missing[0], reason="missing", needed_by="published_strategy")


def _need_admin_for(wanted: ContactLimits, before: ContactLimits, actor: Actor) -> None:
    if wanted != before:
        need(actor, Role.ADMIN)


def _read(plain: dict[str, Any]) -> Portfolio:
    try:
        return from_plain(Portfolio, plain)
    except (ValueError, TypeError):
        raise BadField(field="policies", reason="invalid") from None


def _merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for name, value in changes.items():
        old = merged.get(name)
        both = isinstance(old, dict) and isinstance(value, dict)
        merged[name] = _merged(old, value) if both else value  # type: ignore[arg-type]
    return merged


def _differences(before: dict[str, Any], after: dict[str, Any], path: str = "") -> dict[str, Any]:
    """Old and new of every value that differs, by dotted path. A portfolio names no debtor."""
    facts: dict[str, Any] = {}
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            facts |= _differences(old, new, f"{path}{name}.")
        elif old != new and name not in ("version", "updated_at"):
            facts[f"{path}{name}"] = [old, new]
    return facts
