# ruff: noqa: S608 - the SQL is made of our own columns and of paths of our own directory
"""
Parquet by DuckDB: new rows and what stays of the old file, within a bound of memory.

The bound is DuckDB's own memory limit; what does not fit goes to a directory that is gone after.
"""

import contextlib
import functools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from chalicelib.bi.tables import DUCKDB_TYPES, Table
from chalicelib.services.lake_means import Writing

MEMORY_MB = 256  # of DuckDB's own; the process with it stays under 512 MB
THREADS = 2
ROW_GROUP = 50_000  # rows in memory at a time for each thread, so also a bound of memory


@contextlib.contextmanager
def engine(
    *, memory_mb: int = MEMORY_MB, threads: int = THREADS
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB that spills to disk instead of growing, and cannot fetch anything."""
    with tempfile.TemporaryDirectory(prefix="recobro-duckdb-") as scratch:
        connection = duckdb.connect(
            config={
                "memory_limit": f"{memory_mb}MB",
                "threads": threads,
                "temp_directory": scratch,
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        # It would draw its bar onto what commands print for machines.
        connection.execute("SET enable_progress_bar = false")
        try:
            yield connection
        finally:
            connection.close()


@contextlib.contextmanager
def writer() -> Iterator[Writing]:
    """Open what the export writes its days with."""
    with engine() as connection:
        yield functools.partial(write, connection)


def write(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    out: Path,
    *,
    news: Path | None,
    old: Path | None = None,
    leave_out: Path | None = None,
    only: Path | None = None,
) -> int:
    """
    Write *out*: the rows of *news*, and of *old* those whose case (or person) is not told anew.

    Args:
        news: JSON lines with the table's columns; None when there are none.
        old: A Parquet file of the same table.
        leave_out: JSON lines with the table's ``key`` each: whose rows of *old* are not kept.
        only: The same: of *old* only these ones' rows are kept.

    Returns:
        The rows written.
    """
    columns = ", ".join(table.names)
    parts = []
    if news is not None:
        types = ", ".join(f"{one.name}: '{DUCKDB_TYPES[one.kind]}'" for one in table.columns)
        parts.append(
            f"SELECT {columns} FROM read_json({_path(news)}, format='newline_delimited',"
            f" columns={{{types}}})"
        )
    if old is not None:
        kept = f"SELECT {columns} FROM ({none(table)} UNION ALL BY NAME"
        kept += f" SELECT * FROM read_parquet({_path(old)}, hive_partitioning=false)) AS old"
        if leave_out is not None:
            kept += f" ANTI JOIN {_named(leave_out, table.key)} USING ({table.key})"
        if only is not None:
            kept += f" SEMI JOIN {_named(only, table.key)} USING ({table.key})"
        parts.append(kept)
    if not parts:
        parts.append(none(table))
    written = connection.execute(
        f"COPY ({' UNION ALL '.join(parts)}) TO {_path(out)}"
        f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
    ).fetchone()
    return int(written[0]) if written else 0


def none(table: Table) -> str:
    """Write no rows with all the columns of today: what was told before some of them is joined."""
    empty = ", ".join(f"NULL::{DUCKDB_TYPES[one.kind]} AS {one.name}" for one in table.columns)
    return f"SELECT * FROM (SELECT {empty}) WHERE false"


def _named(path: Path, key: str) -> str:
    return (
        f"(SELECT {key} FROM read_json({_path(path)}, format='newline_delimited',"
        f" columns={{{key}: 'VARCHAR'}})) AS named"
    )


def _path(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
