"""A dry run says what will happen: it is compared with what does."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.contact import AttemptState, Channel, ConsentState
from chalicelib.domain.dry_run import DryRun
from chalicelib.domain.errors import BadField, DryRunNotFound, NotAllowed
from chalicelib.domain.good_hours import Basis, Group
from chalicelib.domain.task import TaskKind
from chalicelib.services import contacting, dry_runs
from chalicelib.services.foresight import foresee
from chalicelib.services.good_hours import Told
from chalicelib.services.planning import plays_of
from tests.builders import NOW, a_portfolio
from tests.plan_world import AGENT, BOSS, PlanWorld
from tests.unit.strategies.world import THREE, a_step, a_strategy, due

# The builders' own day is a Sunday.
TUESDAY = NOW + timedelta(days=2)
TODAY = TUESDAY.date()


@pytest.fixture
def world():
    return PlanWorld(now=TUESDAY)


def seen(world, case_id, day):
    plays = plays_of(world.portfolio, world.strategies)
    return foresee(world.cases.open(case_id), plays, day, now=world.now)


def test_every_day_of_a_month_is_foreseen_as_it_comes(world):
    world.follow()
    case_id = world.debtor(due_on=TODAY + timedelta(days=9))
    days = [TODAY + timedelta(days=n) for n in range(25)]
    told = {
        day: [line.step for line in seen(world, case_id, day) if line.outcome == "goes"]
        for day in days
    }
    lived = {}
    for day in days:
        world.run()
        went = []
        for attempt in world.cases.open(case_id).attempts:
            if attempt.state is AttemptState.PLANNED:
                reach = contacting.reaches(world.cases.open(case_id), attempt.channel)[0]
                ruling = contacting.rule(
                    world.cases.open(case_id), world.portfolio, reach,
                    now=world.now, leaving_out=attempt.attempt_id,
                )  # fmt: skip
                if ruling.allowed:
                    went.append(attempt.cause.step)
                    sent = replace(attempt, state=AttemptState.SENT, sent_at=world.now)
                    world.change(case_id, lambda d, one=sent: d._keep(one, "attempt.sent", {}))
        lived[day] = went
        world.pass_days()

    assert told == lived
    assert [step for day in days for step in told[day]] == ["before", "day", "after"]


def test_what_the_law_puts_off_waits_with_its_reason_and_moment():
    world = PlanWorld(portfolio=a_portfolio(country="CL"))
    world.follow(a_strategy(a_step("one", due(0))))
    sunday = date(2026, 11, 29)
    case_id = world.debtor(due_on=sunday)

    (line,) = seen(world, case_id, sunday)
    assert (line.outcome, line.code, line.channel) == ("waits", "SUNDAY", "whatsapp")
    assert line.at == datetime(2026, 11, 30, 11, tzinfo=UTC)
    (monday,) = seen(world, case_id, sunday + timedelta(days=1))
    assert (monday.outcome, monday.at) == ("goes", line.at)


def test_a_refused_channel_falls_back_and_without_another_it_is_denied(world):
    step = a_step("one", due(0), channels=(Channel.WHATSAPP, Channel.SMS))
    world.follow(a_strategy(step))
    case_id = world.debtor(due_on=TODAY)
    phone = world.cases.open(case_id).contacts[0].contact_id

    def refuse(channel):
        world.change(
            case_id,
            lambda d: d.consent(
                ConsentState.REFUSED, contact_id=phone, channel=channel, source="panel"
            ),
        )

    assert seen(world, case_id, TODAY)[0].channel == "whatsapp"
    refuse(Channel.WHATSAPP)
    (line,) = seen(world, case_id, TODAY)
    assert (line.channel, line.cost_micros) == ("sms", 40_000)
    book = world.strategies.playbooks["prt_test"]
    world.strategies.playbooks["prt_test"] = replace(book, own_prices={"sms": 13_000})
    (line,) = seen(world, case_id, TODAY)
    assert line.cost_micros == 26_000, "by the portfolio's own contract"
    refuse(Channel.SMS)
    (line,) = seen(world, case_id, TODAY)
    assert (line.outcome, line.code) == ("nothing", "unreachable")


def test_work_is_foreseen_and_nothing_is_written(world):
    world.follow(a_strategy(a_step("day", due(0), work=(TaskKind.CALL,))))
    case_id = world.debtor(due_on=TODAY)
    before = world.cases.open(case_id)

    lines = seen(world, case_id, TODAY)

    told = [(line.outcome, line.channel) for line in lines]
    assert told == [("goes", "whatsapp"), ("asks", "call")]
    assert world.cases.open(case_id) == before
    (nothing,) = seen(world, world.debtor(2, due_on=TODAY + timedelta(days=90)), TODAY)
    assert (nothing.outcome, nothing.code) == ("nothing", "waits")


class MemoryDryRuns:
    def __init__(self):
        self.kept = {}

    def add(self, run):
        self.kept[run.dry_run_id] = run
        return True

    def get(self, portfolio_id, key):
        return self.kept.get(key)

    def save(self, run):
        if self.kept[run.dry_run_id].version != run.version:
            return None
        self.kept[run.dry_run_id] = replace(run, version=run.version + 1)
        return self.kept[run.dry_run_id]


class MemoryFiles:
    def __init__(self):
        self.kept = {}

    def write(self, key, body, *, content_type):
        self.kept[key] = body

    def link(self, key, *, filename, expires_s):
        return f"https://files.example/{key}?name={filename}"


@pytest.fixture
def bench(world):
    world.dry_runs, world.files = MemoryDryRuns(), MemoryFiles()
    return world


def start(world, **values) -> DryRun:
    asked = {"day": TODAY, "strategy_id": "", "sample": None, "language": "es", "actor": BOSS}
    return dry_runs.start(
        "prt_test", portfolios=world.portfolios, strategies=world.strategies,
        dry_runs=world.dry_runs, work=world.queue, now=world.now, **asked | values,
    )  # fmt: skip


def finish(world, run, time_left_s=lambda: 60.0) -> DryRun:
    while world.queue.messages:
        message = world.queue.messages.pop(0)
        for _ in range(2):  # delivered twice: worked out once
            dry_runs.work_on(
                "prt_test", message["dry_run_id"], message["part"], portfolios=world.portfolios,
                strategies=world.strategies, cases=world.cases, dry_runs=world.dry_runs,
                files=world.files, work=world.queue, now=world.now, time_left_s=time_left_s,
            )  # fmt: skip
    return dry_runs.find("prt_test", run.dry_run_id, actor=BOSS, dry_runs=world.dry_runs)


@pytest.mark.parametrize("left", [60.0, 5.0])
def test_a_whole_portfolio_is_counted_once_however_often_it_stops(bench, left):
    bench.follow()
    for number in range(30):
        bench.debtor(number, due_on=TODAY + timedelta(days=10 * (number % 3)))

    run = finish(bench, start(bench), lambda: left)

    assert (run.state, run.cases) == ("done", 30)
    assert run.outcomes == {"goes": 10, "nothing": 20}
    assert (run.channels, run.codes) == ({"whatsapp": 10}, {"waits": 20})
    assert run.cost_micros == 85_000
    assert len(run.lines) == 10
    sheet = b"".join(bench.files.kept[key] for key in run.files).decode()
    assert sheet.startswith("\ufeffexpediente,nombre,")
    assert len(sheet.splitlines()) == 31
    assert len(dry_runs.links(run, bench.files)) == len(run.files)


def test_a_sample_looks_at_so_many(bench):
    bench.follow()
    for number in range(60):
        bench.debtor(number, due_on=TODAY)

    assert finish(bench, start(bench, sample=10)).cases <= 16


def test_a_draft_is_tried_on_cases_that_are_not_due(bench):
    bench.follow()
    for number in range(5):
        bench.debtor(number, due_on=TODAY + timedelta(days=30))
    bench.run()
    draft = replace(THREE, version=2, steps=(a_step("early", due(-40)),), valid_from=None)
    bench.strategies.add(draft)

    assert finish(bench, start(bench)).cases == 0
    tried = finish(bench, start(bench, strategy_id="str_test"))

    assert (tried.cases, tried.outcomes) == (5, {"goes": 5})
    assert {line["strategy"] for line in tried.lines} == {"str_test@2"}


def test_what_makes_no_sense_is_refused(bench):
    for wrong in (
        {"day": TODAY - timedelta(days=1)},
        {"day": TODAY + timedelta(days=121)},
        {"sample": 0},
        {"strategy_id": "str_none"},
    ):
        with pytest.raises(BadField):
            start(bench, **wrong)
    with pytest.raises(DryRunNotFound):
        dry_runs.find("prt_test", "dry_none", actor=BOSS, dry_runs=bench.dry_runs)
    with pytest.raises(NotAllowed):
        start(bench, actor=AGENT)


def test_the_hour_that_a_message_waits_for_is_foreseen(world):
    world.follow(a_strategy(a_step("one", due(0))))
    case_id = world.debtor(due_on=TODAY)
    plays = plays_of(world.portfolio, world.strategies)
    evening = Group(
        channel="whatsapp", direct=60, tries=300, ratings=("0" * 19 + "A" + "0" * 4) * 7
    )
    known = Told(basis=Basis.PORTFOLIO, zone=ZoneInfo(world.portfolio.time_zone), group=evening)

    (line,) = foresee(
        world.cases.open(case_id), plays, TODAY, now=world.now, hours=lambda *_: known
    )

    assert (line.outcome, line.code) == ("goes", "")
    assert line.at == datetime.combine(
        TODAY, time(19), ZoneInfo(world.portfolio.time_zone)
    ).astimezone(UTC)
