"""
Cases read from DynamoDB's own export of the table to S3, instead of the table.

Above 100 million items that costs less than opening them (docs/lake.md). An export is a folder:
``manifest-summary.json``, the list of its files, and files of one item a line, gzipped, in no
order; what belongs together is brought together here, on disk.
"""

import base64
import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import duckdb

from chalicelib.domain.case import CaseFile
from chalicelib.domain.case_list import CaseFilter, CaseLine
from chalicelib.store.case_keys import HEAD, case_pk
from chalicelib.store.case_lists import Page
from chalicelib.store.case_rows import file_of, line_of
from lake import parquet

SUMMARY = "manifest-summary.json"
FORMAT = "DYNAMODB_JSON"
ITEM_BYTES = 4 << 20  # an item has 400 KB at most; as JSON it is longer


class ExportFiles(Protocol):
    def read(self, key: str) -> bytes | None: ...
    def get_file(self, key: str, path: Path) -> None: ...


class NotWhole(Exception):
    """The export is not there, not finished, or not as its manifests say; ``args[0]`` says why."""


class ExportedCases:
    """The cases of a table as an export holds them (``services.verify.AllCases``)."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def list(
        self,
        portfolio_id: str,
        *,
        sort: str = "name",  # noqa: ARG002 - whatever the order, all are listed
        where: CaseFilter | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[CaseLine]:
        """List a portfolio's cases by their keys."""
        if where not in (None, CaseFilter()):
            raise ValueError("an export is read whole")
        rows = self._connection.execute(
            "SELECT pk, item FROM items WHERE sk = ? AND starts_with(list_pk, ?) AND pk > ?"
            " ORDER BY pk LIMIT ?",
            [HEAD, f"P#{portfolio_id}#", cursor or "", limit + 1],
        ).fetchall()
        lines = tuple(line_of(json.loads(item)) for _, item in rows[:limit])
        return Page(lines, rows[limit - 1][0] if len(rows) > limit else None)

    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]:
        keys = [case_pk(case_id) for case_id in case_ids]
        rows = self._connection.execute(
            "SELECT pk, item FROM items WHERE list_contains(?, pk) ORDER BY pk, sk", [keys]
        ).fetchall()
        items: dict[str, list[dict[str, Any]]] = {}
        for pk, item in rows:
            items.setdefault(pk, []).append(json.loads(item))
        files = (file_of(own) for own in items.values())
        return {file.head.case_id: file for file in files if file is not None}


@contextmanager
def opened(files: ExportFiles, folder: str) -> Iterator[ExportedCases]:
    """
    Fetch an export and put its cases together.

    Args:
        folder: Of the export, such as ``table/AWSDynamoDB/01234-abcd/``.

    Raises:
        NotWhole: Something of it is missing or is not what its manifests say.
    """
    with parquet.engine() as connection, tempfile.TemporaryDirectory(prefix="recobro-") as at:
        connection.execute(f"ATTACH '{Path(at) / 'items.duckdb'}' AS kept")
        connection.execute("USE kept")
        connection.execute(
            "CREATE TABLE items (pk VARCHAR, sk VARCHAR, list_pk VARCHAR, item VARCHAR)"
        )
        for number, data in enumerate(_data(files, folder)):
            path = Path(at) / f"{number}.json.gz"
            files.get_file(data["dataFileS3Key"], path)
            _load(connection, path, data)
            path.unlink()
        connection.execute("CREATE INDEX by_pk ON items (pk)")
        yield ExportedCases(connection)


def _data(files: ExportFiles, folder: str) -> list[dict[str, Any]]:
    body = files.read(f"{folder}{SUMMARY}")
    if body is None:
        raise NotWhole("no summary: it is not there, or not finished")
    summary = json.loads(body)
    if summary["outputFormat"] != FORMAT:
        raise NotWhole("another format")
    listed = files.read(summary["manifestFilesS3Key"])
    if listed is None:
        raise NotWhole("no list of files")
    found = [json.loads(line) for line in listed.splitlines() if line]
    if sum(one["itemCount"] for one in found) != summary["itemCount"]:
        raise NotWhole("files are missing from the list")
    return found


def _load(connection: duckdb.DuckDBPyConnection, path: Path, data: dict[str, Any]) -> None:
    digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).digest()
    if base64.b64encode(digest).decode() != data["md5Checksum"]:
        raise NotWhole("a file is not the one that was listed")
    connection.execute(
        "INSERT INTO items SELECT json_extract_string(json, '$.Item.pk.S'),"
        " json_extract_string(json, '$.Item.sk.S'),"
        " json_extract_string(json, '$.Item.list_pk.S'), json_extract(json, '$.Item')"
        " FROM read_ndjson_objects(?, maximum_object_size=?)"
        " WHERE starts_with(json_extract_string(json, '$.Item.pk.S'), 'CASE#')",
        [str(path), ITEM_BYTES],
    )
