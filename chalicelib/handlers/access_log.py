"""Who looked at whose data."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import looked
    from chalicelib.services import access_log, tokens

bp = Blueprint(__name__)


@web.route(
    bp,
    "GET /portfolios/{portfolio_id}/access-log",
    answer="access_log:AccessLog",
    query=(
        web.Query(
            name="first", about="First day, of the portfolio's calendar.", kind="date",
            required=True,
        ),
        web.Query(name="last", about="Last day.", kind="date", required=True),
        web.Query(name="case", about="Of this case only."),
        web.Query(name="person", about="By this person only."),
        web.Query(
            name="kind", about="Of this kind only.",
            choices=lambda: tuple(each.value for each in looked.LookKind),
        ),
        *web.PAGE,
    ),
)  # fmt: skip
def list_looks(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Page through who opened which case and took which file, newest first."""
    asked = call.query
    return access_log.listed(
        portfolio_id,
        first=asked["first"],
        last=asked["last"],
        case_id=asked.get("case", ""),
        person_id=asked.get("person", ""),
        kind=looked.LookKind(asked["kind"]) if asked.get("kind") else None,
        limit=call.limit,
        cursor=call.cursor,
        actor=call.actor,
        log=wiring.access_log(),
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        people=lambda ids: (
            wiring.actor_names(ids) | tokens.names(portfolio_id, ids, tokens=wiring.tokens())
        ),
    )
