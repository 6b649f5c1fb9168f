"""Lists of cases that people name, to come back to them."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import saved_views

bp = Blueprint(__name__)

BASE = "/portfolios/{portfolio_id}/views"
ONE = f"{BASE}/{{view_id}}"


@web.route(bp, f"GET {BASE}", answer="saved_views:Views")
def list_views(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List one's own views and those shared with the portfolio, by name; they are few."""
    found = saved_views.listed(portfolio_id, **_means(call))
    return {"items": [saved_views.shown(one, actor=call.actor) for one in found], "cursor": None}


@web.route(bp, f"POST {BASE}", body="saved_views:NewView", answer="saved_views:View", status=201)
def add(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Keep filters and order of a list under a name; supervisors may share it."""
    body = call.body
    view = saved_views.add(
        portfolio_id,
        name=body.name,
        filters=body.filters.model_dump(exclude_none=True),
        shared=body.shared,
        key=call.key,
        now=call.now,
        **_means(call),
    )
    return saved_views.shown(view, actor=call.actor)


@web.route(bp, f"PATCH {ONE}", body="saved_views:ChangeView", answer="saved_views:View")
def change(call: web.Call, portfolio_id: str, view_id: str) -> dict[str, Any]:
    """Rename a view, change its filters, share it, or have one's own list open with it."""
    changes = call.body.model_dump(exclude_none=True)
    view = saved_views.change(portfolio_id, view_id, changes, now=call.now, **_means(call))
    return saved_views.shown(view, actor=call.actor)


@web.route(bp, f"DELETE {ONE}", status=204)
def remove(call: web.Call, portfolio_id: str, view_id: str) -> None:
    """Take a view away; the cases stay."""
    saved_views.remove(portfolio_id, view_id, **_means(call))


def _means(call: web.Call) -> dict[str, Any]:
    return {
        "actor": call.actor,
        "portfolios": wiring.portfolios(),
        "views": wiring.saved_views(),
    }
