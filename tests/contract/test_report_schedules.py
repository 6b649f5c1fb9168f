"""Schedules of reports, by when they are due, and what was sent, on every store."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.people import AuditEvent
from chalicelib.domain.report_schedule import (
    Letter,
    LetterState,
    Mailing,
    MailingState,
    MonthOutside,
    ScheduleState,
    Stopped,
)
from chalicelib.store.documents import Documents
from chalicelib.store.report_schedules import MailingStore, ReportScheduleStore
from tests import engines
from tests.builders import NOW
from tests.document_fakes import MemoryDocuments, MemoryMailings, MemorySchedules, a_schedule

SOON = NOW.replace(minute=15, second=0, microsecond=0)


@dataclass
class Kept:
    schedules: Any
    mailings: Any
    stops: Any
    months: Any
    pid: str

    def due(self, now, *, limit=1_000):
        """Those of this test's portfolio: they share tables."""
        return [one for one in self.schedules.due(now, limit=limit) if one[0] == self.pid]


@pytest.fixture
def kept(engine, portfolio, request):
    pid = portfolio.portfolio_id
    if engine == "memory":
        return Kept(
            MemorySchedules(), MemoryMailings(), MemoryDocuments("recipient"),
            MemoryDocuments("month"), pid,
        )  # fmt: skip
    wire = engines.wire_to(request.getfixturevalue(f"{engine}_endpoint"))
    return Kept(
        ReportScheduleStore(wire, engines.WORK),
        MailingStore(wire, engines.WORK),
        Documents(wire, engines.WORK, Stopped, name="RSTOP", key="recipient"),
        Documents(wire, engines.WORK, MonthOutside, name="RMONTH", key="month"),
        pid,
    )


def a_mailing(pid, **values):
    base = {
        "key": "rsc_1#2026-11-23T14:00Z#",
        "portfolio_id": pid,
        "schedule_id": "rsc_1",
        "due_at": NOW,
        "until": NOW + timedelta(hours=9),
        "first": NOW.date(),
        "last": NOW.date(),
        "asked_first": NOW.date(),
        "asked_last": NOW.date(),
        "letters": (
            Letter(to="ana"),
            Letter(to="x@banco.mx", outside=True, state=LetterState.REFUSED, code="report.too_few"),
        ),
    }
    return Mailing(**base | values)


def test_a_schedule_is_read_as_it_was_kept_and_is_due_from_its_moment_on(kept):
    made = a_schedule(kept.pid, next_at=SOON, outside=("x@banco.mx",))

    assert kept.schedules.add(made)
    assert kept.schedules.add(made)  # an answer was lost, the request repeated
    assert not kept.schedules.add(replace(made, file="xlsx"))
    assert kept.schedules.get(kept.pid, "rsc_1") == made
    assert kept.schedules.page(kept.pid, limit=9, cursor=None) == ([made], None)
    assert kept.due(SOON - timedelta(minutes=1)) == []
    assert kept.due(SOON) == [(kept.pid, "rsc_1", SOON)]
    assert kept.due(SOON + timedelta(days=3)) == [(kept.pid, "rsc_1", SOON)]


def test_what_is_put_off_is_due_then_and_no_more_before(kept):
    made = a_schedule(kept.pid, next_at=SOON)
    kept.schedules.add(made)
    later = kept.schedules.save(replace(made, next_at=SOON + timedelta(days=7)))

    assert later.version == 2
    assert kept.due(SOON + timedelta(days=6)) == []
    assert kept.due(SOON + timedelta(days=7)) == [(kept.pid, "rsc_1", SOON + timedelta(days=7))]
    assert kept.schedules.save(replace(made, file="xlsx")) is None
    assert kept.due(SOON + timedelta(days=6)) == []


def test_what_is_changed_without_moving_stays_due(kept):
    made = a_schedule(kept.pid, next_at=SOON)
    kept.schedules.add(made)

    assert kept.schedules.save(replace(made, file="xlsx")).file == "xlsx"
    assert kept.due(SOON) == [(kept.pid, "rsc_1", SOON)]


