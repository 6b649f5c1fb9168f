"""Scheduled functions of the stack, started when a test wants them."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from infra import build
from local import stack as local_stack

# What EventBridge sends when a schedule is due.
TICK = {
    "version": "0",
    "id": "tick",
    "account": "000000000000",
    "region": "us-east-1",
    "time": "2027-01-28T16:00:00Z",
    "source": "aws.events",
    "detail-type": "Scheduled Event",
    "detail": {},
    "resources": [],
}


def start(stack: Any, function: str) -> None:
    """Start a scheduled function, as its schedule would, and wait until it is done."""
    resource = stack.cloud.client("cloudformation").describe_stack_resource(
        StackName=local_stack.NAME, LogicalResourceId=build.logical_id(function)
    )["StackResourceDetail"]
    answer = stack.cloud.client("lambda").invoke(
        FunctionName=resource["PhysicalResourceId"], Payload=json.dumps(TICK)
    )
    assert "FunctionError" not in answer, answer["Payload"].read()


@contextlib.contextmanager
def none_by_itself(stack: Any) -> Iterator[None]:
    """Let only the test start what runs by schedule."""
    events = stack.cloud.client("events")
    names = [one["Name"] for one in events.list_rules()["Rules"] if one.get("ScheduleExpression")]
    assert names
    for name in names:
        events.disable_rule(Name=name)
    try:
        yield
    finally:
        for name in names:
            events.enable_rule(Name=name)
