"""Scheduled functions of the laptop's stack, started without waiting for their hour."""

import json
from typing import Protocol

from infra import build
from infra.aws import Cloud
from local import stack

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


class ScheduleError(RuntimeError):
    """A scheduled function ended with an error; the message is what it said."""


class _Running(Protocol):
    @property
    def cloud(self) -> Cloud: ...


def start(running: _Running, function: str) -> None:
    """
    Start a scheduled function, as its schedule would, and wait until it is done.

    Raises:
        ScheduleError: it failed.
    """
    resource = running.cloud.client("cloudformation").describe_stack_resource(
        StackName=stack.NAME, LogicalResourceId=build.logical_id(function)
    )["StackResourceDetail"]
    answer = running.cloud.client("lambda").invoke(
        FunctionName=resource["PhysicalResourceId"], Payload=json.dumps(TICK)
    )
    if "FunctionError" in answer:
        raise ScheduleError(answer["Payload"].read().decode(errors="replace"))
