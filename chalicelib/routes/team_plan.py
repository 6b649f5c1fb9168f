"""
A team's plan that is sought beside the request: what it is made of, and what came of it.

The first division of the day is there at once (``day.plan_team`` without seconds); a solver has
some seconds more, and what it finds is kept only where ``problem.judge`` counts less for it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from chalicelib.routes.day import Agent, Day, Visit, day_of, preferring, problem_of, with_promises
from chalicelib.routes.problem import Problem, Route, cost, judge, why_left_out

LEAST_S, MOST_S = 2.0, 10.0
VISITS_A_SECOND = 20

Search = Callable[[Problem, Sequence[Visit], float], list[Route]]


class PlanState(StrEnum):
    """WAITING in the queue; PLANNING: a worker is at it; FAILED says why in ``problem``."""

    WAITING = "waiting"
    PLANNING = "planning"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPlan:
    """
    Args:
        visits: By case; their point and hours are all that is known of whom they are to.
        first: What the request answered.
        found: What the solver found; None as long as it is nothing better.
        left_out: Why *found* leaves visits out, as ``problem.why_left_out`` says it.
        problem: Of a plan that failed: ``crashed`` again and again, or ``unsolved``.
        tries: How many workers began.
        expires_at: When the row goes by itself.
    """

    plan_id: str
    portfolio_id: str
    day: date
    state: PlanState
    agents: tuple[Agent, ...]
    visits: tuple[Visit, ...]
    first: Day
    created_by: str
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    found: Day | None = None
    left_out: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    tries: int = 0
    version: int = 1


def search_s(visits: int) -> float:
    """
    Give how long a search is worth it: more does not shorten the plan by a percent.

    >>> search_s(12), search_s(80), search_s(200)
    (2.0, 4.0, 10.0)
    """
    return min(MOST_S, max(LEAST_S, visits / VISITS_A_SECOND))


def better(
    agents: Sequence[Agent],
    visits: Sequence[Visit],
    first: Day,
    *,
    search: Search = with_promises,
) -> tuple[Day, Mapping[str, str]] | None:
    """
    Seek a plan that costs less than *first* and breaks nothing.

    Returns:
        It, and why it leaves out which visits; None when nothing better was found.
    """
    problem = problem_of(agents, visits)
    routes = preferring(problem, search(problem, visits, search_s(len(visits))))
    verdict = judge(problem, routes)
    known = judge(problem, _routes(agents, visits, first))
    if verdict.broken or cost(problem, verdict) >= cost(problem, known):
        return None
    reasons = {visits[call].visit_id: why_left_out(problem, call) for call in verdict.left_out}
    return day_of(problem, agents, visits, routes), reasons


def _routes(agents: Sequence[Agent], visits: Sequence[Visit], day: Day) -> list[Route]:
    at = {visit.visit_id: number for number, visit in enumerate(visits)}
    return [
        Route(crew=crew, calls=tuple(at[stop.visit_id] for stop in day.stops[agent.agent_id]))
        for crew, agent in enumerate(agents)
    ]
