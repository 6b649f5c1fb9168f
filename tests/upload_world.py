"""Uploads on real engines: a moto server for files and queues, any endpoint for the tables."""

import contextlib
import json
import os
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.config import Config
from chalice.app import CloudWatchEvent, SQSEvent

from chalicelib import wiring
from chalicelib.domain.ids import new_id
from chalicelib.domain.people import Actor, AuditEvent, Role
from chalicelib.domain.upload import UploadMode, UploadState
from chalicelib.handlers import jobs
from chalicelib.services import uploads as use
from chalicelib.store import work_table
from tests import engines, wires
from tests.builders import a_portfolio

BOSS = Actor(actor_id="user:1", role=Role.SUPERVISOR, portfolios=("*",), name="Ana")
QUEUES = {
    "UPLOAD_STEPS_QUEUE_URL": "steps",
    "UPLOAD_CHUNKS_QUEUE_URL": "chunks",
    "EXPORTS_QUEUE_URL": "exports",
    "CHANNEL_EVENTS_QUEUE_URL": "channel-events",
    "PLAN_QUEUE_URL": "plan",
}
WORK_OF = {
    "UPLOAD_STEPS_QUEUE_URL": jobs.step_upload,
    "UPLOAD_CHUNKS_QUEUE_URL": jobs.load_chunk,
    "EXPORTS_QUEUE_URL": jobs.write_export,
}
BUCKETS = ("uploads", "exports")


def forget():
    """Drop what the process remembers of its environment."""
    wires.forget()
    work_table.WorkRow._connection = None


class Context:
    """What Lambda tells a function of its time."""

    def __init__(self, seconds=300.0):
        self.seconds = seconds

    def get_remaining_time_in_millis(self):
        return int(self.seconds * 1000)


@contextlib.contextmanager
def world(*, tables=engines.moto, hidden_s=30):
    """
    Make an account with a portfolio in it and point this process at it.

    Args:
        tables: Which engine holds the tables: ``engines.moto`` or ``engines.dynamodb``.
        hidden_s: For how long a message that was taken stays hidden.
    """
    with contextlib.ExitStack() as stack:
        cloud = stack.enter_context(engines.moto())
        # moto keeps its state per process, not per server.
        reset = urllib.request.Request(f"{cloud}/moto-api/reset", method="POST")
        urllib.request.urlopen(reset).close()
        endpoint = cloud if tables is engines.moto else stack.enter_context(tables())
        environment = {
            "AWS_ENDPOINT_URL": cloud,
            "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
            "AWS_REGION": engines.REGION,
            "AWS_DEFAULT_REGION": engines.REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "CASES_TABLE": engines.CASES,
            "WORK_TABLE": engines.WORK,
            "TRACKING_TABLE": engines.TRACKING,
            "UPLOADS_BUCKET": "uploads",
            "EXPORTS_BUCKET": "exports",
            "SITE_BUCKET": "site",
            "EVIDENCE_BUCKET": "evidence",
            "IDEMPOTENCY_TABLE": "test-idempotency",
            "USER_POOL_ID": "pool",
            "USER_POOL_CLIENT_ID": "client",
            "STAGE": "test",
        }
        before = {name: os.environ.get(name) for name in (*environment, *QUEUES)}
        stack.callback(_restore, before)
        os.environ.update(environment)
        stack.callback(forget)
        engines.make_tables(endpoint)
        for bucket in BUCKETS:
            boto3.client("s3").create_bucket(Bucket=bucket)
        for variable, name in QUEUES.items():
            answer = boto3.client("sqs").create_queue(
                QueueName=name, Attributes={"VisibilityTimeout": str(hidden_s)}
            )
            os.environ[variable] = answer["QueueUrl"]
        forget()
        yield World(portfolio=add_portfolio())


def _restore(before):
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def add_portfolio(portfolio_id="prt_test", **policies):
    portfolio = a_portfolio(portfolio_id, **policies)
    audit = AuditEvent(
        event_id=new_id("aud"),
        kind="portfolio.created",
        at=datetime.now(UTC),
        actor="system",
        subject=f"portfolio:{portfolio_id}",
        facts={},
    )
    wiring.portfolios().add(portfolio, audit=audit, grant_to=None)
    return portfolio


