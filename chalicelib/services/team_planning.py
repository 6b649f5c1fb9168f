"""Seeking a better plan for a team's day, once, however often its message comes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.routes.day import with_promises
from chalicelib.routes.team_plan import PlanState, Search, TeamPlan, better

# Longer than the function may run: whoever began before has ended, or died.
LEASE = timedelta(seconds=90)
MOST_TRIES = 3


class Plans(Protocol):
    def add(self, plan: TeamPlan) -> bool: ...

    def get(self, portfolio_id: str, plan_id: str) -> TeamPlan | None: ...

    def save(self, plan: TeamPlan) -> TeamPlan | None:
        """Write over the version it was read at; None when another worker was quicker."""
        ...


def work(
    portfolio_id: str,
    plan_id: str,
    *,
    plans: Plans,
    clock: Callable[[], datetime],
    search: Search = with_promises,
) -> TeamPlan | None:
    """
    Seek a plan and keep what was found.

    Safe to repeat: what is done, or at work, is left alone; what a worker died of is tried again,
    some times.

    Returns:
        The plan as it was kept; None when there was nothing to do.

    Raises:
        Exception: Whatever the search fails with, after that was noted.
    """
    plan, now = plans.get(portfolio_id, plan_id), clock()
    if plan is None or not _to_do(plan, now):
        return None
    if plan.tries >= MOST_TRIES:
        return plans.save(replace(plan, state=PlanState.FAILED, problem="crashed", updated_at=now))
    begun = plans.save(
        replace(plan, state=PlanState.PLANNING, tries=plan.tries + 1, updated_at=now)
    )
    if begun is None:
        return None
    try:
        found = better(plan.agents, plan.visits, plan.first, search=search)
    except Exception:
        plans.save(replace(begun, state=PlanState.FAILED, problem="unsolved", updated_at=clock()))
        raise
    day, left_out = found or (None, {})
    return plans.save(
        replace(begun, state=PlanState.DONE, found=day, left_out=dict(left_out), updated_at=clock())
    )


def _to_do(plan: TeamPlan, now: datetime) -> bool:
    if plan.state is PlanState.PLANNING:
        return now - plan.updated_at > LEASE
    return plan.state is PlanState.WAITING
