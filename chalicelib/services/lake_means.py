"""What the lake is written with, and what is said of each of its days."""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from chalicelib.bi.tables import Table
from chalicelib.services.lake_forecasts import Forecasts, NoForecasts
from chalicelib.services.lake_lines import SpoolFiles
from chalicelib.services.lake_trails import Nobody, Tracking
from chalicelib.services.verify import AllCases
from chalicelib.strategies.model import Playbook


class LakeFiles(SpoolFiles, Protocol):
    def read(self, key: str) -> bytes | None: ...
    def write(self, key: str, body: bytes) -> None: ...
    def remove(self, keys: Sequence[str]) -> None: ...


class Writing(Protocol):
    """See ``lake.parquet.write``."""

    def __call__(
        self,
        table: Table,
        out: Path,
        *,
        news: Path | None,
        old: Path | None = None,
        leave_out: Path | None = None,
        only: Path | None = None,
    ) -> int: ...


@dataclass(frozen=True, kw_only=True)
class Means:
    """
    Args:
        writer: Opens what writes Parquet, for the length of a run.
        scratch: Gives a directory for a run, gone after it.
        tracking: Where agents are and were.
        forecasts: What was told of cases.
        playbook: Gives a portfolio's segments; None where it has none.
        alive: Called before every page and every day that is written; raises when the run is
            not this worker's any more.
        time_left_s: How long this worker has.
    """

    cases: AllCases
    files: LakeFiles
    writer: Callable[[], AbstractContextManager[Writing]]
    scratch: Callable[[], AbstractContextManager[str]]
    tracking: Tracking = field(default_factory=Nobody)
    forecasts: Forecasts = field(default_factory=NoForecasts)
    playbook: Callable[[str], Playbook | None] = lambda _: None
    alive: Callable[[], None] = lambda: None
    time_left_s: Callable[[], float] = lambda: float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """
    What is known of one day of a table.

    Args:
        rows, size, sha256: Of the object *key*; its size in bytes.
        whole: Whether everything of that day is there; not so for a day before the first
            export, which only has what became known late.
        closed: Whether the day was over when this was told.
        opened: Cases that were read for it (agents, of their trails); the others' rows were
            taken over.
    """

    table: str
    version: str
    portfolio_id: str
    day: date
    key: str
    rows: int
    size: int
    sha256: str
    whole: bool
    closed: bool
    opened: int
    exported_at: datetime

    def body(self) -> bytes:
        told = {name: getattr(self, name) for name in self.__slots__}
        told |= {"day": self.day.isoformat(), "exported_at": self.exported_at.isoformat()}
        return json.dumps(told, indent=1).encode()


def manifest(body: bytes) -> Manifest:
    """Read a manifest."""
    told = json.loads(body)
    told["day"] = date.fromisoformat(told["day"])
    told["exported_at"] = datetime.fromisoformat(told["exported_at"])
    return Manifest(**told)
