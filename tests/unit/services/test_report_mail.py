"""A report that is due goes once, with the days that are there, to whoever may have it."""

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook

from chalicelib.channels.mail import mime
from chalicelib.domain.contact import ChannelEvent, NotSent
from chalicelib.domain.errors import FigureNotTold, LinkExpired
from chalicelib.domain.report_schedule import LetterState, MailingState, ScheduleState
from chalicelib.domain.saved_report import ReportState
from chalicelib.services import report_letters, report_mail, report_schedules, shared_reports
from chalicelib.services.report_sending import TRIED_FOR, ToComeAgain
from tests.document_fakes import a_report
from tests.report_world import DUE, KEY, PID, Crash, World, person

QUARTER = timedelta(minutes=15)
EVENING = DUE.replace(day=24, hour=6)  # the day is over in Mexico City


def test_what_is_due_goes_to_its_people_as_a_file_in_their_language():
    world = World(people=("ana", "luz", "rui"), compare=True)

    assert world.work() == "sent"
    assert [one.content.to for one in world.sent] == [
        "ana@example.mx",
        "luz@example.mx",
        "rui@example.mx",
    ]
    spanish, english, _ = world.sent
    ((name, media_type, body),) = spanish.files
    assert (name, media_type) == ("2026-11-16_2026-11-22.pdf", "application/pdf")
    assert body.startswith(b"%PDF")
    assert spanish.content.subject == "Señales: 16 de noviembre de 2026 – 22 de noviembre de 2026"
    assert "Días con datos: 7 / 7" in spanish.content.text
    assert "porque Ana te puso" in spanish.content.text
    assert "November 16, 2026" in english.content.subject
    assert "informe=rep_001" in english.content.html
    assert world.lake.asked == [  # once, whatever the number of people and languages
        (date(2026, 11, 16), date(2026, 11, 22)),
        (date(2026, 11, 9), date(2026, 11, 15)),
    ]


def test_a_workbook_holds_what_the_report_tells():
    world = World(file="xlsx")
    world.work()
    ((name, _, body),) = world.sent[0].files

    rows = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert name.endswith(".xlsx")
    assert rows[1][:2] == ["Llamada", 900]


def test_it_is_due_again_a_week_later_and_goes_once_however_often_it_is_looked_for():
    world = World()

    assert [world.work(), world.work(DUE + QUARTER)] == ["sent", "stale"]
    assert len(world.sent) == 1
    assert world.schedule.next_at == DUE + timedelta(days=7)
    assert world.work(DUE + timedelta(days=7)) == "waiting"  # its days are not over there


class Orders(list):
    send = list.extend


def test_what_is_due_is_ordered():
    world, orders = World(), Orders()

    assert report_mail.start(schedules=world.schedules, work=orders, now=DUE - QUARTER) == 0
    assert report_mail.start(schedules=world.schedules, work=orders, now=DUE) == 1
    assert orders == [{"step": "report", "portfolio_id": PID, "schedule_id": "rsc_1", "key": ""}]


def test_days_that_are_not_there_yet_are_waited_for():
    world = World()
    world.lake.ends = date(2026, 11, 21)

    assert world.work() == "waiting"
    assert (world.mailing.problem, world.sent) == ("report_mail.not_yet", [])
    version = world.mailing.version
    assert world.work(DUE + QUARTER) == "waiting"
    assert world.mailing.version == version
    world.lake.ends = date(2026, 11, 22)
    assert world.work(DUE + 2 * QUARTER) == "sent"
    assert world.mailing.problem == ""
    assert world.schedule.next_at == DUE + timedelta(days=7)


def test_when_its_day_is_over_it_goes_with_what_is_there_and_says_so():
    world = World()
    world.lake.ends = date(2026, 11, 19)
    world.work()

    assert world.work(EVENING - QUARTER) == "waiting"
    assert world.work(EVENING) == "sent"
    told = world.sent[0].content
    assert "Días con datos: 4 / 7" in told.text
    assert "16 de noviembre de 2026 – 22 de noviembre de 2026 y solo están" in told.text
    assert told.subject.endswith("19 de noviembre de 2026")
    assert world.sent[0].files[0][0] == "2026-11-16_2026-11-19.pdf"


@pytest.mark.parametrize("ends", [date(2026, 11, 15), None])
def test_with_none_of_its_days_it_failed_and_goes_on_to_its_next_time(ends):
    world = World()
    world.lake.ends = ends

    assert [world.work(), world.work(EVENING)] == ["waiting", "failed"]
    assert (world.mailing.problem, world.sent) == ("lake.day_missing", [])
    assert world.schedule.next_at == DUE + timedelta(days=7)
    assert [one.kind for one in world.schedules.events] == ["report_schedule.failed"]


