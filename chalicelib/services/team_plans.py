"""Better plans for a team's day: asked for with the first one, looked at until they are there."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.errors import TeamPlanNotFound
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import instant
from chalicelib.routes.day import Agent, Day, Visit
from chalicelib.routes.team_plan import PlanState, TeamPlan
from chalicelib.services.access import managed
from chalicelib.services.team_planning import Plans
from chalicelib.services.upload_ports import Queue

# One agent's visits, or a handful, are divided as well by the first plan.
LEAST_AGENTS, LEAST_VISITS = 2, 6
KEPT = timedelta(days=2)
# A worker has a minute; whoever hears nothing for two goes on with the first plan.
OVERDUE = timedelta(seconds=120)
OPEN = frozenset({PlanState.WAITING, PlanState.PLANNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """What was to be divided among whom, and the first division of it; visits by their case."""

    agents: tuple[Agent, ...]
    visits: tuple[Visit, ...]
    day: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    plans: Plans
    jobs: Queue


def begin(
    portfolio_id: str, day: date, divided: Divided, *, actor: Actor, means: Means, now: datetime
) -> str | None:
    """
    Have a better plan sought than the first one.

    Safe to repeat: the same visits divided in the same way among the same agents are one plan,
    which is sought again only when it failed.

    Returns:
        The plan's id; None when there is too little to divide.
    """
    if len(divided.agents) < LEAST_AGENTS or len(divided.visits) < LEAST_VISITS:
        return None
    plan = TeamPlan(
        plan_id=derived_id("tpl", portfolio_id, day.isoformat(), *_content(divided)),
        portfolio_id=portfolio_id,
        day=day,
        state=PlanState.WAITING,
        agents=divided.agents,
        visits=divided.visits,
        first=divided.day,
        created_by=actor.actor_id,
        created_at=now,
        updated_at=now,
        expires_at=now + KEPT,
    )
    known = means.plans.get(portfolio_id, plan.plan_id)
    if known is None:
        if means.plans.add(plan):
            _send(plan, means)
    elif _failed(known, now):
        again = replace(
            known, state=PlanState.WAITING, problem="", tries=0, updated_at=now,
            expires_at=now + KEPT,
        )  # fmt: skip
        saved = means.plans.save(again)
        if saved is not None:
            _send(saved, means)
    return plan.plan_id


def find(
    portfolio_id: str, plan_id: str, *, actor: Actor, plans: Plans, now: datetime
) -> dict[str, Any]:
    """
    Tell how far a plan is, and what was found.

    Raises:
        TeamPlanNotFound: None of the portfolio, or none any more.
    """
    missing = TeamPlanNotFound(plan_id=plan_id)
    plan = managed(plans.get, portfolio_id, plan_id, actor=actor, missing=missing)
    failed = _failed(plan, now)
    return {
        "plan_id": plan.plan_id,
        "date": plan.day.isoformat(),
        "state": PlanState.FAILED.value if failed else plan.state.value,
        "problem": (plan.problem or "overdue") if failed else "",
        "asked_at": instant(plan.created_at),
        "first": _totals(plan.first),
        "found": _told(plan, plan.found) if plan.found and not failed else None,
    }


# Private


def _failed(plan: TeamPlan, now: datetime) -> bool:
    overdue = plan.state in OPEN and now - plan.updated_at > OVERDUE
    return overdue or plan.state is PlanState.FAILED


def _send(plan: TeamPlan, means: Means) -> None:
    """Put a plan into the queue; one that does not get there can be asked for again at once."""
    try:
        means.jobs.send([{"portfolio_id": plan.portfolio_id, "plan_id": plan.plan_id}])
    except Exception:
        means.plans.save(replace(plan, state=PlanState.FAILED, problem="unsent"))
        raise


def _content(divided: Divided) -> Iterable[str]:
    """Everything that a plan depends on, in an order of its own."""
    for agent in divided.agents:
        where = (agent.start, agent.end, agent.opens, agent.closes, agent.visits_max)
        yield f"{agent.agent_id} {where} {sorted(agent.skills)}"
    for visit in divided.visits:
        when = (
            visit.opens,
            visit.closes,
            visit.service_s,
            visit.promised,
            visit.worth,
            visit.prefers,
        )
        yield f"{visit.visit_id} {visit.point} {when} {sorted(visit.skills)}"
    for agent_id, stops in divided.day.stops.items():
        yield f"{agent_id} {[stop.visit_id for stop in stops]}"


def _totals(day: Day) -> dict[str, Any]:
    return {
        "visits": sum(map(len, day.stops.values())),
        "left_out": len(day.left_out),
        "metres": day.metres,
        "seconds": day.seconds,
    }


def _told(plan: TeamPlan, day: Day) -> dict[str, Any]:
    return _totals(day) | {
        "routes": [
            {
                "person_id": person_id,
                "stops": [
                    {"case_id": stop.visit_id, "place": place, "arrives": stop.arrives}
                    for place, stop in enumerate(stops, start=1)
                ],
            }
            for person_id, stops in day.stops.items()
        ],
        "missed": [
            {"case_id": case_id, "reason": plan.left_out.get(case_id, "no_room")}
            for case_id in day.left_out
        ],
    }
