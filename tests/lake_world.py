"""A portfolio whose days go by, and a lake on a directory that its days are exported to."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import duckdb

from chalicelib.bi import tables
from chalicelib.domain.case import Debt
from chalicelib.domain.contact import AttemptState, Channel, Direction
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.tracking import Fix, Presence, Shift
from chalicelib.domain.visit import (
    Findings,
    Judgement,
    Met,
    Report,
    Standing,
    Trusted,
    Visit,
    VisitKind,
    VisitState,
)
from chalicelib.services import lake as exporting
from chalicelib.services import lake_progress
from chalicelib.services.lake_forecasts import Forecasts
from chalicelib.services.lake_means import Manifest, Means, manifest
from chalicelib.store.files import Listed
from lake import parquet
from tests.builders import a_debt, a_draft, a_portfolio, an_attempt, change_of, reopened
from tests.fakes import MemoryCases
from tests.plan_world import MemoryEnrolments


class Killed(Exception):
    """The process died."""


@cache
def reader() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


@dataclass
class Disk:
    """
    A bucket on a directory.

    Args:
        dies_after: How many objects are still written before the process dies.
    """

    at: Path
    dies_after: int | None = None

    def read(self, key: str) -> bytes | None:
        path = self.at / key
        return path.read_bytes() if path.exists() else None

    def write(self, key: str, body: bytes) -> None:
        self._live()
        (self.at / key).parent.mkdir(parents=True, exist_ok=True)
        (self.at / key).write_bytes(body)

    def put_file(self, key: str, path: Path) -> None:
        self.write(key, path.read_bytes())

    def remove(self, keys) -> None:
        for key in keys:
            (self.at / key).unlink(missing_ok=True)

    def get_file(self, key: str, path: Path) -> None:
        shutil.copy(self.at / key, path)

    def keys(self, prefix: str, *, most: int) -> list[str]:
        return self.objects(prefix)[:most]

    def listing(self, prefix: str, *, after: str = "") -> Iterator[Listed]:
        for key in self.objects(prefix):
            if key > after:
                known = (self.at / key).stat()
                yield Listed(key, known.st_size, f"{known.st_size}-{known.st_mtime_ns}")

    def objects(self, prefix: str = "") -> list[str]:
        folder = self.at / prefix.rpartition("/")[0]
        keys = (str(one.relative_to(self.at)) for one in folder.rglob("*") if one.is_file())
        return sorted(key for key in keys if key.startswith(prefix))

    def _live(self) -> None:
        if self.dies_after is not None:
            if not self.dies_after:
                raise Killed
            self.dies_after -= 1


class Opening(MemoryCases):
    """Cases that remember which were opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    def open_many(self, case_ids):
        wanted = list(case_ids)
        self.opened += wanted
        return super().open_many(wanted)


@dataclass
class Agents:
    """Where agents are and were, as ``services.shifts.Tracking`` keeps it, in memory."""

    kept: timedelta = timedelta(days=90)
    people: dict[str, Presence] = field(default_factory=dict)
    known: dict[str, list[Shift]] = field(default_factory=dict)
    batches: dict[str, list[tuple[datetime, tuple[Fix, ...]]]] = field(default_factory=dict)

    def presence(self, person_id: str) -> Presence | None:
        return self.people.get(person_id)

    def save(self, presence: Presence) -> bool:
        self.people[presence.person_id] = presence
        return True

    def heard(self, *, since: datetime | None, until: datetime | None = None) -> list[Presence]:
        found = [one for one in self.people.values() if one.heard_at]
        return [
            one
            for one in found
            if (since is None or one.heard_at >= since) and (until is None or one.heard_at <= until)
        ]

    def shift(self, person_id: str, shift_id: str) -> Shift | None:
        return next((one for one in self.shifts(person_id) if one.shift_id == shift_id), None)

    def shifts(self, person_id: str) -> list[Shift]:
        return sorted(self.known.get(person_id, []), key=lambda one: one.started_at)

    def put_shift(self, shift: Shift, presence: Presence | None) -> bool:
        own = [one for one in self.shifts(shift.person_id) if one.shift_id != shift.shift_id]
        self.known[shift.person_id] = [*own, shift]
        if presence is not None:
            self.save(presence)
        return True

    def add_points(self, person_id, fixes, *, device_id, received_at) -> None:
        self.batches.setdefault(person_id, []).append((received_at, tuple(fixes)))

    def points(self, person_id, *, since, until, now, cells=None) -> list[Fix]:
        fixes = [fix for _, some in self.batches.get(person_id, []) for fix in some]
        own = {fix.at: fix for fix in fixes if since <= fix.at <= until}
        return [own[at] for at in sorted(own) if at + self.kept > now]

    def arrived(self, person_id, *, since, until, after) -> list[tuple[datetime, datetime]]:
        return [
            (some[0].at, some[-1].at)
            for at, some in self.batches.get(person_id, [])
            if at >= after and since.date() <= some[0].at.date() <= until.date()
        ]

    def note_device(self, device_id, day, person_id, *, now) -> None:
        """Nobody asks here."""

    def people_on(self, device_id, day) -> set[str]:
        return set()


