"""What cannot be published is told by step and field; what is ready-made can."""

import itertools
from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain import defaults
from chalicelib.domain.agreement_policy import AgreementLimits
from chalicelib.domain.contact import AttemptState, Channel
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.domain.portfolio import COUNTRIES
from chalicelib.strategies import rules
from chalicelib.strategies.facts import facts_of
from chalicelib.strategies.model import (
    Arm,
    CallBack,
    CaseEvent,
    Offer,
    Playbook,
    Rule,
    Segment,
    Strategy,
    Trigger,
    TriggerKind,
)
from chalicelib.strategies.ready_made import ORDER, ready_made
from chalicelib.strategies.validation import of_playbook, of_strategy
from tests.builders import a_portfolio
from tests.unit.strategies.world import (
    DUE,
    THREE,
    a_debtor,
    a_step,
    a_strategy,
    an_attempt,
    days,
    due,
    on,
    then,
)


def told(strategy: Strategy, limits: AgreementLimits | None = None) -> list[tuple[str, str, str]]:
    return [(one.where, one.field, one.reason) for one in of_strategy(strategy, limits)]


WRONG = Rule(op=">", field="shoe_size", value=3)
BACKWARDS = a_strategy(a_step("a", due(5)), a_step("b", due(1)))
NO_EVENT = a_strategy(a_step("a", Trigger(kind=TriggerKind.EVENT)))
TOO_EARLY = a_strategy(a_step("a", on(CaseEvent.PROMISE_BROKEN, -2)))
NO_VOICE = a_strategy(a_step("a", due(0), call_back=CallBack.ANSWERED))
TWICE = a_strategy(a_step("a", due(0), channels=(Channel.SMS,) * 2))


@pytest.mark.parametrize(
    ("strategy", "problem"),
    [
        (a_strategy(), ("", "steps", "missing")),
        (replace(THREE, name=" "), ("", "name", "missing")),
        (NO_VOICE, ("a", "call_back", "no_voice")),
        (replace(THREE, min_gap_days=0), ("", "min_gap_days", "out_of_range")),
        (replace(THREE, stop=WRONG), ("", "stop", "unknown_field")),
        (a_strategy(a_step("", due(0))), ("#1", "code", "missing")),
        (a_strategy(a_step("a", due(0)), a_step("a", due(1))), ("a", "code", "repeated")),
        (
            a_strategy(a_step("a", due(5)), a_step("b", due(1))),
            ("b", "trigger.days", "before_previous"),
        ),
        (a_strategy(a_step("a", then(5))), ("a", "trigger.kind", "first_step")),
        (a_strategy(a_step("a", due(1)), a_step("b", then(0))), ("b", "trigger.days", "zero")),
        (a_strategy(a_step("a", due(1)), a_step("b", then(-1))), ("b", "trigger.days", "negative")),
        (
            a_strategy(a_step("a", Trigger(kind=TriggerKind.EVENT))),
            ("a", "trigger.event", "missing"),
        ),
        (
            a_strategy(a_step("a", on(CaseEvent.PROMISE_BROKEN, -2))),
            ("a", "trigger.days", "negative"),
        ),
        (a_strategy(a_step("a", due(0), condition=WRONG)), ("a", "condition", "unknown_field")),
        (a_strategy(a_step("a", due(0), template_id="")), ("a", "template_id", "missing")),
        (a_strategy(a_step("a", due(0), channels=())), ("a", "channels", "nothing_to_do")),
        (
            a_strategy(a_step("a", due(0), channels=(Channel.SMS,) * 2)),
            ("a", "channels", "repeated"),
        ),
        (a_strategy(a_step("a", due(0), arms=("x",))), ("a", "arms", "holdout_or_unknown")),
        (a_strategy(a_step("a", due(0)), arms=(Arm(code="a"),)), ("", "arms", "two_to_six")),
        (a_strategy(a_step("a", due(0), offer=Offer())), ("a", "offer", "nothing_offered")),
    ],
)
def test_a_fault_is_told_by_step_and_field(strategy, problem):
    assert told(strategy) == [problem]


