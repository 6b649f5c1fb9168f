"""
Build the one CloudFormation template: ``infra/parts`` + ``infra/functions.yaml`` + app.py.

The parts become one merge file for ``chalice package``; roles, log groups and event
sources of app.py's functions are filled in from ``functions.yaml``, and functions of the other
packages, which have a ``handler`` there, are written whole. JSON in, JSON out:
a YAML merge file would make Chalice write YAML with anchors.

Run: ``python -m infra.build`` writes ``build/template.json``.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from infra import edge, lake
from infra.grants import statements

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
CHALICE_STAGE = "live"
LAPTOP_WORKERS = 2  # the least that Lambda knows
ASK_APP = """
import json, app
a = app.app
print(json.dumps({
    "sqs": {h.name: 0 for h in a.event_sources if type(h).__name__ == "SQSEventConfig"},
    "events": [h.name for h in a.event_sources if type(h).__name__ == "CloudWatchEventConfig"],
    "schedules": [h.name for h in a.event_sources if type(h).__name__ == "ScheduledEventConfig"],
    "bare": [f.name for f in a.pure_lambda_functions],
    "authorizers": [h.name for h in a.builtin_auth_handlers],
}))
"""


def build(where: Path = BUILD) -> Path:
    """
    Package app.py with the parts; ``infra.deploy`` puts in where each function's code is.

    Chalice bundles no dependency here (its project is staged without requirements):
    ``infra.package`` makes the bundles, pruned and compiled.

    Args:
        where: Folder to work in.

    Returns:
        The template's path.
    """
    where.mkdir(exist_ok=True)
    staged = _stage_project(where)
    merge = where / "merge.json"
    merge.write_text(json.dumps(merged(functions_of_app(staged)), indent=1))
    out = where / "chalice"
    subprocess.run(
        [
            Path(sys.executable).with_name("chalice"),
            "--project-dir",
            str(staged),
            "package",
            "--stage",
            CHALICE_STAGE,
            "--merge-template",
            str(merge),
            str(out),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        env=_environment(),
        cwd=ROOT,
    )
    template = json.loads((out / "sam.json").read_text())
    path = where / "template.json"
    path.write_text(json.dumps(template, indent=1, sort_keys=True))
    return path


def functions_of_app(project: Path = ROOT) -> dict[str, Any]:
    """Ask app.py, in a process of its own, for its functions by kind."""
    asked = subprocess.run(
        [sys.executable, "-c", ASK_APP],
        check=True,
        cwd=project,
        env=_environment(),
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(asked.stdout.splitlines()[-1])
    return found


def merged(functions: dict[str, Any]) -> dict[str, Any]:
    """All parts and the additions to app.py's own resources, as one merge document."""
    whole: dict[str, Any] = {}
    for part in sorted((ROOT / "infra" / "parts").glob("*.yaml")):
        _merge(whole, load(part))
    _merge(whole, {"Resources": lake.resources()})
    _merge(whole, edge.headers_policy())
    _merge(whole, edge.clean_urls_function())
    listed = load(ROOT / "infra" / "functions.yaml")
    names = [
        "api_handler",
        *functions["sqs"],
        *functions["events"],
        *functions["schedules"],
        *functions["bare"],
        *functions["authorizers"],
        *(name for name, spec in listed.items() if "handler" in spec),
    ]
    missing = [name for name in names if name not in listed]
    if missing:
        raise SystemExit(f"infra/functions.yaml says nothing of: {', '.join(missing)}")
    for name in names:
        _merge(whole["Resources"], _function(name, listed[name], functions))
        if "handler" in listed[name]:
            _merge(whole["Resources"], _own(name, listed[name]))
    for name in names:
        for metric in ("Errors", "Throttles"):
            whole["Resources"][f"{_pascal(name)}{metric}"] = _function_alarm(metric, name)
    return whole


def _function_alarm(metric: str, name: str) -> dict[str, Any]:
    page = f"function-{metric.lower()}"
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": {"Fn::Sub": f"${{AWS::StackName}}-{page}-{name}"},
            "AlarmDescription": f"docs/runbook/{page}.md",
            "Namespace": "AWS/Lambda",
            "MetricName": metric,
            "Dimensions": [{"Name": "FunctionName", "Value": {"Ref": logical_id(name)}}],
            "Statistic": "Sum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": 3,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "AlarmTopic"}],
            "OKActions": [{"Ref": "AlarmTopic"}],
        },
    }


