"""What is kept whole under a version - reports, views, settings that were - on every store."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.call_settings import SettingsBefore, key_of
from chalicelib.domain.calls import CallPolicy
from chalicelib.domain.good_hours import GoodHours, Group
from chalicelib.domain.home_reports import HomeReports
from chalicelib.domain.people import AuditEvent
from chalicelib.domain.priority import QueuePolicy
from chalicelib.domain.saved_report import ReportState
from chalicelib.domain.saved_view import SavedView
from chalicelib.domain.shared_report import SharedReport
from chalicelib.store.documents import Documents
from chalicelib.store.saved_reports import SavedReportStore
from chalicelib.store.saved_views import SavedViewStore
from chalicelib.store.shared_reports import SharedReportStore
from tests import engines
from tests.builders import NOW
from tests.document_fakes import MemoryDocuments, MemoryReports, MemoryShared, MemoryViews, a_report


@dataclass
class Kept:
    reports: Any
    views: Any
    history: Any
    homes: Any
    shared: Any
    hours: Any
    pid: str


@pytest.fixture
def kept(engine, portfolio, request):
    pid = portfolio.portfolio_id
    if engine == "memory":
        return Kept(
            reports=MemoryReports(),
            views=MemoryViews(),
            history=MemoryDocuments("key"),
            homes=MemoryDocuments("person_id"),
            shared=MemoryShared(),
            hours=MemoryDocuments("kind"),
            pid=pid,
        )
    wire = engines.wire_to(request.getfixturevalue(f"{engine}_endpoint"))
    return Kept(
        reports=SavedReportStore(wire, engines.WORK),
        views=SavedViewStore(wire, engines.WORK),
        history=Documents(wire, engines.WORK, SettingsBefore, name="CALLSETTINGS", key="key"),
        homes=Documents(
            wire, engines.WORK, HomeReports, name="HOME", key="person_id", owner=f"HOMES{pid}"
        ),
        shared=SharedReportStore(wire, engines.WORK),
        hours=Documents(wire, engines.WORK, GoodHours, name="HOURS", key="kind"),
        pid=pid,
    )


def a_view(pid, number=1, **values):
    base = {
        "view_id": f"viw_{number}",
        "portfolio_id": pid,
        "name": "Míos",
        "filters": {"status": "open", "sort": "-balance"},
        "owner": "ana",
        "created_at": NOW,
    }
    return SavedView(**base | values)


def settings_before(pid, version):
    return SettingsBefore(
        portfolio_id=pid,
        key=key_of(version),
        portfolio_version=version,
        replaced_at=NOW,
        replaced_by="user:ana",
        queue=QueuePolicy(),
        calls=CallPolicy(),
    )


def every(page, limit):
    found, cursor = page(limit, None)
    while cursor is not None:
        more, cursor = page(limit, cursor)
        found += more
    return found


def test_a_report_is_read_as_it_was_kept(kept):
    made = a_report(kept.pid)

    assert kept.reports.add(made)
    assert kept.reports.add(made)  # an answer was lost, the request repeated
    assert not kept.reports.add(replace(made, name="Otro"))
    assert kept.reports.get(kept.pid, made.report_id) == made
    assert kept.reports.get("prt_other", made.report_id) is None


def test_of_two_who_change_a_report_one_is_told(kept):
    made = a_report(kept.pid)
    kept.reports.add(made)

    stored = kept.reports.save(replace(made, name="Mío"))

    assert (stored.name, stored.version) == ("Mío", 2)
    assert kept.reports.save(replace(made, name="Suyo")) is None
    assert kept.reports.get(kept.pid, made.report_id) == stored
    assert kept.reports.save(a_report(kept.pid, 9)) is None


def test_deleted_reports_are_passed_over_page_by_page(kept):
    for number in range(7):
        made = a_report(kept.pid, number)
        kept.reports.add(made)
        if number % 3 == 0:
            kept.reports.save(replace(made, state=ReportState.DELETED))

    found = every(lambda limit, cursor: kept.reports.kept(kept.pid, limit=limit, cursor=cursor), 2)

    assert [one.report_id for one in found] == ["rep_001", "rep_002", "rep_004", "rep_005"]


def test_views_are_all_listed_changed_and_removed(kept):
    mine, shared = a_view(kept.pid), a_view(kept.pid, 2, shared=True, opens_for=("ana", "luz"))
    kept.views.add(mine)
    kept.views.add(shared)
    stored = kept.views.save(replace(mine, name="Abiertos"))

    assert kept.views.all(kept.pid) == [stored, shared]
    assert kept.views.save(mine) is None

    kept.views.remove(stored)
    kept.views.remove(stored)
    assert kept.views.all(kept.pid) == [shared]
    assert kept.views.all("prt_other") == []


def test_settings_that_were_are_listed_the_newest_first(kept):
    for version in (3, 9, 10):
        assert kept.history.add(settings_before(kept.pid, version))

    found, more = kept.history.page(kept.pid, limit=50, cursor=None)
    first, cursor = kept.history.page(kept.pid, limit=2, cursor=None)

    assert [one.portfolio_version for one in found] == [10, 9, 3]
    assert (found[0], more) == (settings_before(kept.pid, 10), None)
    assert [one.portfolio_version for one in first] == [10, 9]
    assert kept.history.page(kept.pid, limit=2, cursor=cursor)[0] == [settings_before(kept.pid, 3)]


def test_a_shared_report_is_read_whole_and_its_openings_are_counted_one_by_one(kept):
    made = SharedReport(
        link_id="shr_1",
        portfolio_id=kept.pid,
        report_id="rep_1",
        name="Señales",
        told={"lines": [{"keys": ["ñ", ""], "values": [{"value": 0.5, "hidden": False}]}]},
        made_by="user:ana",
        made_at=NOW,
        until=NOW,
    )
    assert kept.shared.add(made)
    assert kept.shared.get(kept.pid, "shr_1") == made

    counted = kept.shared.save(replace(made, opened=1, opened_at=NOW))
    assert kept.shared.get(kept.pid, "shr_1") == counted
    assert kept.shared.save(replace(made, opened=1, opened_at=NOW, revoked_at=NOW)) is None
    assert kept.shared.page(kept.pid, limit=9, cursor=None) == ([counted], None)
    event = AuditEvent(
        event_id="aud_1", kind="report_link.made", at=NOW, actor="user:ana", subject="portfolio:1",
        facts={"link": "shr_1"},
    )  # fmt: skip
    kept.shared.audit(event)
    kept.shared.audit(event)


def test_what_is_a_persons_is_of_no_portfolio(kept):
    home = HomeReports(person_id="ana", reports=((kept.pid, "rep_1"),))

    assert kept.homes.add(home)
    stored = kept.homes.save(replace(home, reports=()))
    assert kept.homes.get("", "ana") == stored
    assert kept.homes.save(home) is None
    assert kept.homes.get("", "luz") is None


def test_good_hours_of_a_night_take_the_place_of_those_before(kept):
    groups = tuple(
        Group(channel="call", zone=f"86{n:013d}", segment="seg_1", direct=20, tries=100,
              ratings="0123456789A" + "0" * 157)
        for n in range(200)
    )  # fmt: skip
    made = GoodHours(
        portfolio_id=kept.pid, first=date(2026, 8, 26), last=date(2026, 11, 23), days=90,
        made_at=NOW, since=NOW, groups=groups,
    )  # fmt: skip

    assert kept.hours.get(kept.pid, "good") is None
    assert kept.hours.add(made)
    stored = kept.hours.save(replace(made, last=made.last + timedelta(days=1)))
    assert kept.hours.get(kept.pid, "good") == stored
    assert kept.hours.save(replace(made, days=1)) is None
