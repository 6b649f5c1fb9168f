"""
Everything goes wrong, and every debtor gets exactly one of each message.

A month of a portfolio, three runs a day: plans run twice, their messages are delivered twice and
out of order, workers die before and after they commit, dispatches get lost and come back,
connections break after a message was handed over, the clock jumps. The provider counts.

``FAULT_DEBTORS=2000`` makes the portfolio larger; a message more for every step of each.
"""

import os
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.contact import AttemptState
from chalicelib.services import dispatch, plan_agenda
from tests.contact_world import LostConnection, Provider, means
from tests.plan_world import PlanWorld, Queue
from tests.unit.strategies.world import THREE

DEBTORS = int(os.environ.get("FAULT_DEBTORS", "5"))
FIRST = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # a Tuesday, eight in the morning in Mexico
STEPS = ["before", "day", "after"]


class Killed(Exception):
    """The worker ends here."""


class Bad:
    """Chance, from a seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - faults, not secrets

    def happens(self, one_in: int) -> bool:
        return self.chance.randrange(one_in) == 0


def faulty(world: PlanWorld, bad: Bad) -> None:
    """Let commits of the plan die, before they are written or right after."""
    commit_many = world.cases.commit_many

    def dying(changes):
        if bad.happens(8):
            raise Killed
        outcomes = commit_many(changes)
        if bad.happens(8):
            raise Killed
        return outcomes

    world.cases.commit_many = dying


def plan(world: PlanWorld, bad: Bad) -> None:
    """Run the plan; what dies comes again, what came may come again."""
    plan_agenda.start(portfolios=world.portfolios, work=world.queue)
    if bad.happens(3):
        plan_agenda.start(portfolios=world.portfolios, work=world.queue)
    waiting = world.queue.messages
    while waiting:
        message = waiting.pop(bad.chance.randrange(len(waiting)))
        try:
            world.work(message)
        except Killed:
            waiting.append(message)
        if bad.happens(4):
            waiting.append(message)


def send(world: PlanWorld, provider: Provider, bad: Bad) -> None:
    """Run the dispatch; some messages get lost on the way, some are delivered twice."""
    queue = Queue()
    dispatch.collect(outbox=world.cases, queue=queue, now=world.now, time_left_s=lambda: 60.0)
    taken = [one for one in queue.messages if not bad.happens(5)]
    taken += [one for one in taken if bad.happens(3)]
    bad.chance.shuffle(taken)
    using = means(world.cases, world.portfolio, provider)
    for one in taken:
        if bad.happens(10):
            provider.refusals.append(LostConnection())
        dispatch.deliver(one["case_id"], one["attempt_id"], means=using, now=world.now)
        provider.refusals.clear()


@pytest.mark.parametrize("seed", range(6))
def test_every_debtor_gets_exactly_one_of_each_message(seed):
    bad, provider = Bad(seed), Provider()
    world = PlanWorld(now=FIRST)
    world.follow(replace(THREE, steps=tuple(replace(s, late_days=None) for s in THREE.steps)))
    # Five days before a Thursday on are all the steps' own days open in Mexico.
    due_on = date(2026, 12, 10)
    ids = [world.debtor(n, due_on=due_on) for n in range(DEBTORS)]
    faulty(world, bad)

    for day in range(32):
        for hour in (0, 3, 7):
            world.now = FIRST + timedelta(days=day, hours=hour)
            if bad.happens(9):
                continue  # nobody looked
            plan(world, bad)
            send(world, provider, bad)
            if bad.happens(6):
                world.now -= timedelta(minutes=50)  # another machine's clock
                plan(world, bad)
                send(world, provider, bad)

    assert max(provider.counts.values()) == 1, "no message twice"
    lost = 0
    for case_id in ids:
        attempts = world.cases.open(case_id).attempts
        reserved = [a for a in attempts if a.state is AttemptState.RESERVED]
        got = Counter(
            a.cause.step for a in attempts if provider.counts[a.attempt_id] or a in reserved
        )
        # Lost by the queue until its day was over: taken back with that reason, never sent late.
        late = Counter(a.cause.step for a in attempts if a.problem == "late")
        assert got + late == Counter(STEPS), (seed, case_id)
        lost += late.total()
    assert lost <= DEBTORS // 100
