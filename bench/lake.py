# ruff: noqa: S608 - SQL of our own columns and of paths of our own directory
"""
What putting a day into the lake costs: cases to lines, lines to Parquet, and the peak of memory.

The floor is DuckDB alone on the same lines, without our bound of memory, in turns with what is
measured and by the clock, as it works on two threads. The whole (open cases in memory, tell facts
and states, write all tables) is beside the same floor: it is Python that replays ledgers.
``RECOBRO_BENCH_MEMORY`` sets the sizes whose peaks are taken, each in a process of its own.
"""

import contextlib
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import duckdb
import orjson

from bench.report import Figure, Report, paired
from chalicelib.bi.tables import DEBTS, DUCKDB_TYPES
from chalicelib.domain.people import Person, Role
from chalicelib.services import lake_progress, shifts
from chalicelib.store.tracking import TrackingStore
from lake import parquet

ROWS = int(os.environ.get("RECOBRO_BENCH_ROWS", "300000"))
CASES = int(os.environ.get("RECOBRO_BENCH_CASES", "2000"))
SIZES = [int(n) for n in os.environ.get("RECOBRO_BENCH_MEMORY", "100000,1000000").split(",")]
AGENTS = int(os.environ.get("RECOBRO_BENCH_AGENTS", "100"))
MOST_MB = 512.0
_PRODUCTS = ("Crédito personal", "Línea blanca", "Motocicleta")


def lines(count: int, path: Path) -> None:
    """Invent a day of debts as the export's lines."""
    chance = random.Random(3)  # noqa: S311 - invented debts, not secrets
    first = date(2025, 1, 1)
    with path.open("wb") as out:
        for number in range(count):
            came = first + timedelta(days=chance.randrange(600))
            row = {
                "debt_id": f"dbt_{chance.getrandbits(128):032x}",
                "case_id": f"cas_{chance.getrandbits(128):032x}",
                "product": _PRODUCTS[number % 3],
                "issued_on": came.isoformat(),
                "due_on": (came + timedelta(days=30)).isoformat(),
                "placed_on": came.isoformat(),
                "placed_minor": chance.randrange(10**7),
                "paid_minor": chance.randrange(10**6),
                "balance_minor": chance.randrange(10**7),
                "currency": "MXN",
                "oldest_due_on": (came + timedelta(days=30)).isoformat(),
                "restructured": number % 50 == 0,
            }
            out.write(orjson.dumps(row) + b"\n")


def plain(news: Path, out: Path) -> None:
    """The floor: DuckDB as it is, on as many threads."""
    types = ", ".join(f"{one.name}: '{DUCKDB_TYPES[one.kind]}'" for one in DEBTS.columns)
    with duckdb.connect(config={"threads": parquet.THREADS}) as connection:
        connection.execute(
            f"COPY (SELECT * FROM read_json('{news}', format='newline_delimited',"
            f" columns={{{types}}})) TO '{out}' (FORMAT parquet, COMPRESSION zstd)"
        )


def ours(news: Path, out: Path) -> None:
    with parquet.writer() as write:
        write(DEBTS, out, news=news)


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def whole(report: Report, floor: float) -> None:
    """All of an export but DynamoDB: cases in memory, the bucket on disk."""
    from tests import kpi_world
    from tests.lake_world import a_lake

    with a_lake() as world:
        kpi_world.fill(world, CASES)
        told: list[lake_progress.Report] = []
        took = seconds(
            lambda: told.append(
                world.export(kpi_world.LAST, now=world.at(kpi_world.LAST + timedelta(days=9)))
            )
        )
    report.add(
        Figure(
            metric=f"whole export of a day, {CASES} cases opened",
            value=round(told[0].rows / took),
            unit="rows/s",
            floor=round(floor),
            floor_is="DuckDB alone, JSON lines to Parquet",
        )
    )


def trails(report: Report) -> None:
    """Agents' days: a point every 30 seconds for 8 hours, read from metered rows, told, written."""
    from tests.lake_world import a_lake
    from tests.metered import MeteredWire
    from tests.unit.store.test_tracking_cost import START, walked

    wire = MeteredWire()
    store = TrackingStore(wire, "tracking", kept=timedelta(days=90))
    for number in range(AGENTS):
        fixes = list(walked(960, seed=number))
        agent = Person(
            person_id=f"agent{number:04}", email="a@example.com", name="", role=Role.AGENT,
            portfolios=("prt_test",), team="",
        )  # fmt: skip
        shifts.start("shf_1", START, person=agent, tracking=store, now=START)
        for first in range(0, len(fixes), 20):
            some = fixes[first : first + 20]
            store.add_points(agent.person_id, some, device_id="dev_1", received_at=some[-1].at)
        shifts.end(
            "shf_1", fixes[-1].at, person_id=agent.person_id, tracking=store, now=fixes[-1].at
        )
    people = [store.presence(f"agent{number:04}") for number in range(AGENTS)]
    store.heard = lambda **_: people  # the meter keeps no index
    with a_lake() as world:
        world.agents = store
        wire.read_units = 0
        told: list[lake_progress.Report] = []
        took = seconds(lambda: told.append(world.export(START.date())))
        (day,) = (one for one in told[0].manifests if one.table == "pings")
    of_agents = f"{AGENTS} agents' day of {len(fixes)} points"
    for metric, value, unit in (
        (f"{of_agents} into the lake", round(AGENTS / took, 1), "agents/s"),
        (f"{of_agents}: rows", round(day.rows / AGENTS), "rows an agent and day"),
        (f"{of_agents}: on disk", round(day.size / AGENTS), "bytes an agent and day"),
        (f"{of_agents}: read", round(wire.read_units / AGENTS, 1), "read units an agent and night"),
    ):
        report.add(Figure(metric=metric, value=value, unit=unit))


def memory(report: Report, folder: Path) -> None:
    for size in SIZES:
        news = folder / f"{size}.ndjson"
        lines(size, news)
        script = (
            "import resource, sys; from pathlib import Path; from bench.lake import ours;"
            "ours(Path(sys.argv[1]), Path(sys.argv[2]));"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        ran = subprocess.run(
            [sys.executable, "-c", script, news, folder / "out.parquet"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        report.add(
            Figure(
                metric=f"peak memory, {size} rows to Parquet",
                value=round(int(ran.stdout) / 1024),
                unit="MB",
                target=MOST_MB,
            )
        )
        news.unlink()


def main() -> None:
    report = Report("lake")
    with tempfile.TemporaryDirectory(prefix="recobro-bench-") as at:
        folder = Path(at)
        news, out = folder / "debts.ndjson", folder / "debts.parquet"
        lines(ROWS, news)

        def one_round() -> Iterator[float]:
            for work in (plain, ours):
                with contextlib.suppress(FileNotFoundError):
                    out.unlink()
                yield ROWS / seconds(partial(work, news, out))

        floor, value = paired(one_round)
        report.add(
            Figure(
                metric="lines to Parquet, memory bound",
                value=round(value),
                unit="rows/s",
                floor=round(floor),
                floor_is="DuckDB alone, JSON lines to Parquet",
                target=0.6,
                at_least=True,
            )
        )
        size = out.stat().st_size
        report.add(
            Figure(metric="on disk", value=round(size / ROWS, 1), unit="bytes a row of debts")
        )
        whole(report, floor)
        trails(report)
        memory(report, folder)
    report.print()


if __name__ == "__main__":
    main()
