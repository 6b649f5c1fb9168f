"""
What an upload costs: rows a second by stage, each against the least that could do it.

Rates are rows a second of one core (processor time of this process; the stub endpoint is
another one), so that a busy machine changes them little. On DynamoDB Local the engine is
the limit and wall time counts. Memory is the peak of a process that reads, sorts and cuts
files of three sizes.
"""

import contextlib
import csv
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.report import Figure, Report
from chalicelib import intake
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.upload import Upload, UploadMode, UploadState
from chalicelib.services import upload_chunks
from chalicelib.services.upload_ports import Pass
from chalicelib.services.upload_reading import (
    BATCH_ROWS,
    MOST_ROWS_PER_CHUNK,
    ROWS_PER_CHUNK,
    chunk_key,
)
from chalicelib.services.upload_sort import RowSorter, SortKeys, chunks, encode_chunk, encode_row
from chalicelib.store import case_rows
from chalicelib.store.cases import CaseStore
from chalicelib.store.wire import Credentials, Wire
from local.generator import bulk
from tests import engines
from tests.builders import a_portfolio

ROWS = int(os.environ.get("RECOBRO_BENCH_ROWS", "100000"))
WRITTEN = min(ROWS, 20_000)  # written rows: every one is some ten items
LOCAL = min(ROWS, 2_000)  # DynamoDB Local is slow and shares the machine
MEMORY_ROWS = tuple(
    int(n) for n in os.environ.get("RECOBRO_BENCH_MEMORY", "10000,100000,1000000").split(",")
)
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
TODAY = date(2026, 11, 22)


def main() -> None:
    report = Report("upload")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        make_file(path, ROWS)
        upload, portfolio = inspected(path)
        pieces = stages(report, path, upload, portfolio)
        with stub() as endpoint:
            write_on_stub(report, endpoint, upload, portfolio, pieces)
        with engines.dynamodb() as endpoint:
            write_on_engine(report, endpoint, upload, portfolio, pieces)
        memory(report, Path(folder))
    report.print()


