"""Strategies for cases that nobody turned to: who was left alone, and who no longer is."""

from datetime import datetime, timedelta

from chalicelib.domain.calls import CALL
from chalicelib.domain.contact import Attempt, AttemptState, Cause, Channel
from chalicelib.strategies.model import Rule
from tests.builders import TODAY, an_attempt
from tests.plan_world import PlanWorld
from tests.unit.strategies.world import a_step, a_strategy, due


def a_call(key: str, at: datetime) -> Attempt:
    return an_attempt(
        key,
        channel=Channel.CALL,
        state=AttemptState.DONE,
        cause=Cause(kind=CALL, by="user:ana"),
        created_at=at,
        ended_at=at + timedelta(minutes=1),
        outcome="conversation",
        not_before=None,
        fallback=(),
    )


def test_who_was_left_alone_is_followed_and_who_was_turned_to_leaves_the_next_day():
    world = PlanWorld()
    quiet = Rule(op=">=", field="days_untouched", value=7)
    wake = a_strategy(a_step("wake", due(8)), strategy_id="str_wake")
    usual = a_strategy(a_step("usual", due(30)), strategy_id="str_usual")
    world.follow(wake, segment_id="quiet", rule=quiet)
    world.follow(usual, segment_id="rest", priority=2)
    case_id = world.debtor(due_on=TODAY)
    went = []
    for day in range(45):
        world.run()
        if day in (5, 25):  # somebody calls once the plan has looked
            call = a_call(f"att_call_{day}", world.now)
            world.change(case_id, lambda d, call=call: d.record(call))
        went += [((on - TODAY).days, step) for on, step in world.deliver()]
        world.pass_days()

    # Quiet from the start, but called on day 5, and so not before day 12. Quiet again from day 19,
    # but called on day 25: on day 30 it is in the other segment, and written to there.
    assert went == [(12, "wake"), (30, "usual")]
    assert world.cases.open(case_id).head.touched_on == TODAY + timedelta(days=30)
