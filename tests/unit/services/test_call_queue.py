"""What next: the right case, lawfully, to one person at a time, with the reasons."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.call_turn import Place, Why
from chalicelib.domain.case import ContactKind
from chalicelib.domain.contact import (
    AttemptState,
    Cause,
    Channel,
    ConsentState,
    Direction,
    HoldReason,
)
from chalicelib.domain.errors import (
    BadField,
    CaseNotFound,
    NotAllowed,
    PortfolioNotFound,
    TurnTaken,
)
from chalicelib.domain.people import Role
from chalicelib.domain.priority import QueuePolicy, SegmentPart
from chalicelib.services import call_board
from chalicelib.strategies.model import Rule
from tests.builders import an_attempt
from tests.queue_world import ANA, BOSS, LUIS, NOON, TODAY, QueueWorld


@pytest.fixture
def world():
    return QueueWorld()


def codes(given):
    return [one.code for one in given.turn.reasons]


def test_the_case_with_most_to_say_for_it_comes_first_with_its_reasons(world):
    small, large = world.debtor(1, minor=10_000), world.debtor(2, minor=900_000)
    world.rank()

    given = world.next()

    assert (given.turn.case_id, given.turn.person_id) == (large, "ana")
    assert given.turn.score == sum(one.points for one in given.turn.reasons)
    assert codes(given) == ["balance", "band", "rest"]
    assert given.law_until == datetime(2026, 11, 25, 4, 0, tzinfo=UTC)  # ten at night
    assert world.turns.get(small).place is Place.READY


def test_a_promise_that_was_broken_goes_before_a_large_balance(world):
    broken, large = world.debtor(1, minor=100_000), world.debtor(2, minor=9_000_000)
    world.change(broken, lambda d: d.promise("prm_1", 50_000, date(2026, 11, 25), channel="call"))
    world.now += timedelta(days=3)
    world.change(broken, lambda d: d.settle_promise("prm_1"))
    world.rank()

    first, second = world.next(), world.next(LUIS)

    assert (first.turn.case_id, second.turn.case_id) == (broken, large)
    assert codes(first)[0] == "promise_broken"


def test_nobody_gets_what_another_person_has_and_whoever_comes_back_finds_their_own(world):
    one, two = world.debtor(1), world.debtor(2)
    world.rank()

    mine, theirs = world.next(), world.next(LUIS)

    assert {mine.turn.case_id, theirs.turn.case_id} == {one, two}
    assert world.next().turn == mine.turn
    assert world.next().law_until == mine.law_until
    third = replace(ANA, actor_id="user:olga")
    assert world.next(third).turn is None


def test_a_case_nobody_came_back_to_is_given_to_the_next_person(world):
    case_id = world.debtor(1)
    world.rank()
    world.next()

    world.now += timedelta(minutes=31)
    given = world.next(LUIS)

    assert (given.turn.case_id, given.turn.person_id) == (case_id, "luis")
    with pytest.raises(TurnTaken):
        world.act(case_id, "release")


def test_whoever_loses_the_race_for_a_case_gets_another(world, monkeypatch):
    cases = {world.debtor(number) for number in range(3)}
    world.rank()
    real, raced = world.turns.move, []

    def race(before, after, *, now):
        if after.place is Place.TAKEN and not raced:
            raced.append(after.case_id)
            real(before, replace(after, person_id="luis"), now=now)
        return real(before, after, now=now)

    monkeypatch.setattr(world.turns, "move", race)
    given = world.next()

    assert given.turn.case_id in cases - {raced[0]}
    assert world.turns.get(raced[0]).person_id == "luis"


def test_at_night_nobody_is_called_and_it_says_from_when_on(world):
    world.debtor(1)
    world.rank()
    world.now = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)  # one in the morning
    world.rank()

    given = world.next()

    assert given.turn is None
    assert given.opens_at == datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
    world.now = given.opens_at
    assert world.next().turn is not None


def test_a_debtor_who_is_to_be_left_alone_is_no_ones(world):
    case_id = world.debtor(1)
    world.rank()
    world.change(case_id, lambda d: d.hold("hld_1", HoldReason.ILLNESS))

    assert world.next().turn is None
    assert world.turns.get(case_id).place is Place.DONE


def test_who_refuses_calls_is_not_in_the_queue(world):
    case_id = world.debtor(1)
    world.change(
        case_id,
        lambda d: d.consent(ConsentState.REFUSED, channel=Channel.CALL, source="call"),
    )

    assert world.rank() == 0


def test_what_was_paid_meanwhile_is_not_given_out(world):
    paid, owing = world.debtor(1, minor=900_000), world.debtor(2, minor=100)
    world.rank()
    world.change(paid, lambda d: d.pay(900_000, paid_on=TODAY, source="bank", reference="1"))

    assert world.next().turn.case_id == owing


def test_a_promise_that_runs_is_left_alone_until_its_day(world):
    case_id = world.debtor(1)
    world.change(
        case_id, lambda d: d.promise("prm_1", 50_000, TODAY + timedelta(days=2), channel="call")
    )
    assert world.rank() == 0

    world.now += timedelta(days=2)
    world.rank()

    assert codes(world.next())[0] == "due_today"


def test_a_call_back_comes_at_its_hour_first_to_whoever_promised_it(world):
    promised, large = world.debtor(1, minor=100), world.debtor(2, minor=9_000_000)
    world.rank()
    world.act(promised, "callback", until=NOON + timedelta(hours=2))
    assert world.next(LUIS).turn.case_id == large
    world.end(large, "luis")

    world.now += timedelta(hours=2)
    assert world.next(replace(LUIS, actor_id="user:olga")).turn is None
    given = world.next()

    assert given.turn.case_id == promised
    assert codes(given)[0] == "call_back"


def test_a_call_back_whose_person_is_away_goes_to_somebody_else(world):
    case_id = world.debtor(1)
    world.act(case_id, "callback", until=NOON + timedelta(hours=1))
    world.now += timedelta(hours=1, minutes=10)

    assert world.next(LUIS).turn.case_id == case_id


def test_a_call_back_outlives_the_plans_ranking_and_the_end_of_the_call(world):
    case_id = world.debtor(1)
    world.rank()
    world.next()
    until = NOON + timedelta(days=1)
    world.act(case_id, "callback", until=until)

    world.end(case_id)
    world.rank()

    turn = world.turns.get(case_id)
    assert (turn.place, turn.why, turn.until) == (Place.LATER, Why.CALL_BACK, until)


@pytest.mark.parametrize(("outcome", "comes"), [("conversation", False), ("no_answer", True)])
def test_a_call_back_made_early_by_somebody_is_not_made_again(world, outcome, comes):
    case_id = world.debtor(1)
    world.act(case_id, "callback", until=NOON + timedelta(days=1))
    early = an_attempt(
        "att_early",
        channel=Channel.CALL,
        direction=Direction.OUT,
        state=AttemptState.DONE,
        cause=Cause(kind="call", by="user:luis"),
        created_at=NOON + timedelta(hours=1),
        outcome=outcome,
        not_before=None,
    )
    world.change(case_id, lambda d: d.record(early))
    world.now += timedelta(days=1)

    assert (world.next().turn is not None) is comes


def test_a_call_back_at_an_hour_the_law_closes_waits_for_it_and_is_kept(world):
    case_id = world.debtor(1)
    night = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
    world.act(case_id, "callback", until=night)
    world.now = night

    assert world.next().turn is None

    world.now = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
    assert codes(world.next())[0] == "call_back"


def test_snoozed_comes_back_and_skipped_does_not_today(world):
    one, two = world.debtor(1), world.debtor(2)
    world.rank()
    first = world.next().turn.case_id
    world.act(first, "snooze", until=NOON + timedelta(hours=1))
    second = world.next().turn.case_id
    world.act(second, "skip", reason="known")
    assert {first, second} == {one, two}
    assert world.next().turn is None

    world.now += timedelta(hours=1)
    world.rank()

    assert world.next().turn.case_id == first
    assert world.turns.get(second).note == "known"
    world.now += timedelta(days=1)
    world.rank()
    assert world.turns.get(second).place is Place.READY


def test_released_goes_to_whoever_comes_next(world):
    case_id = world.debtor(1)
    world.rank()
    world.next()

    world.act(case_id, "release")

    assert world.next(LUIS).turn.case_id == case_id


def test_a_case_that_was_called_does_not_come_up_again_today(world):
    case_id = world.debtor(1)
    world.rank()
    world.next()

    world.end(case_id)
    world.rank()

    assert world.next().turn is None
    world.now += timedelta(days=1)
    world.rank()
    assert world.next().turn.case_id == case_id


def test_the_end_of_a_call_takes_nothing_from_who_has_the_case_now(world):
    case_id = world.debtor(1)
    world.rank()
    world.next(LUIS)

    world.end(case_id, "ana")

    assert world.turns.get(case_id).person_id == "luis"


def test_only_who_has_a_case_and_their_managers_put_it_off(world):
    case_id = world.debtor(1)
    world.rank()
    with pytest.raises(TurnTaken):
        world.act(case_id, "skip", reason="known")
    world.next(LUIS)
    with pytest.raises(TurnTaken):
        world.act(case_id, "callback", until=NOON + timedelta(hours=1))

    assert world.act(case_id, "release", BOSS).place is Place.READY


@pytest.mark.parametrize(
    ("action", "values", "field", "reason"),
    [
        ("skip", {}, "reason", "missing"),
        ("snooze", {}, "until", "missing"),
        ("callback", {"until": NOON}, "until", "past"),
        ("callback", {"until": NOON + timedelta(days=61)}, "until", "too_late"),
    ],
)
def test_what_makes_no_sense_is_told(world, action, values, field, reason):
    case_id = world.debtor(1)
    world.rank()
    world.next()

    with pytest.raises(BadField) as refused:
        world.act(case_id, action, **values)

    assert refused.value.details == {"field": field, "reason": reason}
    assert world.turns.get(case_id).place is Place.TAKEN


def test_strangers_see_nothing(world):
    case_id = world.debtor(1)
    world.rank()
    stranger = replace(BOSS, portfolios=("prt_other",))

    for ask in (
        lambda: world.next(stranger),
        lambda: world.act(case_id, "release", stranger),
        lambda: board(world, stranger),
    ):
        with pytest.raises((PortfolioNotFound, CaseNotFound)):
            ask()
    with pytest.raises(NotAllowed):
        world.next(replace(ANA, role=Role.SERVICE))
    with pytest.raises(NotAllowed):
        board(world, ANA)


def test_every_segment_gets_its_part_of_the_day(world):
    world.segments(("large", Rule(op=">=", field="balance", value=500_000)))
    for number in range(12):
        world.debtor(number, minor=1_000_000)
    few = {world.debtor(number, minor=1_000) for number in range(20, 23)}
    world.rank()

    given = []
    for number in range(11):
        turn = world.next(replace(ANA, actor_id=f"user:{number}")).turn
        given.append(turn.case_id)

    assert len(few.intersection(given)) == 1
    assert world.turns.given("prt_test", TODAY) == {"large": 10, "": 1}


def test_a_segment_has_a_part_of_its_own_and_the_case_says_so(world):
    world.segments(("large", Rule(op=">=", field="balance", value=500_000)))
    own = (SegmentPart(segment="", percent=50),)
    policies = replace(world.portfolio.policies, queue=QueuePolicy(segment_parts=own))
    world.portfolio = replace(world.portfolio, policies=policies)
    for number in range(6):
        world.debtor(number, minor=1_000_000)
        world.debtor(number + 10, minor=1_000)
    world.rank()

    turns = [world.next(replace(ANA, actor_id=f"user:{n}")).turn for n in range(8)]
    assert world.turns.given("prt_test", TODAY) == {"large": 4, "": 4}
    for turn in turns:
        quotas = [(one.points, one.value) for one in turn.reasons if one.code == "quota"]
        assert quotas == ([] if turn.segment else [(0, 50)])
        assert turn.score == sum(one.points for one in turn.reasons)


def test_weights_are_the_portfolios(world):
    world.portfolio = replace(
        world.portfolio,
        policies=replace(world.portfolio.policies, queue=QueuePolicy(weights={"balance": 0})),
    )
    world.debtor(1, minor=9_000_000)
    world.rank()

    assert codes(world.next()) == ["band", "rest"]


def test_whom_somebody_spoke_with_lately_comes_later(world):
    spoken, silent = world.debtor(1), world.debtor(2)
    call = an_attempt(
        "att_call",
        channel=Channel.CALL,
        direction=Direction.OUT,
        state=AttemptState.DONE,
        cause=Cause(kind="call", by="user:ana"),
        created_at=NOON - timedelta(days=8),
        outcome="conversation",
        not_before=None,
    )
    world.change(spoken, lambda d: d.record(call))
    world.rank()

    assert world.next().turn.case_id == silent
    assert next(one.value for one in world.next(LUIS).turn.reasons if one.code == "rest") == 8


def test_cases_nobody_asked_for_come_up_in_turn_and_none_twice_before_all_have(world):
    policy = replace(world.portfolio.policies, queue=QueuePolicy(fill=2))
    world.portfolio = replace(world.portfolio, policies=policy)
    overdue = {world.debtor(number, late=number + 1) for number in range(5)}
    world.debtor(9, late=-3)

    came = []
    for _ in range(3):
        assert world.fill() in (1, 2)
        assert world.fill() == 0
        for message in world.work.messages:
            came += message["case_ids"]
        world.work.messages.clear()
        world.now += timedelta(days=1)

    assert sorted(came[:5]) == sorted(overdue)


def test_a_portfolio_that_wants_none_added_has_none(world):
    policy = replace(world.portfolio.policies, queue=QueuePolicy(fill=0))
    world.portfolio = replace(world.portfolio, policies=policy)
    world.debtor(1)

    assert world.fill() == 0
    assert world.work.messages == []


def test_ranking_again_writes_nothing_that_is_the_same(world):
    world.debtor(1)

    assert world.rank() == 1
    assert world.rank() == 0


def test_a_case_without_a_telephone_is_not_called(world):
    case_id = world.debtor(1)
    point = world.cases.open(case_id).contacts[0]
    world.change(case_id, lambda d: d.put_contact(ContactKind.EMAIL, "a@example.com"))
    world.change(case_id, lambda d: d.mark_contact(point.contact_id, quality="wrong_person"))

    assert world.rank() == 0


def board(world, actor=BOSS):
    return call_board.board(
        "prt_test",
        actor=actor,
        means=world.means,
        people=lambda ids: {one: one.removeprefix("user:").title() for one in ids},
        now=world.now,
    )


def test_supervisors_see_who_has_what_and_what_comes_next(world):
    world.segments(("large", Rule(op=">=", field="balance", value=500_000)))
    large, small = world.debtor(1, minor=1_000_000), world.debtor(2, minor=1_000)
    put_off = world.debtor(3, minor=2_000_000)
    world.rank()
    first = world.next().turn
    assert first.case_id == put_off
    world.act(put_off, "skip", reason="language")
    world.next()

    seen = board(world)

    assert [(one["segment"], one["ready"], one["given"]) for one in seen["segments"]] == [
        ("large", 0, 2),
        ("", 1, 0),
    ]
    assert [(one["turn"]["case_id"], one["turn"]["person"]["name"]) for one in seen["taken"]] == [
        (large, "Ana")
    ]
    assert [one["turn"]["case_id"] for one in seen["top"]] == [small]
    assert seen["skipped"] == {"language": 1}
    assert seen["waiting"] == 1  # what Ana has comes back by itself
