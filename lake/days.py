"""Which days a question reads and how large they are, which the engine is chosen by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path, PurePosixPath
from typing import Protocol

from chalicelib.bi import tables
from chalicelib.bi.questions import Plan, Question, Read
from chalicelib.domain.errors import DayMissing


class Listed(Protocol):
    """An object as a bucket lists it; its tag changes whenever it is written."""

    @property
    def key(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def tag(self) -> str: ...


class LakeReading(Protocol):
    def listing(self, prefix: str, *, after: str = "") -> Iterator[Listed]: ...
    def get_file(self, key: str, path: Path) -> None: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A day of a table: one object."""

    table: str
    day: date
    key: str
    size: int
    tag: str


@dataclass(frozen=True, slots=True)
class Needed:
    """
    What a question reads.

    Args:
        days: Of its period, those that are in the lake in every table that is read.
    """

    parts: tuple[Part, ...]
    days: tuple[date, ...]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(part.size for part in self.parts)


def needed(question: Question, plan: Plan, files: LakeReading) -> Needed:
    """
    List what a question reads: two listings a table, whatever the number of days.

    A day is there when its manifest is, which is written after its object.

    Raises:
        DayMissing: A day it must read is not in the lake.
    """
    parts: list[Part] = []
    there: set[date] | None = None
    for read in plan.reads:
        known = _known(read.table, question.portfolio_id, files)
        if missing := set(read.must) - known:
            raise DayMissing(
                day=min(missing).isoformat(),
                first=min(known).isoformat() if known else None,
                last=max(known).isoformat() if known else None,
            )
        parts += _parts(read, question.portfolio_id, known, files)
        there = known if there is None else there & known
    within = (day for day in there or () if question.first <= day <= question.last)
    return Needed(tuple(parts), tuple(sorted(within)))


def _known(table: str, portfolio_id: str, files: LakeReading) -> set[date]:
    listed = files.listing(tables.manifests_prefix(table, portfolio_id))
    return {date.fromisoformat(PurePosixPath(one.key).stem) for one in listed}


def _parts(read: Read, portfolio_id: str, known: set[date], files: LakeReading) -> Iterator[Part]:
    wanted = {day for day in known if read.wants(day)}
    if not wanted:
        return
    root = tables.days_prefix(read.table, portfolio_id)
    last_before = min(wanted) - timedelta(days=1)
    # Keys of the day before itself come after this, and are passed over.
    for one in files.listing(root, after=f"{root}day={last_before.isoformat()}"):
        day = date.fromisoformat(PurePosixPath(one.key).parent.name.removeprefix("day="))
        if day > max(wanted):
            return
        if day in wanted:
            yield Part(read.table, day, one.key, one.size, one.tag)
