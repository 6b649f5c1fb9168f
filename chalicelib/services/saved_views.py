"""Lists of cases that people name: their own, or shared with who sees the portfolio."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.errors import BadField, ViewMoved, ViewNotFound
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor
from chalicelib.domain.saved_view import SavedView
from chalicelib.services import case_filters, casework
from chalicelib.services.access import MANAGERS, STAFF, Portfolios, need, open_portfolio

LONGEST_NAME = 60
MOST_OF_A_PERSON = 50
MOST_OF_A_PORTFOLIO = 500
TRIES = 4


class Views(Protocol):
    def add(self, document: SavedView) -> bool: ...
    def get(self, portfolio_id: str, key: str) -> SavedView | None: ...
    def save(self, document: SavedView) -> SavedView | None: ...
    def all(self, portfolio_id: str) -> list[SavedView]: ...
    def remove(self, view: SavedView) -> None: ...


def listed(
    portfolio_id: str, *, actor: Actor, portfolios: Portfolios, views: Views
) -> list[SavedView]:
    """
    List one's own views and those shared with the portfolio, by name.

    Raises:
        PortfolioNotFound: None that the actor may see.
    """
    open_portfolio(actor, portfolio_id, portfolios, *STAFF)
    found = [one for one in views.all(portfolio_id) if one.shared or _own(one, actor)]
    return sorted(found, key=lambda one: (one.name.casefold(), one.view_id))


def add(
    portfolio_id: str,
    *,
    name: str,
    filters: Mapping[str, Any],
    shared: bool,
    key: str,
    actor: Actor,
    portfolios: Portfolios,
    views: Views,
    now: datetime,
) -> SavedView:
    """
    Keep what a list is asked by under a name; a supervisor may share it.

    Args:
        key: Names this request; a second one with the same key gives the same view.

    Raises:
        PortfolioNotFound: None that the actor may see.
        NotAllowed: An agent shares nothing.
        BadField: A bad name, filters that make no sense, or too many views.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *STAFF)
    if shared:
        need(actor, *MANAGERS)
    view = SavedView(
        view_id=derived_id("viw", portfolio_id, actor.actor_id, key),
        portfolio_id=portfolio_id,
        name=casework.text(name, "name", longest=LONGEST_NAME),
        filters=case_filters.checked(filters, portfolio, now=now),
        owner=actor.person_id,
        created_at=now,
        shared=shared,
    )
    known = views.all(portfolio_id)
    for one in known:
        if one.view_id == view.view_id:
            return one
    own = sum(1 for one in known if _own(one, actor))
    if own >= MOST_OF_A_PERSON or len(known) >= MOST_OF_A_PORTFOLIO:
        raise BadField(field="name", reason="too_many", most=MOST_OF_A_PERSON)
    if not views.add(view):
        return views.get(portfolio_id, view.view_id) or view
    return view


def change(
    portfolio_id: str,
    view_id: str,
    changes: Mapping[str, Any],
    *,
    actor: Actor,
    portfolios: Portfolios,
    views: Views,
    now: datetime,
) -> SavedView:
    """
    Rename a view, ask it by other filters, share it, or have one's list open with it.

    Args:
        changes: Of ``name``, ``filters``, ``shared`` and ``opens`` (yes or no, for the actor).

    Raises:
        ViewNotFound: None that the actor may see.
        NotAllowed: It is another's; a supervisor may change those that are shared.
        ViewMoved: It kept moving.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *STAFF)
    mends = {name: value for name, value in changes.items() if name != "opens"}
    if "name" in mends:
        mends["name"] = casework.text(mends["name"], "name", longest=LONGEST_NAME)
    if "filters" in mends:
        mends["filters"] = case_filters.checked(mends["filters"], portfolio, now=now)
    if mends.get("shared"):
        need(actor, *MANAGERS)
    opens = changes.get("opens")

    def mend(view: SavedView) -> SavedView:
        if mends:
            _may_change(view, actor)
        view = replace(view, **mends)
        return view if opens is None else _opening(actor, opens=opens)(view)

    changed = _saved(portfolio_id, view_id, mend, actor, views)
    if opens:  # only now: a view that was refused leaves the list to open with what it did
        _alone(changed, actor, views)
    return changed


def remove(
    portfolio_id: str, view_id: str, *, actor: Actor, portfolios: Portfolios, views: Views
) -> None:
    """
    Take a view away; the cases stay. Safe to repeat by who may.

    Raises:
        NotAllowed: It is another's; a supervisor may remove those that are shared.
    """
    open_portfolio(actor, portfolio_id, portfolios, *STAFF)
    known = views.get(portfolio_id, view_id)
    if known is None or not (known.shared or _own(known, actor)):
        return
    _may_change(known, actor)
    views.remove(known)


def shown(view: SavedView, *, actor: Actor) -> dict[str, Any]:
    """Lay a view out for the page."""
    return {
        "view_id": view.view_id,
        "portfolio_id": view.portfolio_id,
        "name": view.name,
        "filters": view.filters,
        "shared": view.shared,
        "own": _own(view, actor),
        "opens": actor.person_id in view.opens_for,
        "can_change": _changes(view, actor),
    }


# Private


def _own(view: SavedView, actor: Actor) -> bool:
    return view.owner == actor.person_id


def _changes(view: SavedView, actor: Actor) -> bool:
    return _own(view, actor) or (view.shared and actor.role in MANAGERS)


def _may_change(view: SavedView, actor: Actor) -> None:
    if not _own(view, actor):
        need(actor, *MANAGERS)


def _opening(actor: Actor, *, opens: bool) -> Callable[[SavedView], SavedView]:
    def mend(view: SavedView) -> SavedView:
        others = [one for one in view.opens_for if one != actor.person_id]
        return replace(view, opens_for=(*others, *((actor.person_id,) if opens else ())))

    return mend


def _alone(view: SavedView, actor: Actor, views: Views) -> None:
    """Have one's list open with no other view, also none that is not shared with one any more."""
    for one in views.all(view.portfolio_id):
        other: SavedView | None = one if one.view_id != view.view_id else None
        for _ in range(TRIES):
            if other is None or actor.person_id not in other.opens_for:
                break
            if views.save(_opening(actor, opens=False)(other)) is not None:
                break
            other = views.get(view.portfolio_id, other.view_id)
        else:
            raise ViewMoved(view_id=one.view_id)


def _saved(
    portfolio_id: str,
    view_id: str,
    mend: Callable[[SavedView], SavedView],
    actor: Actor,
    views: Views,
) -> SavedView:
    for _ in range(TRIES):
        known = views.get(portfolio_id, view_id)
        if known is None or not (known.shared or _own(known, actor)):
            raise ViewNotFound(view_id=view_id)
        after = mend(known)
        if after == known:
            return known
        saved = views.save(after)
        if saved is not None:
            return saved
    raise ViewMoved(view_id=view_id)
