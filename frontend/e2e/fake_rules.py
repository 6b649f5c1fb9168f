"""The stand-in for the rules of contact: what the real packs say, for its two portfolios."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import from_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import contact_rules
from frontend.e2e.fake_api import Answer, Call, FakeApi, route

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)


class _Portfolios:
    def __init__(self, plain: dict[str, Any]) -> None:
        self._plain = plain

    def get(self, _portfolio_id: str) -> Portfolio:
        return from_plain(Portfolio, self._plain)


@route("GET", "/portfolios/{pid}/contact-rules")
def rules(api: FakeApi, call: Call) -> Answer:
    plain = next(one for one in api.portfolios if one["portfolio_id"] == call.parts[0])
    role = Role(api.me["role"])
    actor = Actor(actor_id="user:1", role=role, portfolios=("*",))
    page = contact_rules.page(
        call.parts[0],
        actor=actor,
        portfolios=_Portfolios(plain),  # type: ignore[arg-type]
        now=NOW,
    )
    return Answer(200, page)
