"""Messages go at the best hour of their day that the law leaves, and never on another day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.domain.contact import AttemptState, Cause, Channel
from chalicelib.domain.good_hours import DAY, Basis, Group
from chalicelib.services import sending_hours
from chalicelib.services.good_hours import Told
from chalicelib.services.sending_hours import BETTER_HOUR, choose
from tests.dispatch_world import NIGHT, NOON, World

MEXICO = ZoneInfo("America/Mexico_City")
SANTIAGO = ZoneInfo("America/Santiago")  # its clock changes in April and September
BULK = Cause(kind="bulk", strategy="", step="", anchor=date(2026, 11, 24))


def told(ratings, zone=MEXICO):
    """By the hours of a day, each weekday alike."""
    digits = "".join(f"{ratings.get(hour, 0):X}" for hour in range(DAY))
    group = Group(channel="sms", direct=60, tries=300, ratings=digits * 7)
    return Told(basis=Basis.PORTFOLIO, zone=zone, group=group)


def at(hour, minute=0, day=24):
    return datetime(2026, 11, day, hour, minute, tzinfo=MEXICO).astimezone(UTC)


def midnight(moment, zone):
    day = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


ratings = some.dictionaries(some.integers(0, 23), some.integers(0, 10), max_size=24)
moments = some.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
windows = some.tuples(some.integers(0, 23), some.integers(1, 24)).filter(lambda w: w[0] < w[1])


@given(ratings, moments, windows, some.sampled_from([MEXICO, SANTIAGO]))
def test_it_is_never_sent_when_the_law_does_not_let_it_nor_after_its_day(found, start, law, zone):
    def allowed(moment):
        return law[0] <= moment.astimezone(zone).hour < law[1]

    known, until = told(found, zone), midnight(start, zone)

    chosen = choose(start, until, known, allowed)

    assert chosen == start or (start < chosen < until and allowed(chosen))
    assert known.rating(chosen) >= known.rating(start)
    # Whoever asks again at that moment is told to go.
    assert choose(chosen, until, known, allowed) == chosen


@given(ratings, moments, windows, some.sampled_from([MEXICO, SANTIAGO]))
def test_no_allowed_hour_of_the_rest_of_the_day_is_better(found, start, law, zone):
    def allowed(moment):
        return law[0] <= moment.astimezone(zone).hour < law[1]

    known, until = told(found, zone), midnight(start, zone)

    chosen = choose(start, until, known, allowed)

    moment = start
    while moment < until:
        assert not allowed(moment) or known.rating(moment) <= known.rating(chosen)
        moment += timedelta(minutes=20)


@pytest.fixture
def world():
    return World()


def deliver(world, known, key="att_1", **more):
    return world.deliver(key, hours=lambda *_: known, **more)


def test_a_message_that_may_go_waits_for_the_best_hour_left_in_its_day_and_then_goes(world):
    world.plan()
    known = told({9: 10, 18: 8, 20: 4})

    assert deliver(world, known) == "postponed"

    waiting = world.attempt()
    assert at(18) <= waiting.not_before < at(19)
    assert (waiting.state, waiting.ruling.reason_code) == (AttemptState.PLANNED, BETTER_HOUR)
    assert waiting.ruling.next_allowed_at == waiting.not_before
    assert deliver(world, known, now=waiting.not_before) == "sent"
    assert world.attempt().ruling.reason_code == "OK"


def test_each_message_has_its_own_minute_of_the_hour(world):
    keys = [f"att_{number}" for number in range(6)]
    for key in keys:
        world.plan(key)
        assert deliver(world, told({18: 10}), key) == "postponed"

    minutes = {world.attempt(key).not_before for key in keys}
    assert len(minutes) == len(keys)
    assert all(at(18) <= one < at(19) for one in minutes)


def test_what_waits_for_the_law_waits_for_the_best_hour_of_that_day_at_once(world):
    world.plan()

    assert deliver(world, told({3: 10, 18: 10, 23: 10}), now=NIGHT) == "postponed"

    waiting = world.attempt()
    assert at(18) <= waiting.not_before < at(19)  # not at three, nor at eleven: the law is closed
    assert waiting.ruling.reason_code == "OUTSIDE_HOURS"


@pytest.mark.parametrize(
    "hours",
    [
        pytest.param({9: 10, 23: 10}, id="over, or closed"),
        pytest.param({12: 6, 18: 6}, id="as good as now"),
    ],
)
def test_where_no_hour_left_is_better_it_goes_as_it_did(world, hours):
    world.plan()

    assert deliver(world, told(hours)) == "sent"


def test_who_was_late_for_the_best_hour_takes_what_is_left_and_never_tomorrow(world):
    world.plan("a")
    world.plan("b")

    assert deliver(world, told({18: 10, 20: 5}), "a", now=at(19, 30)) == "postponed"
    assert at(20) <= world.attempt("a").not_before < at(21)
    assert deliver(world, told({9: 10, 10: 10}), "b", now=at(20, 30)) == "sent"


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"cause": BULK}, id="a person had it sent now"),
        pytest.param({"channel": Channel.EMAIL, "off": True}, id="the portfolio wants no waiting"),
    ],
)
def test_some_messages_never_wait(world, values):
    if values.pop("off", False):
        policies = replace(world.portfolio.policies, best_hour=False)
        world.portfolio = replace(world.portfolio, policies=policies)
    world.plan(**values)

    assert deliver(world, told({18: 10})) == "sent"


def test_letters_have_no_hour(world):
    attempt = world.plan("a") or world.attempt("a")

    found = sending_hours.better(
        world.file, world.portfolio, replace(attempt, channel=Channel.LETTER), NOON,
        allowed=lambda _: True, hours=lambda *_: told({18: 10}),
    )  # fmt: skip

    assert found is None


def test_where_nothing_is_known_nothing_waits(world):
    world.plan()

    assert world.deliver() == "sent"
