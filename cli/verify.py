"""
``./recobro verify``: recompute portfolios and compare them with what is stored.

Ledger sums against heads, timelines against their chains, counters against both. Reads the
tables of the laptop's stack, or of a deployed stage with the caller's own AWS credentials.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import wiring
from chalicelib.services import verify
from infra import deploy, environment
from infra.aws import LOCAL_REGION, Cloud

HELP = "prove ledgers, timelines and counters"
WELL, NOT_WELL, UNREACHABLE = 0, 1, 3
LOCAL_STACK = "recobro"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--portfolio", metavar="ID", help="one portfolio; all of them by default")
    parser.add_argument("--stage", help="a deployed stage (stack recobro-<stage>); else the laptop")
    parser.add_argument("--region", default=os.environ.get("AWS_REGION"), help="of the stage")
    parser.add_argument(
        "--cloud-url", help="the laptop's emulator, when `make run` did not say where it is"
    )
    parser.add_argument("--dynamodb-url", help="DynamoDB Local, when it is under the stack")
    parser.epilog = "Exit status: 0 all agrees, 1 something differs, 3 no stack to look at."


def run(options: argparse.Namespace) -> int:
    variables = _environment(options)
    if variables is None:
        print("no stack to look at: `make run` starts one, --stage names one", file=sys.stderr)
        return UNREACHABLE
    os.environ.update(variables)

    ids = [options.portfolio] if options.portfolio else _all(wiring.portfolios())
    reports = []
    for portfolio_id in ids:
        portfolio = wiring.portfolios().get(portfolio_id)
        report = verify.portfolio(
            portfolio_id,
            cases=wiring.cases(),
            stored=wiring.counters(),
            time_zone=portfolio.time_zone if portfolio else "UTC",
        )
        reports.append(report)
        if not options.json:
            _print(report)
    if options.json:
        print(json.dumps({"portfolios": [_plain(report) for report in reports]}))
    return WELL if all(report.ok for report in reports) else NOT_WELL


def _environment(options: argparse.Namespace) -> dict[str, str] | None:
    """Learn from the stack what its functions see; None when there is no such stack."""
    if options.stage:
        cloud, stack = Cloud(region=options.region or LOCAL_REGION), f"recobro-{options.stage}"
    else:
        endpoint = options.cloud_url or _local_cloud()
        if endpoint is None:
            return None
        cloud, stack = Cloud(endpoint=endpoint, dynamodb=options.dynamodb_url), LOCAL_STACK
    try:
        described = deploy.describe(cloud, stack)
        if described is None:
            return None
        return environment.of_stack(cloud, deploy.outputs(described))
    except (BotoCoreError, ClientError) as error:
        print(f"cannot reach {stack}: {type(error).__name__}", file=sys.stderr)
        return None


def _local_cloud() -> str | None:
    """Where the laptop's emulator is, as its front door was told."""
    told = Path(__file__).parent.parent / ".local" / "front-door.json"
    if not told.exists():
        return None
    return f"http://{json.loads(told.read_text())['cloud']}"


def _all(portfolios: Any) -> list[str]:
    return sorted(portfolio.portfolio_id for portfolio in portfolios.all())


def _plain(report: Any) -> dict[str, Any]:
    return {
        "portfolio_id": report.portfolio_id,
        "ok": report.ok,
        "cases": report.cases,
        "entries": report.entries,
        "events": report.events,
        "differences": report.differences,
    }


def _print(report: Any) -> None:
    verdict = "agrees" if report.ok else f"{len(report.differences)} differences"
    print(
        f"{report.portfolio_id}  {report.cases} cases, {report.entries} entries,"
        f" {report.events} events: {verdict}"
    )
    for one in report.differences:
        where = one.get("case_id") or one.get("counter")
        print(f"  {one['what']}  {where}: found {one['found']}, should be {one['should_be']}")
