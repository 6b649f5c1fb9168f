"""Which cases that owe nobody turned to for days: how many in each band, and which first."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain.ageing import band_of
from chalicelib.domain.case import CaseHead
from chalicelib.domain.coverage import Untouched
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Actor
from chalicelib.services.access import MANAGERS, need_portfolio
from chalicelib.services.case_search import MOST_DAYS, Page
from chalicelib.services.portfolios import Portfolios
from chalicelib.services.portfolios import get as portfolio_of

COUNTED, LISTED = 5_000, 20


class Cases(Protocol):
    def untouched(
        self, portfolio_id: str, before: date, *, cursor: str | None = ..., limit: int
    ) -> Page[Untouched]: ...

    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...


def untouched(
    portfolio_id: str,
    days: int,
    *,
    cursor: str | None,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> dict[str, Any]:
    """
    Count cases whose debtor nobody wrote to, called or visited for *days*, by band.

    It reads keys of an index alone, and of these no more than there are such cases, a few
    thousand a request: with a cursor, whoever asks goes on and adds up.

    Raises:
        PortfolioNotFound: None that the actor may see.
        BadField: *days* is out of range.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    portfolio = portfolio_of(portfolio_id, actor=actor, portfolios=portfolios)
    if not 1 <= days <= MOST_DAYS:
        raise BadField(field="days", reason="too_small" if days < 1 else "too_large")
    today = local_day(now, portfolio.time_zone)
    before = today - timedelta(days=days - 1)
    page = cases.untouched(portfolio_id, before, cursor=cursor, limit=COUNTED)
    bands = portfolio.policies.bands
    counted = {band.code: [0, 0] for band in bands} | {"": [0, 0]}
    for one in page.items:
        band = band_of(one.due_on, today, bands)
        row = counted[band.code if band else ""]
        row[0] += 1
        row[1] += one.touched_on is None
    first = [] if cursor else page.items[:LISTED]
    heads = cases.heads([one.case_id for one in first])
    return {
        "days": days,
        "bands": [
            {"code": code, "cases": number, "never": never}
            for code, (number, never) in counted.items()
            if code or number
        ],
        "items": [
            {
                "case_id": one.case_id,
                "name": head.name,
                "balance": {"minor": head.balance_minor, "currency": head.currency},
                "touched_on": one.touched_on.isoformat() if one.touched_on else None,
                "due_on": one.due_on.isoformat() if one.due_on else None,
            }
            for one in first
            if (head := heads.get(one.case_id)) is not None
        ],
        "cursor": page.cursor,
    }
