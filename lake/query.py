# ruff: noqa: S608 - the SQL is the catalogues', the paths are of our own directory
"""Answers by DuckDB, from the days that manifests tell of."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chalicelib.bi.questions import Plan
from chalicelib.bi.tables import TABLES, Table
from lake import parquet
from lake.days import LakeReading, Part
from lake.shelf import Shelf


def rows(
    plan: Plan, parts: Sequence[Part], *, files: LakeReading, shelf: Shelf
) -> list[tuple[Any, ...]]:
    """Fetch *parts* to the shelf and ask them."""
    paths = shelf.fetch(parts, files)
    with parquet.engine() as connection:
        for name in plan.tables:
            view = _rows(TABLES[name], paths.get(name, []))
            connection.execute(f"CREATE VIEW {name} AS {view}")
        # Whatever may get into the SQL can read the shelf and nothing else.
        connection.execute("SET allowed_directories = [?]", [str(shelf.at)])
        connection.execute("SET enable_external_access = false")
        return connection.execute(plan.sql).fetchall()


def _rows(table: Table, paths: Sequence[Path]) -> str:
    none = f"SELECT *, '' AS portfolio, '' AS day FROM ({parquet.none(table)})"
    if not paths:
        return none
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    # Days from before a column was added are without it.
    return (
        f"{none} UNION ALL BY NAME SELECT * FROM read_parquet([{listed}], union_by_name=true,"
        " hive_partitioning=true, hive_types_autocast=false)"
    )
