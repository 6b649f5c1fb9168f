"""Which strategy a case gets, and when that may change by itself."""

from dataclasses import replace
from datetime import date, timedelta

from chalicelib.domain.case import NO_STRATEGY
from chalicelib.domain.contact import AttemptState
from chalicelib.strategies.facts import facts_of
from chalicelib.strategies.model import ActionKind, Evaluation, Playbook, Rule, Segment, Strategy
from chalicelib.strategies.playbook import plan
from tests.builders import a_portfolio
from tests.unit.strategies.world import DUE, THREE, a_debtor, a_step, a_strategy, an_attempt, due

LATE = a_strategy(a_step("firm", due(31)), strategy_id="str_late")
SEGMENTS = (
    Segment(
        segment_id="late",
        name="Tardía",
        priority=1,
        strategy_id="str_late",
        rule=Rule(op=">=", field="days_from_due", value=31),
    ),
    Segment(segment_id="rest", name="Resto", priority=2, strategy_id="str_test"),
)
BOOK = Playbook(portfolio_id="prt_test", segments=SEGMENTS)


def planned(offset: int, *strategies: Strategy, book: Playbook = BOOK, file=None) -> Evaluation:
    day = DUE + timedelta(days=offset)
    return plan(book, strategies, facts_of(file or a_debtor(), a_portfolio(), day))[1]


def test_the_first_segment_whose_rule_holds_decides():
    assert planned(30, THREE, LATE).strategy == "str_test@1"
    assert planned(31, THREE, LATE).strategy == "str_late@1"


def put_on(strategy):
    file = a_debtor()
    return replace(file, head=replace(file.head, strategy=strategy))


def test_a_case_that_was_put_on_a_strategy_follows_it_whatever_its_segment_says():
    assert planned(31, THREE, LATE, file=put_on("str_test")).strategy == "str_test@1"
    nobody = replace(BOOK, segments=())
    assert planned(31, LATE, book=nobody, file=put_on("str_late")).strategy == "str_late@1"


def test_a_case_taken_off_every_strategy_has_what_was_planned_taken_back():
    waiting = an_attempt("after", DUE, AttemptState.PLANNED, DUE + timedelta(days=30))

    found = planned(31, THREE, LATE, file=replace(put_on(NO_STRATEGY), attempts=(waiting,)))

    assert [(a.kind, a.step) for a in found.actions] == [(ActionKind.WITHDRAW, "after")]
    assert [why.code for why in found.why] == ["no_strategy"]


def test_a_case_is_looked_at_on_the_day_it_changes_segment():
    sent = tuple(
        an_attempt(step.code, DUE, AttemptState.SENT, DUE + timedelta(days=step.trigger.days))
        for step in THREE.steps
    )

    done = planned(9, THREE, LATE, file=replace(a_debtor(), attempts=sent))

    assert done.actions == ()
    assert done.next_on == DUE + timedelta(days=31)


def test_moving_to_another_strategy_takes_back_what_the_first_planned():
    waiting = an_attempt("after", DUE, AttemptState.PLANNED, DUE + timedelta(days=30))

    found = planned(31, THREE, LATE, file=replace(a_debtor(), attempts=(waiting,)))

    assert [(a.kind, a.step) for a in found.actions] == [
        (ActionKind.WITHDRAW, "after"),
        (ActionKind.MESSAGE, "firm"),
    ]


def test_a_new_version_applies_from_its_day_on():
    second = replace(THREE, version=2, valid_from=DUE - timedelta(days=2))

    assert planned(-3, THREE, second).strategy == "str_test@1"
    assert planned(-2, THREE, second).strategy == "str_test@2"


def test_a_new_version_does_not_repeat_what_the_old_one_said():
    second = replace(THREE, version=2, valid_from=date(2026, 11, 1))
    sent = an_attempt("before", DUE, AttemptState.SENT, DUE - timedelta(days=5))

    assert planned(-4, THREE, second, file=replace(a_debtor(), attempts=(sent,))).actions == ()


def test_without_a_segment_or_a_strategy_nothing_is_done():
    nobody = replace(BOOK, segments=SEGMENTS[:1])

    assert [why.code for why in planned(3, THREE, book=nobody).why] == ["no_segment"]
    assert [why.code for why in planned(3, LATE).why] == ["no_strategy"]
    later = replace(THREE, valid_from=DUE + timedelta(days=9))
    waits = planned(3, later)
    assert ([why.code for why in waits.why], waits.next_on) == (["not_valid_yet"], later.valid_from)
