"""What a strategy does on a day: one message at a time, by the facts of that day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.case import CaseStatus, PromiseState
from chalicelib.domain.contact import AttemptState, Channel, Consent, ConsentState
from chalicelib.domain.draft import after
from chalicelib.domain.task import TaskKind
from chalicelib.strategies.model import ActionKind, Arm, CaseEvent, Rule
from tests.builders import TODAY, a_debt, reopened
from tests.unit.strategies.world import (
    DUE,
    THREE,
    World,
    a_debtor,
    a_hold,
    a_promise,
    a_step,
    a_strategy,
    an_attempt,
    at_noon,
    days,
    due,
    on,
    then,
)


def day(offset: int) -> date:
    return DUE + timedelta(days=offset)


def of(world: World) -> list[tuple[int, str]]:
    return [((on - DUE).days, step) for on, step in world.sent]


def codes(world: World, offset: int) -> dict[str, str]:
    return {why.step: why.code for why in world.look(day(offset)).why}


def test_each_reminder_goes_on_its_day():
    world = World(THREE, a_debtor()).run(days(day(-30), 90))

    assert of(world) == [(-5, "before"), (0, "day"), (5, "after")]


def test_looking_only_when_asked_to_sends_the_same():
    world = World(THREE, a_debtor()).run_when_due(day(-30), day(60))

    assert of(world) == [(-5, "before"), (0, "day"), (5, "after")]


def test_missed_days_are_caught_up_with_one_message():
    world = World(THREE, a_debtor()).run([day(-9), *days(day(6), 3)])

    assert of(world) == [(6, "after")]
    assert codes(World(THREE, a_debtor()), 6)["day"] == "late"


def test_a_step_waits_until_the_one_before_was_really_sent():
    stays = {day(5): AttemptState.PLANNED, day(6): AttemptState.FAILED}
    ladder = a_strategy(a_step("first", due(5)), a_step("second", then(3)))
    world = World(ladder, a_debtor(), fate=lambda d: stays.get(d, AttemptState.SENT))
    world.run(days(day(0), 20))

    assert of(world) == [(7, "first"), (10, "second")]


def test_a_step_that_reaches_nobody_three_times_lets_the_next_come():
    failing = {day(n): AttemptState.FAILED for n in range(5)}
    world = World(THREE, a_debtor(), fate=lambda d: failing.get(d, AttemptState.SENT))
    world.run(days(day(-6), 9))
    assert codes(world, 3)["day"] == "given_up"
    world.run(days(day(3), 9))

    assert of(world) == [(-5, "before"), (5, "after")]
    assert [one.cause.step for one in world.file.attempts].count("day") == 3


def test_a_step_after_the_previous_has_no_turn_when_nothing_was_sent():
    ladder = a_strategy(a_step("first", due(1), late_days=0), a_step("second", then(3)))

    assert codes(World(ladder, a_debtor()), 9) == {"first": "late", "second": "not_sent_before"}


def test_two_messages_keep_their_distance():
    ladder = a_strategy(a_step("one", due(1)), a_step("two", due(2)), min_gap_days=4)
    world = World(ladder, a_debtor()).run(days(day(0), 20))

    assert of(world) == [(1, "one"), (5, "two")]


def test_what_people_are_asked_to_do_is_asked_once_beside_the_message():
    ladder = a_strategy(
        a_step("day", due(0), work=(TaskKind.CALL,)),
        a_step("visit", due(3), channels=(), template_id="", work=(TaskKind.VISIT,)),
        a_step("later", due(4)),
    )
    world = World(ladder, a_debtor()).run(days(day(-3), 20))

    assert of(world) == [(0, "day"), (4, "later")]
    assert [((on - DUE).days, what) for on, what in world.asked] == [
        (0, "day:call"),
        (3, "visit:visit"),
    ]


def test_one_message_for_many_debts_counted_from_the_oldest():
    draft = reopened(a_debtor())
    draft.put_debt(a_debt("F-2", due_on=day(-20)), source="upload", reference="u")
    draft.put_debt(a_debt("F-3", due_on=day(3)), source="upload", reference="u")
    change = draft.change()
    assert change is not None
    world = World(THREE, after(a_debtor(), change)).run([day(-2)])

    assert world.sent == [(day(-2), "after")]
    assert world.file.attempts[0].cause.anchor == day(-20)


def test_paying_the_oldest_starts_again_from_what_is_oldest_now():
    file = a_debtor()
    draft = reopened(file)
    draft.put_debt(a_debt("F-2", due_on=day(30)), source="upload", reference="u")
    both = after(file, draft.change())
    world = World(THREE, both).run(days(day(-6), 10))
    assert of(world) == [(-5, "before"), (0, "day")]

    paid = reopened(world.file, now=at_noon(day(4)))
    paid.pay(100_000, paid_on=day(4), source="manual", reference="1")
    attempts = world.file.attempts
    world.file = replace(after(world.file, paid.change()), attempts=attempts)
    world.run(days(day(4), 60))

    assert of(world) == [(-5, "before"), (0, "day"), (25, "before"), (30, "day"), (35, "after")]


def test_a_part_payment_does_not_silence_what_is_still_owed():
    world = World(THREE, a_debtor()).run(days(day(-6), 8))
    paid = reopened(world.file, now=at_noon(day(2)))
    paid.pay(40_000, paid_on=TODAY, source="manual", reference="1")
    world.file = replace(after(world.file, paid.change()), attempts=world.file.attempts)

    assert of(world.run(days(day(3), 9)))[-1] == (5, "after")


@pytest.mark.parametrize("state", [CaseStatus.VOID, CaseStatus.SETTLED])
def test_nothing_is_said_to_who_owes_nothing(state):
    file = a_debtor()
    head = replace(
        file.head,
        status=state,
        oldest_due_on=None if state is CaseStatus.SETTLED else DUE,
        balance_minor=0,
    )
    waiting = an_attempt("day", DUE, AttemptState.PLANNED, day(0))
    found = World(THREE, replace(file, head=head, attempts=(waiting,))).look(day(0))

    assert [(a.kind, a.attempt_id) for a in found.actions] == [
        (ActionKind.WITHDRAW, waiting.attempt_id)
    ]


def test_a_hold_stops_everything_and_the_ladder_goes_on_where_it_stopped():
    world = World(THREE, replace(a_debtor(), holds=(a_hold(day(2), day(11)),)))
    world.run_when_due(day(-9), day(60))

    # Ten days on hold: the step five days after the due date comes ten days later.
    assert of(world) == [(-5, "before"), (0, "day"), (15, "after")]


def test_an_open_promise_silences_the_ladder_but_not_its_own_steps():
    ladder = a_strategy(
        *THREE.steps,
        a_step("eve", on(CaseEvent.PROMISE_DUE, -1)),
        a_step("today", on(CaseEvent.PROMISE_DUE)),
        a_step("broken", on(CaseEvent.PROMISE_BROKEN)),
    )
    promise = a_promise(day(8), day(3))
    world = World(ladder, replace(a_debtor(), promises=(promise,))).run(days(day(3), 7))
    assert of(world) == [(7, "eve"), (8, "today")]

    broken = replace(promise, state=PromiseState.BROKEN)
    world.file = replace(world.file, promises=(broken,))
    world.run(days(day(10), 10))

    assert of(world)[2:] == [(10, "broken"), (12, "after")]


def test_a_planned_message_that_is_no_longer_meant_is_taken_back():
    waiting = an_attempt("day", DUE, AttemptState.PLANNED, day(0))
    world = World(THREE, replace(a_debtor(), attempts=(waiting,)))
    found = world.look(day(6))

    assert [(a.kind, a.step, a.reason) for a in found.actions] == [
        (ActionKind.WITHDRAW, "day", "late"),
        (ActionKind.MESSAGE, "after", ""),
    ]


def test_a_message_on_its_way_lets_no_other_go():
    flying = an_attempt("day", DUE, AttemptState.RESERVED, day(0))
    world = World(THREE, replace(a_debtor(), attempts=(flying,)))

    assert not world.look(day(0)).actions
    assert not world.look(day(1)).actions
    # Nobody will know any more whether it arrived: it counts as sent, and is not sent again.
    assert [action.step for action in world.look(day(6)).actions] == ["after"]
    assert codes(world, 6)["day"] == "sent"


def test_channels_that_cannot_be_used_are_left_out_and_none_is_told():
    ladder = a_strategy(
        a_step("one", due(0), channels=(Channel.LETTER, Channel.WHATSAPP, Channel.EMAIL)),
    )
    file = a_debtor()
    phone = file.contacts[0].contact_id
    no = Consent(
        consent_id=f"{phone}:*",
        contact_id=phone,
        channel=None,
        state=ConsentState.REFUSED,
        source="whatsapp",
        at=at_noon(day(-1)),
        by="debtor",
    )
    refused = replace(file, consents=(no,))
    found = World(ladder, refused).look(day(0))
    assert found.actions[0].channels == (Channel.EMAIL,)

    nobody = replace(refused, contacts=file.contacts[:1])
    assert codes(World(ladder, nobody), 0) == {"one": "unreachable"}


def test_a_condition_passes_a_step_over_until_its_day():
    late = Rule(op=">=", field="days_from_due", value=9)
    ladder = a_strategy(a_step("one", due(0), condition=late))
    world = World(ladder, a_debtor()).run_when_due(day(-3), day(40))

    assert of(world) == [(9, "one")]


def test_half_of_a_test_is_held_out_and_stays_so():
    arms = (Arm(code="a"), Arm(code="b"), Arm(code="out", holdout=True))
    steps = (a_step("one-a", due(0), arms=("a",)), a_step("one-b", due(0), arms=("b",)))
    seen: dict[str, int] = {}
    for number in range(60):
        world = World(a_strategy(*steps, arms=arms), a_debtor(key=f"D-{number}"))
        arm = world.look(day(-1)).arm
        world.run(days(day(-1), 4))
        assert [step for _, step in world.sent] == ([] if arm == "out" else [f"one-{arm}"])
        seen[arm] = seen.get(arm, 0) + 1

    assert min(seen.values()) > 10


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["due", "then"]),
        st.integers(-6, 12),
        st.sampled_from([None, 0, 3]),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)
FATES = st.lists(
    st.sampled_from(
        [AttemptState.SENT, AttemptState.SENT, AttemptState.PLANNED, AttemptState.FAILED]
    ),
    min_size=1,
    max_size=9,
)


def made(parts, gap):
    """A valid strategy of these parts: days never go back, the first is from the due date."""
    steps, last = [], -9
    for number, (kind, days_, late, message) in enumerate(parts):
        if kind == "due" or not number:
            last = max(last, days_)
            trigger = due(last)
        else:
            trigger = then(max(1, days_))
        what = {} if message else {"channels": (), "template_id": "", "work": (TaskKind.CALL,)}
        steps.append(a_step(f"s{number}", trigger, late_days=late, **what))
    return a_strategy(*steps, min_gap_days=gap)


@settings(max_examples=50, deadline=None)
@given(parts=STEPS, gap=st.integers(1, 4), fates=FATES, missed=st.sets(st.integers(-9, 30)))
def test_whatever_happens_the_ladder_holds(parts, gap, fates, missed):
    strategy = made(parts, gap)
    world = World(strategy, a_debtor(), fate=lambda d: fates[(d - DUE).days % len(fates)]).run(
        day(n) for n in range(-9, 40) if n not in missed
    )

    steps = [step.code for step in strategy.steps]
    went = [step for _, step in world.sent]
    assert went == sorted(went, key=steps.index), "in order"
    assert len(went) == len(set(went)), "each once"
    gaps = [(b - a).days for (a, _), (b, _) in zip(world.sent, world.sent[1:], strict=False)]
    assert all(between >= gap for between in gaps), "never nearer than the gap"
    asked = [what for _, what in world.asked]
    assert len(asked) == len(set(asked))


@settings(max_examples=50, deadline=None)
@given(parts=STEPS, gap=st.integers(1, 4), fates=FATES, first=st.integers(-9, 20))
def test_the_day_to_look_again_misses_nothing(parts, gap, fates, first):
    strategy = made(parts, gap)

    def fate(on):
        # A message waits for its hour by itself: the plan need not look at it for that.
        state = fates[(on - DUE).days % len(fates)]
        return AttemptState.SENT if state is AttemptState.PLANNED else state

    daily = World(strategy, a_debtor(), fate=fate).run(days(day(first), 50 - first))
    asked = World(strategy, a_debtor(), fate=fate).run_when_due(day(first), day(49))

    assert asked.sent == daily.sent
    assert asked.asked == daily.asked


@given(parts=STEPS, offset=st.integers(-9, 40))
def test_the_same_facts_give_the_same_and_doing_it_leaves_nothing_to_do(parts, offset):
    world = World(made(parts, 2), a_debtor(), fate=lambda _: AttemptState.PLANNED)
    first = world.look(day(offset))

    assert world.look(day(offset)) == first
    world.live(day(offset))
    assert not world.look(day(offset)).actions
