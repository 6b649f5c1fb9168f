"""
Exporting a portfolio's days to the lake: facts where they happened, states as each day ended.

Work follows what changed. The list of a portfolio says when each case last changed; only those
changed since the first day asked for are opened. What the others had in a day's file stays, and
how they stood is what the day before's file says; so do those that are opened, on days when nothing
came about. Every day of a table is one object and is
replaced whole, its manifest written after it: a run that dies leaves days as they were or as they
are to be, and the next run of the same days puts the rest right. A worker whose time runs out
leaves its lines in the bucket and says how far it came; the next goes on there. After the cases
come the agents (``lake_trails``), whose days go again when their trails do.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from chalicelib.bi import facts, places, snapshots, tables
from chalicelib.bi.tables import TABLES, Table
from chalicelib.domain.case import CaseFile
from chalicelib.domain.case_list import CaseLine
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import BadField
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import lake_forecasts, lake_trails
from chalicelib.services.lake_lines import TOLD, Cell, Lines, moved_name, name_of, told_name
from chalicelib.services.lake_means import Manifest, Means, Writing, manifest
from chalicelib.services.lake_progress import Progress, Report, Window
from chalicelib.services.verify import absorbed
from chalicelib.strategies.facts import facts_of
from chalicelib.strategies.playbook import segment_of

CASES_A_PAGE = 200
RESERVE_S = 150.0  # to pack the lines and send them, or to write one large day
SPOOL = "spool"
AGENTS = "agents"  # whose days are told anew


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
    begun = Progress(whole=True if whole else None)
    _, report = advance(portfolio, day, begun, since=since, means=means, now=now, spool="")
    return report


def advance(
    portfolio: Portfolio,
    day: date,
    progress: Progress,
    *,
    since: date | None = None,
    means: Means,
    now: datetime,
    spool: str,
) -> tuple[Progress, Report]:
    """
    Do as much of an export as there is time for.

    Args:
        now: When the run began, the same for all its workers.
        spool: A folder for this worker's lines that no worker before has used.

    Returns:
        How far it is now, and what this worker did.

    Raises:
        BadField: As ``export``.
    """
    since = since or day
    check(portfolio, day, since, now)
    with means.scratch() as at, means.writer() as write:
        window = Window(since, day)
        run = _Run(portfolio, window, progress, means=means, write=write, at=Path(at), now=now)
        run.begin()
        if run.read() and run.read_agents() and run.read_forecasts() and run.publish():
            run.clear()
            return replace(run.progress, done=True), run.report
        run.leave(spool)
        return run.progress, run.report


def check(portfolio: Portfolio, day: date, since: date, now: datetime) -> None:
    """
    Refuse days that cannot be exported.

    Raises:
        BadField: A day that has not come yet, or days in the wrong order.
    """
    if since > day:
        raise BadField(field="backfill", reason="after_date")
    if day > local_day(now, portfolio.time_zone):
        raise BadField(field="date", reason="in_the_future")


class _Run:
    """One worker's part of an export of one portfolio, in its own directory."""

    def __init__(
        self,
        portfolio: Portfolio,
        window: Window,
        progress: Progress,
        *,
        means: Means,
        write: Writing,
        at: Path,
        now: datetime,
    ) -> None:
        self.progress = progress
        self.report = Report(portfolio.portfolio_id)
        self._portfolio, self._means, self._write, self._now = portfolio, means, write, now
        self._playbook = means.playbook(portfolio.portfolio_id)
        self._days = window.days
        self._since_at = snapshots.begins(window.first, portfolio.time_zone)
        self._lines = Lines(at, means.files, progress.spools)
        self._told_before = 0
        self._began_told = progress.told and progress.agents_told and progress.all_foretold
        self._trails = lake_trails.Telling(
            tracking=means.tracking, portfolio=portfolio, days=window.days, now=now
        )
        self._at = at
        self._window = window

    def begin(self) -> None:
        """Decide whether there is something to go on from, unless a worker before did."""
        if self.progress.whole is None:
            before = self._days[0] - timedelta(days=1)
            going_on = (one for one in TABLES.values() if not one.trail and not one.anew)
            known = [self._known(one.name, before) for one in going_on]
            goes_on = all(one is not None and one.whole and one.closed for one in known)
            self.progress = replace(self.progress, whole=not goes_on)

    def read(self) -> bool:
        """
        Open the cases that changed and put their rows to the files of their days.

        Returns:
            Whether all are told.
        """
        while not self.progress.told:
            if self._out_of_time():
                return False
            page = self._means.cases.list(
                self._portfolio.portfolio_id,
                sort="name",
                cursor=self.progress.cursor,
                limit=CASES_A_PAGE,
            )
            self._tell_page(page.items)
            self.progress = replace(
                self.progress,
                cursor=page.cursor,
                told=page.cursor is None,
                listed=self.progress.listed + len(page.items),
                opened=self.progress.opened + self.report.opened - self._told_before,
            )
            self._told_before = self.report.opened
        return True

    def read_agents(self) -> bool:
        """
        Put what agents did to the files of their days.

        Returns:
            Whether all are told.
        """
        if self.progress.agents_told:
            return True
        for page in self._trails.pages(after=self.progress.agent):
            for one in page:
                self._tell_agent(one)
            self.report.agents += len(page)
            self.progress = replace(
                self.progress, agent=page[-1].person_id, agents=self.progress.agents + len(page)
            )
            if self._out_of_time():
                return False
        self.progress = replace(self.progress, agents_told=True)
        return True

    def read_forecasts(self) -> bool:
        """
        Put what was told of debts to the files of their days.

        Returns:
            Whether all is told.
        """
        if self.progress.all_foretold:
            return True
        known = lake_forecasts.parts(
            self._means.forecasts, self._portfolio, self._days, after=self.progress.foretold
        )
        for part, told in known:
            if self._out_of_time():
                return False
            for one in told:
                self._tell_forecast(one)
            self.progress = replace(self.progress, foretold=part)
        self._lines.flush()
        self.progress = replace(self.progress, all_foretold=True, published=0)
        return True

    def clear(self) -> None:
        """Take out what is past the time that trails are kept."""
        self._trails.clear(self._means.files)

    def publish(self) -> bool:
        """
        Write the days: each object, then its manifest.

        Returns:
            Whether all are written.
        """
        asked = {(name, day) for name in TABLES for day in self._days if self._keeps(name, day)}
        cells = asked | self._late()
        ordered = sorted(cells, key=lambda cell: (cell[1], cell[0]))
        for cell in ordered[self.progress.published :]:
            if self._out_of_time():
                return False
            self._publish(TABLES[cell[0]], cell[1])
            self._lines.drop(name_of(cell))
            self.progress = replace(self.progress, published=self.progress.published + 1)
        return True

    def leave(self, spool: str) -> None:
        """Leave the lines of this worker to the next."""
        if not self._began_told:
            self._lines.spill(spool)
            self.progress = replace(self.progress, spools=(*self.progress.spools, spool))

    # Reading

    def _out_of_time(self) -> bool:
        self._means.alive()
        return self._means.time_left_s() < RESERVE_S

    def _tell_page(self, lines: Sequence[CaseLine]) -> None:
        self.report.listed += len(lines)
        every = self.progress.whole
        changed = {line.case_id for line in lines if every or line.updated_at >= self._since_at}
        for line in lines:
            if line.case_id not in changed:
                self._lines.add("kept", {"case_id": line.case_id})
        for file in self._opened(line.case_id for line in lines if line.case_id in changed):
            self._tell(file)

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
        for cell in late:
            self._lines.add(told_name(cell), {"case_id": file.head.case_id})
        for fact in known:
            cell = (fact.table, fact.day)
            if fact.day in self._window or cell in late:
                self._lines.add(name_of(cell), fact.row)
        moved = snapshots.moves(file, self._portfolio.time_zone)
        for day in self._days:
            if day != self._days[0]:
                if day not in moved:
                    continue  # as the day before
                self._lines.add(moved_name(day), {"case_id": file.head.case_id})
            for state in snapshots.of_case(file, self._portfolio, day):
                self._lines.add(name_of((state.table, day)), state.row)
                if state.table == tables.CASES.name:
                    row = places.row(file, self._segment(file, day))
                    self._lines.add(name_of((tables.PLACES.name, day)), row)

    def _tell_agent(self, told: lake_trails.Told) -> None:
        person = {"person_id": told.person_id}
        self._lines.add(AGENTS, person)
        for cell in ((name, day) for name in lake_trails.OF_AGENTS for day in told.late):
            self._lines.add(told_name(cell), person)
        for name, day, row in told.rows:
            self._lines.add(name_of((name, day)), row)

    def _tell_forecast(self, told: lake_forecasts.Told) -> None:
        cell = (tables.FORECASTS.name, told.day)
        if told.late:
            self._lines.add(told_name(cell), {"case_id": told.case_id})
        for row in told.rows:
            self._lines.add(name_of(cell), row)

    def _keeps(self, table: str, day: date) -> bool:
        return not TABLES[table].trail or self._trails.keeps(day)

    def _segment(self, file: CaseFile, day: date) -> str:
        if self._playbook is None or not self._playbook.segments:
            return ""
        found = segment_of(self._playbook, facts_of(file, self._portfolio, day))
        return found.segment_id if found else ""

    # Writing

    def _late(self) -> set[Cell]:
        names = (name.removeprefix(TOLD) for name in self._lines.names() if name.startswith(TOLD))
        return {(name[:-11], date.fromisoformat(name[-10:])) for name in names}

    def _publish(self, table: Table, day: date) -> None:
        within = day in self._window
        old, only, leave_out, whole = None, None, None, True
        if table.state:
            if day != self._days[0]:
                old = self._fetched(table, day - timedelta(days=1))
                leave_out = self._lines.path(moved_name(day))
            elif not self.progress.whole:
                old = self._fetched(table, self._days[0] - timedelta(days=1))
                only = self._lines.path("kept")
        else:
            known = self._known(table.name, day)
            whole = (bool(self.progress.whole) or table.anew) and within
            if known is not None and not whole:
                old = self._fetched(table, day)
                anew = AGENTS if table.trail else "opened"
                leave_out = self._lines.path(anew if within else told_name((table.name, day)))
            whole = within or (known is not None and known.whole)
        out = self._at / "out.parquet"
        rows = self._write(
            table,
            out,
            news=self._lines.existing(name_of((table.name, day))),
            old=old,
            leave_out=leave_out,
            only=only,
        )
        self._send(table, day, out, rows, whole=whole)
        if table.state:  # the next day of the window begins with it
            self._path(table, day - timedelta(days=1)).unlink(missing_ok=True)
            out.rename(self._path(table, day))

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
            opened=self.progress.agents if table.trail else self.progress.opened,
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
        path = self._path(table, day)
        if not path.exists():
            self._means.files.get_file(key, path)
        return path

    def _path(self, table: Table, day: date) -> Path:
        return self._at / f"old-{table.name}-{day}.parquet"
