"""What a portfolio's messages cost in a month, and whether its budget has room for more."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from chalicelib.domain.case import CounterMoves
from chalicelib.domain.days import local_day
from chalicelib.domain.portfolio import Portfolio


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
