"""DynamoDB for tests: moto's server in this process, or AWS's own engine."""

import contextlib
import subprocess
from collections.abc import Iterable, Iterator
from typing import Any

import boto3
import orjson
import urllib3

from chalicelib.store.shape import Operation
from chalicelib.store.table import CaseRow
from chalicelib.store.tracking_table import TrackingRow
from chalicelib.store.wire import Credentials, Wire
from chalicelib.store.work_table import WorkRow
from local import dynamodb_local, processes

CASES, WORK, TRACKING = "test-cases", "test-work", "test-tracking"
REGION = "us-east-1"


@contextlib.contextmanager
def moto() -> Iterator[str]:
    """
    Run moto's server; gives its endpoint.

    It shares its memory with ``mock_aws`` in the same process: what is sent over the wire there
    is what boto3 sees here.
    """
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@contextlib.contextmanager
def dynamodb() -> Iterator[str]:
    """Run DynamoDB Local in memory; gives its endpoint."""
    port = processes.free_port()
    command = [str(part) for part in dynamodb_local.command(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as engine:
        try:
            dynamodb_local.wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            engine.terminate()


def make_empty_tables(endpoint: str) -> None:
    """Make moto's tables anew: what other tests of this process left in its memory is gone."""
    urllib3.request("POST", f"{endpoint}/moto-api/reset")
    make_tables(endpoint)


def make_tables(endpoint: str) -> None:
    """Make the tables as the models describe them."""
    client = boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    for name, model in ((CASES, CaseRow), (WORK, WorkRow), (TRACKING, TrackingRow)):
        client.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **definition(model))


def as_sent(operations: Iterable[Operation]) -> list[dict[str, Any]]:
    """What DynamoDB reads of operations, some of which are ready JSON."""
    sent: list[dict[str, Any]] = orjson.loads(orjson.dumps(list(operations)))
    return sent


def definition(model: Any) -> dict[str, Any]:
    """What ``create_table`` asks of a PynamoDB model: keys, their types and indexes."""
    indexes = []
    keys = [("pk", "HASH"), ("sk", "RANGE")]
    used = {"pk", "sk"}
    for index in getattr(model, "_indexes", {}).values():
        parts = sorted(index.Meta.attributes.values(), key=lambda a: not a.is_hash_key)
        names = [part.attr_name for part in parts]
        used.update(names)
        projection = index.Meta.projection
        indexes.append(
            {
                "IndexName": index.Meta.index_name,
                "KeySchema": _schema(zip(names, ("HASH", "RANGE"), strict=True)),
                "Projection": {"ProjectionType": projection.projection_type}
                | (
                    {"NonKeyAttributes": list(projection.non_key_attributes)}
                    if projection.non_key_attributes
                    else {}
                ),
            }
        )
    types = [{"AttributeName": name, "AttributeType": "S"} for name in sorted(used)]
    asked = {"KeySchema": _schema(keys), "AttributeDefinitions": types}
    return asked | ({"GlobalSecondaryIndexes": indexes} if indexes else {})


def _schema(keys: Any) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in keys]


def wire_to(endpoint: str, **options: Any) -> Wire:
    return Wire(
        endpoint=endpoint,
        region=REGION,
        credentials=lambda: Credentials("test", "test", "a-session-token"),
        **options,
    )
