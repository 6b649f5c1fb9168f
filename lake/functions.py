"""
What the triggers of the lake's functions call. Its package is not app.py's (docs/adr/0026).

Lambda writes what is logged as JSON. Nothing of an answer is: ids, days and sizes only.
"""

import json
import logging
from datetime import date
from typing import Any

from chalicelib.domain.errors import DayMissing
from chalicelib.services import hours_made, lake_runs
from chalicelib.services.lake_runs import Outcome
from chalicelib.store import queues
from lake import engine, means

log = logging.getLogger("recobro")
log.setLevel(logging.INFO)


def figures(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """
    Answer a question, as ``bi.questions`` writes it.

    Returns:
        The answer, as ``bi.answers`` writes it; or ``problem`` with a code and details.
    """
    told = engine.told(event, means.engine())
    seen = {name: told[name] for name in ("engine", "bytes", "problem") if name in told}
    log.info("asked", extra={"portfolio_id": str(event.get("portfolio_id", "")), **seen})
    return told


def start_lake(_: Any, __: Any) -> None:
    """Have the days exported that are over, of every portfolio."""
    number = lake_runs.start(
        means.portfolios().all(), runs=means.runs(), work=means.jobs(), now=means.now()
    )
    log.info("exports ordered", extra={"portfolios": number})


def export_lake(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """
    Work on exports, and on what is made of the days; what this worker has no time to end goes to
    the next by a message.

    Returns:
        SQS's partial batch response: what failed comes again.
    """

    def step(record: dict[str, Any]) -> None:
        message = json.loads(record["body"])
        _STEPS[message["step"]](message, context)

    return queues.each(
        event["Records"],
        step,
        queue=means.jobs,
        what="export",
        ids=lambda record: {"portfolio_id": json.loads(record["body"])["portfolio_id"]},
    )


def _export(message: dict[str, Any], context: Any) -> None:
    order = lake_runs.order_of(message)
    portfolio = means.portfolios().get(order.portfolio_id)
    if portfolio is None:  # gone since
        return
    worked = lake_runs.work(
        order,
        portfolio,
        runs=means.runs(),
        means=means.exporting(lambda: context.get_remaining_time_in_millis() / 1000),
        clock=means.now,
    )
    if worked.outcome is Outcome.MORE:
        means.jobs().send([worked.next.message()])
    elif worked.outcome is Outcome.DONE and worked.run.done_day is not None:
        means.jobs().send([hours_made.message(order.portfolio_id, worked.run.done_day)])
    log.info(
        "exported",
        extra={
            "portfolio_id": order.portfolio_id,
            "day": worked.run.day.isoformat(),
            "outcome": worked.outcome.value,
            "opened": worked.report.opened if worked.report else 0,
            "rows": worked.report.rows if worked.report else 0,
        },
    )


def _hours(message: dict[str, Any], _: Any) -> None:
    portfolio = means.portfolios().get(message["portfolio_id"])
    if portfolio is None:
        return
    day = date.fromisoformat(message["day"])
    try:
        made = hours_made.make(
            portfolio, day, engine=means.own_engine(), kept=means.good_hours(), now=means.now()
        )
    except DayMissing as error:  # taken away since: the next night learns
        log.warning(
            "hours not learned", extra={"portfolio_id": portfolio.portfolio_id} | error.details
        )
        return
    log.info(
        "hours learned",
        extra={
            "portfolio_id": portfolio.portfolio_id,
            "day": made.last.isoformat(),
            "days": made.days,
            "groups": len(made.groups),
        },
    )


_STEPS = {"export": _export, "hours": _hours}
