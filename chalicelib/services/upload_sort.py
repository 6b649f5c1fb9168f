"""Sorting a file's rows on disk, so that what belongs together lies together in one chunk."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import orjson

Cells = Sequence[Any]

# Big enough to sort a million rows in a few runs, small enough to be the same for any file.
CACHE_KB = 16 * 1024
BATCH_ROWS = 2_000
NO_DEBT = 0  # the minor key of rows that name none


class SortKeys:
    """
    Says which rows belong together, from the raw cells of one file.

    Rows of one debtor go to one chunk, whatever their order in the file: a case is then
    written by one worker, instalments of one debt meet, and which of two rows for the same
    debt comes first does not depend on which worker is quicker. Payments go by their
    reference, since that is what must be unique.

    The raw text decides, folded like people fold it; rows that only the reader would
    recognise as one debtor's may still meet in different chunks, which costs a retry and
    nothing else.
    """

    GROUPS: Mapping[str, tuple[str, ...]] = {
        "debts": ("debtor_id", "tax_id", "name"),
        "balances": ("debt_id", "debtor_id", "tax_id", "name"),
        "payments": ("payment_reference", "debt_id", "debtor_id", "tax_id", "name"),
    }

    def __init__(self, mapping: Mapping[str, Any], *, mode: str) -> None:
        columns = {field: int(index) for index, field in mapping["columns"].items() if field}
        self._group = [columns[field] for field in self.GROUPS[mode] if field in columns]
        self._debt = columns.get("debt_id")

    def of(self, cells: Cells) -> tuple[int, int]:
        """Return two 63-bit numbers: the group a row belongs to, and its debt within."""
        group = ""
        for index in self._group:
            group = _folded(cells, index)
            if group:
                break
        debt = "" if self._debt is None else _folded(cells, self._debt)
        return _number(group), _number(debt) if debt else NO_DEBT


def _folded(cells: Cells, index: int) -> str:
    return " ".join(str(cells[index]).split()).casefold() if index < len(cells) else ""


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


class RowSorter:
    """
    An external sort in an SQLite file: memory stays the same for any number of rows.

    The file is the whole state, so a sort that must stop can be put away as an object and
    gone on with elsewhere.
    """

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        # The file is scratch: what a crash leaves of it is never used.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{CACHE_KB}"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS rows (major INTEGER, minor INTEGER, number INTEGER,"
            " payload TEXT)"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def add(self, rows: Iterable[tuple[int, int, int, str]]) -> None:
        """Take rows as (major, minor, number, payload), some thousands at a time."""
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO rows VALUES (?, ?, ?, ?)", rows)
        self._db.execute("COMMIT")

    def count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM rows").fetchone()[0])

    def last_number(self) -> int:
        """Return the highest number taken; 0 when there is none."""
        return int(self._db.execute("SELECT coalesce(max(number), 0) FROM rows").fetchone()[0])

    def in_order(self) -> Iterator[tuple[int, int, int, str]]:
        """Walk the rows by major, minor, number."""
        cursor = self._db.execute("SELECT * FROM rows ORDER BY major, minor, number")
        while batch := cursor.fetchmany(BATCH_ROWS):
            yield from batch

    def in_order_marked(self) -> Iterator[tuple[int, int, int, str]]:
        """
        Walk the rows in order, those marked whose minor key an earlier row has in another group.

        The mark is that row's number, a third element of the payload's array. It lies on disk
        like the rows do.
        """
        self._db.execute("DROP TABLE IF EXISTS firsts")
        self._db.execute(
            "CREATE TABLE firsts (minor INTEGER PRIMARY KEY, number INTEGER, major INTEGER)"
        )
        # A bare column beside a lone min() comes from the row that has the minimum.
        self._db.execute(
            "INSERT INTO firsts SELECT minor, min(number), major FROM rows WHERE minor IN"
            " (SELECT minor FROM rows WHERE minor != ? GROUP BY minor"
            " HAVING min(major) != max(major)) GROUP BY minor",
            (NO_DEBT,),
        )
        cursor = self._db.execute(
            "SELECT rows.*, firsts.number FROM rows LEFT JOIN firsts"
            " ON firsts.minor = rows.minor AND firsts.major != rows.major"
            " ORDER BY rows.major, rows.minor, rows.number"
        )
        while batch := cursor.fetchmany(BATCH_ROWS):
            for major, minor, number, payload, first in batch:
                marked = payload if first is None else f"{payload[:-1]},{first}]"
                yield major, minor, number, marked


def chunks(
    rows: Iterable[tuple[int, int, int, str]], *, rows_per_chunk: int, most_rows: int
) -> Iterator[list[str]]:
    """
    Cut sorted rows into chunks without parting a group, nor ever a debt.

    A group of more than *most_rows* is parted between debts; only a single debt with more
    rows than that would make a larger chunk.

    Yields:
        Payloads of a chunk, ``rows_per_chunk`` or more except for the last.
    """
    current: list[str] = []
    last_major = last_minor = -1
    for major, minor, _, payload in rows:
        full = len(current) >= rows_per_chunk and major != last_major
        overfull = len(current) >= most_rows and (major, minor) != (last_major, last_minor)
        if full or overfull:
            yield current
            current = []
        current.append(payload)
        last_major, last_minor = major, minor
    if current:
        yield current


def encode_row(number: int, cells: Cells) -> str:
    text = orjson.dumps([number, cells]).decode()
    if "null" not in text:
        return text
    # A spreadsheet may hold a number that is none, of which the fast writer makes null.
    return json.dumps([number, cells], ensure_ascii=False, separators=(",", ":"))


def chunk_key(upload_id: str, round_: int, unit: int) -> str:
    return f"chunks/{upload_id}/{round_}/{unit}.json"


def encode_chunk(payloads: Iterable[str]) -> bytes:
    return f"[{','.join(payloads)}]".encode()


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """
    Args:
        repeats: An earlier row that names the same debt under another debtor, or None.
    """

    number: int
    cells: list[Any]
    repeats: int | None = None


def decode_chunk(body: bytes) -> list[ChunkRow]:
    return [ChunkRow(*row) for row in json.loads(body)]
