"""
Which cases the daily plan looks at: those that are due, and those that won a place in a quota.

It reads only what is due, and hands it to ``planning.plan_cases`` some cases a message.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from chalicelib.domain.days import local_day
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services.plan_limits import Allowances, Bids, quota_name
from chalicelib.services.strategies import Strategies
from chalicelib.services.upload_ports import Queue

SHARDS = 8
CASES_A_MESSAGE = 50
CASES_A_PAGE = 1_000
RESERVE_S = 10.0
AWARDED_BY = 6  # o'clock: before anybody may be written to


class Ids(Protocol):
    @property
    def items(self) -> Sequence[str]: ...

    @property
    def cursor(self) -> str | None: ...


class Agenda(Protocol):
    """The cases by the day they are to be looked at."""

    def due_cases(
        self,
        portfolio_id: str,
        shard: int,
        until: date,
        *,
        cursor: str | None = None,
        limit: int = 200,
    ) -> Ids: ...

    def owing(
        self, portfolio_id: str, shard: int, *, cursor: str | None = None, limit: int = 200
    ) -> Ids: ...

    def bring_forward(self, portfolio_id: str, case_id: str, day: date) -> bool: ...


class Portfolios(Protocol):
    def get(self, portfolio_id: str) -> Portfolio | None: ...
    def all(self) -> list[Portfolio]: ...


def start(*, portfolios: Portfolios, work: Queue) -> int:
    """Have every portfolio's agenda read; says how many. Safe to repeat at any time."""
    living = [each for each in portfolios.all() if not each.archived]
    work.send(
        {"step": "due", "portfolio_id": each.portfolio_id, "shard": shard, "cursor": None}
        for each in living
        for shard in range(SHARDS)
    )
    work.send({"step": "award", "portfolio_id": each.portfolio_id} for each in living)
    work.send({"step": "fill", "portfolio_id": each.portfolio_id} for each in living)
    return len(living)


def award(
    portfolio_id: str,
    *,
    portfolios: Portfolios,
    strategies: Strategies,
    cases: Agenda,
    allowances: Allowances,
    bids: Bids,
    work: Queue,
    now: datetime,
) -> int:
    """
    Give the places of the day's quotas to the best bids; says how many.

    Only when every case of the day has been looked at, so that a quota ranks the whole day's
    plan; a case that cannot be looked at holds nobody up later than six in the morning. The
    schedule asks again every quarter of an hour. Safe to repeat: a case gets its place once.
    """
    portfolio = portfolios.get(portfolio_id)
    playbook = strategies.playbook(portfolio_id) if portfolio else None
    limited = [one for one in playbook.segments if one.daily_quota is not None] if playbook else []
    if portfolio is None or portfolio.archived or not limited:
        return 0
    today = local_day(now, portfolio.time_zone)
    early = now.astimezone(ZoneInfo(portfolio.time_zone)).hour < AWARDED_BY
    if early and any(
        cases.due_cases(portfolio_id, shard, today, limit=1).items for shard in range(SHARDS)
    ):
        return 0
    given = 0
    for segment in limited:
        name = quota_name(today, segment.segment_id)
        left = (segment.daily_quota or 0) - allowances.used(portfolio_id, name)
        if left <= 0:
            continue
        best = bids.best(portfolio_id, today, segment.segment_id, most=left)
        work.send(
            {
                "step": "cases",
                "portfolio_id": portfolio_id,
                "case_ids": best[first : first + CASES_A_MESSAGE],
                "awarded": True,
            }
            for first in range(0, len(best), CASES_A_MESSAGE)
        )
        bids.drop(portfolio_id, today, segment.segment_id, best)
        given += len(best)
    return given


def read_agenda(
    portfolio_id: str,
    shard: int,
    *,
    cursor: str | None,
    portfolios: Portfolios,
    cases: Agenda,
    work: Queue,
    now: datetime,
    time_left_s: Callable[[], float],
) -> int:
    """Send the cases that are due to the workers, and itself on when time is up."""
    portfolio = portfolios.get(portfolio_id)
    if portfolio is None or portfolio.archived:
        return 0
    today = local_day(now, portfolio.time_zone)
    found = 0
    while True:
        page = cases.due_cases(portfolio_id, shard, today, cursor=cursor, limit=CASES_A_PAGE)
        found += len(page.items)
        work.send(
            {
                "step": "cases",
                "portfolio_id": portfolio_id,
                "case_ids": list(page.items[first : first + CASES_A_MESSAGE]),
            }
            for first in range(0, len(page.items), CASES_A_MESSAGE)
        )
        cursor = page.cursor
        if cursor is None:
            return found
        if time_left_s() < RESERVE_S:
            again = {"step": "due", "portfolio_id": portfolio_id, "shard": shard, "cursor": cursor}
            work.send([again])
            return found


def review(
    portfolio_id: str,
    day: date,
    *,
    shard: int | None,
    cursor: str | None,
    cases: Agenda,
    work: Queue,
    time_left_s: Callable[[], float],
) -> int:
    """Put every case that owes on the agenda of *day*, for what it depends on has changed."""

    def message(shard: int, cursor: str | None) -> dict[str, Any]:
        return {
            "step": "review",
            "portfolio_id": portfolio_id,
            "day": day.isoformat(),
            "shard": shard,
            "cursor": cursor,
        }

    if shard is None:
        work.send(message(each, None) for each in range(SHARDS))
        return 0
    moved = 0
    while True:
        page = cases.owing(portfolio_id, shard, cursor=cursor, limit=CASES_A_PAGE)
        moved += sum(cases.bring_forward(portfolio_id, key, day) for key in page.items)
        cursor = page.cursor
        if cursor is None:
            return moved
        if time_left_s() < RESERVE_S:
            work.send([message(shard, cursor)])
            return moved
