"""A portfolio's own results, scripts and weights: within the law, tried first, and put back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import calls as catalogue
from chalicelib.domain import policy_rules
from chalicelib.domain.calls import CallPolicy, Follows, Reached, Result, Script, Stage
from chalicelib.domain.errors import BadField, NotAllowed
from chalicelib.domain.field import Met
from chalicelib.domain.priority import QueuePolicy, SegmentPart
from chalicelib.messages.variables import VARIABLES
from chalicelib.services import call_settings, calls, dispositions
from chalicelib.services.call_settings import keep
from chalicelib.strategies.model import Rule
from tests.builders import a_portfolio
from tests.queue_world import ANA, BOSS, NOON, QueueWorld

LABEL = {"es": "Paga el familiar", "en": "A relative pays", "pt": "Um parente paga"}


def own(**values):
    return Result(**{"code": "relative_pays", "label": LABEL, "met": Reached.THIRD} | values)


def policy_of(**values):
    return a_portfolio(calls=CallPolicy(**values))


def codes(portfolio):
    return [one.code for one in calls.results_of(portfolio)]


class History:
    def __init__(self):
        self.kept = {}

    def add(self, document):
        return self.kept.setdefault(document.key, document) is document

    def page(self, portfolio_id, *, limit, cursor):
        return [self.kept[key] for key in sorted(self.kept)][:limit], None


def test_own_results_come_after_the_base_and_hidden_ones_are_not_offered():
    portfolio = policy_of(results=(own(),), hidden=("busy",))

    assert codes(portfolio)[-1] == "relative_pays"
    assert "busy" not in codes(portfolio)
    assert catalogue.labels(portfolio.policies.calls)["busy"]["en"] == "Busy"
    assert catalogue.labels(portfolio.policies.calls)["relative_pays"] == LABEL


@pytest.mark.parametrize("code", sorted(catalogue.ALWAYS))
def test_what_a_debtor_may_always_say_cannot_be_hidden(code):
    with pytest.raises(BadField) as refused:
        policy_rules.check(policy_of(hidden=(code,)))
    assert refused.value.details == {"field": "policies.calls.hidden.0", "reason": "always_offered"}


@pytest.mark.parametrize(
    ("made", "field", "reason"),
    [
        (own(code="busy"), "code", "repeated"),
        (own(code="No!"), "code", "bad_format"),
        (own(label={"es": "Sí", "en": "Yes"}), "label.pt", "missing"),
        (own(met=Reached.NONE), "met", "not_one_of"),
        (own(wants=("promise",)), "wants", "holder_only"),
        (own(does=Follows.REFUSE_CALLS), "does", "holder_only"),
        (own(again_hours=99), "again_hours", "too_large"),
        (own(does=Follows.WRONG_PERSON, visits=True), "visits", "not_offered"),
    ],
)
def test_a_result_that_makes_no_sense_is_refused_by_field(made, field, reason):
    with pytest.raises(BadField) as refused:
        policy_rules.check(policy_of(results=(made,)))
    assert refused.value.details["field"] == f"policies.calls.results.0.{field}"
    assert refused.value.details["reason"] == reason


def test_what_visits_share_is_on_the_agents_phone_with_whom_it_can_come_about():
    shared = own(visits=True, wants=("note",))
    mexico = policy_of(results=(shared, own(code="calls_only")))
    ecuador = a_portfolio(country="EC", calls=CallPolicy(results=(shared,)))

    found = {one.code: one for one in dispositions.of(mexico)}
    assert found["relative_pays"].met == (Met.FAMILY, Met.NEIGHBOUR, Met.EMPLOYER)
    assert [want.value for want in found["relative_pays"].wants] == ["note"]
    assert "calls_only" not in found
    found = {one.code: one for one in dispositions.of(ecuador)}
    assert Met.EMPLOYER not in found["relative_pays"].met
    hidden = replace(mexico.policies, calls=CallPolicy(results=(shared,), hidden=(shared.code,)))
    assert shared.code not in {
        one.code for one in dispositions.of(replace(mexico, policies=hidden))
    }


def test_a_script_of_ones_own_is_read_at_its_stage_and_in_its_language():
    mine = Script(stage=Stage.EARLY, language="es", lines=("Hola, ¿{name}?", "Debe {total}."))
    policy = CallPolicy(scripts=(mine,))

    assert catalogue.script(Stage.EARLY, "es", policy) == mine.lines
    assert catalogue.script(Stage.EARLY, "en", policy) == catalogue.script(Stage.EARLY, "en")
    assert catalogue.script(Stage.LATE, "es", policy) == catalogue.script(Stage.LATE, "es")
    policy_rules.check(a_portfolio(calls=policy))


@pytest.mark.parametrize(
    ("lines", "field", "reason"),
    [
        (("Debe {total}",), "lines.0", "says_the_debt_too_soon"),
        (("Hola", "{password}"), "lines.1", "unknown_variable"),
        (("Hola {name",), "lines.0", "unknown_variable"),
        (("Hola", " "), "lines.1", "missing"),
        ((), "lines", "missing"),
        (("x",) * 11, "lines", "too_long"),
    ],
)
def test_a_script_says_only_what_it_may(lines, field, reason):
    made = Script(stage=Stage.LATE, language="pt", lines=lines)
    with pytest.raises(BadField) as refused:
        policy_rules.check(policy_of(scripts=(made,)))
    assert refused.value.details["field"] == f"policies.calls.scripts.0.{field}"
    assert refused.value.details["reason"] == reason


def test_scripts_know_names_that_messages_know_and_the_base_ones_are_held_to_the_rules():
    assert set(catalogue.VARIABLES) - {"name"} <= set(VARIABLES)
    base = tuple(
        Script(stage=stage, language=language, lines=catalogue.script(stage, language))
        for stage in Stage
        for language in catalogue.LANGUAGES
    )
    policy_rules.check(policy_of(scripts=base))


def test_weights_are_tried_on_the_cases_that_come_first_and_nothing_moves():
    world = QueueWorld()
    small = world.debtor(1, minor=10_000, late=3)
    large = world.debtor(2, minor=900_000, late=150)
    world.rank()
    before = world.turns.best("prt_test", NOON.date(), "", most=9)

    found = call_settings.preview(
        "prt_test",
        {"band": 200, "balance": 0},
        actor=BOSS,
        means=world.means,
        cases=world.cases,
        now=world.now,
    )

    assert [(one["case_id"], one["was"]) for one in found.items] == [(small, 2), (large, 1)]
    for one in found.items:
        assert one["score"] == sum(reason["points"] for reason in one["reasons"])
    assert "balance" not in {reason["code"] for reason in found.items[1]["reasons"]}
    assert (found.looked, found.every) == (2, True)
    assert world.turns.best("prt_test", NOON.date(), "", most=9) == before


def test_weights_that_could_not_be_saved_are_not_tried():
    world = QueueWorld()
    with pytest.raises(BadField) as refused:
        call_settings.preview(
            "prt_test", {"age": 9}, actor=BOSS, means=world.means, cases=world.cases, now=NOON
        )
    assert refused.value.details["field"] == "policies.queue.weights.age"
    with pytest.raises(NotAllowed):
        call_settings.preview(
            "prt_test", {}, actor=ANA, means=world.means, cases=world.cases, now=NOON
        )


def test_what_was_before_a_change_is_kept_once_with_who_changed_it():
    world, history = QueueWorld(), History()
    before = world.portfolio
    after = replace(
        before,
        version=2,
        policies=replace(before.policies, queue=QueuePolicy(weights={"balance": 90})),
    )

    keep(before, replace(before, version=2, name="Otra"), history=history, by="user:eva", now=NOON)
    assert history.kept == {}
    for _ in range(2):
        keep(before, after, history=history, by="user:eva", now=NOON)
    later = NOON + timedelta(hours=1)
    back = replace(after, version=3, policies=before.policies)
    keep(after, back, history=history, by="user:ana", now=later)
    world.portfolio = back

    shown = call_settings.shown(
        "prt_test",
        actor=BOSS,
        means=world.means,
        history=history,
        people=lambda known: dict.fromkeys(known, "Eva"),
        now=NOON,
    )

    assert [one["queue"]["weights"] for one in shown["history"]] == [{"balance": 90}, {}]
    assert shown["history"][1]["replaced_by"] == {"id": "user:eva", "name": "Eva"}
    assert {one["code"] for one in shown["results"] if one["always"]} == catalogue.ALWAYS
    assert shown["weights"]["promise_broken"] == 50


def test_a_change_that_failed_after_its_row_was_kept_shows_nothing_that_was_not():
    world, history = QueueWorld(), History()
    after = replace(
        world.portfolio,
        version=2,
        policies=replace(world.portfolio.policies, queue=QueuePolicy(fill=3)),
    )

    keep(world.portfolio, after, history=history, by="user:eva", now=NOON)

    shown = call_settings.shown(
        "prt_test", actor=BOSS, means=world.means, history=history, people=lambda _: {}, now=NOON
    )
    assert shown["history"] == []


def test_the_settings_say_what_of_today_each_segment_had():
    world = QueueWorld()
    world.segments(("large", Rule(op=">=", field="balance", value=500_000)))
    for number in range(3):
        world.debtor(number, minor=1_000_000 if number else 1_000)
    world.rank()
    for number in range(3):
        world.next(replace(ANA, actor_id=f"user:{number}"))

    shown = call_settings.shown(
        "prt_test",
        actor=BOSS,
        means=world.means,
        history=History(),
        people=lambda _: {},
        now=NOON,
    )
    assert [(one["segment"], one["given"]) for one in shown["segments"]] == [("large", 2), ("", 1)]


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ([("a", 60), ("b", 41)], ("policies.queue.segment_parts", "over_hundred")),
        ([("a", 1), ("a", 2)], ("policies.queue.segment_parts", "repeated")),
        ([("a", -1)], ("policies.queue.segment_parts.0.percent", "too_small")),
    ],
)
def test_parts_that_make_no_sense_are_refused_by_their_field(parts, fault):
    saved = QueueWorld().portfolio
    own = tuple(SegmentPart(segment=one, percent=percent) for one, percent in parts)
    queue = QueuePolicy(segment_parts=own)
    with pytest.raises(BadField) as refused:
        policy_rules.check(replace(saved, policies=replace(saved.policies, queue=queue)))
    assert (refused.value.details["field"], refused.value.details["reason"]) == fault