def test_days_before_the_lake_begins_are_not_waited_for():
    world = World()
    world.lake.begins = date(2026, 11, 18)

    assert world.work() == "sent"
    assert (world.mailing.first, world.mailing.asked_first) == (
        date(2026, 11, 19),
        date(2026, 11, 16),
    )
    assert "Días con datos: 4 / 7" in world.sent[0].content.text


def test_an_engine_that_fails_is_asked_again_until_the_day_is_over():
    world = World()
    world.lake.fails = [FigureNotTold(reason="engine"), FigureNotTold(reason="too_long")]

    assert world.work() == "waiting"
    assert world.mailing.problem == "lake.not_told"
    assert world.work(DUE + QUARTER) == "waiting"
    assert world.work(DUE + 2 * QUARTER) == "sent"

    world = World()
    world.lake.fails = [FigureNotTold(reason="too_much")] * 9
    assert [world.work(), world.work(EVENING)] == ["waiting", "failed"]
    assert world.mailing.problem == "lake.not_told"


def test_after_an_outage_the_last_of_what_was_missed_goes():
    world = World()
    back = DUE + timedelta(days=15)
    world.lake.ends = back.date() - timedelta(days=1)

    assert [world.work(back), world.work(back), world.work(back)] == ["failed", "failed", "sent"]
    problems = [one.problem for one in world.mailings.newest(PID, "rsc_1", limit=9)]
    assert problems == ["", "report_mail.missed", "report_mail.missed"]
    assert "30 de noviembre de 2026" in world.sent[0].content.subject
    assert world.work(back) == "stale"


def test_who_lost_access_gets_nothing_and_it_is_told():
    world = World(people=("ana", "luz", "gil", "eva", "gone"))
    world.people["ana"] = replace(world.people["ana"], disabled=True)
    world.people["luz"] = replace(world.people["luz"], portfolios=("prt_other",))

    assert world.work() == "sent"
    assert world.told == {
        "ana": "no_access",
        "luz": "no_access",
        "gil": "no_access",  # an agent reads no reports
        "eva": "sent",
        "gone": "no_access",
    }
    assert [one.content.to for one in world.sent] == ["eva@example.mx"]


def test_with_nobody_left_it_failed_and_says_so():
    world = World()
    world.people["ana"] = person("ana", disabled=True)

    assert (world.work(), world.mailing.problem) == ("failed", "report_mail.nobody")


def test_somebody_outside_gets_the_frozen_link_and_never_a_file():
    world = World(outside=("x@banco.mx", "y@banco.mx"))
    world.work()
    inside, *outside = world.sent
    url = next(word for word in outside[0].content.text.split() if "/informe/#" in word)

    assert inside.files
    assert [one.files for one in outside] == [(), ()]
    assert url in outside[1].content.text
    told = shared_reports.opened(
        url.partition("#")[2], asker="1.2.3.4", shared=world.shared, turns=Turns(),
        portfolios=world, key=KEY, now=DUE,
    )  # fmt: skip
    assert told["lines"][1]["values"][0] == {"value": None, "denominator": None, "hidden": True}
    assert "900" not in outside[0].content.text
    assert "menos de 5 expedientes" in outside[0].content.text
    assert [one.kind for one in world.shared.events] == ["report_link.made"]
    assert world.mailing.link_id == world.shared.page(PID, limit=9, cursor=None)[0][0].link_id
    with pytest.raises(LinkExpired):
        shared_reports.opened(
            url.partition("#")[2], asker="1.2.3.4", shared=world.shared, turns=Turns(),
            portfolios=world, key=KEY, now=DUE + timedelta(days=30),
        )  # fmt: skip


class Turns:
    def take(self, name, *, most, within_s, now):
        return True


@pytest.mark.parametrize(
    ("report", "counted", "code"),
    [
        ({"dimensions": ("person",)}, None, "report.names_people"),
        ({}, [("visit", 4, 3, 1, 1, 4, 3)], "report.too_few"),
    ],
)
def test_what_may_not_leave_goes_to_people_alone(report, counted, code):
    world = World(report, outside=("x@banco.mx",))
    world.lake.counted = counted or world.lake.counted

    assert world.work() == "sent"
    assert world.told == {"ana": "sent", "x@banco.mx": "refused"}
    assert world.mailing.letters[1].code == code


