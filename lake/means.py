"""
What the lake's functions work with, made once per process.

They have a wiring of their own: ``chalicelib.wiring`` knows every store there is, and a package
that imported it would hold them all.
"""

import functools
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from chalicelib.domain.good_hours import GoodHours
from chalicelib.prediction import served
from chalicelib.services.lake_means import Means
from chalicelib.services.lake_runs import LakeRun
from chalicelib.services.verify import AllCases
from chalicelib.store import clock, wire, work_table
from chalicelib.store.cases import CaseStore
from chalicelib.store.documents import Documents
from chalicelib.store.enrolments import EnrolmentStore
from chalicelib.store.files import BucketFiles
from chalicelib.store.portfolios import PortfolioStore
from chalicelib.store.queues import SqsQueue
from chalicelib.store.served_models import ServedModelStore
from chalicelib.store.strategies import StrategyStore
from chalicelib.store.tracking import TrackingStore
from lake import parquet
from lake.athena import Athena
from lake.engine import Engine
from lake.shelf import Shelf

CASE_THREADS = 8
PATIENCE_S = 20.0  # less than the function has
SHELF_BYTES = 1 << 30  # of the function's own disk; the rest is for what DuckDB spills


@functools.cache
def client(service: Any) -> Any:
    """Make a boto3 client."""
    config = Config(
        connect_timeout=2, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 4}
    )
    return boto3.client(service, config=config)


@functools.cache
def files() -> BucketFiles:
    return BucketFiles(client("s3"), os.environ["LAKE_BUCKET"])


@functools.cache
def shelf() -> Shelf:
    """Give the shelf of this process; a warm function finds what it fetched before."""
    return Shelf(Path(tempfile.gettempdir()) / f"recobro-shelf-{os.getpid()}", most=SHELF_BYTES)


def engine(only: str = "", *, patience_s: float = PATIENCE_S) -> Engine:
    """
    Give what answers questions.

    Args:
        only: ``duckdb`` or ``athena``: that one, whatever the size.
        patience_s: How long Athena may take.
    """
    elsewhere = Athena(
        client("athena"),
        files(),
        workgroup=os.environ["LAKE_QUERIES"],
        database=os.environ["LAKE_DATABASE"],
        patience_s=patience_s,
    )
    return Engine(files=files(), shelf=shelf(), elsewhere=elsewhere, only=only)


def own_engine() -> Engine:
    """Give what a worker asks by itself, by DuckDB whatever the size: nobody waits for it."""
    return Engine(files=files(), shelf=shelf(), only="duckdb")


@functools.cache
def _wire() -> wire.Wire:
    return wire.from_environment(pool=CASE_THREADS * 2)


@functools.cache
def runs() -> Documents[LakeRun]:
    return Documents(_wire(), os.environ["WORK_TABLE"], LakeRun, name="LAKE", key="kind")


@functools.cache
def good_hours() -> Documents[GoodHours]:
    return Documents(_wire(), os.environ["WORK_TABLE"], GoodHours, name="HOURS", key="kind")


@functools.cache
def portfolios() -> PortfolioStore:
    work_table.bind(os.environ["WORK_TABLE"])
    return PortfolioStore()


@functools.cache
def jobs() -> SqsQueue:
    return SqsQueue(client("sqs"), os.environ["LAKE_QUEUE_URL"])


def exporting(time_left_s: Callable[[], float], *, cases: AllCases | None = None) -> Means:
    """
    Give what a worker of an export works with.

    Args:
        cases: Where cases are read; by default in their table.
    """
    served.read_by(_model)  # rules of segments may ask for what is foretold
    return Means(
        cases=_cases() if cases is None else cases,
        files=files(),
        writer=parquet.writer,
        tracking=_tracking(),
        forecasts=_enrolments(),
        playbook=_strategies().playbook,
        scratch=functools.partial(tempfile.TemporaryDirectory, prefix="recobro-export-"),
        time_left_s=time_left_s,
    )


@functools.cache
def _strategies() -> StrategyStore:
    return StrategyStore(_wire(), os.environ["WORK_TABLE"])


@functools.cache
def _models() -> ServedModelStore:
    return ServedModelStore(_wire(), os.environ["WORK_TABLE"])


def _model(name: str) -> str:
    return _models().text(name)


@functools.cache
def _enrolments() -> EnrolmentStore:
    return EnrolmentStore(_wire(), os.environ["WORK_TABLE"])


@functools.cache
def _tracking() -> TrackingStore:
    kept = timedelta(days=int(os.environ.get("TRAIL_DAYS") or 90))
    return TrackingStore(_wire(), os.environ["TRACKING_TABLE"], kept=kept)


@functools.cache
def _cases() -> CaseStore:
    return CaseStore(
        _wire(),
        cases=os.environ["CASES_TABLE"],
        work=os.environ["WORK_TABLE"],
        threads=CASE_THREADS,
    )


def now() -> datetime:
    """Give the time, UTC; on the laptop as somebody set it (``local/clock.py``)."""
    if os.environ["STAGE"] != "local":
        return datetime.now(UTC)
    work_table.bind(os.environ["WORK_TABLE"])
    return clock.MovedClock().now()
