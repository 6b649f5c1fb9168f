"""Days that a person wants in the lake now, instead of after the next night."""

from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.days import local_day
from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Actor
from chalicelib.services import lake_runs
from chalicelib.services.access import MANAGERS, need_portfolio
from chalicelib.services.lake_runs import MOST_BEHIND, Order, Queue, Runs
from chalicelib.services.portfolios import Portfolios
from chalicelib.services.portfolios import get as portfolio_of


def bring(
    portfolio_id: str,
    since: date | None,
    *,
    actor: Actor,
    portfolios: Portfolios,
    runs: Runs,
    work: Queue,
    now: datetime,
) -> dict[str, Any]:
    """
    Order the days that are over and not in the lake; those from *since* on are told anew.

    Asked twice it is done once, or again with the same outcome: a day is replaced whole.

    Returns:
        ``state``: ``ordered``, ``running`` (somebody's run is under way) or ``done`` (none lacks);
        ``day``: the last of the days it is about.

    Raises:
        PortfolioNotFound, NotAllowed: Not the actor's to ask for.
        BadField: *since* is not over yet, or longer ago than a run goes back.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    portfolio = portfolio_of(portfolio_id, actor=actor, portfolios=portfolios)
    yesterday = local_day(now, portfolio.time_zone) - timedelta(days=1)
    if since is not None and since > yesterday:
        raise BadField(field="from", reason="in_the_future")
    if since is not None and since < yesterday - MOST_BEHIND:
        raise BadField(field="from", reason="too_old")
    run = runs.get(portfolio_id, lake_runs.KEY)
    if run is not None and run.state == "running" and now < run.lease_until:
        return {"state": "running", "day": run.day.isoformat()}
    order = lake_runs.due(portfolio, run, now)
    if since is not None and (order is None or order.part == 0):
        # Never fewer than what the next night would have told.
        first = min(since, order.since) if order is not None else since
        order = Order(portfolio_id=portfolio_id, day=yesterday, since=first)
    if order is None:
        return {"state": "done", "day": yesterday.isoformat()}
    work.send([order.message()])
    return {"state": "ordered", "day": order.day.isoformat()}
