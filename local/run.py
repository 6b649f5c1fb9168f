"""
The commands behind ``make run``, ``stop``, ``reset``, ``logs`` and ``clock``.

Run: ``python -m local.run [up|stop|reset|logs|clock] [--detach] [--port N] ...``
"""

import argparse
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from urllib3.exceptions import HTTPError

from infra import deploy
from local import (
    clock,
    demo,
    demo_calls,
    demo_field,
    functions_log,
    processes,
    schedules,
    stack,
    users,
)
from local.client import Client, Problem
from local.steps import Steps

STATE = stack.ROOT / ".local"


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("command", choices=["up", "stop", "reset", "logs", "clock"])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--cloud-port", type=int, default=4566)
    parser.add_argument("--engine", choices=["ministack", "dynamodb-local"], default="ministack")
    parser.add_argument("--auth", action="store_true", help="enforce IAM policies")
    parser.add_argument("--detach", action="store_true", help="leave it running")
    parser.add_argument("--state", type=Path, default=STATE)
    parser.add_argument("--days", type=int, help="clock: so many days on")
    parser.add_argument("--to", help="clock: to this moment, such as 2026-12-01T09:00 (UTC)")
    args = parser.parse_args(argv)
    args.state = args.state.resolve()
    if args.command == "stop":
        return _stop(args.state)
    if args.command == "reset":
        _stop(args.state)
        shutil.rmtree(args.state, ignore_errors=True)
        print("  ✓ Data removed")
        return 0
    if args.command == "logs":
        return functions_log.follow(args.state)
    if args.command == "clock":
        return clock.command(args.state, days=args.days, to=args.to)
    return _up(args)


def _up(args: argparse.Namespace) -> int:
    for number in (signal.SIGINT, signal.SIGTERM):  # a background job starts with SIGINT ignored
        signal.signal(number, _interrupt)
    steps = Steps()
    ports = stack.Ports(
        front=args.port,
        cloud=args.cloud_port,
        dynamodb=args.cloud_port + stack.DYNAMODB_AFTER,
        providers=args.cloud_port + stack.PROVIDERS_AFTER,
    )
    began_anew = not stack.alive(args.state)
    try:
        running = stack.ensure(
            ports=ports, state=args.state, auth=args.auth, engine=args.engine, steps=steps
        )
        with steps.step("Demo people") as step:
            people = users.ensure(running)
            step.say(f"{len(people)} roles")
        with steps.step("Demo portfolio") as step:
            step.say(_demo(running, people))
        _welcome(running.url, people)
        if args.detach:
            print("  It runs in the background. make logs, make stop.\n")
            return 0
        print("  Ctrl-C stops it; the data stays in .local/\n", flush=True)
        while stack.alive(args.state):
            time.sleep(0.5)
        print("\n  Something stopped by itself; see .local/logs/", file=sys.stderr)
        _stop(args.state)
    except processes.PortTaken as error:
        print(f"\n  {error}\n", file=sys.stderr)
        return 1
    except (deploy.DeployFailed, RuntimeError) as error:
        print(f"\n  {error}\n", file=sys.stderr)
        if began_anew:
            _stop(args.state)
        return 1
    except KeyboardInterrupt:
        print()
        _stop(args.state)
        return 0
    return 1


def _demo(running: stack.Stack, people: dict[str, users.DemoUser]) -> str:
    """Load the demo once; a stack that already has data is left alone."""
    engine = "dynamodb-local" if running.cloud.dynamodb else "ministack"
    stamp = running.state / f"demo-{engine}.loaded"  # each keeps data of its own
    if stamp.is_file():
        return "loaded before"
    admin = people["admin"]
    try:
        agents = users.agents(running, people)
        portfolios = demo.load(
            running.url,
            admin.email,
            admin.password,
            report=lambda _: None,
            earlier=lambda by: _earlier(running, by),
            meanwhile=lambda ids: _telephone_work(running, people, agents, ids),
        )
        _tasks(running, people, portfolios[0])
        _field_work(running, people, agents, portfolios[0])
        _order_days(running, people, portfolios)
        # Queues and reminders of today, which would be made within a quarter of an hour.
        schedules.start(running, "start_plan")
    except (Problem, demo.DemoError, HTTPError) as error:
        # What is there can be looked at; the next start goes on where this one stopped.
        return f"not complete: {error}"
    stamp.touch()
    return f"{len(portfolios)} portfolios"


@contextmanager
def _earlier(running: stack.Stack, by: timedelta) -> Iterator[None]:
    """Have the clock set back *by* so much."""
    table = running.outputs["WorkTable"]
    ahead = clock.read(running.cloud, table)
    clock.move(running.cloud, table, ahead - by)
    try:
        yield
    finally:
        clock.move(running.cloud, table, ahead)


def _order_days(
    running: stack.Stack, people: dict[str, users.DemoUser], portfolios: list[str]
) -> None:
    """Have the demo's days put into the lake, in the background, as their supervisor would."""
    boss = _signed_in(running, people["supervisor"])
    now = datetime.now(UTC) + clock.read(running.cloud, running.outputs["WorkTable"])
    first = now.astimezone(demo.ZONE).date() - demo.PLACED
    for portfolio_id in portfolios:
        boss.put(f"/portfolios/{portfolio_id}/figures", {"from": first.isoformat()})


def _telephone_work(
    running: stack.Stack,
    people: dict[str, users.DemoUser],
    agents: list[users.DemoUser],
    portfolios: list[str],
) -> None:
    users.give_portfolios(running, people["admin"], [people["supervisor"], *agents], portfolios)
    now = datetime.now(UTC) + clock.read(running.cloud, running.outputs["WorkTable"])
    callers = [_signed_in(running, agent) for agent in agents]
    demo_calls.load(
        callers, portfolios[0], at=lambda moment: _earlier(running, now - moment), now=now
    )


def _tasks(running: stack.Stack, people: dict[str, users.DemoUser], portfolio_id: str) -> None:
    now = datetime.now(UTC) + clock.read(running.cloud, running.outputs["WorkTable"])
    demo_calls.give_tasks(
        _signed_in(running, people["admin"]),
        portfolio_id,
        people["supervisor"].sub,
        today=now.astimezone(demo.ZONE).date(),
    )


def _signed_in(running: stack.Stack, person: users.DemoUser) -> Client:
    client = Client(running.url)
    client.sign_in(person.email, person.password)
    return client


def _field_work(
    running: stack.Stack,
    people: dict[str, users.DemoUser],
    agents: list[users.DemoUser],
    portfolio_id: str,
) -> None:
    boss = _signed_in(running, people["admin"])
    now = datetime.now(UTC) + clock.read(running.cloud, running.outputs["WorkTable"])
    phones = [(agent, Client(running.url)) for agent in agents]
    demo_field.load(boss, phones, portfolio_id, now=now)


def _welcome(url: str, people: dict[str, users.DemoUser]) -> None:
    print(f"\n  Recobro is at  {url}/panel/\n")
    for role, user in people.items():
        print(f"    {role:<11} {user.email:<28} {user.password}")
    print(f"\n  Messages to debtors, as on their phone   {url}/simulador/")
    print(f"  Mail to your own people                  {url}/_local/\n")


def _stop(state: Path) -> int:
    steps = Steps()
    with steps.step("Stop") as step:
        stopped = stack.stop(state)
        step.say(", ".join(stopped) or "nothing was running")
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
