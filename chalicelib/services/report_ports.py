"""What reports by e-mail are kept and sent with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from chalicelib.domain.contact import Outgoing, Receipt
from chalicelib.domain.ids import derived_id
from chalicelib.domain.links import Link, sealed
from chalicelib.domain.people import AuditEvent, Person
from chalicelib.domain.report_schedule import (
    STOPS_FOR,
    Mailing,
    MonthOutside,
    ReportSchedule,
    Stopped,
)
from chalicelib.services import lake_runs, shared_reports

PURPOSE = "report-mail"
ADDRESS = "adr_"  # begins the hash of an address outside; a person's id does not
TRIES = 4


class Schedules(Protocol):
    """What ``store.report_schedules.ReportScheduleStore`` keeps."""

    def add(self, document: ReportSchedule) -> bool: ...
    def get(self, portfolio_id: str, key: str) -> ReportSchedule | None: ...
    def save(self, document: ReportSchedule) -> ReportSchedule | None: ...
    def remove(self, document: ReportSchedule) -> bool: ...
    def due(self, now: datetime, *, limit: int) -> list[tuple[str, str, datetime]]: ...
    def audit(self, event: AuditEvent) -> None: ...

    def page(
        self, portfolio_id: str, *, limit: int, cursor: str | None
    ) -> tuple[list[ReportSchedule], str | None]: ...


class Mailings(Protocol):
    def add(self, document: Mailing) -> bool: ...
    def get(self, portfolio_id: str, key: str) -> Mailing | None: ...
    def save(self, document: Mailing) -> Mailing | None: ...
    def newest(self, portfolio_id: str, schedule_id: str, *, limit: int) -> list[Mailing]: ...


class Stops(Protocol):
    def add(self, document: Stopped) -> bool: ...
    def get(self, portfolio_id: str, key: str) -> Stopped | None: ...
    def save(self, document: Stopped) -> Stopped | None: ...


class Months(Protocol):
    def add(self, document: MonthOutside) -> bool: ...
    def get(self, portfolio_id: str, key: str) -> MonthOutside | None: ...
    def save(self, document: MonthOutside) -> MonthOutside | None: ...


class People(Protocol):
    def several(self, person_ids: Iterable[str]) -> Mapping[str, Person]: ...


class Sender(Protocol):
    def send(self, message: Outgoing) -> Receipt: ...


class Runs(Protocol):
    def get(self, portfolio_id: str, key: str) -> lake_runs.LakeRun | None: ...


class Queue(Protocol):
    def send(self, messages: Iterable[dict[str, Any]]) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """
    Args:
        sharing: What links for outside are made with: reports that are kept, portfolios, the
            engine, names of people, the site's address and the key that signs links.
        runs: What is in the lake of each portfolio.
    """

    schedules: Schedules
    mailings: Mailings
    stops: Stops
    months: Months
    people: People
    sharing: shared_reports.Means
    runs: Runs


def address_key(portfolio_id: str, address: str) -> str:
    """Name an address outside without saying it."""
    return derived_id(ADDRESS[:-1], portfolio_id, address.strip().casefold())


def stop_url(portfolio_id: str, schedule_id: str, recipient: str, today: date, means: Means) -> str:
    """Give the address that ends it for a recipient by one click (RFC 8058)."""
    link = Link(
        purpose=PURPOSE,
        case_id=portfolio_id,
        subject=f"{schedule_id}:{recipient}",
        channel="email",
        until=today + STOPS_FOR,
    )
    return f"{means.sharing.site}/api/v1/unsubscribe/{sealed(link, means.sharing.key)}"


def wants(portfolio_id: str, schedule_id: str, recipient: str, stops: Stops) -> bool:
    """Whether a recipient has not said that they do not want it."""
    found = stops.get(portfolio_id, recipient)
    return found is None or found.wants(schedule_id)


def stop(portfolio_id: str, recipient: str, schedule_id: str, stops: Stops) -> None:
    """
    Note that a recipient does not want a schedule's reports (``*``: any). Safe to repeat.

    Raises:
        RuntimeError: It kept moving.
    """
    _changed(portfolio_id, recipient, stops, add=schedule_id)


def take_up(portfolio_id: str, recipient: str, schedule_id: str, stops: Stops) -> None:
    """Note that a recipient wants a schedule's reports again. Safe to repeat."""
    _changed(portfolio_id, recipient, stops, drop=schedule_id)


def _changed(
    portfolio_id: str, recipient: str, stops: Stops, *, add: str = "", drop: str = ""
) -> None:
    for _ in range(TRIES):
        found = stops.get(portfolio_id, recipient)
        before = found or Stopped(portfolio_id=portfolio_id, recipient=recipient)
        rest = tuple(one for one in before.schedules if one not in (add, drop))
        after = replace(before, schedules=(*rest, add) if add else rest)
        if set(after.schedules) == set(before.schedules):
            return
        if stops.add(after) if found is None else stops.save(after) is not None:
            return
    raise RuntimeError("what somebody does not want kept moving")
