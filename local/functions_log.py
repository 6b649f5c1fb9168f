"""Show what the functions say, as it comes, with the emulator's own log."""

import contextlib
import json
import time
from pathlib import Path
from typing import Any

from infra.aws import Cloud


def follow(state: Path) -> int:
    """Print the log lines of all functions until interrupted."""
    config = state / "front-door.json"
    if not config.is_file():
        print("Nothing has run here yet: make run")
        return 1
    cloud = Cloud(endpoint="http://" + json.loads(config.read_text())["cloud"])
    logs = cloud.client("logs")
    seen: set[str] = set()
    since = int(time.time() * 1000) - 10 * 60 * 1000
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            for group in _groups(logs):
                for event in _events(logs, group, since):
                    # The emulator gives its events no id of their own.
                    key = f"{group} {event['timestamp']} {event['message']}"
                    if key not in seen:
                        seen.add(key)
                        print(f"{group.rsplit('/', 1)[-1]:<14} {event['message'].rstrip()}")
            time.sleep(1)
    return 0


def _groups(logs: Any) -> list[str]:
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="/")
    return [group["logGroupName"] for page in pages for group in page["logGroups"]]


def _events(logs: Any, group: str, since: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = logs.filter_log_events(logGroupName=group, startTime=since)[
        "events"
    ]
    return found
