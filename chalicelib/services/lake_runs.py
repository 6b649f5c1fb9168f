"""
Whose turn it is to export a portfolio: one run at a time, from worker to worker.

A run is a row with a lease. Whoever takes the lease goes on where the row says the last worker
came; whoever finds it taken leaves. Nothing is lost with a message: every hour what is behind is
ordered anew, and a run whose worker died is gone on with.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from chalicelib.domain import ids
from chalicelib.domain.days import local_day
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import lake
from chalicelib.services.lake_means import Means
from chalicelib.services.lake_progress import Progress, Report

KEY = "export"
LEASE = timedelta(minutes=16)  # a function runs for 15 at most
RENEWED_AFTER = timedelta(minutes=4)
MOST_BEHIND = timedelta(days=31)  # further back a person says so: ./recobro export --backfill

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """
    Days of a portfolio to export.

    Args:
        part: Of a run that is under way, the worker's number; 0 begins one.
    """

    portfolio_id: str
    day: date
    since: date
    whole: bool = False
    part: int = 0

    def message(self) -> dict[str, Any]:
        return {
            "step": "export",
            "portfolio_id": self.portfolio_id,
            "day": self.day.isoformat(),
            "since": self.since.isoformat(),
            "whole": self.whole,
            "part": self.part,
        }


def order_of(message: dict[str, Any]) -> Order:
    """Read what ``Order.message`` wrote."""
    return Order(
        portfolio_id=message["portfolio_id"],
        day=date.fromisoformat(message["day"]),
        since=date.fromisoformat(message["since"]),
        whole=message["whole"],
        part=message["part"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeRun:
    """
    ``P#<portfolio>`` / ``LAKE#export``: the run under way, or the last one.

    Args:
        state: ``running`` or ``done``.
        part: Of the next worker, from 1.
        done_day: Up to this day all are in the lake; None when nothing was exported yet.
    """

    portfolio_id: str
    kind: str = KEY
    state: str
    run_id: str
    day: date
    since: date
    began_at: datetime
    lease_until: datetime
    part: int = 1
    progress: Progress = field(default_factory=Progress)
    done_day: date | None = None
    version: int = 0


class Runs(Protocol):
    def get(self, portfolio_id: str, key: str) -> LakeRun | None: ...
    def add(self, run: LakeRun) -> bool: ...
    def save(self, run: LakeRun) -> LakeRun | None: ...


class Queue(Protocol):
    def send(self, messages: Iterable[dict[str, Any]]) -> None: ...


class LeaseLost(Exception):
    """Another worker has the run: this one was away for longer than its lease."""


class Outcome(StrEnum):
    DONE = "done"
    MORE = "more"  # its next worker is to be called
    BUSY = "busy"  # another worker is at it
    STALE = "stale"  # it went on without this message


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """
    Args:
        run: As it is now: not the order's when another was found to be finished first.
        report: What this worker did; None when nothing.
    """

    outcome: Outcome
    run: LakeRun
    report: Report | None = None

    @property
    def next(self) -> Order:
        """The order for the next worker of the run."""
        return _order(self.run)


def due(portfolio: Portfolio, run: LakeRun | None, now: datetime) -> Order | None:
    """Say what is to be exported of a portfolio, the days that are over in its own time zone."""
    yesterday = local_day(now, portfolio.time_zone) - timedelta(days=1)
    if run is not None and run.state == "running":
        return None if now < run.lease_until else _order(run)
    if run is None or run.done_day is None:
        return Order(portfolio_id=portfolio.portfolio_id, day=yesterday, since=yesterday)
    if run.done_day >= yesterday:
        return None
    since = max(run.done_day + timedelta(days=1), yesterday - MOST_BEHIND)
    return Order(portfolio_id=portfolio.portfolio_id, day=yesterday, since=since)


def start(portfolios: Iterable[Portfolio], *, runs: Runs, work: Queue, now: datetime) -> int:
    """Order what is due of every portfolio; says of how many. Safe to repeat at any time."""
    found = (
        due(one, runs.get(one.portfolio_id, KEY), now) for one in portfolios if not one.archived
    )
    orders = [order for order in found if order is not None]
    work.send(order.message() for order in orders)
    return len(orders)


def work(order: Order, portfolio: Portfolio, *, runs: Runs, means: Means, clock: Clock) -> Worked:
    """
    Do as much of an order as there is time for, or of the run that has to be finished before.

    Raises:
        BadField: A day that has not come yet, or days in the wrong order.
        LeaseLost: The run went on without this worker.
    """
    lake.check(portfolio, order.day, order.since, clock())
    run, refused = _taken(order, runs, clock())
    if refused is not None:
        return Worked(outcome=refused, run=run)
    lease = _Lease(run, runs, clock)
    try:
        progress, report = lake.advance(
            portfolio,
            run.day,
            run.progress,
            since=run.since,
            means=replace(means, alive=lease.hold),
            now=run.began_at,
            spool=f"{lake.SPOOL}/{run.portfolio_id}/{run.run_id}/{run.part}-{ids.new_id('spl')}/",
        )
    except LeaseLost:
        raise
    except BaseException:
        lease.free()  # whoever tries again need not wait for it to run out
        raise
    left = lease.end(progress, portfolio)
    return Worked(outcome=Outcome.DONE if progress.done else Outcome.MORE, run=left, report=report)


def _taken(order: Order, runs: Runs, now: datetime) -> tuple[LakeRun, Outcome | None]:
    run = runs.get(order.portfolio_id, KEY)
    if run is not None and run.state == "running":
        if now < run.lease_until:
            return run, Outcome.BUSY
        if order.part not in (0, run.part):
            return run, Outcome.STALE
        taken = runs.save(replace(run, lease_until=now + LEASE))
        return taken or run, None if taken else Outcome.BUSY
    if run is not None and order.part:
        return run, Outcome.STALE
    begun = LakeRun(
        portfolio_id=order.portfolio_id,
        state="running",
        run_id=ids.new_id("lak"),
        day=order.day,
        since=order.since,
        began_at=now,
        lease_until=now + LEASE,
        progress=Progress(whole=True if order.whole else None),
        done_day=run.done_day if run else None,
        version=run.version if run else 0,
    )
    if run is None:
        return begun, None if runs.add(begun) else Outcome.BUSY
    saved = runs.save(begun)
    return saved or run, None if saved else Outcome.BUSY


class _Lease:
    """A run in this worker's hands."""

    def __init__(self, run: LakeRun, runs: Runs, clock: Clock) -> None:
        self._run, self._runs, self._clock = run, runs, clock

    def hold(self) -> None:
        """
        Renew the lease in good time.

        Raises:
            LeaseLost: It ran out, or another worker has it.
        """
        now = self._clock()
        if now >= self._run.lease_until:
            raise LeaseLost
        if now >= self._run.lease_until - LEASE + RENEWED_AFTER:
            self._save(replace(self._run, lease_until=now + LEASE))

    def free(self) -> None:
        self._save(replace(self._run, lease_until=self._clock()))

    def end(self, progress: Progress, portfolio: Portfolio) -> LakeRun:
        run, now = self._run, self._clock()
        if not progress.done:
            left = replace(run, lease_until=now, part=run.part + 1, progress=progress)
            return self._save(left)
        done_day = _done_day(run, portfolio)
        return self._save(
            replace(run, state="done", lease_until=now, progress=progress, done_day=done_day)
        )

    def _save(self, run: LakeRun) -> LakeRun:
        saved = self._runs.save(run)
        if saved is None:
            raise LeaseLost
        self._run = saved
        return saved


def _done_day(run: LakeRun, portfolio: Portfolio) -> date | None:
    """Up to where there is no gap, days that were over when they were told."""
    over = min(run.day, local_day(run.began_at, portfolio.time_zone) - timedelta(days=1))
    if over < run.since:
        return run.done_day
    if run.done_day is None:
        return over
    return (
        max(run.done_day, over) if run.since <= run.done_day + timedelta(days=1) else run.done_day
    )


def _order(run: LakeRun) -> Order:
    return Order(portfolio_id=run.portfolio_id, day=run.day, since=run.since, part=run.part)
