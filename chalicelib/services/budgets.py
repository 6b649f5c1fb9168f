"""What a portfolio's messages cost in a month, and whether its budget has room for more."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from chalicelib.domain.case import CounterMoves
from chalicelib.domain.days import local_day
from chalicelib.domain.portfolio import Portfolio

FRESH = timedelta(seconds=30)


class Counters(Protocol):
    def read(self, portfolio_id: str, *, days_since: date | None = None) -> CounterMoves: ...


class Limits(Protocol):
    """Where a portfolio's monthly budget is kept."""

    def monthly_micros(self, portfolio_id: str) -> int | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """
    Args:
        month: ``yyyy-mm`` of the portfolio's calendar.
        limit_micros: Millionths of a US dollar; None = no limit.
        messages: Sent in the month so far.
    """

    month: str
    spent_micros: int
    limit_micros: int | None
    messages: int

    def has_room_for(self, micros: int) -> bool:
        """Say whether a message of that cost fits in."""
        return self.limit_micros is None or self.spent_micros + micros <= self.limit_micros


def of_month(portfolio: Portfolio, *, counters: Counters, limits: Limits, now: datetime) -> Budget:
    """
    Sum what the portfolio's month has cost so far; one query of counters.

    Sums move with the fact that a message went, so messages under way at this moment are not
    in them: a budget may be passed by what the workers have in hand, never by a batch.
    """
    today = local_day(now, portfolio.time_zone)
    month = f"{today:%Y-%m}"
    days = counters.read(portfolio.portfolio_id, days_since=today.replace(day=1)).days
    flows = [flow for day, flow in days.items() if day.startswith(month)]
    return Budget(
        month=month,
        spent_micros=sum(flow.get("cost_micros", 0) for flow in flows),
        limit_micros=limits.monthly_micros(portfolio.portfolio_id),
        messages=sum(flow.get("messages", 0) for flow in flows),
    )


class Rooms:
    """
    What is left of the month's budgets, for whoever sends one message after the other.

    A portfolio is read at most every half minute; what this worker let through since is added to
    it. So a budget is passed at most by what all workers let through in half a minute.
    """

    def __init__(self, counters: Counters, limits: Limits) -> None:
        self._counters, self._limits = counters, limits
        self._known: dict[str, tuple[datetime, Budget]] = {}

    def take(self, portfolio: Portfolio, micros: int, now: datetime) -> bool:
        """Say whether a message of that cost may go now, and count it as gone if it may."""
        budget = self._read(portfolio, now)
        if budget is None:
            return True
        if not budget.has_room_for(micros):
            return False
        read_at, _ = self._known[portfolio.portfolio_id]
        gone = replace(budget, spent_micros=budget.spent_micros + micros)
        self._known[portfolio.portfolio_id] = (read_at, gone)
        return True

    def _read(self, portfolio: Portfolio, now: datetime) -> Budget | None:
        """The month's budget; None where there is no limit, without reading what was spent."""
        read_at, budget = self._known.get(portfolio.portfolio_id, (now, None))
        month = f"{local_day(now, portfolio.time_zone):%Y-%m}"
        fresh = budget is not None and abs(now - read_at) < FRESH and budget.month == month
        if not fresh:
            limit = self._limits.monthly_micros(portfolio.portfolio_id)
            budget = Budget(month=month, spent_micros=0, limit_micros=None, messages=0)
            if limit is not None:
                budget = of_month(portfolio, counters=self._counters, limits=self._limits, now=now)
            self._known[portfolio.portfolio_id] = (now, budget)
        return budget if budget is not None and budget.limit_micros is not None else None
