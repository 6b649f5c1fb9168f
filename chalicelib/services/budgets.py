"""What a portfolio's messages cost in a day and a month, and whether budgets have room for more."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from chalicelib.domain.case import CounterMoves
from chalicelib.domain.days import local_day
from chalicelib.domain.portfolio import Portfolio
from chalicelib.strategies.model import Playbook

FRESH = timedelta(seconds=30)
# Why a message waits, as its ruling says it.
BUDGET_USED = "BUDGET_USED"
DAY_BUDGET_USED = "DAY_BUDGET_USED"


class Counters(Protocol):
    def read(self, portfolio_id: str, *, days_since: date | None = None) -> CounterMoves: ...


class Limits(Protocol):
    """Where a portfolio's budgets are kept."""

    def playbook(self, portfolio_id: str) -> Playbook | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """
    Args:
        name: ``yyyy-mm`` or ``yyyy-mm-dd`` of the portfolio's calendar.
        limit_micros: Millionths of a US dollar; None = no limit.
        messages: Sent in it so far.
    """

    name: str
    spent_micros: int
    limit_micros: int | None
    messages: int

    def has_room_for(self, micros: int) -> bool:
        """Say whether a message of that cost fits in."""
        return self.limit_micros is None or self.spent_micros + micros <= self.limit_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    month: Span
    day: Span

    def used_up(self, micros: int) -> str:
        """Say which budget has no room for a message of that cost; empty when both have."""
        if not self.month.has_room_for(micros):
            return BUDGET_USED
        return "" if self.day.has_room_for(micros) else DAY_BUDGET_USED

    def after(self, micros: int) -> "Budget":
        """The budget once a message of that cost has gone."""
        return Budget(
            month=replace(self.month, spent_micros=self.month.spent_micros + micros),
            day=replace(self.day, spent_micros=self.day.spent_micros + micros),
        )


def of_now(portfolio: Portfolio, *, counters: Counters, limits: Limits, now: datetime) -> Budget:
    """
    Sum what the portfolio's month and day have cost so far; one query of counters.

    Sums move with the fact that a message went, so messages under way at this moment are not
    in them: a budget may be passed by what the workers have in hand, never by a batch.
    """
    playbook = limits.playbook(portfolio.portfolio_id)
    return _spent(portfolio, playbook, counters=counters, now=now)


class Rooms:
    """
    What is left of the budgets, for whoever sends one message after the other.

    A portfolio is read at most every half minute; what this worker let through since is added to
    it. So a budget is passed at most by what all workers let through in half a minute.
    """

    def __init__(self, counters: Counters, limits: Limits) -> None:
        self._counters, self._limits = counters, limits
        self._known: dict[str, tuple[datetime, date, Budget | None]] = {}

    def take(self, portfolio: Portfolio, micros: int, now: datetime) -> str:
        """
        Count a message of that cost as gone where day and month have room for it now.

        Returns:
            Why it may not go: which budget is used up. Empty when it may.
        """
        key = portfolio.portfolio_id
        read_at, today, budget = self._read(portfolio, now)
        if budget is None:
            return ""
        if used_up := budget.used_up(micros):
            return used_up
        self._known[key] = (read_at, today, budget.after(micros))
        return ""

    def _read(self, portfolio: Portfolio, now: datetime) -> tuple[datetime, date, Budget | None]:
        """What is known; a budget of None: there is no limit, and what was spent is not read."""
        today = local_day(now, portfolio.time_zone)
        known = self._known.get(portfolio.portfolio_id)
        if known is None or abs(now - known[0]) >= FRESH or known[1] != today:
            playbook = self._limits.playbook(portfolio.portfolio_id)
            budget = None
            if playbook is not None and playbook.has_budget:
                budget = _spent(portfolio, playbook, counters=self._counters, now=now)
            known = self._known[portfolio.portfolio_id] = (now, today, budget)
        return known


# Private


def _spent(
    portfolio: Portfolio, playbook: Playbook | None, *, counters: Counters, now: datetime
) -> Budget:
    today = local_day(now, portfolio.time_zone)
    month = f"{today:%Y-%m}"
    days = counters.read(portfolio.portfolio_id, days_since=today.replace(day=1)).days
    flows = [flow for day, flow in days.items() if day.startswith(month)]
    of_today = days.get(today.isoformat(), {})
    return Budget(
        month=Span(
            name=month,
            spent_micros=sum(flow.get("cost_micros", 0) for flow in flows),
            limit_micros=playbook.monthly_budget_micros if playbook else None,
            messages=sum(flow.get("messages", 0) for flow in flows),
        ),
        day=Span(
            name=today.isoformat(),
            spent_micros=of_today.get("cost_micros", 0),
            limit_micros=playbook.daily_budget_micros if playbook else None,
            messages=of_today.get("messages", 0),
        ),
    )
