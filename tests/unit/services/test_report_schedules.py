"""Who manages a portfolio has its reports sent, sees what was sent, and can say no."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.errors import (
    BadField,
    NotAllowed,
    PortfolioNotFound,
    ReportNamesPeople,
    ReportNotFound,
    ReportScheduleMoved,
    ReportScheduleNotFound,
    TooManySchedules,
)
from chalicelib.domain.people import Role
from chalicelib.domain.report_schedule import LEASE, MOST_SCHEDULES, ScheduleState
from chalicelib.services import report_schedules
from tests.document_fakes import a_report, a_schedule
from tests.report_world import ANA, DUE, LUZ, PID, Crash, World, actor, person

TOLD = {
    "report_id": "rep_001",
    "every": "month",
    "weekday": 1,
    "month_day": 31,
    "hour": 7,
    "days": "last_month",
    "file": "xlsx",
    "compare": True,
    "people": ["ana", "luz"],
    "outside": ["Jefa@Banco.mx"],
    "state": "active",
}
NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


def make(world, *, by=ANA, schedule_id="rsc_9", **values):
    return report_schedules.make(
        PID, schedule_id, TOLD | values, actor=by, means=world.means, now=NOW
    )


def change(world, version, *, by=LUZ, **values):
    return report_schedules.change(
        PID, "rsc_9", TOLD | values, version, actor=by, means=world.means, now=NOW
    )


def listed(world, report_id="rep_001", by=ANA):
    return report_schedules.listed(PID, report_id, actor=by, means=world.means)["items"]


def mailings(world, schedule_id="rsc_1", by=ANA, now=NOW):
    told = report_schedules.mailings(PID, schedule_id, actor=by, means=world.means, now=now)
    return told["items"]


def test_a_schedule_says_when_it_is_due_next_and_who_gets_it():
    world = World()
    made = make(world)

    assert made["next_at"] == datetime(2026, 11, 30, 13, tzinfo=UTC)
    assert made["outside"] == [{"address": "jefa@banco.mx", "stopped": False}]
    assert made["people"][0] == {"id": "ana", "name": "Ana", "reads": True, "stopped": False}
    assert (made["mine"], made["updated_by"]["name"]) == (True, "Ana")
    assert [one["schedule_id"] for one in listed(world)] == ["rsc_1", "rsc_9"]
    assert listed(world, "rep_other") == []
    assert len(listed(world, "")) == 2
    assert make(world) == made  # the same request again
    (event,) = world.schedules.events
    assert (event.kind, event.actor) == ("report_schedule.made", "user:ana")
    assert "banco" not in str(event.facts)


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"people": [], "outside": []}, "people", "missing"),
        ({"people": ["ana", "gil"]}, "people.1", "unknown"),
        ({"people": ["nobody"]}, "people.0", "unknown"),
        ({"outside": [f"a{n}@b.mx" for n in range(19)]}, "people", "too_many"),
    ],
)
def test_who_cannot_get_it_is_refused_by_name(values, field, reason):
    world = World()
    with pytest.raises(BadField) as refused:
        make(world, **values)

    assert (refused.value.details["field"], refused.value.details["reason"]) == (field, reason)
    assert len(listed(world)) == 1


def test_all_schedules_together_write_to_so_many_outside():
    world = World(outside=tuple(f"a{n}@b.mx" for n in range(15)))
    with pytest.raises(BadField) as refused:
        make(world, outside=[f"c{n}@b.mx" for n in range(6)])

    assert refused.value.details == {"field": "outside", "reason": "too_many", "most": 20}
    make(world, outside=[f"a{n}@b.mx" for n in range(6)])


def test_a_report_of_persons_has_nobody_outside():
    world = World({"dimensions": ("person",)})
    with pytest.raises(ReportNamesPeople):
        make(world)
    make(world, outside=[])


def test_a_portfolio_has_so_many():
    world = World()
    for number in range(2, MOST_SCHEDULES + 1):
        world.schedules.add(a_schedule(PID, number))
    with pytest.raises(TooManySchedules):
        make(world, schedule_id="rsc_new")


def test_it_is_paused_goes_on_from_now_and_is_changed_by_who_read_it_last():
    world = World()
    make(world)
    paused = change(world, 1, state="paused")
    on = change(world, 2, every="day", hour=12)

    assert (paused["state"], paused["next_at"]) == ("paused", None)
    assert on["next_at"] == datetime(2026, 11, 24, 18, tzinfo=UTC)  # 12 o'clock is over today
    with pytest.raises(ReportScheduleMoved) as moved:
        change(world, 2)
    assert moved.value.details == {"version": 3}
    assert [one.kind for one in world.schedules.events][1:] == ["report_schedule.changed"] * 2


def test_who_lost_access_may_stay_on_it_and_a_report_that_came_to_name_people_can_be_paused():
    world = World()
    made = make(world)
    world.people["luz"] = person("luz", disabled=True)
    world.kept.save(replace(a_report(PID, 1, filters=()), dimensions=("person",)))
    paused = change(world, made["version"], state="paused")

    assert [one["reads"] for one in paused["people"]] == [True, False]
    with pytest.raises(ReportNamesPeople):
        change(world, paused["version"])


def test_what_is_taken_away_is_gone():
    world = World()
    make(world)
    report_schedules.remove(PID, "rsc_9", actor=LUZ, means=world.means, now=NOW)

    assert [one["schedule_id"] for one in listed(world)] == ["rsc_1"]
    with pytest.raises(ReportScheduleNotFound):
        change(world, 1)
    with pytest.raises(ReportScheduleNotFound):
        report_schedules.remove(PID, "rsc_9", actor=LUZ, means=world.means, now=NOW)


def test_only_who_manages_the_portfolio_has_to_do_with_them():
    world = World()
    stranger = replace(ANA, portfolios=("prt_other",))
    for ask in (make, listed, mailings):
        with pytest.raises(PortfolioNotFound):
            ask(world, by=stranger)
        with pytest.raises(NotAllowed):
            ask(world, by=actor("gil", Role.AGENT))
    with pytest.raises(ReportNotFound):
        make(world, report_id="rep_none")


class Orders(list):
    send = list.extend


def send_now(world, orders, *, by=LUZ, now=NOW):
    return report_schedules.send_now(
        PID, "rsc_1", actor=by, means=world.means, work=orders, now=now
    )


def test_sent_now_it_goes_to_oneself_alone_with_what_is_there():
    world, orders = World(people=("ana",), outside=("x@banco.mx",)), Orders()
    world.lake.ends = date(2026, 11, 20)
    made = send_now(world, orders)
    again = send_now(world, orders, now=NOW + timedelta(seconds=20))

    assert made == again
    assert orders[0] == orders[1]
    for order in orders:
        assert world.work(NOW, key=order["key"]) == "sent"
    (message,) = world.sent
    assert message.content.to == "luz@example.mx"
    assert message.unsubscribe_url == ""
    assert "Days with data: 5 / 7" in message.content.text
    assert "You asked for it" in message.content.text
    assert world.schedule.next_at == DUE
    (told,) = mailings(world)
    assert told["asked_by"] == {"id": "user:luz", "name": "Luz"}
    assert told["letters"] == [{"to": "Luz", "outside": False, "state": "sent", "code": ""}]


def test_sent_now_without_any_day_it_says_that_it_failed():
    world, orders = World(), Orders()
    world.lake.ends = None
    send_now(world, orders)

    assert world.work(NOW, key=orders[0]["key"]) == "failed"
    assert mailings(world)[0]["problem"] == "lake.day_missing"


def test_what_was_sent_is_listed_with_whom_it_reached():
    world = World(people=("ana", "luz"), outside=("x@banco.mx",))
    world.people["luz"] = person("luz", disabled=True)
    world.work()
    (told,) = mailings(world)

    assert (told["state"], told["from"], told["to"]) == (
        "sent",
        date(2026, 11, 16),
        date(2026, 11, 22),
    )
    assert [(one["to"], one["state"]) for one in told["letters"]] == [
        ("Ana", "sent"),
        ("Luz", "no_access"),
        ("x@banco.mx", "sent"),
    ]


def test_what_waited_when_it_was_changed_says_so():
    world = World()
    world.lake.ends = date(2026, 11, 21)
    world.work()
    assert mailings(world)[0]["state"] == "waiting"
    world.change(next_at=DUE + timedelta(days=1))

    (told,) = mailings(world)
    assert (told["state"], told["problem"]) == ("failed", "report_mail.changed")


@pytest.mark.parametrize(
    "changes", [{"next_at": DUE + timedelta(days=1)}, {"state": ScheduleState.PAUSED}]
)
def test_what_a_worker_died_over_is_over_when_nobody_goes_on_with_it(changes):
    world = World(people=("ana", "luz", "rui"))
    world.refuses = [None, Crash()]
    with pytest.raises(Crash):
        world.work()
    world.change(**changes)

    lease = DUE + LEASE
    assert mailings(world, now=lease - timedelta(seconds=1))[0]["state"] == "sending"
    (told,) = mailings(world, now=lease)
    assert (told["state"], told["problem"]) == ("sent", "report_mail.interrupted")
    assert [(one["to"], one["state"]) for one in told["letters"]] == [
        ("Ana", "sent"),
        ("Luz", "unknown"),
        ("Rui", "refused"),
    ]


def test_what_a_worker_died_over_is_on_its_way_while_it_is_gone_on_with():
    world = World(people=("ana", "luz"))
    world.refuses = [None, Crash()]
    with pytest.raises(Crash):
        world.work()

    assert mailings(world, now=DUE + timedelta(hours=1))[0]["state"] == "sending"


def test_one_says_no_for_oneself_and_yes_again():
    world = World(people=("ana", "luz"))
    for _ in range(2):
        report_schedules.stop_mine(PID, "rsc_1", actor=LUZ, means=world.means)
    (one,) = listed(world)
    assert [(each["id"], each["stopped"]) for each in one["people"]] == [
        ("ana", False),
        ("luz", True),
    ]
    world.work()
    assert world.told == {"ana": "sent", "luz": "stopped"}
    for _ in range(2):
        report_schedules.take_up_mine(PID, "rsc_1", actor=LUZ, means=world.means)
    assert not listed(world)[0]["people"][1]["stopped"]
