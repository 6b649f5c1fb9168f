"""
What the planner's queue calls. Its package is not app.py's (docs/adr/0021).

Lambda writes what is logged as JSON: ids, numbers and metres only.
"""

import json
import logging
import time
from typing import Any

from chalicelib.services import team_planning
from planner import means

log = logging.getLogger("recobro")
log.setLevel(logging.INFO)


def plan_team(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """
    Seek better plans for teams' days.

    Returns:
        SQS's partial batch response: what failed comes again.
    """
    failures = []
    for record in event["Records"]:
        message = json.loads(record["body"])
        try:
            _plan(message)
        except Exception:
            log.exception("plan failed", extra={"plan_id": message["plan_id"]})
            failures.append({"itemIdentifier": record["messageId"]})
            tries = int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
            means.jobs().hand_back(record["receiptHandle"], tries=tries)
    return {"batchItemFailures": failures}


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
