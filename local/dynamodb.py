"""DynamoDB Local under the stack: the same tables, another engine (``ENGINE=dynamodb-local``)."""

import json
from pathlib import Path
from typing import Any

from infra.aws import Cloud

OUTPUT_OF = {
    "Cases": "CasesTable",
    "Work": "WorkTable",
    "Tracking": "TrackingTable",
    "Idempotency": "IdempotencyTable",
}
ASKED = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


def start(port: int, state: Path) -> str:
    """Start the engine; its data stays in *state*."""
    from local import dynamodb_local  # noqa: PLC0415 (asks for Java on import)

    return str(dynamodb_local.start(port, state))


def make_tables(cloud: Cloud, template: Path, outputs: dict[str, str]) -> None:
    """Make the template's tables under the names CloudFormation gave them. Safe to repeat."""
    client = cloud.client("dynamodb")
    there = set(client.list_tables()["TableNames"])
    for logical_id, name in table_names(outputs).items():
        if name not in there:
            client.create_table(TableName=name, **definition(template, logical_id))


def table_names(outputs: dict[str, str]) -> dict[str, str]:
    return {logical_id: outputs[output] for logical_id, output in OUTPUT_OF.items()}


def definition(template: Path, logical_id: str) -> dict[str, Any]:
    """What ``create_table`` asks of a table of the template."""
    properties = json.loads(template.read_text())["Resources"][logical_id]["Properties"]
    return {key: properties[key] for key in ASKED if key in properties}
