"""
What an export tells of agents: their shifts of a portfolio, and where they passed in them.

Who was heard of lately may have worked on the days asked for, or sent late what is of others: a
phone without signal brings points up to a week old. Of each such person the days asked for are
told, and those of which something arrived since. Days past the time that trails are kept are told
no more, and taken out of the lake.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any, Protocol

from chalicelib.bi import tables, trails
from chalicelib.bi.snapshots import begins
from chalicelib.bi.tables import TABLES
from chalicelib.domain.days import local_day
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.tracking import LATEST, LONGEST_SHIFT, Fix, Presence, Shift
from chalicelib.services.lake_lines import Listed

AGENTS_A_PAGE = 40
AT_ONCE = 8
MOST_REMOVED = 1_000  # objects a request
OF_AGENTS = tuple(one.name for one in TABLES.values() if one.trail)
_BACK = LATEST + LONGEST_SHIFT  # how late what is of a shift may come
_INSTANT = timedelta(microseconds=1)


class Tracking(Protocol):
    """See ``store.tracking``."""

    @property
    def kept(self) -> timedelta: ...
    def heard(self, *, since: datetime | None) -> list[Presence]: ...
    def shifts(self, person_id: str) -> list[Shift]: ...
    def points(
        self, person_id: str, *, since: datetime, until: datetime, now: datetime
    ) -> list[Fix]: ...
    def arrived(
        self, person_id: str, *, since: datetime, until: datetime, after: datetime
    ) -> list[tuple[datetime, datetime]]: ...


class Removing(Protocol):
    def listing(self, prefix: str, *, after: str = "") -> Iterator[Listed]: ...
    def remove(self, keys: Sequence[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Nobody:
    """Where no agents are tracked."""

    kept: timedelta = timedelta(days=90)

    def heard(self, *, since: datetime | None) -> list[Presence]:  # noqa: ARG002
        return []

    def shifts(self, person_id: str) -> list[Shift]:  # noqa: ARG002
        return []

    def points(self, person_id: str, **_: datetime) -> list[Fix]:  # noqa: ARG002
        return []

    def arrived(self, person_id: str, **_: datetime) -> list[tuple[datetime, datetime]]:  # noqa: ARG002
        return []


@dataclass(frozen=True, slots=True)
class Told:
    """
    Args:
        late: Days outside those asked for that are told anew.
        rows: By table and day.
    """

    person_id: str
    late: frozenset[date]
    rows: tuple[tuple[str, date, dict[str, Any]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """
    Args:
        days: Those asked for, in order.
        now: When the run began.
    """

    tracking: Tracking
    portfolio: Portfolio
    days: Sequence[date]
    now: datetime
    _since: datetime = field(init=False)

    def __post_init__(self) -> None:
        since = begins(self.days[0], self.portfolio.time_zone)
        object.__setattr__(self, "_since", max(since, self.now - self.tracking.kept))

    def keeps(self, day: date) -> bool:
        """Whether all of a day is still within the time that trails are kept."""
        return begins(day, self.portfolio.time_zone) + self.tracking.kept > self.now

    def pages(self, *, after: str) -> Iterator[list[Told]]:
        """Tell those who may have something to be told, by their ids, from one on."""
        heard = self.tracking.heard(since=self._since - _BACK)
        people = sorted((one for one in heard if one.person_id > after), key=_id)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for at in range(0, len(people), AGENTS_A_PAGE):
                yield list(pool.map(self._told, people[at : at + AGENTS_A_PAGE]))

    def _told(self, person: Presence) -> Told:
        own = [one for one in self.tracking.shifts(person.person_id) if self._here(one, person)]
        late = self._late(person.person_id, own)
        asked = frozenset(self.days)
        wanted = sorted({day for one in own for day in self._span(one)} & (asked | late))
        rows = [row for day in wanted for row in self._of_day(person, own, day)]
        return Told(person.person_id, late, tuple(rows))

    def _here(self, shift: Shift, person: Presence) -> bool:
        return self.portfolio.portfolio_id in (shift.portfolios or person.portfolios)

    def _span(self, shift: Shift) -> list[date]:
        """The days of a shift that are kept: it may go on after midnight."""
        zone = self.portfolio.time_zone
        first = local_day(shift.started_at, zone)
        last = local_day(shift.end(self.now) or self.now, zone)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [day for day in days if self.keeps(day)]

    def _late(self, person_id: str, shifts: Sequence[Shift]) -> frozenset[date]:
        """Days before those asked for of which something was learned since they began."""
        before = [one for one in shifts if one.started_at < self._since]
        recent = [one for one in before if one.started_at >= self._since - _BACK]
        found: set[date] = set()
        for one in recent:
            end, told = one.end(self.now), one.told_at
            if end is None or end >= self._since or (told is not None and told >= self._since):
                found.update(self._span(one))
        if recent:
            came = self.tracking.arrived(
                person_id, since=recent[0].started_at, until=self._since, after=self._since
            )
            zone = self.portfolio.time_zone
            for one in recent:
                if any(one.holds(first) or one.holds(last) for first, last in came):
                    found.update(self._span(one))
            found.update(
                day for ends in came for at in ends if self.keeps(day := local_day(at, zone))
            )
        return frozenset(found) - frozenset(self.days)

    def _of_day(
        self, person: Presence, shifts: Sequence[Shift], day: date
    ) -> Iterator[tuple[str, date, dict[str, Any]]]:
        zone = self.portfolio.time_zone
        since, until = begins(day, zone), begins(day + timedelta(days=1), zone) - _INSTANT
        fixes = self._points(person, since, until)
        for row in trails.passed(shifts, fixes, zone):
            yield tables.PINGS.name, day, row
        for shift in shifts:
            if since <= shift.started_at <= until:
                end = shift.end(self.now) or self.now
                more = self._points(person, until + _INSTANT, end) if end > until else []
                own = [fix for fix in (*fixes, *more) if shift.holds(fix.at)]
                shared = len(shift.portfolios or person.portfolios)
                row = trails.shift_row(shift, own, shared=shared, now=self.now)
                yield tables.SHIFTS.name, day, row

    def _points(self, person: Presence, since: datetime, until: datetime) -> list[Fix]:
        return self.tracking.points(person.person_id, since=since, until=until, now=self.now)

    def clear(self, files: Removing) -> int:
        """Take out of the lake the days that are not kept any more; says how many objects."""
        gone: list[str] = []
        for table in OF_AGENTS:
            for prefix in (
                tables.manifests_prefix(table, self.portfolio.portfolio_id),
                tables.days_prefix(table, self.portfolio.portfolio_id),
            ):
                for one in files.listing(prefix):
                    if self.keeps(_day_of(one.key)):
                        break  # keys stand in order of their days
                    gone.append(one.key)
        for at in range(0, len(gone), MOST_REMOVED):
            files.remove(gone[at : at + MOST_REMOVED])
        return len(gone)


def _id(presence: Presence) -> str:
    return presence.person_id


def _day_of(key: str) -> date:
    """
    Read the day in a key.

    >>> _day_of("lake/_manifests/pings/v1/portfolio=prt_1/2026-11-22.json")
    datetime.date(2026, 11, 22)
    >>> _day_of("lake/pings/v1/portfolio=prt_1/day=2026-11-22/part-00000.parquet")
    datetime.date(2026, 11, 22)
    """
    path = PurePosixPath(key)
    told = path.stem if path.suffix == ".json" else path.parent.name.removeprefix("day=")
    return date.fromisoformat(told)