def make_file(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(bulk.blocks(bulk.Request(rows=rows, seed=7, country="MX", today=TODAY)))


def inspected(path: Path) -> tuple[Upload, Portfolio]:
    portfolio = a_portfolio("prt_bench")
    with path.open("rb") as source:
        inspection = intake.inspect(
            source, mode="debts", country=portfolio.country, currency=portfolio.currency
        )
    upload = Upload(
        upload_id="upl_bench",
        portfolio_id=portfolio.portfolio_id,
        mode=UploadMode.DEBTS,
        state=UploadState.APPLYING,
        filename=path.name,
        size_bytes=path.stat().st_size,
        created_by="user:bench",
        created_at=NOW,
        updated_at=NOW,
        object_key="in/x",
        inspection=inspection,
        mapping=inspection["suggested"],
        extra={"round": 1, "language": "es"},
    )
    return upload, portfolio


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def per_core(metric: str, rows: int, seconds: float, **more: Any) -> Figure:
    return Figure(metric=metric, value=round(rows / seconds), unit="rows/s of a core", **more)


def stages(report: Report, path: Path, upload: Upload, portfolio: Portfolio) -> list[list[str]]:
    text = path.read_text(encoding="utf-8")
    seconds, _ = cpu(lambda: sum(1 for _ in csv.reader(io.StringIO(text))))
    floor = round(ROWS / seconds)
    assert upload.inspection is not None
    assert upload.mapping is not None
    with path.open("rb") as source:
        walk = intake.open_rows(source, upload.inspection, upload.mapping)
        seconds, rows = cpu(lambda: list(walk))
    report.add(per_core("parse", len(rows), seconds, floor=floor, floor_is="csv.reader alone"))
    reader = upload_chunks.reader(upload, portfolio)
    read, _ = cpu(lambda: [reader.read(number, cells) for number, cells in rows])
    report.add(per_core("validate and normalise", len(rows), read))
    report.add(
        per_core("parse and validate", len(rows), seconds + read, target=25_000, at_least=True)
    )
    with tempfile.TemporaryDirectory() as folder, RowSorter(Path(folder) / "s.db") as sorter:
        seconds, pieces = cpu(lambda: sorted_pieces(sorter, rows, upload))
    report.add(per_core("sort and cut", len(rows), seconds))
    return pieces


def sorted_pieces(
    sorter: RowSorter, rows: list[tuple[int, list[Any]]], upload: Upload
) -> list[list[str]]:
    assert upload.mapping is not None
    keys = SortKeys(upload.mapping, mode="debts")
    for start in range(0, len(rows), BATCH_ROWS):
        sorter.add(
            (*keys.of(cells), number, encode_row(number, cells))
            for number, cells in rows[start : start + BATCH_ROWS]
        )
    return list(
        chunks(
            sorter.in_order_marked(),
            rows_per_chunk=ROWS_PER_CHUNK,
            most_rows=MOST_ROWS_PER_CHUNK,
        )
    )


@contextlib.contextmanager
def stub() -> Iterator[str]:
    command = [sys.executable, "-m", "bench.empty_tables"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.terminate()


class ChunkFiles:
    """Chunks as they lie in the bucket, without a bucket."""

    def __init__(self, upload: Upload, pieces: list[list[str]]) -> None:
        self._objects = {
            chunk_key(upload.upload_id, 1, n): encode_chunk(piece) for n, piece in enumerate(pieces)
        }

    def read(self, key: str) -> bytes | None:
        return self._objects.get(key)

    def write(self, key: str, body: bytes) -> None:
        self._objects[key] = body


class Collecting(CaseStore):
    """A store that keeps the changes instead of writing them, to be written later."""

    def commit_many(self, changes: Any) -> Any:
        self.changes = [*getattr(self, "changes", []), *changes]
        return [None] * len(changes)


def wire_to(endpoint: str) -> Wire:
    return Wire(
        endpoint=endpoint, region="us-east-1", credentials=lambda: Credentials("test", "test")
    )


def loaded(
    store: CaseStore, upload: Upload, portfolio: Portfolio, pieces: list[list[str]], rows: int
) -> int:
    files = ChunkFiles(upload, pieces)
    context = upload_chunks.Context(
        upload=upload, portfolio=portfolio, cases=store, step=Pass.APPLY, now=NOW, fresh=True
    )
    done = 0
    for unit in range(len(pieces)):
        done += upload_chunks.work(context, unit, files=files)["rows"]  # type: ignore[arg-type]
        if done >= rows:
            break
    return done


def write_on_stub(
    report: Report, endpoint: str, upload: Upload, portfolio: Portfolio, pieces: list[list[str]]
) -> None:
    names = {"cases": "test-cases", "work": "test-work"}
    collected = Collecting(wire_to(endpoint), **names, threads=1)
    rows = loaded(collected, upload, portfolio, pieces, WRITTEN)
    items = [item for change in collected.changes for item in items_of(change)]
    wire = wire_to(endpoint)
    seconds, _ = cpu(lambda: wire.put_many("test-cases", items))
    floor = len(items) / seconds
    store = CaseStore(wire_to(endpoint), **names, threads=1)
    seconds, _ = cpu(lambda: store.commit_many(collected.changes))
    report.add(
        Figure(
            metric="write: items, stub endpoint",
            value=round(len(items) / seconds),
            unit="items/s of a core",
            floor=round(floor),
            floor_is="the same items ready-made, signed by hand, 25 a request",
            target=0.45,
            at_least=True,
        )
    )
    report.add(per_core("write: debts, stub endpoint", rows, seconds))
    store = CaseStore(wire_to(endpoint), **names, threads=1)
    seconds, rows = cpu(lambda: loaded(store, upload, portfolio, pieces, WRITTEN))
    report.add(
        per_core(
            "whole: parsed chunk to written debt, stub endpoint",
            rows,
            seconds,
            target=3_000,
            at_least=True,
        )
    )
    report.add(Figure(metric="items a debt", value=round(len(items) / rows, 2), unit="items"))


def items_of(change: Any) -> list[Any]:
    """The items a change puts, ready-made; its conditions and counters are left out."""
    operations = case_rows.operations("test-cases", change)
    return [one["Put"]["Item"] for one in operations if "Put" in one]


def write_on_engine(
    report: Report, endpoint: str, upload: Upload, portfolio: Portfolio, pieces: list[list[str]]
) -> None:
    engines.make_tables(endpoint)
    names = {"cases": engines.CASES, "work": engines.WORK}
    store = CaseStore(wire_to(endpoint), **names, threads=4)
    began = time.perf_counter()
    rows = loaded(store, upload, portfolio, pieces, LOCAL)
    seconds = time.perf_counter() - began
    other = replace(portfolio, portfolio_id="prt_floor")
    collected = Collecting(wire_to(endpoint), **names, threads=1)
    loaded(collected, replace(upload, portfolio_id="prt_floor"), other, pieces, LOCAL)
    items = [item for change in collected.changes for item in items_of(change)]
    wire = wire_to(endpoint)
    began = time.perf_counter()
    wire.put_many(engines.CASES, items)
    floor = len(items) / (time.perf_counter() - began)
    report.add(
        Figure(
            metric="whole on DynamoDB Local: items",
            value=round(len(items) / seconds),
            unit="items/s",
            floor=round(floor),
            floor_is="the same items put 25 a request, no transaction",
            target=0.8,
            at_least=True,
        )
    )
    report.add(
        Figure(metric="whole on DynamoDB Local: debts", value=round(rows / seconds), unit="rows/s")
    )


def memory(report: Report, folder: Path) -> None:
    """Measure reading, sorting and cutting in a process of its own for each size."""
    peaks: dict[int, float] = {}
    for rows in MEMORY_ROWS:
        path = folder / f"{rows}.csv"
        make_file(path, rows)
        command = [sys.executable, "-m", "bench.upload", "--peak", str(path)]
        peaks[rows] = float(subprocess.check_output(command, text=True))
        path.unlink()
    for rows, peak in peaks.items():
        smaller = peaks.get(rows // 10)
        report.add(
            Figure(
                metric=f"peak memory, {rows} rows",
                value=round(peak, 1),
                unit="MB",
                floor=round(smaller, 1) if smaller and rows > 100_000 else None,
                floor_is="the peak at a tenth of the rows" if smaller and rows > 100_000 else "",
                target=1.1 if smaller and rows > 100_000 else None,
            )
        )


def peak(path: Path) -> None:
    upload, _ = inspected(path)
    assert upload.inspection is not None
    assert upload.mapping is not None
    keys = SortKeys(upload.mapping, mode="debts")
    with (
        tempfile.TemporaryDirectory() as folder,
        RowSorter(Path(folder) / "s.db") as sorter,
        path.open("rb") as source,
    ):
        batch = []
        for number, cells in intake.open_rows(source, upload.inspection, upload.mapping):
            batch.append((*keys.of(cells), number, encode_row(number, cells)))
            if len(batch) == BATCH_ROWS:
                sorter.add(batch)
                batch.clear()
        sorter.add(batch)
        pieces = chunks(
            sorter.in_order_marked(),
            rows_per_chunk=ROWS_PER_CHUNK,
            most_rows=MOST_ROWS_PER_CHUNK,
        )
        for piece in pieces:
            encode_chunk(piece)
    print(_peak_mb())


def _peak_mb() -> float:
    """The peak of this very program: ``ru_maxrss`` also remembers the process it came from."""
    try:
        status = Path("/proc/self/status").read_text()
    except FileNotFoundError:  # not Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peak"]:
        peak(Path(sys.argv[2]))
    else:
        main()
