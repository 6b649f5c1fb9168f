"""The stack a command works on: the laptop's, or a deployed stage with the caller's credentials."""

import argparse
import json
import os
import sys
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra import deploy, environment
from infra.aws import LOCAL_REGION, Cloud

LOCAL_STACK = "recobro"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--stage", help="a deployed stage (stack recobro-<stage>); else the laptop")
    parser.add_argument("--region", default=os.environ.get("AWS_REGION"), help="of the stage")
    parser.add_argument(
        "--cloud-url", help="the laptop's emulator, when `make run` did not say where it is"
    )
    parser.add_argument("--dynamodb-url", help="DynamoDB Local, when it is under the stack")


def connect(options: argparse.Namespace) -> bool:
    """Take on the settings the stack's functions have; False, and said so, when there is none."""
    variables = _environment(options)
    if variables is None:
        print("no stack to look at: `make run` starts one, --stage names one", file=sys.stderr)
        return False
    os.environ.update(variables)
    return True


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
