"""What an A/B test says, and how sure it is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import BadField, PortfolioNotFound, StrategyNotFound
from chalicelib.domain.experiment import difference, share
from chalicelib.services import experiments
from chalicelib.strategies.model import Arm
from tests.builders import TODAY
from tests.plan_world import BOSS, PlanWorld
from tests.unit.strategies.world import a_step, a_strategy, due

ARMS = (Arm(code="a"), Arm(code="b"), Arm(code="out", holdout=True))


@pytest.mark.parametrize(
    ("one", "base", "low", "high"),
    [
        # Newcombe 1998b, table II, method 10, contrasts (a) to (h).
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_intervals_are_those_of_the_paper(one, base, low, high):
    found = difference(*one, *base)

    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


def test_nobody_is_no_share():
    with pytest.raises(ValueError, match="no share"):
        share(0, 0)


def ask(world, **values):
    known = {
        "actor": BOSS,
        "strategies": world.strategies,
        "enrolments": world.enrolments,
        "heads": world.cases,
    }
    return experiments.result("prt_test", "str_test", 1, **known | values)


def test_who_paid_since_taking_part_is_counted_by_arm():
    world = PlanWorld()
    world.follow(a_strategy(a_step("day", due(0)), arms=ARMS))
    ids = [world.debtor(n, due_on=TODAY) for n in range(30)]
    for number, case_id in enumerate(ids):
        # A payment from before the test says nothing about it.
        paid_on = TODAY - timedelta(days=3)
        world.change(
            case_id,
            lambda d, n=number, on=paid_on: d.pay(
                100, paid_on=on, source="manual", reference=f"early-{n}"
            ),
        )
    world.run()
    world.pass_days(2)
    arm_of = {r.case_id: r.arm for r in world.enrolments.enrolled("prt_test", "str_test@1")}
    paying = [key for key in ids if arm_of[key] == "a"][:4]
    for number, case_id in enumerate(paying):
        world.change(
            case_id,
            lambda d, n=number: d.pay(
                100, paid_on=world.today, source="manual", reference=f"late-{n}"
            ),
        )

    found = ask(world)

    by_arm = {arm.code: arm for arm in found.arms}
    assert (found.base, found.cursor) == ("out", None)
    assert sum(arm.cases for arm in found.arms) == 30
    assert [by_arm[code].paid for code in ("a", "b", "out")] == [4, 0, 0]
    assert by_arm["out"].against is None
    expected = difference(4, by_arm["a"].cases, 0, by_arm["out"].cases)
    assert by_arm["a"].against == expected


def test_without_cases_nothing_is_claimed(monkeypatch):
    world = PlanWorld()
    world.follow(a_strategy(a_step("day", due(0)), arms=ARMS[:2]))

    found = ask(world)

    assert found.base == "a"
    assert [(arm.cases, arm.rate, arm.against) for arm in found.arms] == [(0, None, None)] * 2


def test_a_large_test_is_counted_on_until_every_case_is_in(monkeypatch):
    monkeypatch.setattr(experiments, "MOST_CASES", 5)
    world = PlanWorld()
    world.follow(a_strategy(a_step("day", due(0)), arms=ARMS))
    ids = [world.debtor(number, due_on=TODAY) for number in range(13)]
    world.run()
    for number, case_id in enumerate(ids[:6]):
        world.change(
            case_id,
            lambda d, n=number: d.pay(100, paid_on=TODAY, source="manual", reference=f"p-{n}"),
        )

    found, seen = ask(world), []
    while found.cursor:
        seen.append(sum(arm.cases for arm in found.arms))
        found = ask(world, cursor=found.cursor)

    assert seen == [5, 10]
    assert (sum(a.cases for a in found.arms), sum(a.paid for a in found.arms)) == (13, 6)


@pytest.mark.parametrize("cursor", ["x", "W10=", "eyJhIjogMX0=", "WyJhIiwgMV0="])
def test_a_cursor_that_is_not_ours_is_refused(cursor):
    world = PlanWorld()
    world.follow(a_strategy(a_step("day", due(0)), arms=ARMS))

    with pytest.raises(BadField):
        ask(world, cursor=cursor)


def test_another_portfolio_s_test_is_not_told():
    world = PlanWorld()
    world.follow()
    with pytest.raises(StrategyNotFound):
        experiments.result(
            "prt_test", "str_none", 1, actor=BOSS, strategies=world.strategies,
            enrolments=world.enrolments, heads=world.cases,
        )  # fmt: skip
    with pytest.raises(PortfolioNotFound):
        ask(world, actor=replace(BOSS, portfolios=("prt_2",)))