@dataclass
class World:
    portfolio: Any
    deliveries: int = 1
    context: Context = field(default_factory=Context)

    def send(self, body, *, mode, filename="cartera.csv", **wishes):
        """Announce a file and put it into the bucket by the form, as a browser does."""
        body = body.encode() if isinstance(body, str) else body
        upload, form = use.start(
            use.NewUpload(filename=filename, size_bytes=len(body), mode=UploadMode(mode), **wishes),
            portfolio_id=self.portfolio.portfolio_id,
            actor=BOSS,
            portfolios=wiring.portfolios(),
            uploads=wiring.uploads(),
            files=wiring.upload_files(),
            now=datetime.now(UTC),
        )
        post_form(form, filename, body)
        detail = {"bucket": {"name": "uploads"}, "object": {"key": upload.object_key}}
        event = {"detail": detail, "version": "0", "account": "", "region": "", "detail-type": "",
                 "source": "aws.s3", "time": "", "id": "", "resources": []}  # fmt: skip
        jobs.read_upload(CloudWatchEvent(event, self.context))
        return upload

    def load(self, body, *, mode, mapping=None, **wishes):
        """Send a file, take the guessed mapping (changed by *mapping*), apply it."""
        upload = self.pump(self.send(body, mode=mode, **wishes))
        if upload.state is UploadState.NEEDS_MAPPING:
            columns = upload.mapping["columns"] | (mapping or {}).get("columns", {})
            answers = upload.mapping["answers"] | (mapping or {}).get("answers", {})
            self.do(use.put_mapping, upload, {"columns": columns, "answers": answers})
            upload = self.pump(upload)
        if upload.state is UploadState.READY:
            self.do(use.apply, upload)
            upload = self.pump(upload)
        return upload

    def do(self, action, upload, *arguments):
        return action(
            upload.portfolio_id,
            upload.upload_id,
            *arguments,
            actor=BOSS,
            uploads=wiring.uploads(),
            steps=wiring.upload_steps(),
            now=datetime.now(UTC),
        )

    def current(self, upload):
        return wiring.uploads().get(upload.portfolio_id, upload.upload_id)

    def pump(self, upload):
        """Work the queues until they are empty."""
        while sum(work_once(name, self.context, self.deliveries) for name in WORK_OF):
            pass
        return self.current(upload)


def work_once(queue, context, deliveries=1, wait_s=0):
    """Take up to ten messages of a queue and work them as Lambda would; says how many."""
    sqs, url = wiring.aws("sqs"), os.environ[queue]
    messages = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=wait_s
    ).get("Messages", [])
    for message in messages:
        record = {"messageId": message["MessageId"], "body": message["Body"],
                  "receiptHandle": message["ReceiptHandle"]}  # fmt: skip
        for _ in range(deliveries):
            answer = WORK_OF[queue](SQSEvent({"Records": [record]}, context))
        if not answer["batchItemFailures"]:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return len(messages)


def post_form(form, filename, body):
    """Send a file by a presigned form: multipart, the file last."""
    boundary = "recobro-boundary"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form["fields"].items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    data = "".join(parts).encode() + head.encode() + body + f"\r\n--{boundary}--\r\n".encode()
    request = urllib.request.Request(
        form["url"],
        data=data,
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
        method="POST",
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status in (200, 201, 204)


def state(portfolio_id="prt_test"):
    """All that matters of a portfolio: cases with debts and balances, and the counters."""
    # Small pages and patience: the engine is slow to scan a table of a million items.
    client = boto3.client(
        "dynamodb",
        endpoint_url=os.environ["AWS_ENDPOINT_URL_DYNAMODB"],
        config=Config(read_timeout=300),
    )
    cases: dict[str, Any] = {}
    sums: dict[str, int] = {}
    for page in client.get_paginator("scan").paginate(
        TableName=engines.CASES, PaginationConfig={"PageSize": 1000}
    ):
        for item in page["Items"]:
            pk, sk = item["pk"]["S"], item["sk"]["S"]
            if sk == "HEAD":
                kept = ("balance_minor", "status", "debts", "oldest_due_on", "name")
                cases.setdefault(pk, {})["head"] = {k: item.get(k) for k in kept}
            elif sk.startswith(("DEBT#", "ENTRY#")):
                volatile = ("upload_id", "seen_upload_id", "recorded_at", "reference", "actor")
                fact = {k: v for k, v in item.items() if k not in (*volatile, "sk", "pk")}
                fact.pop("lookup_sk", None)
                kind = sk.partition("#")[0]
                cases.setdefault(pk, {}).setdefault(kind, []).append(
                    json.dumps(fact, sort_keys=True)
                )
    for case in cases.values():
        for name in ("DEBT", "ENTRY"):
            case.get(name, []).sort()
    for page in client.get_paginator("query").paginate(
        TableName=engines.WORK,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"KPI#{portfolio_id}"}},
    ):
        for item in page["Items"]:
            name = item["sk"]["S"].rpartition("#")[0]
            for attribute, value in item.items():
                if "N" in value:
                    key = f"{name}.{attribute}"
                    sums[key] = sums.get(key, 0) + int(value["N"])
    return cases, {key: n for key, n in sums.items() if n}
