"""Taking back what was done to many cases: all but what has moved on since."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bulk import BulkAction
from chalicelib.domain.contact import AttemptState, HoldReason
from chalicelib.domain.errors import BulkJobWrongState
from chalicelib.services import bulk_jobs
from tests.bulk_world import ASKED, BulkWorld, change, ill, prepared, settled


@pytest.fixture
def world():
    return BulkWorld()


def moved_on(action, draft):
    """What somebody does to a case after the job."""
    match action:
        case BulkAction.ASSIGN | BulkAction.HAND_OUT:
            draft.give_to("sara")
        case BulkAction.TAG:
            draft.set_tags(["vieja"])
        case BulkAction.UNTAG:
            draft.set_tags(["vieja", "nueva"])
        case BulkAction.STRATEGY:
            draft.follow("str_1")
        case BulkAction.HOLD:
            draft.lift(next(iter(draft._holds)))
        case BulkAction.RELEASE:
            draft.hold("hld_again", HoldReason.ILLNESS)
        case BulkAction.MESSAGE:
            [attempt] = draft._attempts.values()
            draft._keep(replace(attempt, state=AttemptState.SENT), "attempt.sent", {})
        case BulkAction.CHARGE_OFF:
            [asked] = (one for debt in draft.debts for one in debt.charge_offs)
            draft.decide_charge_off(asked.charge_off_id, approved=True)


@pytest.mark.parametrize("action", BulkAction)
def test_undoing_leaves_alone_what_has_moved_on(world, action):
    ids = prepared(world)
    if action is BulkAction.RELEASE:
        ill(world, ids)
    job = world.ran(action.value, **ASKED[action])
    change(world, ids[0], lambda draft: moved_on(action, draft))
    was = settled(world.file(ids[0]).head)

    world.undone(job)

    assert world.shown(job)["undone"] == {"done": 2, "skipped": 1, "refused": 0}
    assert settled(world.file(ids[0]).head) == was


def test_tags_that_others_gave_since_stay(world):
    [case_id] = world.debtors(1)
    job = world.ran("tag", tags=["vip"])
    change(world, case_id, lambda draft: draft.set_tags(["vip", "otra"]))
    world.undone(job)

    assert world.file(case_id).head.tags == ("otra",)


def test_a_month_later_nothing_is_taken_back(world):
    world.debtor(1)
    job = world.ran("tag", tags=["vip"])
    world.now += timedelta(days=31)

    with pytest.raises(BulkJobWrongState):
        world.do(bulk_jobs.undo, job)
