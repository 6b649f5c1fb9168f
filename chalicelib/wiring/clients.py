"""The clock, AWS's clients and the thin one of the bulk paths: what the stores are made with."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import Any

from chalicelib.config import settings
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.store import clock, work_table
    from chalicelib.store import wire as thin

CASE_THREADS = 4


@functools.cache
def aws(service: Any, *, once: bool = False, patience_s: float = 10) -> Any:
    """
    Make a boto3 client once per process, when it is first needed.

    Args:
        once: Never repeat a call by itself: for what must not happen twice, such as a message.
        patience_s: How long an answer may take.
    """
    import boto3
    from botocore.config import Config

    # API Gateway hangs up after 29 s; boto3 alone would wait 60 s for one read.
    # Left to itself, boto3 still signs links the old way, which S3 refuses for objects under a
    # KMS key.
    config = Config(
        connect_timeout=2,
        read_timeout=patience_s,
        retries={"mode": "standard", "total_max_attempts": 1 if once else 3},
        signature_version="s3v4" if service == "s3" else None,
    )
    return boto3.client(service, region_name=settings().region, config=config)


@functools.cache
def wire() -> thin.Wire:
    """The thin DynamoDB client of the bulk paths; its pool is as large as what shares it."""
    return thin.from_environment(pool=CASE_THREADS * 2)


@functools.cache
def bind_work_table() -> None:
    """Tell PynamoDB's models which table they are rows of; once per process."""
    work_table.bind(settings().work_table)


@functools.cache
def _laptop_clock() -> clock.MovedClock:
    bind_work_table()
    return clock.MovedClock()


def now() -> datetime:
    """Give the time, UTC; on the laptop as somebody set it (``local/clock.py``)."""
    return _laptop_clock().now() if settings().stage == "local" else datetime.now(UTC)
