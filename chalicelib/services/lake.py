"""
Exporting a portfolio's days to the lake: facts where they happened, states as each day ended.

Work follows what changed. The list of a portfolio says when each case last changed; only those
changed since the first day asked for are opened. What the others had in a day's file stays, and
how they stood is what the day before's file says. Every day of a table is one object and is
replaced whole, its manifest written after it: a run that dies leaves days as they were or as they
are to be, and the next run of the same days puts the rest right.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import orjson

from chalicelib.bi import facts, snapshots, tables
from chalicelib.bi.tables import TABLES, Table
from chalicelib.domain.case import CaseFile, CaseLine
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import BadField
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services.verify import AllCases, absorbed

CASES_A_PAGE = 200
ROWS_HELD = 20_000  # lines kept in memory before they go to their files

Cell = tuple[str, date]  # a table's day


class LakeFiles(Protocol):
    def read(self, key: str) -> bytes | None: ...
    def write(self, key: str, body: bytes) -> None: ...
    def put_file(self, key: str, path: Path) -> None: ...
    def get_file(self, key: str, path: Path) -> None: ...


class Writing(Protocol):
    """See ``bi.parquet.write``."""

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
    """

    cases: AllCases
    files: LakeFiles
    writer: Callable[[], AbstractContextManager[Writing]]
    scratch: Callable[[], AbstractContextManager[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """
    What is known of one day of a table.

    Args:
        rows, size, sha256: Of the object *key*; its size in bytes.
        whole: Whether everything of that day is there; not so for a day before the first
            export, which only has what became known late.
        closed: Whether the day was over when this was told.
        opened: Cases that were read for it; the others' rows were taken over.
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


@dataclass
class Report:
    """What a run did: cases listed and opened, and the rows of every day it wrote."""

    portfolio_id: str
    listed: int = 0
    opened: int = 0
    manifests: list[Manifest] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.manifests)


def export(
    portfolio: Portfolio,
    day: date,
    *,
    since: date | None = None,
    whole: bool = False,
    means: Means,
    now: datetime,
) -> Report:
    """
    Export the days from *since* (or *day* alone) to *day*, and what became known late of others.

    Args:
        whole: Open every case, whatever is in the lake; else only when nothing is there for the
            day before to go on from.

    Raises:
        BadField: A day that has not come yet, or days in the wrong order.
    """
    since = since or day
    if since > day:
        raise BadField(field="backfill", reason="after_date")
    if day > local_day(now, portfolio.time_zone):
        raise BadField(field="date", reason="in_the_future")
    with means.scratch() as at, means.writer() as write:
        window = _Window(since, day)
        run = _Run(portfolio, window, means=means, write=write, at=Path(at), now=now)
        run.begin(whole=whole)
        run.read()
        run.publish()
        return run.report


def manifest(body: bytes) -> Manifest:
    """Read a manifest."""
    told = json.loads(body)
    told["day"] = date.fromisoformat(told["day"])
    told["exported_at"] = datetime.fromisoformat(told["exported_at"])
    return Manifest(**told)


class _Run:
    """One export of one portfolio, in its own directory."""

    def __init__(
        self,
        portfolio: Portfolio,
        window: "_Window",
        *,
        means: Means,
        write: Writing,
        at: Path,
        now: datetime,
    ) -> None:
        self.report = Report(portfolio.portfolio_id)
        self._portfolio, self._means, self._write, self._now = portfolio, means, write, now
        self._days = window.days
        self._since_at = snapshots.begins(window.first, portfolio.time_zone)
        self._lines = _Lines(at)
        self._at = at
        self._window = window
        self._whole = True

    def begin(self, *, whole: bool) -> None:
        """Decide whether there is something to go on from."""
        before = self._days[0] - timedelta(days=1)
        self._whole = whole or not all(
            known is not None and known.whole and known.closed
            for known in (self._known(name, before) for name in TABLES)
        )

    def read(self) -> None:
        """Open the cases that changed and put their rows to the files of their days."""
        for lines in self._pages():
            self.report.listed += len(lines)
            changed = [
                line.case_id for line in lines if self._whole or line.updated_at >= self._since_at
            ]
            told = set(changed)
            for line in lines:
                if line.case_id not in told:
                    self._lines.add("kept", {"case_id": line.case_id})
            for file in self._opened(changed):
                self._tell(file)
        self._lines.flush()

    def publish(self) -> None:
        """Write the days: each object, then its manifest."""
        cells = {(name, day) for name in TABLES for day in self._days} | self._lines.late
        for name, day in sorted(cells, key=lambda cell: (cell[1], cell[0])):
            self._publish(TABLES[name], day)

    # Reading

    def _pages(self) -> Iterator[Sequence[CaseLine]]:
        cursor: str | None = None
        while True:
            page = self._means.cases.list(
                self._portfolio.portfolio_id, sort="name", cursor=cursor, limit=CASES_A_PAGE
            )
            yield page.items
            cursor = page.cursor
            if cursor is None:
                return

    def _opened(self, case_ids: Iterable[str]) -> Iterator[CaseFile]:
        """Open cases, and those that were merged into one of them: their facts took place too."""
        wanted = list(case_ids)
        while wanted:
            files = self._means.cases.open_many(wanted).values()
            yield from files
            wanted = [case_id for file in files for case_id in absorbed(file)]

    def _tell(self, file: CaseFile) -> None:
        self.report.opened += 1
        self._lines.add("opened", {"case_id": file.head.case_id})
        known = list(facts.of_case(file, self._portfolio))
        late = {
            (fact.table, fact.day)
            for fact in known
            if fact.known_at >= self._since_at and fact.day not in self._window
        }
        self._lines.late |= late
        for cell in late:
            self._lines.add(_told(cell), {"case_id": file.head.case_id})
        for fact in known:
            cell = (fact.table, fact.day)
            if fact.day in self._window or cell in late:
                self._lines.add(_name(cell), fact.row)
        for day in self._days:
            for state in snapshots.of_case(file, self._portfolio, day):
                self._lines.add(_name((state.table, day)), state.row)

    # Writing

    def _publish(self, table: Table, day: date) -> None:
        within = day in self._window
        old, only, leave_out, whole = None, None, None, True
        if table.state:
            if not self._whole:
                old = self._fetched(table, self._days[0] - timedelta(days=1))
                only = self._lines.path("kept")
        else:
            known = self._known(table.name, day)
            whole = self._whole and within
            if known is not None and not whole:
                old = self._fetched(table, day)
                leave_out = self._lines.path("opened" if within else _told((table.name, day)))
            whole = within or (known is not None and known.whole)
        out = self._at / "out.parquet"
        rows = self._write(
            table,
            out,
            news=self._lines.existing(_name((table.name, day))),
            old=old,
            leave_out=leave_out,
            only=only,
        )
        self._send(table, day, out, rows, whole=whole)

    def _send(self, table: Table, day: date, out: Path, rows: int, *, whole: bool) -> None:
        portfolio_id, said = self._portfolio.portfolio_id, day.isoformat()
        with out.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        made = Manifest(
            table=table.name,
            version=tables.VERSION,
            portfolio_id=portfolio_id,
            day=day,
            key=tables.part_key(table.name, portfolio_id, said),
            rows=rows,
            size=out.stat().st_size,
            sha256=digest,
            whole=whole,
            closed=day < local_day(self._now, self._portfolio.time_zone),
            opened=self.report.opened,
            exported_at=self._now,
        )
        self._means.files.put_file(made.key, out)
        key = tables.manifest_key(table.name, portfolio_id, said)
        self._means.files.write(key, made.body())
        self.report.manifests.append(made)

    def _known(self, table: str, day: date) -> Manifest | None:
        key = tables.manifest_key(table, self._portfolio.portfolio_id, day.isoformat())
        body = self._means.files.read(key)
        return None if body is None else manifest(body)

    def _fetched(self, table: Table, day: date) -> Path:
        key = tables.part_key(table.name, self._portfolio.portfolio_id, day.isoformat())
        path = self._at / f"old-{table.name}-{day}.parquet"
        if not path.exists():
            self._means.files.get_file(key, path)
        return path


@dataclass(frozen=True, slots=True)
class _Window:
    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def _name(cell: Cell) -> str:
    return f"{cell[0]}-{cell[1].isoformat()}"


def _told(cell: Cell) -> str:
    """Whose facts of a day outside the window are told anew."""
    return f"told-{_name(cell)}"


class _Lines:
    """JSON lines on their way to their files: few in memory, whatever comes."""

    def __init__(self, at: Path) -> None:
        self.late: set[Cell] = set()
        self._at = at
        self._held: dict[str, list[bytes]] = {}
        self._count = 0

    def add(self, name: str, row: dict[str, Any]) -> None:
        self._held.setdefault(name, []).append(orjson.dumps(row))
        self._count += 1
        if self._count >= ROWS_HELD:
            self.flush()

    def flush(self) -> None:
        for name, rows in self._held.items():
            with self.path(name).open("ab") as out:
                out.write(b"\n".join(rows) + b"\n")
        self._held.clear()
        self._count = 0

    def path(self, name: str) -> Path:
        """The file of a name, there even if nothing came to it."""
        path = self._at / f"{name}.ndjson"
        path.touch()
        return path

    def existing(self, name: str) -> Path | None:
        path = self._at / f"{name}.ndjson"
        return path if path.exists() else None
