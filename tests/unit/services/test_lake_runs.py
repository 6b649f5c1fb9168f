"""One export of a portfolio at a time, by as many workers as it takes, whatever befalls them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.errors import BadField
from chalicelib.services import lake, lake_runs
from chalicelib.services.lake_runs import LEASE, LakeRun, Order, Outcome
from tests.builders import a_portfolio
from tests.lake_world import a_lake

MON, TUE, WED = (date(2026, 11, day) for day in (16, 17, 18))


class MemoryRuns:
    def __init__(self):
        self.rows = {}

    def get(self, portfolio_id, key):
        assert key == "export"
        return self.rows.get(portfolio_id)

    def add(self, run):
        if run.portfolio_id in self.rows:
            return False
        self.rows[run.portfolio_id] = run
        return True

    def save(self, run):
        if self.rows[run.portfolio_id].version != run.version:
            return None
        self.rows[run.portfolio_id] = replace(run, version=run.version + 1)
        return self.rows[run.portfolio_id]


class Night:
    """A lake, its runs, and a clock that only moves when told to."""

    def __init__(self, world):
        self.world, self.runs = world, MemoryRuns()
        self.now = world.at(WED, hour=3)  # Wednesday, three in the morning

    def order(self, **changed):
        base = {"portfolio_id": "prt_test", "day": TUE, "since": MON}
        return Order(**base | changed)

    def work(self, order=None, *, seconds=900.0, cases=None):
        """One worker; *seconds* it has, or one of them for each time it asks."""
        left = iter(seconds) if isinstance(seconds, list) else iter(lambda: seconds, None)
        means = self.world.means(time_left_s=lambda: next(left))
        return lake_runs.work(
            order or self.order(),
            self.world.portfolio,
            runs=self.runs,
            means=replace(means, cases=cases) if cases else means,
            clock=lambda: self.now,
        )


class WhenListed:
    """Cases that have something happen before a page of them is read."""

    def __init__(self, cases, page, do):
        self._cases, self._left, self._do = cases, page, do
        self.open_many = cases.open_many

    def list(self, *args, **asked):
        if self._left == 0:
            self._do()
        self._left -= 1
        return self._cases.list(*args, **asked)


@pytest.fixture
def night(monkeypatch):
    monkeypatch.setattr(lake, "CASES_A_PAGE", 2)
    with a_lake() as world:
        cases = [world.debtor(number, MON, due_on=date(2026, 10, 1)) for number in range(5)]
        world.pay(cases[0], 40_000, TUE)
        world.pay(cases[3], 10_000, TUE, paid_on=date(2026, 11, 9))  # late: of another day
        world.promise(cases[4], 50_000, date(2026, 11, 25), TUE)
        yield Night(world)


def whole(night):
    """What one worker with all the time would have written."""
    with a_lake() as other:
        other.cases, other.portfolio = night.world.cases, night.world.portfolio
        other.export(TUE, since=MON, now=night.now)
        return other.everything()


def test_one_worker_does_it_all_when_there_is_time(night):
    worked = night.work()

    assert worked.outcome is Outcome.DONE
    assert worked.report.opened == 5
    assert night.world.everything() == whole(night)
    assert night.runs.rows["prt_test"].done_day == TUE
    assert not any(key.startswith("spool/") for key in night.world.disk.objects())


@pytest.mark.parametrize("asked", [1, 2, 3, 5])
def test_workers_without_time_hand_over_and_tell_the_same(night, asked):
    """Each is out of time when it asks for the so manieth time: a page, or a day written."""
    order, workers = night.order(), 0
    while (worked := night.work(order, seconds=[900.0] * asked + [10.0])).outcome is Outcome.MORE:
        order, workers = worked.next, workers + 1
        assert workers < 100

    assert workers > 2
    assert worked.outcome is Outcome.DONE
    assert night.world.everything() == whole(night)
    assert worked.run.progress.opened == worked.run.progress.listed == 5


def test_two_at_once_are_one_after_the_other(night):
    outcomes = []
    cases = WhenListed(night.world.cases, 1, lambda: outcomes.append(night.work().outcome))

    assert night.work(cases=cases).outcome is Outcome.DONE
    assert outcomes == [Outcome.BUSY]


def test_a_message_that_comes_twice_is_worked_on_once(night):
    first = night.work(seconds=[900.0, 10.0])
    again = night.work(first.next, seconds=[900.0, 10.0])

    assert again.outcome is Outcome.MORE
    assert night.work(first.next).outcome is Outcome.STALE
    assert night.work(again.next).outcome is Outcome.DONE
    assert night.work(again.next).outcome is Outcome.STALE
    assert night.world.everything() == whole(night)


def test_what_a_worker_left_that_failed_is_gone_on_with_at_once(night):
    first = night.work(seconds=[900.0, 10.0])

    def fail():
        raise ConnectionError

    with pytest.raises(ConnectionError):
        night.work(first.next, cases=WhenListed(night.world.cases, 1, fail))
    assert night.work(first.next).outcome is Outcome.DONE
    assert night.world.everything() == whole(night)


def test_what_a_worker_left_that_was_killed_is_gone_on_with_when_its_lease_is_over(night):
    first = night.work(seconds=[900.0, 10.0])
    killed = night.runs.save(replace(first.run, lease_until=night.now + LEASE))

    assert night.work(first.next).outcome is Outcome.BUSY
    assert lake_runs.due(night.world.portfolio, killed, night.now) is None
    night.now += LEASE
    order = lake_runs.due(night.world.portfolio, killed, night.now)
    assert order == first.next
    assert night.work(order).outcome is Outcome.DONE
    assert night.world.everything() == whole(night)


def test_a_worker_that_was_away_too_long_writes_nothing(night):
    def sleep():
        night.now += LEASE
        assert night.work().outcome is Outcome.DONE

    with pytest.raises(lake_runs.LeaseLost):
        night.work(cases=WhenListed(night.world.cases, 1, sleep))
    assert night.world.everything() == whole(night)
    assert night.runs.rows["prt_test"].state == "done"


def test_a_long_run_keeps_its_lease(night):
    def wait():
        night.now += timedelta(minutes=10)

    class Slow(WhenListed):
        def list(self, *args, **asked):
            wait()
            return self._cases.list(*args, **asked)

    assert night.work(cases=Slow(night.world.cases, 0, wait)).outcome is Outcome.DONE


def test_an_order_for_other_days_first_finishes_what_was_begun(night):
    night.work(seconds=[900.0, 10.0])
    other = night.order(day=WED, since=WED)
    worked = night.work(other)

    assert (worked.outcome, worked.run.day) == (Outcome.DONE, TUE)
    assert night.work(other).run.day == WED


def test_days_that_cannot_be_are_refused_and_leave_no_run(night):
    with pytest.raises(BadField):
        night.work(night.order(day=date(2026, 12, 1)))
    assert night.runs.rows == {}


# What is due


def a_run(**changed):
    base = {
        "portfolio_id": "prt_test", "state": "done", "run_id": "lak_1", "day": MON, "since": MON,
        "began_at": datetime(2026, 11, 17, 7, tzinfo=UTC),
        "lease_until": datetime(2026, 11, 17, 7, tzinfo=UTC), "done_day": MON,
    }  # fmt: skip
    return LakeRun(**base | changed)


@pytest.mark.parametrize(
    ("zone", "yesterday"),
    [("America/Mexico_City", TUE), ("America/Sao_Paulo", WED), ("America/Tijuana", TUE)],
)
def test_a_day_is_due_when_it_is_over_where_the_portfolio_is(zone, yesterday):
    """At five in the morning, UTC, it is still Wednesday in Mexico and Thursday in Brazil."""
    now = datetime(2026, 11, 19, 5, tzinfo=UTC)
    order = lake_runs.due(replace(a_portfolio(), time_zone=zone), None, now)

    assert (order.since, order.day) == (yesterday, yesterday)


def test_what_was_missed_is_caught_up_with():
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    portfolio = a_portfolio()

    behind = lake_runs.due(portfolio, a_run(), now)
    assert (behind.since, behind.day) == (TUE, date(2026, 11, 20))
    assert lake_runs.due(portfolio, a_run(done_day=date(2026, 11, 20)), now) is None
    long_ago = lake_runs.due(portfolio, a_run(done_day=date(2025, 1, 1)), now)
    assert long_ago.since == date(2026, 11, 20) - lake_runs.MOST_BEHIND


def test_every_portfolio_that_is_not_put_away_is_ordered_once():
    runs, sent = MemoryRuns(), []
    living = [a_portfolio(f"prt_{number}") for number in range(3)]
    now = datetime(2026, 11, 19, 12, tzinfo=UTC)
    runs.add(a_run(portfolio_id="prt_1", done_day=WED))

    class Queue:
        def send(self, messages):
            sent.extend(messages)

    put_away = replace(a_portfolio("prt_9"), archived=True)
    assert lake_runs.start([*living, put_away], runs=runs, work=Queue(), now=now) == 2
    assert [one["portfolio_id"] for one in sent] == ["prt_0", "prt_2"]
    assert lake_runs.order_of(sent[0]) == Order(portfolio_id="prt_0", day=WED, since=WED)


def test_a_gap_that_a_person_left_is_still_due(night):
    night.work(night.order(day=date(2026, 11, 10), since=date(2026, 11, 10)))
    worked = night.work(night.order(day=TUE, since=TUE))

    assert worked.run.done_day == date(2026, 11, 10)
    order = lake_runs.due(night.world.portfolio, worked.run, night.now)
    assert (order.since, order.day) == (date(2026, 11, 11), TUE)


def test_a_day_that_is_not_over_is_not_done(night):
    assert night.work(night.order(day=WED, since=WED)).run.done_day is None
    assert night.work(night.order(day=WED, since=TUE)).run.done_day == TUE