def logical_id(name: str) -> str:
    """What Chalice calls a function in the template; its API function it spells in its own way."""
    return "APIHandler" if name == "api_handler" else _pascal(name)


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _function(name: str, spec: dict[str, Any], functions: dict[str, Any]) -> dict[str, Any]:
    """A function's properties, role, log group and, for a queue or event, its source."""
    pascal = _pascal(name)
    group = f"{pascal}Logs"
    properties: dict[str, Any] = {
        "MemorySize": spec["memory"],
        "Timeout": spec["timeout"],
        "LoggingConfig": {"LogGroup": {"Ref": group}},
    }
    if "environment" in spec:  # beside what all have (parameters.yaml)
        properties["Environment"] = {"Variables": spec["environment"]}
    if "scratch_mb" in spec:
        properties["EphemeralStorage"] = {"Size": spec["scratch_mb"]}
    if name in functions["sqs"]:
        properties["Events"] = {f"{pascal}SqsEventSource": {"Properties": _in_parts(spec)}}
    if name in functions["events"]:
        source = {
            "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["EventsDead", "Arn"]}},
            "RetryPolicy": {"MaximumRetryAttempts": 8, "MaximumEventAgeInSeconds": 3600},
        }
        if "bucket" in spec:
            bucket = {"detail": {"bucket": {"name": [{"Ref": spec["bucket"]}]}}}
            source["Pattern"] = bucket
        if "scans" in spec:
            buckets = [{"Ref": one} for one in spec["scans"]]
            source["Pattern"] = {"detail": {"s3ObjectDetails": {"bucketName": buckets}}}
        properties["Events"] = {f"{pascal}Event": {"Properties": source}}
    return {
        logical_id(name): {"Properties": properties},
        f"{pascal}Role": {
            "Properties": {
                "Policies": [
                    {
                        "PolicyName": "only-what-it-uses",
                        "PolicyDocument": {
                            "Version": "2012-10-17",
                            "Statement": statements(spec["grants"], group),
                        },
                    }
                ]
            }
        },
        group: {
            "Type": "AWS::Logs::LogGroup",
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
            "Properties": {
                "LogGroupName": {"Fn::Sub": f"/recobro/${{AWS::StackName}}/{name}"},
                "RetentionInDays": {"Ref": "LogDays"},
                "KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]},
            },
        },
    }


def _own(name: str, spec: dict[str, Any]) -> dict[str, Any]:
    """What Chalice writes of app.py's functions, for one whose handler is in another package."""
    role = f"{_pascal(name)}Role"
    events: dict[str, Any] = {}
    if "schedule" in spec:
        events["Clock"] = {"Type": "Schedule", "Properties": {"Schedule": spec["schedule"]}}
    if "queue" in spec:
        source = {"Queue": {"Fn::GetAtt": [spec["queue"], "Arn"]}, "BatchSize": 1}
        events["Queue"] = {"Type": "SQS", "Properties": source | _in_parts(spec)}
    return {
        logical_id(name): {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "Architectures": ["x86_64"],
                "CodeUri": "./deployment.zip",
                "Handler": spec["handler"],
                "Role": {"Fn::GetAtt": [role, "Arn"]},
                "Runtime": "python3.11",
                "Tracing": "PassThrough",
                "LoggingConfig": {"LogFormat": "JSON"},
                **({"Events": events} if events else {}),
            },
        },
        role: {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "lambda.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                }
            },
        },
    }


def _in_parts(spec: dict[str, Any]) -> dict[str, Any]:
    """How a queue is worked: each message for itself, so many at once."""
    return {
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": _workers(spec["concurrency"])},
    }


def _workers(bound: int) -> Any:
    # A laptop has few cores, and the emulator starts a process for each message at work.
    return {"Fn::If": ["HasEdge", bound, LAPTOP_WORKERS]}


def _stage_project(where: Path) -> Path:
    staged = where / "project"
    shutil.rmtree(staged, ignore_errors=True)
    (staged / ".chalice").mkdir(parents=True)
    for name in ("config.json", "policy.json"):
        shutil.copy(ROOT / ".chalice" / name, staged / ".chalice" / name)
    shutil.copy(ROOT / "app.py", staged / "app.py")
    shutil.copytree(
        ROOT / "chalicelib", staged / "chalicelib", ignore=shutil.ignore_patterns("__pycache__")
    )
    (staged / "requirements.txt").touch()
    return staged


def _environment() -> dict[str, str]:
    # Chalice wants a region even to write a file.
    return {**os.environ, "AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1"}


def _merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags."""


def _tag(loader: yaml.Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix in ("Ref", "Condition"):
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tag)


def load(path: Path) -> dict[str, Any]:
    """Read one part."""
    read: dict[str, Any] = yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506 (a SafeLoader)
    return read


if __name__ == "__main__":
    print(build().relative_to(ROOT))
