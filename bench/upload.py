"""
What an upload costs: debts a second by stage, each against the least that could do it.

Rates are of one core (processor time of this process; the stub endpoint is another one), in
turns with their floor. On DynamoDB Local the engine is the limit and wall time counts.
What a reading keeps in memory is measured by ``bench.memory``.
"""

import gc
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench import stub
from bench.by_hand import ByHand
from bench.read import csv_text
from bench.report import Figure, Report, cpu, csv_floor, paired
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.upload import Upload, UploadMode, UploadState
from chalicelib.intake.inspection import inspect, open_rows
from chalicelib.services import upload_cases, upload_chunks
from chalicelib.services.upload_ports import Pass
from chalicelib.services.upload_reading import (
    BATCH_ROWS,
    MOST_ROWS_PER_CHUNK,
    ROWS_PER_CHUNK,
)
from chalicelib.services.upload_sort import (
    RowSorter,
    SortKeys,
    chunk_key,
    chunks,
    encode_chunk,
    encode_row,
)
from chalicelib.store import case_rows
from chalicelib.store.cases import CaseStore
from chalicelib.store.wire import Wire
from local.generator import bulk
from tests import engines
from tests.builders import a_portfolio

ROWS = int(os.environ.get("RECOBRO_BENCH_ROWS", "5000"))  # written: each is some eight items
LOCAL = min(ROWS, 1_500)  # DynamoDB Local is slow and shares the machine
FLOOR_ROWS = 30_000
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
TODAY = date(2026, 11, 22)
NAMES = {"cases": engines.CASES, "work": engines.WORK}


def main() -> None:
    report = Report("upload")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        make_file(path, ROWS)
        upload, portfolio = inspected(path)
        with stub.endpoint() as endpoint:
            on_stub(report, endpoint, path, upload, portfolio)
        with engines.dynamodb() as endpoint:
            on_engine(report, endpoint, path, upload, portfolio)
    report.print()


