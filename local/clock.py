"""
Moves the laptop's clock, so that reminders, promises and holds of a month can be seen in an hour.

Run: ``make clock DAYS=3`` (three days on), ``make clock TO=2026-12-01T09:00``, ``make clock`` (the
real time again). Functions read it with every request; the cloud's never do.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.store.clock import CLOCK, ORG
from infra import deploy
from infra.aws import Cloud
from local import processes, stack

_KEY = {"pk": {"S": ORG}, "sk": {"S": CLOCK}}


def read(cloud: Cloud, table: str) -> timedelta:
    """How far ahead the clock is."""
    item: dict[str, Any] = cloud.client("dynamodb").get_item(TableName=table, Key=_KEY)
    return timedelta(seconds=int(item.get("Item", {}).get("ahead_s", {}).get("N", 0)))


def move(cloud: Cloud, table: str, ahead: timedelta) -> datetime:
    """Set the clock *ahead* of the real time; gives what it says now."""
    seconds = int(ahead.total_seconds())
    client = cloud.client("dynamodb")
    if seconds:
        client.put_item(TableName=table, Item=_KEY | {"ahead_s": {"N": str(seconds)}})
    else:
        client.delete_item(TableName=table, Key=_KEY)
    return datetime.now(UTC) + timedelta(seconds=seconds)


def command(state: Path, *, days: int | None, to: str | None) -> int:
    """Do what ``make clock`` was asked on the stack of *state*; gives the exit status."""
    told = state / "front-door.json"
    if not told.is_file() or not stack.alive(state):
        print("Nothing runs here: make run")
        return 1
    cloud = cloud_of(json.loads(told.read_text())["cloud"], state)
    described = deploy.describe(cloud, stack.NAME)
    if described is None:
        print("Nothing is deployed here: make run")
        return 1
    table = deploy.outputs(described)["WorkTable"]
    ahead = timedelta()
    if to is not None:
        then = datetime.fromisoformat(to)
        ahead = (then if then.tzinfo else then.replace(tzinfo=UTC)) - datetime.now(UTC)
    elif days is not None:
        ahead = read(cloud, table) + timedelta(days=days)
    print(f"It is {move(cloud, table, ahead):%Y-%m-%d %H:%M} UTC there")
    return 0


def cloud_of(address: str, state: Path) -> Cloud:
    host, _, port = address.rpartition(":")
    with_engine = processes.running("dynamodb", state)
    return Cloud(
        endpoint=f"http://{address}",
        dynamodb=f"http://{host}:{int(port) + stack.DYNAMODB_AFTER}" if with_engine else None,
    )
