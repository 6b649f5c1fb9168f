"""Scheduled functions of the stack: started when a test wants them, and only then."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

from local.schedules import start

__all__ = ["none_by_itself", "settle", "start", "waiting"]


def settle(
    stack: Any,
    *queues: str,
    within_s: float = 120,
    other: Callable[[], int] = lambda: 0,
) -> None:
    """
    Wait until nothing is left in queues, named as the stack's outputs do.

    Args:
        other: How much else is still on its way.
    """
    until = time.monotonic() + within_s
    quiet = 0
    while quiet < 3:
        assert time.monotonic() < until, "the queues do not run dry"
        busy = sum(waiting(stack, queue) for queue in queues) or other()
        quiet = 0 if busy else quiet + 1
        time.sleep(0.3)


def waiting(stack: Any, queue: str) -> int:
    """How many messages are in a queue, those that somebody works on included."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = stack.cloud.client("sqs").get_queue_attributes(
        QueueUrl=stack.outputs[queue], AttributeNames=names
    )["Attributes"]
    return sum(int(found[name]) for name in names)


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
