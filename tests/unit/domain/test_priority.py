"""The order of calls: a sum that explains itself, in which nothing counts against a case."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as some

from chalicelib.domain.priority import (
    QUOTA,
    WEIGHTS,
    Factor,
    QueuePolicy,
    Reason,
    SegmentPart,
    Standing,
    behind,
    closing,
    for_quota,
    parts,
    rank,
    with_points,
)

maybe_days = some.none() | some.integers(0, 400)
standings = some.builds(
    Standing,
    called_back=some.booleans(),
    broken_days=maybe_days,
    due_today=some.booleans(),
    asked=some.booleans(),
    likely=some.none() | some.integers(0, 100),
    balance_minor=some.integers(-(10**6), 10**12),
    usual_minor=some.integers(0, 10**12),
    band=some.none()
    | some.integers(1, 9).flatmap(
        lambda number: some.tuples(some.integers(0, number - 1), some.just(number))
    ),
    rolls_in=maybe_days,
    rested_days=maybe_days,
    closes_in=some.none() | some.integers(0, 1_440),
    charged_off=some.booleans(),
)
policies = some.builds(
    QueuePolicy,
    weights=some.dictionaries(
        some.sampled_from([one.value for one in Factor]), some.integers(0, 200)
    ),
)

# What a case is better with, one thing at a time.
BETTER = (
    lambda one: replace(one, called_back=True),
    lambda one: replace(one, broken_days=max(0, (one.broken_days or 0) - 1)),
    lambda one: replace(one, due_today=True),
    lambda one: replace(one, asked=True),
    lambda one: replace(one, charged_off=True),
    lambda one: replace(one, likely=min(100, (one.likely or 0) + 7)),
    lambda one: replace(one, balance_minor=max(0, one.balance_minor) * 2),
    lambda one: replace(one, band=(max(0, one.band[0] - 1), one.band[1]) if one.band else None),
    lambda one: replace(one, rolls_in=max(0, (one.rolls_in or 0) - 1)),
    lambda one: replace(one, rested_days=None if one.rested_days is None else one.rested_days + 3),
    lambda one: replace(one, closes_in=max(0, (one.closes_in or 0) - 20)),
)


@given(standings, policies)
def test_the_reasons_are_the_whole_score(standing, policy):
    found = rank(standing, policy)

    assert sum(one.points for one in found.reasons) == found.score
    assert all(0 < one.points <= policy.weight(Factor(one.code)) for one in found.reasons)
    assert [one.points for one in found.reasons] == sorted(
        (one.points for one in found.reasons), reverse=True
    )


@given(standings, policies, some.sampled_from(BETTER))
def test_more_of_one_thing_never_lowers_a_case(standing, policy, better):
    assert rank(better(standing), policy).score >= rank(standing, policy).score


@given(standings, policies, some.sampled_from(list(Factor)))
def test_a_greater_weight_never_lowers_a_case_and_none_silences_the_factor(standing, policy, one):
    weights = policy.weights
    raised = replace(policy, weights=weights | {one.value: policy.weight(one) + 10})
    off = replace(policy, weights=weights | {one.value: 0})

    assert rank(standing, raised).score >= rank(standing, policy).score
    assert one.value not in {reason.code for reason in rank(standing, off).reasons}


def test_what_a_debtor_waits_for_goes_before_anything_that_is_hoped_for():
    hoped = Standing(
        likely=100, balance_minor=10**12, usual_minor=1, band=(0, 6), rolls_in=0, rested_days=None
    )

    assert (
        rank(Standing(called_back=True, rested_days=0), QueuePolicy()).score
        >= rank(hoped, QueuePolicy()).score
    )
    assert WEIGHTS[Factor.PROMISE_BROKEN] > WEIGHTS[Factor.BALANCE]


def test_a_broken_promise_is_told_with_its_days_and_fades():
    points = {
        days: rank(Standing(broken_days=days, rested_days=0), QueuePolicy()).score
        for days in (1, 3, 7, 8)
    }

    assert points == {1: 50, 3: 25, 7: 12, 8: 0}
    assert rank(Standing(broken_days=3, rested_days=0), QueuePolicy()).reasons == (
        Reason(code="promise_broken", points=25, value=3),
    )


def test_hours_that_end_add_to_what_is_known_already():
    known = rank(Standing(asked=True, rested_days=0), QueuePolicy())

    now = with_points(known, closing(30, QueuePolicy()))

    assert (now.score, [one.code for one in now.reasons]) == (38, ["asked", "closes_soon"])
    assert with_points(known, closing(300, QueuePolicy())) == known
    assert with_points(known, closing(None, QueuePolicy())) == known


def test_every_segment_gets_its_part_of_the_day():
    taken: dict[str, int] = {}
    for _ in range(200):
        turn, _ = behind(taken, ["huge", "small", "old"], QueuePolicy()) or ("huge", 0)
        taken[turn] = taken.get(turn, 0) + 1

    assert all(19 <= taken[one] <= 20 for one in ("old", "small"))  # a tenth, to a whole case


def test_parts_that_cannot_all_be_had_are_shared_alike_and_an_empty_segment_waits_for_nothing():
    taken: dict[str, int] = {}
    for _ in range(90):
        turn, _ = behind(taken, ["a", "b", "c"], QueuePolicy(least_percent=90)) or ("a", 0)
        taken[turn] = taken.get(turn, 0) + 1

    assert all(29 <= number <= 32 for number in taken.values())
    assert behind({"a": 50}, ["a"], QueuePolicy(least_percent=50)) is None
    assert behind({}, [], QueuePolicy(least_percent=50)) is None


def test_what_is_charged_off_counts_where_a_portfolio_gives_it_points():
    standing = Standing(charged_off=True, rested_days=0)
    assert rank(standing, QueuePolicy()).reasons == ()
    (reason,) = rank(standing, QueuePolicy(weights={"charged_off": 30})).reasons
    assert (reason.code, reason.points) == ("charged_off", 30)


OWN = tuple(
    SegmentPart(segment=one, percent=percent) for one, percent in (("late", 50), ("vip", 30))
)


def test_a_segment_has_its_own_part_and_the_others_the_common_one():
    policy, taken = QueuePolicy(least_percent=5, segment_parts=OWN), {}
    for _ in range(200):
        turn, percent = behind(taken, ["", "huge", "late", "vip"], policy) or ("huge", None)
        assert percent == {"late": 50, "vip": 30, "": 5, "huge": None}.get(turn) or percent == 5
        taken[turn] = taken.get(turn, 0) + 1

    least = {"late": 100, "vip": 60, "": 10, "huge": 10}
    assert all(number - 1 <= taken[one] for one, number in least.items())  # to a whole case


def test_own_parts_leave_the_others_what_is_left_and_nothing_when_that_is_nothing():
    tight = QueuePolicy(least_percent=50, segment_parts=OWN)
    assert parts(["late", "vip", "a", "b"], tight) == {"a": 10, "b": 10, "late": 50, "vip": 30}
    assert parts(["vip", "a"], tight) == {"a": 50, "vip": 30}  # who has no case takes no part
    whole = QueuePolicy(segment_parts=(SegmentPart(segment="late", percent=100),))
    assert parts(["late", "a"], whole) == {"a": 0, "late": 100}
    never = QueuePolicy(segment_parts=(SegmentPart(segment="a", percent=0),))
    assert behind({"late": 99}, ["late", "a"], never) is None


def test_a_quota_is_a_reason_without_points():
    found = for_quota(rank(Standing(broken_days=1), QueuePolicy()), 30)

    assert found.reasons[-1] == Reason(code=QUOTA, points=0, value=30)
    assert found.score == sum(one.points for one in found.reasons)