def test_what_is_paused_is_not_due_until_it_goes_on(kept):
    made = a_schedule(kept.pid, next_at=SOON)
    kept.schedules.add(made)
    paused = kept.schedules.save(replace(made, state=ScheduleState.PAUSED))

    assert kept.due(SOON) == []
    kept.schedules.save(replace(paused, state=ScheduleState.ACTIVE))
    assert kept.due(SOON) == [(kept.pid, "rsc_1", SOON)]


def test_the_longest_due_come_first_as_many_as_are_wanted(kept):
    for number in (3, 1, 2):
        at = SOON + timedelta(minutes=15 * number)
        kept.schedules.add(a_schedule(kept.pid, number, next_at=at))
    found = kept.due(SOON + timedelta(hours=2))

    assert [one[1] for one in found] == ["rsc_1", "rsc_2", "rsc_3"]
    assert len(kept.schedules.due(SOON + timedelta(hours=2), limit=2)) == 2


def test_what_is_taken_away_is_due_no_more_and_only_as_it_was_read(kept):
    made = a_schedule(kept.pid, next_at=SOON)
    kept.schedules.add(made)
    stored = kept.schedules.save(replace(made, file="xlsx"))

    assert not kept.schedules.remove(made)
    assert kept.due(SOON) == [(kept.pid, "rsc_1", SOON)]
    assert kept.schedules.remove(stored)
    assert not kept.schedules.remove(stored)
    assert kept.schedules.get(kept.pid, "rsc_1") is None
    assert kept.due(SOON) == []
    assert kept.schedules.save(stored) is None


def test_of_two_who_find_it_due_one_makes_the_mailing_and_one_goes_on_with_it(kept):
    made = a_mailing(kept.pid)

    assert kept.mailings.add(made)
    assert not kept.mailings.add(replace(made, until=NOW))
    taken = kept.mailings.save(replace(made, state=MailingState.SENDING, lease_until=NOW))
    assert kept.mailings.get(kept.pid, made.key) == taken
    assert kept.mailings.save(replace(made, lease_until=NOW + timedelta(1))) is None


def test_the_last_mailings_of_a_schedule_come_first(kept):
    for day in (21, 23, 22):
        key = f"rsc_1#2026-11-{day}T14:00Z#"
        kept.mailings.add(a_mailing(kept.pid, key=key, asked_by="user:ana"))
    kept.mailings.add(a_mailing(kept.pid, key="rsc_12#2026-11-30T14:00Z#"))

    found = kept.mailings.newest(kept.pid, "rsc_1", limit=2)
    assert [one.key[6:16] for one in found] == ["2026-11-23", "2026-11-22"]
    assert found[0].letters == a_mailing(kept.pid).letters


def test_who_does_not_want_it_and_whom_a_month_wrote_to_are_kept(kept):
    stopped = Stopped(portfolio_id=kept.pid, recipient="adr_1", schedules=("*",))
    month = MonthOutside(portfolio_id=kept.pid, month="2026-11", recipients=("adr_1",))

    assert kept.stops.add(stopped)
    assert kept.months.add(month)
    assert kept.stops.get(kept.pid, "adr_1") == stopped
    assert kept.stops.get(kept.pid, "adr_2") is None
    assert kept.months.get(kept.pid, "2026-11") == month
    stored = kept.months.save(replace(month, recipients=("adr_1", "adr_2")))
    assert kept.months.save(month) is None
    assert kept.months.get(kept.pid, "2026-11") == stored


def test_the_audit_takes_the_same_event_twice(kept):
    event = AuditEvent(
        event_id="aud_1", kind="report_schedule.made", at=NOW, actor="user:ana",
        subject=f"portfolio:{kept.pid}", facts={"schedule": "rsc_1"},
    )  # fmt: skip
    kept.schedules.audit(event)
    kept.schedules.audit(event)