@dataclass
class LakeWorld:
    """Noon is 18:00 UTC: Mexico City is six hours behind."""

    disk: Disk
    portfolio: Portfolio = field(default_factory=a_portfolio)
    cases: Opening = field(default_factory=Opening)
    agents: Agents = field(default_factory=Agents)
    forecasts: Forecasts = field(default_factory=MemoryEnrolments)

    def at(self, day: date, hour: int = 12) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour + 6)

    def debtor(self, number: int, day: date, *, minor: int = 100_000, **debt: Any) -> str:
        one = a_debt(f"F-{number}", stated_principal_minor=minor, **debt)
        return self.put(one, number, day)

    def put(self, debt: Debt, number: int, day: date) -> str:
        """A debtor with a debt that was made elsewhere."""
        draft = a_draft(debt, portfolio=self.portfolio, key=f"D-{number}", now=self.at(day))
        change = change_of(draft)
        self.cases.commit(change)
        return change.after.case_id

    def change(self, case_id: str, now: datetime, do) -> None:
        draft = reopened(self.cases.open(case_id), self.portfolio, now=now)
        do(draft)
        if (change := draft.change()) is not None:
            self.cases.commit(change)

    def pay(self, case_id: str, minor: int, day: date, *, paid_on: date | None = None) -> None:
        self.change(
            case_id,
            self.at(day),
            lambda draft: draft.pay(
                minor, paid_on=paid_on or day, source="manual", reference=f"{case_id}-{day}-{minor}"
            ),
        )

    def call(
        self, case_id: str, now: datetime, outcome: str, *, seconds: int = 0, **values: Any
    ) -> None:
        made = an_attempt(
            f"att_{case_id}_{now:%m%d%H%M}",
            channel=Channel.CALL,
            direction=Direction.OUT,
            state=AttemptState.DONE,
            created_at=now,
            ended_at=now + timedelta(seconds=seconds),
            outcome=outcome,
            **values,
        )
        self.change(case_id, now, lambda draft: draft._keep(made, "attempt.made", {}))

    def visit(self, case_id: str, at: datetime, **values: Any) -> None:
        """A verified visit that met the holder; it ended at *at*."""
        judged = Judgement(verdict=values.pop("verdict", "verified"))
        who = values.pop("who", "holder")
        base: dict[str, Any] = {
            "visit_id": f"vis_{case_id}_{at:%m%d%H%M}",
            "person_id": "ana",
            "at": at,
            "received_at": at,
            "state": VisitState.COMPLETE,
            "standing": Standing.RECEIVED,
            "findings": Findings(verdict=judged, trust=Trusted(score=90), counted=True),
            "report": Report(
                case_id=case_id,
                address_id=None,
                device_id="d",
                started_at=at,
                finished_at=at,
                kind=VisitKind.VISIT,
                disposition="undecided",
                verdict=judged,
                met=Met(who=who),
            ),
        }
        file = self.cases.files[case_id]
        made = Visit(**base | values)
        self.cases.files[case_id] = replace(file, visits=(*file.visits, made))

    def promise(self, case_id: str, minor: int, due_on: date, day: date) -> None:
        self.change(
            case_id,
            self.at(day),
            lambda draft: draft.promise(f"pro_{case_id}_{day}", minor, due_on, channel="call"),
        )

    def export(self, day: date, **asked: Any) -> lake_progress.Report:
        now = asked.pop("now", self.at(day + timedelta(days=1), hour=3))
        return exporting.export(self.portfolio, day, means=self.means(), now=now, **asked)

    def means(self, **changed: Any) -> Means:
        return Means(
            cases=self.cases,
            files=self.disk,
            tracking=self.agents,
            forecasts=self.forecasts,
            writer=parquet.writer,
            scratch=partial(tempfile.TemporaryDirectory, prefix="recobro-test-"),
            **changed,
        )

    def rows(self, table: str, day: date) -> list[dict[str, Any]]:
        """What a day's object says, in order."""
        path = self.disk.at / tables.part_key(table, "prt_test", day.isoformat())
        answer = reader().execute(
            "SELECT * FROM read_parquet(?, hive_partitioning=false) ORDER BY ALL", [str(path)]
        )
        names = [one[0] for one in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def manifest(self, table: str, day: date) -> Manifest | None:
        body = self.disk.read(tables.manifest_key(table, "prt_test", day.isoformat()))
        return None if body is None else manifest(body)

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """All rows of the lake by object."""
        return {
            key: self.rows(key.split("/")[1], date.fromisoformat(key.split("day=")[1][:10]))
            for key in self.disk.objects()
            if key.endswith(".parquet")
        }


@contextmanager
def a_lake() -> Iterator[LakeWorld]:
    with tempfile.TemporaryDirectory(prefix="recobro-lake-") as at:
        yield LakeWorld(Disk(Path(at)))