def test_no_offer_exceeds_what_the_portfolio_allows():
    offer = Offer(interest_ppm=500_001)
    strategy = a_strategy(a_step("a", due(200), offer=offer))

    assert told(strategy) == []
    assert told(strategy, AgreementLimits()) == [("a", "offer.interest_ppm", "above_limit")]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (Rule(op="all"), "empty_group"),
        (Rule(op=">=", field="balance", value="much"), "bad_value"),
        (Rule(op=">=", field="balance", value=True), "bad_value"),
        (Rule(op="has", field="balance", value=1), "unknown_operator"),
        (Rule(op="in", field="city", value=[]), "bad_value"),
        (Rule(op="~", field="city", value="x"), "unknown_operator"),
        (Rule(op="any", parts=(Rule(op="all", parts=(WRONG,)),)), "unknown_field"),
        (Rule(op="any", parts=(Rule(op="=", field="debts", value=1),) * 41), "too_complex"),
    ],
)
def test_a_rule_that_cannot_be_answered_is_refused(rule, reason):
    assert told(replace(THREE, stop=rule)) == [("", "stop", reason)]


def test_segments_name_published_strategies_and_stand_in_one_order():
    playbook = Playbook(
        portfolio_id="prt_test",
        segments=(
            Segment(segment_id="big", name="Grandes", priority=1, strategy_id="str_1", rule=WRONG),
            Segment(segment_id="rest", name="Resto", priority=1, strategy_id="str_2"),
            Segment(segment_id="none", name="Nadie", priority=3, strategy_id="", daily_quota=-1),
        ),
    )

    assert [(p.where, p.field, p.reason) for p in of_playbook(playbook, ["str_1"])] == [
        ("big", "rule", "unknown_field"),
        ("rest", "priority", "repeated"),
        ("rest", "strategy_id", "not_published"),
        ("none", "daily_quota", "out_of_range"),
    ]


@pytest.mark.parametrize("code", ORDER)
@pytest.mark.parametrize("country", COUNTRIES)
def test_every_ready_made_strategy_can_be_published_everywhere(code, country):
    ready = ready_made()[code]
    limits = defaults.policies(country).agreements

    assert told(ready.strategy("str_1", "prt_1", "pt"), limits) == []
    assert set(ready.names) == set(ready.texts) == {"es", "en", "pt"}


def test_a_strategy_is_the_same_after_being_kept():
    for ready in ready_made().values():
        strategy = ready.strategy("str_1", "prt_1", "es")
        assert from_plain(Strategy, to_plain(strategy)) == strategy
        assert ready.rule is None or from_plain(Rule, to_plain(ready.rule)) == ready.rule


NEW_FACTS = ("days_since_message", "days_untouched")


def test_rules_say_when_they_may_answer_otherwise():
    """Beside the day-by-day test of the ladder: every kind of rule that ages."""
    message = an_attempt("a", DUE, AttemptState.SENT, DUE)
    file = replace(a_debtor(), attempts=(message,))
    file = replace(file, head=replace(file.head, touched_on=DUE))
    facts = [facts_of(file, a_portfolio(), day) for day in days(date(2026, 11, 25), 230)]
    for rule in (
        Rule(op="=", field="days_from_due", value=3),
        Rule(op="<", field="days_from_due", value=-2),
        Rule(op="=", field="band", value="31-60"),
        Rule(op=">", field="score", value=60),
        Rule(op=">=", field="days_since_message", value=20),
        Rule(op=">=", field="days_untouched", value=20),
        Rule(op="<", field="days_untouched", value=3),
        Rule(op="not", parts=(Rule(op="<=", field="days_from_due", value=88),)),
    ):
        for before, after in itertools.pairwise(facts):
            if rules.holds(rule, before) != rules.holds(rule, after):
                # A message lies in the future of the first days: what is sent is a new fact.
                if rule.field in NEW_FACTS and before.today < DUE:
                    continue
                assert after.today in set(rules.changes_on(rule, before)), rule
