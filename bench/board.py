# ruff: noqa: S608 - SQL of our own columns and of paths of our own directory
"""
What a ready board, or the map, takes over five million facts, as DuckDB in the product answers it.

The facts are a month of one portfolio, in files such as the export writes: a day of a table is one
object (a day's rows are invented once and are those of every day). Each board is asked report by
report, its files on the shelf already. The floor is DuckDB alone, without our bound of memory,
counting the same columns of the same files, in turns within the same rounds. What Athena would
scan is the compressed size of those columns, which DuckDB's own plan names, in the days that are
read. ``RECOBRO_BENCH_FACTS`` sets how many facts.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from bench import report as told
from bench.report import ROUNDS, Figure
from chalicelib.bi import questions, tables
from chalicelib.bi.boards import BOARDS
from chalicelib.bi.questions import Question
from chalicelib.bi.reports import Report
from chalicelib.bi.tables import DUCKDB_TYPES, TABLES, Table
from chalicelib.domain.ageing import DEFAULT_BANDS
from lake import parquet, query
from lake.days import needed
from lake.engine import MOST_HERE, Engine
from lake.shelf import Shelf
from tests.lake_world import Disk

FACTS = int(os.environ.get("RECOBRO_BENCH_FACTS", "5000000"))
PORTFOLIO = "prt_bench"
FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
MOST_S, MOST_MB = 3.0, 512.0
# Of a hundred facts; states have a row for each case or debt.
SHARES = {"events": 20, "attempts": 64, "entries": 12, "visits": 4}
CASES = 100_000
_DISTINCT = {"case_id": CASES, "cell": 1_200, "district": 60}
# What the page's map asks: one question by hexagon.
MAP = Report(
    measures=(
        "collected", "liquidation", "contact_rate", "rpc_attempts", "verified_rate",
        "visit_effectiveness", "cases",
    ),
    dimensions=("cell",),
    limit=1_000,
)  # fmt: skip
ALL: Mapping[str, tuple[Report, ...]] = {**BOARDS, "map": (MAP,)}
_WORDS: Mapping[str, str] = {
    "kind": "promise.made payment.posted attempt.made consent.refused dispute.opened hold.placed",
    "channel": "call sms whatsapp email visit",
    "direction": "out out out out in",
    "state": "sent delivered delivered read failed denied done done",
    "result": "direct indirect none none none",
    "outcome": "promise refuses absent wrong_number later",
    "party": "debtor debtor debtor guarantor family",
    "cause": "strategy strategy strategy manual reply",
    "strategy": "str_a@3 str_b@1 str_c@7",
    "step": "s1 s2 s3 s4",
    "variant": "a b",
    "template": "tpl_1@1 tpl_2@4 tpl_3@2 tpl_4@1 tpl_5@9",
    "cost_currency": "MXN",
    "currency": "MXN",
    "problem": "cap_week quiet_hours opted_out no_consent",
    "source": "upload manual stripe",
    "met": "holder family nobody neighbour",
    "standing": "received accepted accepted review",
    "disposition": "promise refuses absent",
    "status": "open open promised settled",
    "product": "prestamo tarjeta nomina",
}
_OF_TABLE: Mapping[tuple[str, str], str] = {
    ("entries", "kind"): "charge interest payment payment payment reversal",
    ("visits", "kind"): "visit visit visit exception",
    ("promises", "state"): "open kept partial broken",
    ("agreements", "state"): "proposed active completed defaulted",
    ("agreements", "kind"): "plan settlement extension",
}
_KINDS: Mapping[str, str] = {
    "bool": "random() < 0.8",
    "date": "DATE '2026-07-01' + CAST(floor(random() * 90) AS INTEGER)",
    "moment": "TIMESTAMP '2026-09-01' + INTERVAL 1 SECOND * CAST(floor(random() * 86400) AS INT)",
}
_SMALL = {"weekday": 7, "hour": 24, "seq": 90, "debts": 3, "dpd": 240, "shares": 12, "trust": 100}


def column(table: Table, name: str, kind: str) -> str:
    """Invent a column's values: ids as wide as ours, codes in the numbers they come in."""
    words = _OF_TABLE.get((table.name, name), _WORDS.get(name))
    if words:
        listed = ", ".join(f"'{word}'" for word in words.split())
        return f"[{listed}][1 + CAST(floor(random() * {len(words.split())}) AS INTEGER)]"
    if name in ("by_id", "person_id", "actor_id"):
        return "'usr_' || md5(CAST(CAST(floor(random() * 60) AS INTEGER) AS VARCHAR))"
    if kind == "text":
        most = _DISTINCT.get(name, 1 << 40)
        number = f"CAST(floor(random() * {most}) AS BIGINT)"
        if name == "case_id" and table.name in ("cases", "places"):
            number = "range"  # each once
        return f"substr(md5(CAST({number} AS VARCHAR)), 1, 26)"
    if kind == "int":
        return f"1 + CAST(floor(random() * {_SMALL.get(name, 500_000)}) AS BIGINT)"
    return _KINDS[kind]


