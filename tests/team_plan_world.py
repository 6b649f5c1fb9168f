"""Teams' plans for tests: a store in memory, and a day that is easy to make shorter."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from chalicelib.geo.point import Point
from chalicelib.routes.day import Agent, Day, Stop, Visit
from chalicelib.routes.team_plan import PlanState, TeamPlan
from tests.builders import NOW


class MemoryPlans:
    """What ``store.team_plans.TeamPlanStore`` promises, in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], TeamPlan] = {}

    def add(self, plan: TeamPlan) -> bool:
        return self.kept.setdefault((plan.portfolio_id, plan.plan_id), plan) == plan

    def get(self, portfolio_id: str, plan_id: str) -> TeamPlan | None:
        return self.kept.get((portfolio_id, plan_id))

    def save(self, plan: TeamPlan) -> TeamPlan | None:
        key = (plan.portfolio_id, plan.plan_id)
        if self.kept[key].version != plan.version:
            return None
        self.kept[key] = replace(plan, version=plan.version + 1)
        return self.kept[key]


class MemoryJobs:
    """A queue that keeps what was sent; ``broken`` takes nothing."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.broken = False

    def send(self, messages: Any) -> None:
        if self.broken:
            raise ConnectionError("the queue is away")
        self.sent += messages


def agents(number: int = 2, **values: Any) -> tuple[Agent, ...]:
    """Agents who begin at two ends of a street, four kilometres apart."""
    return tuple(
        Agent(agent_id=f"per_{n}", start=Point(19.40 + 0.04 * n, -99.13), **values)
        for n in range(number)
    )


def visits(number: int = 8, **values: Any) -> tuple[Visit, ...]:
    """Visits along the street, by their number from one end to the other."""
    return tuple(
        Visit(visit_id=f"cas_{n}", point=Point(19.40 + 0.04 * n / number, -99.13), **values)
        for n in range(number)
    )


def crossed(team: tuple[Agent, ...], wanted: tuple[Visit, ...]) -> Day:
    """Every other visit to each of two: both walk the whole street."""
    stops = {
        agent.agent_id: tuple(Stop(visit_id=one.visit_id, arrives=0) for one in wanted[n::2])
        for n, agent in enumerate(team)
    }
    return Day(stops=stops, left_out=(), metres=20_000, seconds=4_000)


def a_plan(portfolio_id: str = "prt_1", **values: Any) -> TeamPlan:
    team, wanted = agents(skills=frozenset({"maya"})), visits(skills=frozenset({"maya"}))
    base: dict[str, Any] = {
        "plan_id": f"tpl_{portfolio_id}",
        "portfolio_id": portfolio_id,
        "day": date(2026, 11, 24),
        "state": PlanState.WAITING,
        "agents": team,
        "visits": wanted,
        "first": crossed(team, wanted),
        "created_by": "user:eva",
        "created_at": NOW,
        "updated_at": NOW,
        "expires_at": NOW + timedelta(days=2),
    }
    return TeamPlan(**base | values)