def make_file(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(bulk.blocks(bulk.Request(rows=rows, seed=7, country="MX", today=TODAY)))


def inspected(path: Path) -> tuple[Upload, Portfolio]:
    portfolio = a_portfolio("prt_bench")
    with path.open("rb") as source:
        inspection = inspect(
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


def sorted_pieces(path: Path, upload: Upload) -> Iterator[list[str]]:
    """Read a file, sort its rows and cut them into chunks, as ``upload_reading`` does."""
    assert upload.inspection is not None
    assert upload.mapping is not None
    keys = SortKeys(upload.mapping, mode="debts")
    with (
        tempfile.TemporaryDirectory() as folder,
        RowSorter(Path(folder) / "s.db") as sorter,
        path.open("rb") as source,
    ):
        batch = []
        for number, cells in open_rows(source, upload.inspection, upload.mapping):
            batch.append((*keys.of(cells), number, encode_row(number, cells)))
            if len(batch) == BATCH_ROWS:
                sorter.add(batch)
                batch.clear()
        sorter.add(batch)
        yield from chunks(
            sorter.in_order_marked(),
            rows_per_chunk=ROWS_PER_CHUNK,
            most_rows=MOST_ROWS_PER_CHUNK,
        )


class ChunkFiles:
    """Chunks as they lie in the bucket, without a bucket."""

    def __init__(self, upload: Upload, pieces: list[list[str]]) -> None:
        self.units = len(pieces)
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


def loaded(
    store: CaseStore,
    upload: Upload,
    portfolio: Portfolio,
    files: ChunkFiles,
    *,
    step: Pass = Pass.APPLY,
    most: int = ROWS,
) -> int:
    """Do a pass over the chunks; gives the rows it went over."""
    context = upload_cases.Context(
        upload=upload, portfolio=portfolio, cases=store, step=step, now=NOW, fresh=True
    )
    done = 0
    for unit in range(files.units):
        done += upload_chunks.work(context, unit, files=files)["rows"]  # type: ignore[arg-type]
        if done >= most:
            break
    return done


def store_at(wire: Wire, threads: int = 1) -> CaseStore:
    return CaseStore(wire, **NAMES, threads=threads)


def on_stub(
    report: Report, endpoint: str, path: Path, upload: Upload, portfolio: Portfolio
) -> None:
    text = csv_text(FLOOR_ROWS)
    files = ChunkFiles(upload, list(sorted_pieces(path, upload)))
    wire, by_hand = engines.wire_to(endpoint), ByHand(endpoint)
    store = store_at(wire)
    kept = Collecting(wire, **NAMES, threads=1)
    loaded(kept, upload, portfolio, files)
    items = [item for change in kept.changes for item in items_of(change)]
    gc.freeze()

    def split() -> None:
        assert sum(len(piece) for piece in sorted_pieces(path, upload)) == ROWS

    def check() -> None:
        assert loaded(store, upload, portfolio, files, step=Pass.CHECK) == ROWS

    def write() -> None:
        assert loaded(store, upload, portfolio, files) == ROWS

    def stages() -> list[float]:
        spent = [cpu(split), cpu(check), cpu(write)]
        sent = cpu(lambda: by_hand.put_many(engines.CASES, items))
        least = 1 / csv_floor(text) + sent / ROWS
        return [*(ROWS / s for s in spent), 1 / least, ROWS / (spent[0] + spent[2])]

    *parts, floor, whole = paired(stages)
    for metric, rate in zip(("parse, sort, cut", "check", "chunk to written"), parts, strict=True):
        report.add(Figure(metric=f"{metric}, stub", value=round(rate), unit="debts/s of a core"))
    report.add(
        Figure(
            metric="parse to written, stub",
            value=round(whole),
            unit="debts/s of a core",
            floor=round(floor),
            floor_is="csv.reader alone, and the items ready-made, signed by hand, 25 a request",
        )
    )
    report.add(
        Figure(
            metric="parse to written, stub (absolute)",
            value=round(whole),
            unit="debts/s of a core",
            target=3_000,
            at_least=True,
        )
    )
    floor, fast = paired(
        lambda: [
            len(items) / cpu(lambda: by_hand.put_many(engines.CASES, items)),
            len(items) / cpu(lambda: store.commit_many(kept.changes)),
        ]
    )
    report.add(
        Figure(
            metric="write stage, stub: items",
            value=round(fast),
            unit="items/s of a core",
            floor=round(floor),
            floor_is="the same items ready-made, signed by hand, 25 a request",
            target=0.45,
            at_least=True,
        )
    )
    report.add(Figure(metric="items a debt", value=round(len(items) / ROWS, 2), unit="items"))


def items_of(change: Any) -> list[Any]:
    """The items a change puts, ready-made; its conditions and counters are left out."""
    operations = engines.as_sent(case_rows.operations(engines.CASES, change))
    return [one["Put"]["Item"] for one in operations if "Put" in one]


def on_engine(
    report: Report, endpoint: str, path: Path, upload: Upload, portfolio: Portfolio
) -> None:
    """
    Write to DynamoDB Local: the whole of it, and the same items ready-made in transactions.

    What the engine takes for the same items without transactions is told beside it: that is
    the price of a case being written whole or not at all, and not for a client to win back.
    """
    engines.make_tables(endpoint)
    wire = engines.wire_to(endpoint)
    files = ChunkFiles(upload, list(sorted_pieces(path, upload)))
    took: dict[str, float] = {}
    began = time.perf_counter()
    rows = loaded(store_at(wire), upload, portfolio, files, most=LOCAL)
    took["ours"] = time.perf_counter() - began
    items: dict[str, list[Any]] = {}
    for name in ("transactions", "batches"):
        other = replace(portfolio, portfolio_id=f"prt_{name}")
        kept = Collecting(wire, **NAMES, threads=1)
        loaded(kept, replace(upload, portfolio_id=f"prt_{name}"), other, files, most=LOCAL)
        items[name] = [item for change in kept.changes for item in items_of(change)]
    began = time.perf_counter()
    for start in range(0, len(items["transactions"]), 25):
        wire.transact(
            [
                {"Put": {"TableName": engines.CASES, "Item": item}}
                for item in items["transactions"][start : start + 25]
            ]
        )
    took["transactions"] = time.perf_counter() - began
    began = time.perf_counter()
    wire.put_many(engines.CASES, items["batches"])
    took["batches"] = time.perf_counter() - began
    report.add(
        Figure(
            metric="whole on DynamoDB Local: items",
            value=round(len(items["batches"]) / took["ours"]),
            unit="items/s",
            floor=round(len(items["batches"]) / took["transactions"]),
            floor_is="the same items ready-made in transactions of 25, one connection",
            target=0.8,
            at_least=True,
        )
    )
    report.add(
        Figure(
            metric="whole on DynamoDB Local: debts",
            value=round(rows / took["ours"]),
            unit="debts/s",
        )
    )
    report.add(
        Figure(
            metric="DynamoDB Local without transactions: items",
            value=round(len(items["batches"]) / took["batches"]),
            unit="items/s",
        )
    )


if __name__ == "__main__":
    main()