def test_outside_a_portfolio_writes_to_so_many_in_a_month():
    many = tuple(f"a{n}@banco.mx" for n in range(19))
    world = World(people=(), outside=many)
    world.work()
    world.change(outside=("a1@banco.mx", "new@banco.mx", "late@banco.mx"), next_at=DUE)
    world.work(DUE + timedelta(days=1))
    world.mailings = type(world.mailings)()
    world.change(next_at=DUE + QUARTER)
    world.lake.ends = date(2026, 11, 23)
    world.work(DUE + timedelta(days=1))

    assert world.told == {
        "a1@banco.mx": "sent",
        "new@banco.mx": "sent",
        "late@banco.mx": "over_limit",
    }
    kept = world.months.get(PID, "2026-11")
    assert len(kept.recipients) == 20
    assert "banco" not in str(kept)


def test_every_letter_ends_it_by_one_click_for_who_got_it():
    world = World(people=("ana", "luz"), outside=("x@banco.mx", "y@banco.mx"))
    world.work()
    for message in (world.sent[1], world.sent[2]):
        raw = mime(message, "r@example.mx").decode()
        assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in raw
        token = message.unsubscribe_url.rpartition("/")[2]
        assert message.unsubscribe_url in message.content.text
        for _ in range(2):
            report_schedules.stop_by_link(token, key=KEY, stops=world.stops, now=DUE)

    world.lake.ends = date(2026, 11, 29)
    world.work(DUE + timedelta(days=7))
    assert world.told == {
        "ana": "sent",
        "luz": "stopped",
        "x@banco.mx": "stopped",
        "y@banco.mx": "sent",
    }


@pytest.mark.parametrize("kind", ["bounced", "complained"])
def test_a_mailbox_that_is_gone_or_complains_gets_no_more(kind):
    world = World(people=("ana", "luz"), outside=("x@banco.mx",))
    world.work()
    for message in world.sent[1:]:
        for said in ("delivered", kind, kind):
            event = ChannelEvent(
                provider="ses", provider_id="m1", kind=said, at=DUE, reference=message.reference
            )
            assert report_schedules.is_letter(event)
            report_schedules.heard(event, stops=world.stops)
    assert not report_schedules.is_letter(replace(event, reference="cas_1:att_1"))
    assert not report_schedules.is_letter(replace(event, reference=""))
    assert world.stops.get(PID, "luz").schedules == ("rsc_1",)

    world.lake.ends = date(2026, 11, 29)
    world.work(DUE + timedelta(days=7))
    assert world.told == {"ana": "sent", "luz": "stopped", "x@banco.mx": "stopped"}


def test_its_tags_are_what_the_provider_takes():
    world = World(outside=("x@banco.mx",))
    world.work()
    for message in world.sent:
        for tag in message.reference.split(":"):
            assert re.fullmatch(r"[A-Za-z0-9_.@-]{1,256}", tag)
    assert len({message.message_id for message in world.sent}) == 2


def test_a_forged_link_ends_nothing():
    world = World(people=("ana",))
    world.work()
    token = world.sent[0].unsubscribe_url.rpartition("/")[2]
    for bad, now in ((token[:-2] + "AA", DUE), (token, DUE + timedelta(days=731)), ("ñ", DUE)):
        assert not report_schedules.is_stop_link(bad, key=KEY, now=now)
        report_schedules.stop_by_link(bad, key=KEY, stops=world.stops, now=now)
    assert world.stops.get(PID, "ana") is None
    assert report_schedules.is_stop_link(token, key=KEY, now=DUE)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_worker_that_dies_while_sending_doubles_nothing_and_the_others_get_theirs(at):
    world = World(people=("ana", "luz", "rui"))
    world.refuses = [None] * at + [Crash()]
    with pytest.raises(Crash):
        world.work()
    got = [one.content.to for one in world.sent]

    assert world.work(DUE + timedelta(minutes=1)) == "busy"  # it may live still
    assert world.work(DUE + QUARTER) == "sent"
    now = [one.content.to for one in world.sent]
    assert now[: len(got)] == got
    assert len(now) == len(set(now)) == 2
    states = list(world.told.values())
    assert states[at] == "unknown"
    assert sorted(states) == ["sent", "sent", "unknown"]
    assert world.work(DUE + 2 * QUARTER) == "stale"


def test_a_worker_that_dies_before_sending_loses_nothing():
    world = World(people=("ana", "luz"))
    world.lake.fails = [Crash()]
    with pytest.raises(Crash):
        world.work()

    assert world.work(DUE + QUARTER) == "sent"
    assert len(world.sent) == 2


def test_a_worker_that_dies_when_all_is_sent_sends_no_more():
    world = World()
    world.schedules.save, save = lambda _: None, world.schedules.save
    assert world.work() == "sent"
    world.schedules.save = save

    assert world.schedule.next_at == DUE
    assert world.work(DUE + QUARTER) == "sent"
    assert len(world.sent) == 1
    assert world.schedule.next_at == DUE + timedelta(days=7)