def fill(disk: Disk) -> int:
    """Write the days of every table; gives the number of facts."""
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    facts = 0
    with duckdb.connect(config={"threads": parquet.THREADS}) as connection:
        connection.execute("SELECT setseed(0.3)")
        for table in TABLES.values():
            a_day = FACTS * SHARES.get(table.name, 0) // 100 // len(days) or CASES
            wanted = [days[0] - timedelta(days=1), *days] if table.state else days
            columns = ", ".join(
                f"CAST({column(table, one.name, one.kind)} AS {DUCKDB_TYPES[one.kind]})"
                f" AS {one.name}"
                for one in table.columns
            )
            whole = disk.at / f"{table.name}.parquet"
            connection.execute(
                f"COPY (SELECT {columns} FROM range({a_day})) TO '{whole}'"
                f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {parquet.ROW_GROUP})"
            )
            for day in wanted:
                body = whole.read_bytes()
                disk.write(tables.part_key(table.name, PORTFOLIO, day.isoformat()), body)
                disk.write(tables.manifest_key(table.name, PORTFOLIO, day.isoformat()), b"{}")
            facts += 0 if table.state else a_day * len(days)
            whole.unlink()
    return facts


@dataclass(frozen=True, slots=True)
class Scan:
    """A read of a table by a question: its columns, and the files of its days."""

    columns: tuple[str, ...]
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Board:
    name: str
    asked: tuple[Question, ...]
    scans: tuple[Scan, ...]

    @property
    def files_size(self) -> int:
        """Of the whole files, which is what is fetched to be read here."""
        return sum(path.stat().st_size for path in {p for scan in self.scans for p in scan.paths})

    @property
    def bytes_read(self) -> int:
        """Compressed, of the columns alone: what an engine that fetches ranges reads."""
        size = 0
        with duckdb.connect() as connection:
            for scan in self.scans:
                found = connection.execute(
                    "SELECT coalesce(sum(total_compressed_size), 0) FROM parquet_metadata(?)"
                    " WHERE list_contains(?, path_in_schema)",
                    [[str(path) for path in scan.paths], list(scan.columns)],
                ).fetchone()
                size += int(found[0]) if found else 0
        return size


def boards(disk: Disk, shelf: Shelf) -> Iterator[Board]:
    for name, reports in ALL.items():
        asked = tuple(
            Question(
                about=one,
                portfolio_id=PORTFOLIO,
                first=FIRST,
                last=LAST,
                bands=DEFAULT_BANDS,
            )
            for one in reports
        )
        scans = [scan for one in asked for scan in scanned(one, disk, shelf)]
        yield Board(name, asked, tuple(scans))


