"""A dry run: what the plan would do on a day, worked out in the background and never done."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """
    Args:
        state: ``running`` or ``done``.
        day: Of the portfolio's calendar, today or later.
        strategy_id: A strategy whose draft is tried in place of its published version; empty =
            as published.
        sample: How many cases to look at; None = all that are due by the day.
        cases: How many were looked at.
        outcomes, channels, codes: How many lines by outcome, by channel of those that go, and
            by reason of those that do not.
        daily_budget_micros: What messages of a day may cost together; None = no limit.
        lines: The first lines, as shown on the page.
        shard, cursor: Where it goes on; *shard* past the last = nowhere.
        files: Keys of the CSV files, in order.
    """

    dry_run_id: str
    portfolio_id: str
    state: str
    day: date
    strategy_id: str
    sample: int | None
    language: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    cases: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    channels: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    cost_micros: int = 0
    daily_budget_micros: int | None = None
    lines: tuple[dict[str, Any], ...] = ()
    shard: int = 0
    cursor: str | None = None
    files: tuple[str, ...] = ()
    version: int = 1
