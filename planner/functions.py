"""
What the planner's queue calls. Its package is not app.py's (docs/adr/0021).

Lambda writes what is logged as JSON: ids, numbers and metres only.
"""

import json
import logging
import time
from typing import Any

from chalicelib.services import team_planning
from chalicelib.store import queues
from planner import means

log = logging.getLogger("recobro")
log.setLevel(logging.INFO)


def plan_team(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """
    Seek better plans for teams' days.

    Returns:
        SQS's partial batch response: what failed comes again.
    """
    return queues.each(
        event["Records"],
        lambda record: _plan(json.loads(record["body"])),
        queue=means.jobs,
        what="plan",
        ids=lambda record: {"plan_id": json.loads(record["body"])["plan_id"]},
    )


def _plan(message: dict[str, Any]) -> None:
    began = time.monotonic()
    plan = team_planning.work(
        message["portfolio_id"], message["plan_id"], plans=means.plans(), clock=means.now
    )
    if plan is None:  # done, or at work elsewhere
        return
    log.info(
        "planned",
        extra={
            "plan_id": plan.plan_id,
            "portfolio_id": plan.portfolio_id,
            "state": plan.state.value,
            "agents": len(plan.agents),
            "visits": len(plan.visits),
            "first_metres": plan.first.metres,
            "metres": plan.found.metres if plan.found else None,
            "seconds": round(time.monotonic() - began, 1),
        },
    )
