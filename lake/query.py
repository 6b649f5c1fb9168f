# ruff: noqa: S608 - the SQL is the catalogue's, the paths are of our own directory
"""Figures by DuckDB, from the days that manifests tell of."""

import contextlib
import tempfile
from datetime import date
from pathlib import Path
from typing import Protocol

from chalicelib.bi import kpis, tables
from chalicelib.bi.kpis import Asked, Figure, Kpi
from chalicelib.bi.tables import DUCKDB_TYPES, TABLES, Table
from lake import parquet

MOST_DAYS = 40_000


class LakeReading(Protocol):
    def keys(self, prefix: str, *, most: int) -> list[str]: ...
    def get_file(self, key: str, path: Path) -> None: ...


class DayMissing(Exception):
    """A day at whose end the figure begins or ends was never exported; ``args[0]`` is the day."""


def figures(kpi: Kpi, asked: Asked, *, files: LakeReading) -> list[Figure]:
    """
    Tell a figure.

    Raises:
        DayMissing: The states it compares are not in the lake.
    """
    sql = kpis.text(kpi, asked)
    with contextlib.ExitStack() as stack:
        at = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="recobro-kpi-")))
        connection = stack.enter_context(parquet.engine())
        for name in kpi.tables:
            table = TABLES[name]
            paths = _fetched(table, kpi, asked, files, at)
            connection.execute(f"CREATE VIEW {name} AS {_rows(table, paths)}")
        return [
            Figure(str(one), str(two), int(numerator), int(denominator), int(sample))
            for one, two, numerator, denominator, sample in connection.execute(sql).fetchall()
        ]


def _fetched(table: Table, kpi: Kpi, asked: Asked, files: LakeReading, at: Path) -> list[Path]:
    prefix = tables.manifests_prefix(table.name, asked.portfolio_id)
    known = files.keys(prefix, most=MOST_DAYS)
    days = [date.fromisoformat(Path(key).stem) for key in known]
    if table.state:
        needed = {asked.last} | ({asked.before} if "$before" in kpi.sql else set())
        if missing := needed - set(days):
            raise DayMissing(min(missing).isoformat())
        wanted = [one for one in days if one in needed or asked.first <= one <= asked.last]
    else:
        wanted = [one for one in days if one <= asked.last]
    paths = []
    for day in wanted:
        key = tables.part_key(table.name, asked.portfolio_id, day.isoformat())
        path = at / key
        path.parent.mkdir(parents=True, exist_ok=True)
        files.get_file(key, path)
        paths.append(path)
    return paths


def _rows(table: Table, paths: list[Path]) -> str:
    if not paths:
        none = ", ".join(f"NULL::{DUCKDB_TYPES[one.kind]} AS {one.name}" for one in table.columns)
        return f"SELECT {none}, '' AS portfolio, '' AS day WHERE false"
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return (
        f"SELECT * FROM read_parquet([{listed}], hive_partitioning=true, hive_types_autocast=false)"
    )
