"""Strategies are written as drafts, published with a date and never changed after that."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.contact import Cause, Channel
from chalicelib.domain.errors import (
    BadField,
    NotAllowed,
    StrategyInvalid,
    StrategyMoved,
    StrategyNotFound,
    StrategyWrongState,
)
from chalicelib.domain.offer import Offer
from chalicelib.domain.people import Role
from chalicelib.domain.plain import to_plain
from chalicelib.services import strategies as use
from chalicelib.services import strategies_in_force as in_force
from chalicelib.services.plan_limits import list_prices
from chalicelib.services.planning import plays_of
from chalicelib.strategies.model import CallBack, Rule, StrategyState
from tests.builders import TODAY
from tests.plan_world import AGENT, BOSS, THREE, PlanWorld


@pytest.fixture
def world():
    return PlanWorld()


def parts(world, **values):
    base = {
        "actor": BOSS,
        "portfolios": world.portfolios,
        "strategies": world.strategies,
        "now": world.now,
    }
    return base | values


def create(world, code="three_reminders", key="k1", **values):
    return use.create("prt_test", from_ready_made=code, key=key, **parts(world, **values))


def publish(world, strategy, day=None, **values):
    return use.publish(
        "prt_test", strategy.strategy_id, valid_from=day, edit=strategy.edit, work=world.queue,
        **parts(world, **values),
    )  # fmt: skip


def write(world, strategy, **content):
    return use.write("prt_test", strategy.strategy_id, content, edit=strategy.edit, **parts(world))


def put(world, segments, version, **values):
    content = {"segments": segments} | values
    return use.put_playbook("prt_test", content, version=version, work=world.queue, **parts(world))


def test_a_ready_made_strategy_is_a_draft_in_the_portfolio_s_language(world):
    made = create(world)

    assert (made.name, made.state, made.ready_made) == (
        "Tres recordatorios",
        StrategyState.DRAFT,
        "three_reminders",
    )
    assert create(world) == made, "the same request again"
    listed, _ = use.listed("prt_test", actor=AGENT, strategies=world.strategies)
    assert listed == [made]


def test_a_draft_is_written_over_and_a_published_version_is_followed_by_the_next(world):
    made = write(world, create(world), name="Mía", min_gap_days=4)
    assert (made.version, made.name, made.min_gap_days) == (1, "Mía", 4)
    published = publish(world, made)
    assert (published.state, published.valid_from) == (StrategyState.PUBLISHED, TODAY)

    second = write(world, published, name="Mejor")

    assert (second.version, second.state, second.valid_from) == (2, StrategyState.DRAFT, None)
    assert world.strategies.get("prt_test", made.strategy_id, 1) == published
    listed = use.versions("prt_test", made.strategy_id, actor=BOSS, strategies=world.strategies)
    assert [one.version for one in listed] == [2, 1]


def test_who_writes_over_what_they_have_not_seen_is_refused(world):
    made = create(world)
    write(world, made, name="Primero")

    with pytest.raises(StrategyMoved):
        write(world, made, name="Segundo")
    with pytest.raises(StrategyMoved):
        publish(world, made)


def test_what_is_wrong_cannot_be_published_and_is_told(world):
    made = create(world)
    broken = write(world, made, steps=to_plain(made.steps[:1]) * 2)

    with pytest.raises(StrategyInvalid) as refused:
        publish(world, broken)
    assert refused.value.details["problems"] == [
        {"where": "before", "field": "code", "reason": "repeated"}
    ]
    mended = write(world, broken, steps=to_plain(made.steps))
    with pytest.raises(BadField):
        publish(world, mended, TODAY - timedelta(days=1))


def test_a_version_is_published_once(world):
    published = publish(world, create(world))

    with pytest.raises(StrategyWrongState):
        publish(world, published)


def test_a_publication_whose_answer_was_lost_is_told_again(world):
    draft = create(world)
    published = publish(world, draft)

    assert publish(world, draft) == published
    assert [message["step"] for message in world.queue.messages] == ["review", "review"]
    assert len(world.strategies.playbook("prt_test").segments) == 1


def test_the_first_strategy_gets_a_segment_and_every_case_is_looked_at(world):
    first = publish(world, create(world, "early"), TODAY + timedelta(days=2))
    publish(world, create(world, "late", key="k2"))

    (segment,) = world.strategies.playbook("prt_test").segments
    assert (segment.strategy_id, segment.rule) == (
        first.strategy_id,
        Rule(
            op="all",
            parts=(
                Rule(op=">=", field="days_from_due", value=1),
                Rule(op="<=", field="days_from_due", value=30),
            ),
        ),
    )
    assert [(m["step"], m["day"]) for m in world.queue.messages] == [
        ("review", str(TODAY + timedelta(days=2))),
        ("review", str(TODAY)),
    ]


def test_segments_are_replaced_as_they_were_read(world):
    first = publish(world, create(world))
    one = {"segment_id": "all", "name": "Todos", "priority": 1, "strategy_id": first.strategy_id}

    stored = put(world, [one], 1, monthly_budget_micros=5_000_000)

    assert (stored.version, stored.budget_currency, stored.updated_by) == (2, "USD", "user:ana")
    with pytest.raises(StrategyMoved):
        put(world, [one], 1)
    with pytest.raises(StrategyInvalid):
        put(world, [one | {"strategy_id": "str_none"}], 2)


def test_an_admin_states_what_messages_really_cost(world):
    admin = replace(BOSS, role=Role.ADMIN)
    own = {"sms": 13_000}

    def priced(prices, version, actor=admin):
        content = {"segments": [], "own_prices": prices}
        asked = parts(world, actor=actor) | {"version": version, "work": world.queue}
        return use.put_playbook("prt_test", content, **asked)

    with pytest.raises(NotAllowed):
        priced(own, 0, actor=BOSS)
    stored = priced(own, 0)
    assert stored.own_prices == own
    for wrong in ({"visit": 1}, {"sms": -1}, {"sms": 10**9}):
        with pytest.raises(StrategyInvalid):
            priced(wrong, 1)
    assert put(world, [], 1).own_prices == own, "who leaves them out, leaves them"
    assert priced(own, 2, actor=BOSS).own_prices == own, "who sends them back changes nothing"
    plays = plays_of(world.portfolio, world.strategies)
    assert plays.price(Channel.SMS, "MX") == 26_000
    assert plays.price(Channel.EMAIL, "MX") == 100
    listed = {one["channel"]: one for one in list_prices(world.portfolio)}
    assert listed["sms"] == {
        "channel": "sms", "unit": "segment", "micros": 20_000, "basis": "estimate",
    }  # fmt: skip
    assert set(listed) == {"email", "sms", "whatsapp", "call", "letter"}


def test_what_a_segment_uses_is_not_archived(world):
    made = publish(world, create(world))
    with pytest.raises(StrategyWrongState) as refused:
        use.archive("prt_test", made.strategy_id, **without_now(world))
    assert refused.value.details == {"used_by": ["first"]}
    put(world, [], 1)

    gone = use.archive("prt_test", made.strategy_id, **without_now(world))

    assert gone.state is StrategyState.ARCHIVED
    assert use.archive("prt_test", made.strategy_id, **without_now(world)) == gone
    with pytest.raises(StrategyWrongState):
        write(world, gone, name="Otra vez")
    assert use.listed("prt_test", actor=BOSS, strategies=world.strategies)[0] == []
    assert use.in_force(world.strategies.all("prt_test")) == []


def without_now(world):
    return {name: value for name, value in parts(world).items() if name != "now"}


def test_a_message_offers_what_the_version_behind_it_offers(world):
    published = publish(world, create(world, "charged_off"))
    cause = Cause(kind="strategy", strategy=published.reference, step="last-day")

    found = in_force.offer_of("prt_test", cause, strategies=world.strategies)

    assert found == Offer(interest_ppm=500_000, fees_ppm=1_000_000, valid_days=15)
    for other in (
        replace(cause, strategy=f"{published.strategy_id}@9"),
        replace(cause, kind="manual", strategy=""),
    ):
        assert in_force.offer_of("prt_test", other, strategies=world.strategies) is None


def test_when_a_person_calls_after_a_voice_message_is_its_own_steps_word(world):
    voice = replace(
        THREE.steps[0], code="voice", channels=(Channel.CALL,), call_back=CallBack.ANSWERED
    )
    world.strategies.add(replace(THREE, strategy_id="str_v", steps=(*THREE.steps, voice)))
    of_voice = Cause(kind="strategy", strategy="str_v@1", step="voice")

    def says(cause):
        return in_force.call_back_of("prt_test", cause, strategies=world.strategies)

    assert says(of_voice) is CallBack.ANSWERED
    others = [{"step": "day"}, {"step": "gone"}, {"kind": "manual"}, {"strategy": "str_v@9"}]
    assert {says(replace(of_voice, **other)) for other in others} == {CallBack.NEVER}


def test_agents_look_and_do_not_write(world):
    with pytest.raises(NotAllowed):
        create(world, actor=AGENT)
    with pytest.raises(NotAllowed):
        publish(world, create(world), actor=replace(AGENT))
    with pytest.raises(StrategyNotFound):
        use.versions("prt_test", "str_none", actor=AGENT, strategies=world.strategies)
