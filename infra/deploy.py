"""
Apply the template: one path for the laptop's emulator and for AWS.

Run: ``make deploy STAGE=dev`` (see docs/deploy.md); ``make run`` calls ``apply``.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra import package
from infra.aws import Cloud

Say = Callable[[str], None]
Outputs = dict[str, str]

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
FAILED = ("FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED")


class DeployFailed(Exception):
    """CloudFormation gave up; the message holds its reasons."""


def apply(
    cloud: Cloud,
    *,
    stack: str,
    template: Path,
    bundles: Mapping[str, Path],
    parameters: dict[str, str],
    tags: dict[str, str] | None = None,
    say: Say = print,
) -> Outputs:
    """
    Create or update *stack* and wait for it.

    The code and the template go through a bucket of the account: a template may
    hold 51,200 bytes when sent directly, and ours is larger. Safe to repeat: the
    same input changes nothing.

    Args:
        bundles: The zips, by the module that their functions' handlers are in.
        parameters: Those not named keep the value of the last time.

    Raises:
        DeployFailed: With the reasons of the resources that failed.
    """
    bucket = _artifacts(cloud)
    uris: dict[str, str] = {}
    for module, bundle in bundles.items():
        code_key = f"code/{package.digest(bundle)}.zip"
        _put_once(cloud, bucket, code_key, bundle.read_bytes())
        uris[module] = f"s3://{bucket}/{code_key}"
    body = _with_code(template, uris)
    template_key = f"templates/{hashlib.sha256(body).hexdigest()[:24]}.json"
    _put_once(cloud, bucket, template_key, body)

    formation = cloud.client("cloudformation")
    before = describe(cloud, stack)
    if before and before["StackStatus"] == "ROLLBACK_COMPLETE":
        say("the last attempt to create it failed; clearing it away")
        formation.delete_stack(StackName=stack)
        _settle(cloud, stack, say)
        before = None
    url = _object_url(cloud, bucket, template_key)
    request: dict[str, Any] = {
        "StackName": stack,
        "TemplateURL": url,
        "Capabilities": CAPABILITIES,
        "Parameters": _parameters(body, parameters, before),
        "Tags": [{"Key": k, "Value": v} for k, v in sorted((tags or {}).items())],
    }
    try:
        if before:
            formation.update_stack(**request)
        else:
            formation.create_stack(**request)
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise
        say("nothing to change")
    else:
        _settle(cloud, stack, say)
    after = describe(cloud, stack)
    if after is None:
        raise DeployFailed(f"{stack} has gone")
    return outputs(after)


def describe(cloud: Cloud, stack: str) -> dict[str, Any] | None:
    """The stack as CloudFormation sees it, or None when there is none."""
    try:
        stacks = cloud.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    live = [s for s in stacks if s["StackStatus"] != "DELETE_COMPLETE"]
    return live[0] if live else None


def outputs(described: dict[str, Any]) -> Outputs:
    return {o["OutputKey"]: o["OutputValue"] for o in described.get("Outputs", [])}


def _parameters(
    body: bytes, given: dict[str, str], before: dict[str, Any] | None
) -> list[dict[str, Any]]:
    declared = json.loads(body)["Parameters"]
    unknown = given.keys() - declared.keys()
    if unknown:
        raise DeployFailed(f"the template has no parameter {', '.join(sorted(unknown))}")
    kept = {p["ParameterKey"] for p in (before or {}).get("Parameters", [])} - given.keys()
    return [
        *({"ParameterKey": k, "ParameterValue": v} for k, v in sorted(given.items())),
        *({"ParameterKey": k, "UsePreviousValue": True} for k in sorted(kept & declared.keys())),
    ]


def _with_code(template: Path, uris: Mapping[str, str]) -> bytes:
    document = json.loads(template.read_text())
    for resource in document["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            properties = resource["Properties"]
            properties["CodeUri"] = uris[properties["Handler"].partition(".")[0]]
    return json.dumps(document, separators=(",", ":")).encode()


def _settle(cloud: Cloud, stack: str, say: Say) -> None:
    """Wait until the stack rests; on AWS, where it takes minutes, tell each resource."""
    formation = cloud.client("cloudformation")
    began = time.time()
    told: set[str] = set()
    while True:
        described = describe(cloud, stack)
        if described is None:
            return
        status = described["StackStatus"]
        if not cloud.local:
            for event in reversed(_events(formation, described["StackId"], began)):
                if event["EventId"] not in told:
                    told.add(event["EventId"])
                    say(f"{event['ResourceStatus']:<28} {event['LogicalResourceId']}")
        if not status.endswith("IN_PROGRESS"):
            break
        time.sleep(0.2 if cloud.local else 3)
    if status.endswith(FAILED):
        reasons = [
            f"{e['LogicalResourceId']}: {e.get('ResourceStatusReason', '')}"
            for e in _events(formation, described["StackId"], began)
            if e["ResourceStatus"].endswith("_FAILED")
        ]
        raise DeployFailed("\n".join([f"{stack} is {status}", *reasons]))


def _events(formation: Any, stack_id: str, since: float) -> list[dict[str, Any]]:
    events = formation.describe_stack_events(StackName=stack_id)["StackEvents"]
    return [event for event in events if event["Timestamp"].timestamp() >= since - 2]


def _artifacts(cloud: Cloud) -> str:
    """The account's bucket for what is deployed: private, encrypted, swept after 90 days."""
    s3 = cloud.client("s3")
    name = f"recobro-deploy-{cloud.account()}-{cloud.region}"
    try:
        s3.head_bucket(Bucket=name)
    except ClientError:
        where = (
            {}
            if cloud.region == "us-east-1"
            else {"CreateBucketConfiguration": {"LocationConstraint": cloud.region}}
        )
        s3.create_bucket(Bucket=name, **where)
        s3.put_public_access_block(
            Bucket=name,
            PublicAccessBlockConfiguration=dict.fromkeys(
                (
                    "BlockPublicAcls",
                    "BlockPublicPolicy",
                    "IgnorePublicAcls",
                    "RestrictPublicBuckets",
                ),
                True,
            ),
        )
        s3.put_bucket_lifecycle_configuration(
            Bucket=name,
            LifecycleConfiguration={
                "Rules": [
                    {
                        "ID": "old",
                        "Status": "Enabled",
                        "Filter": {"Prefix": ""},
                        "Expiration": {"Days": 90},
                    }
                ]
            },
        )
    return name


def _put_once(cloud: Cloud, bucket: str, key: str, body: bytes) -> None:
    s3 = cloud.client("s3")
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError:
        s3.put_object(Bucket=bucket, Key=key, Body=body)


def _object_url(cloud: Cloud, bucket: str, key: str) -> str:
    if cloud.local:
        return f"{cloud.endpoint}/{bucket}/{key}"
    return f"https://{bucket}.s3.{cloud.region}.amazonaws.com/{key}"