def scanned(question: Question, disk: Disk, shelf: Shelf) -> Iterator[Scan]:
    """Tell what DuckDB's own plan reads for a question."""
    plan = questions.plan(question)
    paths = shelf.fetch(needed(question, plan, disk).parts, disk)
    with parquet.engine() as connection:
        for table in plan.tables:
            rows = query._rows(TABLES[table], paths.get(table, []))
            connection.execute(f"CREATE VIEW {table} AS {rows}")
        found = connection.execute(f"EXPLAIN (FORMAT json) {plan.sql}").fetchone()
    for node in _scans(json.loads(found[1]) if found else []):
        named = node["extra_info"].get("Projections", [])
        columns = {named} if isinstance(named, str) else set(named)
        filters = str(node["extra_info"].get("Filters", ""))
        (table,) = [one for one in plan.tables if columns <= _columns(one) or len(plan.tables) == 1]
        columns |= {one for one in TABLES[table].names if one in filters}
        yield Scan(tuple(sorted(columns - {"day", "portfolio"})), tuple(paths.get(table, [])))


def _columns(table: str) -> set[str]:
    return {*TABLES[table].names, "day", "portfolio"}


def _scans(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        if "PARQUET" in node["name"]:
            yield node
        yield from _scans(node["children"])


def bare(board: Board) -> None:
    """The floor: DuckDB as it is counts the same columns of the same files."""
    with duckdb.connect(config={"threads": parquet.THREADS}) as connection:
        for scan in board.scans:
            counted = ", ".join(f"count({one})" for one in scan.columns) or "count(*)"
            listed = [str(path) for path in scan.paths]
            connection.execute(f"SELECT {counted} FROM read_parquet(?)", [listed]).fetchall()


def seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    report = told.Report("board")
    with tempfile.TemporaryDirectory(prefix="recobro-bench-") as at:
        disk = Disk(Path(at) / "lake")
        disk.at.mkdir()
        facts = fill(disk)
        shelf = Shelf(Path(at) / "shelf", most=1 << 40)
        engine = Engine(files=disk, shelf=shelf, only="duckdb")
        known = list(boards(disk, shelf))
        spent: dict[str, list[tuple[float, float]]] = {one.name: [] for one in known}
        for _ in range(ROUNDS):
            for one in known:
                floor = seconds(lambda one=one: bare(one))
                value = seconds(lambda one=one: [engine.ask(asked) for asked in one.asked])
                spent[one.name].append((floor, value))
        for one in known:
            _tell(report, one, spent[one.name], facts)
        slowest = max(known, key=lambda one: statistics.median(v for _, v in spent[one.name]))
        report.add(
            Figure(
                metric="peak memory, the slowest of them",
                value=round(_peak_mb(slowest, disk, shelf)),
                unit="MB",
                target=MOST_MB,
            )
        )
        report.add(
            Figure(
                metric="files that are read here at most", value=_megabytes(MOST_HERE), unit="MB"
            )
        )
    report.print()


def _tell(report: told.Report, board: Board, spent: list[tuple[float, float]], facts: int) -> None:
    floor, value = sorted(spent, key=lambda one: one[1])[len(spent) // 2]
    report.add(
        Figure(
            metric=f"board {board.name} over {facts:,} facts",
            value=round(value, 2),
            unit="s",
            target=MOST_S,
        )
    )
    report.add(
        Figure(
            metric=f"  {board.name} beside a bare scan",
            value=round(value, 2),
            unit="s",
            floor=round(floor, 3),
            floor_is="DuckDB alone counting the same columns of the same files",
        )
    )
    for what, size in (("its files", board.files_size), ("Athena scans", board.bytes_read)):
        report.add(Figure(metric=f"  {board.name}: {what}", value=_megabytes(size), unit="MB"))


def _megabytes(size: int) -> float:
    return round(size / 1e6, 1)


def _peak_mb(board: Board, disk: Disk, shelf: Shelf) -> float:
    """What a process of its own takes at most for a board."""
    command = [sys.executable, "-m", "bench.board", str(disk.at), str(shelf.at), board.name]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(ran.stdout) / 1024


def one_board(disk: Disk, shelf: Shelf, name: str) -> None:
    engine = Engine(files=disk, shelf=shelf, only="duckdb")
    for report in ALL[name]:
        engine.ask(
            Question(
                about=report, portfolio_id=PORTFOLIO, first=FIRST, last=LAST, bands=DEFAULT_BANDS
            )
        )
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        one_board(Disk(Path(sys.argv[1])), Shelf(Path(sys.argv[2]), most=1 << 40), sys.argv[3])
    else:
        main()
