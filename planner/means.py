"""
What the planner's function works with, made once per process.

It has a wiring of its own: ``chalicelib.wiring`` knows every store there is, and a package that
imported it would hold them all.
"""

import functools
import os
from datetime import UTC, datetime

import boto3
from botocore.config import Config

from chalicelib.store import clock, wire, work_table
from chalicelib.store.queues import SqsQueue
from chalicelib.store.team_plans import TeamPlanStore


@functools.cache
def plans() -> TeamPlanStore:
    return TeamPlanStore(wire.from_environment(), os.environ["WORK_TABLE"])


@functools.cache
def jobs() -> SqsQueue:
    config = Config(
        connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 4}
    )
    return SqsQueue(boto3.client("sqs", config=config), os.environ["ROUTE_PLANS_QUEUE_URL"])


def now() -> datetime:
    """Give the time, UTC; on the laptop as somebody set it (``local/clock.py``)."""
    if os.environ["STAGE"] != "local":
        return datetime.now(UTC)
    work_table.bind(os.environ["WORK_TABLE"])
    return clock.MovedClock().now()