def test_a_worker_that_was_away_for_too_long_stops():
    world = World(people=("ana", "luz"))

    def overtaken(message):
        world.sent.append(message)
        world.mailings.save(replace(world.mailing, lease_until=DUE + QUARTER))

    sender = type("Slow", (), {"send": staticmethod(overtaken)})
    outcome = report_mail.work(
        PID, "rsc_1", "", means=world.means, sender=sender, problem=print, now=DUE
    )
    assert outcome == "busy"
    assert len(world.sent) == 1


def test_what_a_provider_surely_did_not_take_is_sent_again_for_a_while():
    world = World(people=("ana", "luz"))
    world.refuses = [NotSent("throttled", retry=True)]
    with pytest.raises(ToComeAgain):
        world.work()
    assert world.told == {"ana": "waiting", "luz": "waiting"}

    assert world.work(DUE + timedelta(minutes=1)) == "sent"
    assert [one.content.to for one in world.sent] == ["ana@example.mx", "luz@example.mx"]

    world = World(people=("ana", "luz"))
    world.refuses = [NotSent("throttled", retry=True)]
    assert world.work(DUE + TRIED_FOR) == "sent"
    assert world.told == {"ana": "refused", "luz": "sent"}


def test_an_address_that_is_refused_is_told_and_an_unknown_outcome_too():
    world = World(people=("ana", "luz", "rui"))
    world.refuses = [NotSent("invalid_recipient"), TimeoutError()]

    assert world.work() == "sent"
    assert world.told == {"ana": "refused", "luz": "unknown", "rui": "sent"}
    assert world.mailing.letters[0].code == "invalid_recipient"
    assert [type(one) for one in world.problems] == [TimeoutError]


def test_what_was_half_sent_when_the_engine_failed_for_good_says_so():
    world = World(people=("ana", "luz"))
    world.refuses = [None, NotSent("throttled", retry=True)]
    with pytest.raises(ToComeAgain):
        world.work()
    world.lake.fails = [FigureNotTold(reason="engine")]

    assert world.work(EVENING) == "sent"
    assert world.told == {"ana": "sent", "luz": "refused"}
    assert (world.mailing.letters[1].code, world.mailing.problem) == ("lake.not_told",) * 2


def test_a_file_that_is_too_large_is_a_link_that_asks_to_sign_in(monkeypatch):
    monkeypatch.setattr(report_letters, "MOST_BYTES", 100)
    world = World()
    world.work()

    assert world.sent[0].files == ()
    assert "pesa demasiado" in world.sent[0].content.text
    assert "https://r.example/panel/indicadores/?cartera=" in world.sent[0].content.text


def test_of_an_archived_portfolio_it_pauses_and_of_a_deleted_report_it_goes():
    world = World()
    world.portfolio = replace(world.portfolio, archived=True)
    assert world.work() == "stale"
    assert world.schedule.state is ScheduleState.PAUSED

    world = World()
    world.kept.save(replace(a_report(PID, 1, filters=()), state=ReportState.DELETED))
    assert world.work() == "stale"
    assert world.schedule is None
    assert world.sent == []


def test_what_was_changed_while_it_was_sent_keeps_its_new_time():
    world = World()
    later = DUE + timedelta(hours=30)
    world.lake.ask, ask = None, world.lake.ask

    def slow(question):
        world.change(next_at=later)
        return ask(question)

    world.lake.ask = slow
    assert world.work() == "sent"
    assert world.schedule.next_at == later


def test_what_is_paused_is_not_sent():
    world = World(state=ScheduleState.PAUSED)

    assert world.work() == "stale"


def test_names_cannot_write_html_or_headers():
    world = World({"name": "<img src=x>\r\nBcc: x@y.zz"})
    world.work()
    message = world.sent[0]

    assert "<img src=x>" not in message.content.html
    assert "Bcc" not in {line.partition(":")[0] for line in _head(message)}
    assert message.content.html.count("<h1") == 1
    assert 'lang="es-MX"' in message.content.html


def _head(message):
    return mime(message, "r@example.mx").decode().partition("\r\n\r\n")[0].split("\r\n")


def test_what_was_sent_stands_in_the_audit_without_an_address():
    world = World(outside=("x@banco.mx",))
    world.work()
    (event,) = world.schedules.events

    assert (event.kind, event.actor) == ("report_schedule.sent", "system")
    assert (event.facts["sent"], event.facts["recipients"]) == (2, 2)
    assert "banco" not in str(event.facts)
    assert all(one.state is LetterState.SENT for one in world.mailing.letters)
    assert world.mailing.state is MailingState.SENT
