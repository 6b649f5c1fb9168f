"""
What agents' points cost: a batch of a hundred through the whole of the app, and what it is billed.

The floor is the same two rows ready made, signed and sent to the same stub: what no design of ours
could save. The way measured is the function's own: API Gateway's event in, who asks (a person's
row read), JSON, the filters, the packed row, the newest position, the answer out. Units are counted
by a meter, not by a clock, and so is the money: 10,000 agents with a point every 30 seconds, for
8 hours of 22 days a month.
"""

import base64
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import stub
from bench.report import Figure, Report, cpu, paired
from chalicelib.domain.people import Person, Role
from chalicelib.domain.plain import to_plain
from chalicelib.services import shifts
from chalicelib.store.tracking import TrackingStore
from tests.engines import wire_to
from tests.metered import MeteredWire
from tests.unit.store.test_tracking_cost import AGENT, START, spent, walked

BATCH = 100
BATCHES = 300
WRITE_USD = 0.625e-6
READ_USD = 0.125e-6
REQUEST_USD = 3.50e-6
LAMBDA_USD = 0.2e-6
GB_SECOND_USD = 0.0000166667
HANDLED_S = 0.015
AGENTS, POINTS_A_MONTH = 10_000, 2 * 60 * 8 * 22


def main() -> None:
    report = Report("pings")
    bodies, rows = _batches()
    with stub.endpoint({b'"NOW"': _presence(), b"PERSON#": _person()}) as url, _app(url) as handle:
        wire = wire_to(url)

        def handled() -> None:
            for body in bodies:
                answer = handle(body)
                if answer["statusCode"] != 200 or f'"accepted":{BATCH}' not in answer["body"]:
                    raise RuntimeError(f"not taken: {answer['statusCode']}")

        def floor() -> None:
            for pair in rows:
                for item in pair:
                    wire.call("PutItem", {"TableName": "tracking", "Item": item})

        handled()
        points = BATCH * len(bodies)
        least, ours = paired(lambda: (cpu(floor), cpu(handled)))
    report.add(
        Figure(
            metric="handler, batch of 100",
            value=round(ours / points * 1e6, 1),
            unit="us of CPU a point",
            target=100,
        )
    )
    report.add(
        Figure(
            metric="points through the handler",
            value=round(points / ours),
            unit="points/s of one core",
            floor=round(points / least),
            floor_is="the same two rows a batch ready made, signed and sent",
        )
    )
    for batch in (1, 5, BATCH):
        meter = spent(batch)
        report.add(
            Figure(
                metric=f"write units per 1,000 points, batches of {batch}",
                value=meter.write_units,
                unit="units",
                target={1: 4_001, 5: 801, BATCH: 61}[batch],
            )
        )
        report.add(
            Figure(
                metric=f"{AGENTS:,} agents x 1 point/30 s, batches of {batch}",
                value=round(_month_usd(meter, batch)),
                unit="$ a month",
            )
        )
    report.print()


def _month_usd(meter: MeteredWire, batch: int) -> float:
    """Table, API Gateway and Lambda (a gigabyte for 15 ms a batch) of a month of work."""
    points = AGENTS * POINTS_A_MONTH
    requests = points / batch
    # Beside the tracking table each request reads the person's row.
    table = points / 1000 * (meter.write_units * WRITE_USD + meter.read_units * READ_USD)
    return table + requests * (REQUEST_USD + LAMBDA_USD + HANDLED_S * GB_SECOND_USD + READ_USD)


def _batches() -> tuple[list[bytes], list[list[dict[str, Any]]]]:
    """Bodies as phones send them, and the rows that they become."""
    fixes = list(walked(BATCH))
    plain = [
        {k: v for k, v in to_plain(fix).items() if v is not None and k != "mock"} for fix in fixes
    ]
    body = json.dumps({"device_id": "dev_1", "points": plain}).encode()
    meter = MeteredWire()
    store = TrackingStore(meter, "tracking", kept=timedelta(days=90))  # type: ignore[arg-type]
    shifts.start("shf_1", START, person=AGENT, tracking=store, now=START)
    store.add_points(AGENT.person_id, fixes, device_id="dev_1", received_at=fixes[-1].at)
    rows = [row for (pk, sk), row in meter.rows.items() if pk.startswith("TRAIL#") or sk == "NOW"]
    return [body] * BATCHES, [rows] * BATCHES


def _presence() -> bytes:
    meter = MeteredWire()
    store = TrackingStore(meter, "tracking", kept=timedelta(days=90))  # type: ignore[arg-type]
    shifts.start("shf_1", START, person=AGENT, tracking=store, now=START)
    return json.dumps({"Item": meter.rows[f"AGENT#{AGENT.person_id}", "NOW"]}).encode()


def _person() -> bytes:
    person: Person = AGENT
    item = {
        "pk": {"S": "ORG"},
        "sk": {"S": f"PERSON#{person.person_id}"},
        "email": {"S": person.email},
        "name": {"S": person.name},
        "role": {"S": Role.AGENT.value},
        "portfolios": {"SS": list(person.portfolios)},
        "version": {"N": "1"},
    }
    return json.dumps({"Item": item}).encode()


@contextmanager
def _app(url: str) -> Iterator[Callable[[bytes], dict[str, Any]]]:
    """The app as Lambda calls it, with the stub for DynamoDB and the clock of the points."""
    names = (
        "CASES_TABLE", "WORK_TABLE", "TRACKING_TABLE", "IDEMPOTENCY_TABLE", "UPLOADS_BUCKET",
        "EVIDENCE_BUCKET", "EXPORTS_BUCKET", "SITE_BUCKET", "UPLOAD_STEPS_QUEUE_URL",
        "UPLOAD_CHUNKS_QUEUE_URL", "EXPORTS_QUEUE_URL", "PLAN_QUEUE_URL",
        "CHANNEL_EVENTS_QUEUE_URL", "USER_POOL_ID", "USER_POOL_CLIENT_ID",
        "AWS_SECRET_ACCESS_KEY",
    )  # fmt: skip
    os.environ.update(dict.fromkeys(names, "bench"))
    os.environ.update(
        STAGE="bench", AWS_REGION="us-east-1", AWS_DEFAULT_REGION="us-east-1",
        AWS_ACCESS_KEY_ID="bench", AWS_ENDPOINT_URL=url,
    )  # fmt: skip
    import app
    from chalicelib import wiring

    until = START + timedelta(seconds=30 * (BATCH + 1))
    wiring.now = lambda: until  # type: ignore[assignment]

    def handle(body: bytes) -> dict[str, Any]:
        answer: dict[str, Any] = app.app(_event(body), _Context())
        return answer

    yield handle


def _event(body: bytes) -> dict[str, Any]:
    began = int(datetime.now(UTC).timestamp()) - 60
    return {
        "resource": "/api/v1/field/pings",
        "path": "/api/v1/field/pings",
        "httpMethod": "POST",
        "headers": {"content-type": "application/json"},
        "multiValueHeaders": {"content-type": ["application/json"]},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": "/api/v1/field/pings",
            "httpMethod": "POST",
            "requestId": "bench",
            "path": "/live/api/v1/field/pings",
            "identity": {"sourceIp": "127.0.0.1"},
            "authorizer": {
                "principalId": f"user:{AGENT.person_id}",
                "session_began": str(began),
            },
        },
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


class _Context:
    function_name = "bench"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:bench"
    aws_request_id = "bench"

    def get_remaining_time_in_millis(self) -> int:
        return int(28_000 - time.process_time() % 1)


if __name__ == "__main__":
    main()
