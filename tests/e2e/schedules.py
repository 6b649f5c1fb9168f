"""Scheduled functions of the stack: started when a test wants them, and only then."""

import contextlib
from collections.abc import Iterator
from typing import Any

from local.schedules import start

__all__ = ["none_by_itself", "start"]


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
