"""A promise is reminded of on its eve and on its day, by the plan and the dispatch as they are."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chalicelib.domain.case import PromiseState
from chalicelib.domain.contact import AttemptState
from chalicelib.domain.draft_promises import Part
from chalicelib.services import dispatch
from chalicelib.strategies.ready_made import ready_made
from tests.builders import TODAY
from tests.contact_world import Provider, means
from tests.plan_world import PlanWorld

DUE_ON = TODAY + timedelta(days=5)  # a Friday: neither it nor its eve is closed to contact
OVERDUE_SINCE = TODAY - timedelta(days=20)


@pytest.fixture
def world():
    world = PlanWorld()
    strategy = ready_made()["promise_follow_up"].strategy("str_1", "prt_test", "es")
    world.follow(replace(strategy, valid_from=TODAY))
    return world


def promised(world, due_on=DUE_ON, minor=100_000):
    case_id = world.debtor(due_on=OVERDUE_SINCE)
    world.change(case_id, lambda draft: draft.promise("pro_1", minor, due_on, channel="call"))
    return case_id


def lived(world, case_id, until, *, on_day=lambda day: None):
    """
    Let every day until *until* pass: the plan at noon, then whatever is due goes out by the gate.

    Returns:
        (day, family of the text, what it said) of every message that a provider took.
    """
    taker, went = Provider(), []
    while world.today <= until:
        on_day(world.today)
        world.run()
        for attempt in world.cases.open(case_id).attempts:
            if attempt.state is not AttemptState.PLANNED:
                continue
            before = len(taker.got)
            moment: datetime = max(world.now, attempt.not_before or world.now)
            if moment.date() != world.today:
                continue
            outcome = dispatch.deliver(
                case_id,
                attempt.attempt_id,
                means=means(world.cases, world.portfolio, taker),
                now=moment,
            )
            if outcome == "sent":
                text = taker.got[before].content.text
                went.append((world.today, attempt.template_id, text))
        world.pass_days()
    return went


def test_the_eve_and_the_day_are_reminded_each_once(world):
    case_id = promised(world)

    went = lived(world, case_id, DUE_ON)

    assert [(day, template) for day, template, _ in went] == [
        (date(2026, 11, 26), "promise_tomorrow"),
        (date(2026, 11, 27), "promise_today"),
    ]
    assert went[0][0] == DUE_ON - timedelta(days=1)
    for _, _, text in went:
        assert "promesa" in text
        assert "$1,000.00" in text


def test_a_promise_kept_before_its_eve_gets_neither(world):
    case_id = promised(world, minor=40_000)  # and the case goes on owing

    def pay(day):
        if day == DUE_ON - timedelta(days=2):
            world.change(
                case_id,
                lambda draft: draft.pay(40_000, paid_on=day, source="manual", reference="R-1"),
            )

    went = lived(world, case_id, DUE_ON + timedelta(days=1), on_day=pay)

    assert world.cases.open(case_id).promises[0].state is PromiseState.KEPT
    assert {"promise_tomorrow", "promise_today"}.isdisjoint(template for _, template, _ in went)


def test_one_kept_between_the_two_gets_the_first_alone(world):
    case_id = promised(world, minor=40_000)  # and the case goes on owing

    def pay(day):
        if day == DUE_ON:
            world.change(
                case_id,
                lambda draft: draft.pay(40_000, paid_on=day, source="manual", reference="R-1"),
            )

    went = lived(world, case_id, DUE_ON, on_day=pay)

    assert [template for _, template, _ in went][:1] == ["promise_tomorrow"]
    assert "promise_today" not in [template for _, template, _ in went]


def test_a_promise_called_off_is_not_reminded_of(world):
    case_id = promised(world)

    def cancel(day):
        if day == TODAY + timedelta(days=1):
            world.change(case_id, lambda draft: draft.cancel_promise("pro_1"))

    assert lived(world, case_id, DUE_ON, on_day=cancel) == []


def test_each_part_of_a_series_has_its_own_two_days(world):
    case_id = world.debtor(due_on=OVERDUE_SINCE)
    second = DUE_ON + timedelta(days=14)
    world.change(
        case_id,
        lambda draft: draft.promise_series(
            "ser_1",
            [Part("pro_1", 50_000, DUE_ON, DUE_ON), Part("pro_2", 50_000, second, second)],
            channel="call",
        ),
    )

    def pay(day):
        if day == DUE_ON + timedelta(days=1):
            world.change(
                case_id,
                lambda draft: draft.pay(50_000, paid_on=DUE_ON, source="manual", reference="R-1"),
            )

    went = lived(world, case_id, second, on_day=pay)

    reminders = [(day, one) for day, one, _ in went if one.startswith("promise_to")]
    assert reminders == [
        (DUE_ON - timedelta(days=1), "promise_tomorrow"),
        (DUE_ON, "promise_today"),
        (second - timedelta(days=1), "promise_tomorrow"),
        (second, "promise_today"),
    ]
