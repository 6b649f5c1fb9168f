"""What the store of teams' plans promises, in memory and on DynamoDB."""

from dataclasses import replace

import pytest

from chalicelib.routes.team_plan import PlanState
from chalicelib.store.team_plans import TeamPlanStore
from tests import engines
from tests.team_plan_world import MemoryPlans, a_plan


@pytest.fixture
def store(engine, request):
    if engine == "memory":
        return MemoryPlans()
    wire = engines.wire_to(request.getfixturevalue(f"{engine}_endpoint"))
    return TeamPlanStore(wire, engines.WORK)


def test_a_plan_is_read_as_it_was_written(store, portfolio):
    plan = a_plan(portfolio.portfolio_id)

    assert store.get(plan.portfolio_id, plan.plan_id) is None
    assert store.add(plan)

    assert store.get(plan.portfolio_id, plan.plan_id) == plan


def test_the_same_plan_is_begun_once(store, portfolio):
    plan = a_plan(portfolio.portfolio_id)
    assert store.add(plan)
    begun = store.save(replace(plan, state=PlanState.PLANNING, tries=1))

    assert not store.add(plan)
    assert store.get(plan.portfolio_id, plan.plan_id) == begun


def test_of_two_workers_one_takes_it(store, portfolio):
    plan = a_plan(portfolio.portfolio_id)
    store.add(plan)
    taken = store.save(replace(plan, state=PlanState.PLANNING, tries=1))

    assert store.save(replace(plan, state=PlanState.PLANNING, tries=1, problem="late")) is None
    done = replace(taken, state=PlanState.DONE, found=plan.first, left_out={"cas_1": "no_room"})
    assert store.save(done) == store.get(plan.portfolio_id, plan.plan_id)
    assert store.get(plan.portfolio_id, plan.plan_id).found == plan.first


def test_plans_of_another_portfolio_are_not_found(store, portfolio):
    plan = a_plan(portfolio.portfolio_id)
    store.add(plan)

    assert store.get("prt_other", plan.plan_id) is None
