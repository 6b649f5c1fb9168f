"""The daily plan follows what was agreed: its reminders, its end, and what is owed after that."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.agreement import Offer
from chalicelib.domain.agreements import AgreementKind, AgreementState, Proof, ProofKind
from chalicelib.domain.case import CaseStatus
from chalicelib.domain.contact import AttemptState, HoldReason
from chalicelib.services import agreement_offers
from chalicelib.strategies.model import CaseEvent
from tests.builders import TODAY
from tests.plan_world import PlanWorld
from tests.unit.strategies.world import a_step, a_strategy, due, on

PROOF = Proof(kind=ProofKind.CALL, reference="rec_1")
OLD = date(2026, 9, 1)
STEPS = a_strategy(
    a_step("before", due(-3)),
    a_step("late", due(2), late_days=2),
    a_step("broken", on(CaseEvent.AGREEMENT_BROKEN)),
)


@pytest.fixture
def world():
    portfolio = PlanWorld().portfolio
    limits = replace(
        portfolio.policies.agreements, max_discount_principal_ppm=200_000, min_down_payment_ppm=0
    )
    policies = replace(portfolio.policies, agreements=limits)
    return PlanWorld(portfolio=replace(portfolio, policies=policies))


def agreed(world: PlanWorld, case_id: str) -> tuple[date, ...]:
    """The days on which a debtor agrees to pay 800.00 of 1,000.00 in four parts."""
    file = world.cases.open(case_id)
    offer = Offer(instalments=4, down_payment_minor=0, discount_principal_ppm=200_000)
    found = agreement_offers.simulate(file, world.portfolio, offer, now=world.now)
    drawn = agreement_offers.drawn_up(
        file,
        world.portfolio,
        found,
        agreement_id="agr_1",
        kind=AgreementKind.PLAN,
        by="user:ana",
        now=world.now,
    )
    world.change(case_id, lambda draft: (draft.propose(drawn), draft.sign("agr_1", PROOF)))
    return tuple(share.due_on for share in drawn.shares)


def until(world: PlanWorld, day: date) -> list[tuple[date, str]]:
    """Let the plan run every day, the last one *day*; what went out, and when."""
    went = []
    while world.today <= day:
        world.run()
        went += world.deliver()
        world.pass_days()
    return went


def test_each_payment_that_was_agreed_is_reminded_of_until_the_plan_is_broken(world):
    case_id = world.debtor(due_on=OLD)
    world.follow(STEPS)
    first, second, *_ = agreed(world, case_id)
    went = until(world, first - timedelta(days=1))
    assert went == [(first - timedelta(days=3), "before")]

    world.change(
        case_id,
        lambda draft: draft.pay(20_000, paid_on=draft.today, source="manual", reference="one"),
    )
    went = until(world, second + timedelta(days=5))
    assert went == [(second - timedelta(days=3), "before"), (second + timedelta(days=2), "late")]
    assert world.cases.open(case_id).agreements[0].state is AgreementState.ACTIVE

    went = until(world, second + timedelta(days=6))
    file = world.cases.open(case_id)
    assert file.agreements[0].state is AgreementState.DEFAULTED
    assert [step for _, step in went] == ["broken"]
    assert (file.head.balance_minor, file.head.status) == (80_000, CaseStatus.OPEN)
    assert file.head.oldest_due_on == OLD


def test_what_is_planned_for_the_debt_waits_no_more_once_it_is_agreed(world):
    case_id = world.debtor(due_on=world.today)
    world.follow(a_strategy(a_step("day", due(0))))
    world.run()
    agreed(world, case_id)
    world.run()

    states = [attempt.state for attempt in world.cases.open(case_id).attempts]
    assert states == [AttemptState.WITHDRAWN]


def test_nobody_breaks_a_plan_while_collection_is_stopped(world):
    case_id = world.debtor(due_on=OLD)
    first, *_ = agreed(world, case_id)
    held_until = first + timedelta(days=20)
    world.now = datetime(first.year, first.month, first.day, 18, tzinfo=UTC)
    world.change(case_id, lambda draft: draft.hold("hld_1", HoldReason.DISPUTE, until=held_until))
    until(world, held_until + timedelta(days=5))
    assert world.cases.open(case_id).agreements[0].state is AgreementState.ACTIVE
    until(world, held_until + timedelta(days=6))

    assert world.cases.open(case_id).agreements[0].state is AgreementState.DEFAULTED


def test_an_offer_nobody_took_lapses_by_itself(world):
    case_id = world.debtor(due_on=TODAY)
    file = world.cases.open(case_id)
    found = agreement_offers.simulate(file, world.portfolio, Offer(instalments=3), now=world.now)
    drawn = agreement_offers.drawn_up(
        file,
        world.portfolio,
        found,
        agreement_id="agr_1",
        kind=AgreementKind.PLAN,
        by="user:ana",
        now=world.now,
    )
    world.change(case_id, lambda draft: draft.propose(drawn))
    until(world, TODAY + timedelta(days=11))

    assert world.cases.open(case_id).agreements[0].state is AgreementState.EXPIRED
