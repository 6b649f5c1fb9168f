"""An invented month of a portfolio, by a seed, as the domain makes it of what people do."""

import random
from datetime import date, timedelta

from chalicelib.domain.case import PromiseState
from chalicelib.domain.charge_off import ChargeOffReason
from chalicelib.domain.contact import AttemptState, Cause, Channel, Direction
from chalicelib.domain.ledger import EntryKind
from chalicelib.domain.visit import Standing
from tests import forecasts_world, shifts_world
from tests.builders import an_attempt
from tests.lake_world import LakeWorld

DEBTS = 120
BEGAN, FIRST, LAST = date(2026, 9, 1), date(2026, 9, 21), date(2026, 10, 5)
SENT = (AttemptState.SENT, AttemptState.DELIVERED, AttemptState.READ, AttemptState.FAILED)


def fill(world: LakeWorld, debts: int = DEBTS, seed: int = 7) -> None:
    chance = random.Random(seed)  # noqa: S311 - invented debtors, not secrets
    for number in range(debts):
        _debtor(world, number, chance)
    shifts_world.work(world.agents, BEGAN, LAST)
    world.forecasts = forecasts_world.Told(world.cases.files.values)


def _debtor(world: LakeWorld, number: int, chance: random.Random) -> None:
    day = BEGAN + timedelta(days=chance.randrange(25))
    minor = chance.randrange(10_000, 400_000)
    case_id = world.debtor(
        number,
        day,
        minor=minor,
        due_on=day + timedelta(days=chance.randrange(-70, 25)),
        issued_on=chance.choice([None, day - timedelta(days=chance.randrange(20))]),
    )
    acts_on = day + timedelta(days=chance.randrange(1, 5))
    while (day := day + timedelta(days=1)) <= LAST + timedelta(days=3):
        for promise in world.cases.open(case_id).promises:  # as the plan does each morning
            if promise.state is PromiseState.OPEN and promise.last_day < day:
                settled = promise.promise_id
                world.change(case_id, world.at(day, 6), lambda d, p=settled: d.settle_promise(p))
        _write_off(world, case_id, number, day)
        if day < acts_on:
            continue
        acts_on = day + timedelta(days=chance.randrange(1, 5))
        match chance.randrange(7):
            case 0 | 1:
                told = day - timedelta(days=chance.choice([0, 0, 0, 2, 6]))
                world.pay(case_id, chance.randrange(1_000, minor), day, paid_on=max(told, BEGAN))
                if chance.random() < 0.25:
                    _reverse(world, case_id, day)
            case 2 | 3:
                hour = chance.randrange(8, 21)
                outcome = chance.choice(["conversation", "answered", "unanswered"])
                party = chance.choice(["debtor", "debtor", "family", "guarantor"])
                world.call(
                    case_id,
                    world.at(day, hour),
                    outcome,
                    party=party,
                    seconds=20 * hour,
                    cause=Cause(kind="call", by="user:ana"),
                )
            case 4:
                _message(world, case_id, day, chance)
            case 5:
                due_on = day + timedelta(days=chance.randrange(1, 8))
                world.promise(case_id, chance.randrange(1_000, minor), due_on, day)
            case 6:
                _visit(world, case_id, day, chance)


def _write_off(world: LakeWorld, case_id: str, number: int, day: date) -> None:
    """Some are charged off as soon as the period begins, some in it, some taken back in it."""
    on = {0: FIRST - timedelta(days=2), 3: FIRST + timedelta(days=4)}.get(number % 8)
    (debt,) = world.cases.open(case_id).debts
    at = world.at(day, 7)
    if day == on and world.cases.open(case_id).head.oldest_due_on is not None:
        world.change(
            case_id,
            at,
            lambda d: d.ask_charge_off(debt.debt_id, "cho_1", reason=ChargeOffReason.AGE, on=day),
        )
        world.change(case_id, at, lambda d: d.decide_charge_off("cho_1", approved=True))
    elif number % 24 == 0 and day == FIRST + timedelta(days=6) and debt.charge_offs:
        world.change(case_id, at, lambda d: d.ask_reinstatement("cho_1", note="error"))
        world.change(case_id, at, lambda d: d.decide_reinstatement("cho_1", approved=True))


def _reverse(world: LakeWorld, case_id: str, day: date) -> None:
    paid = [e for e in world.cases.open(case_id).entries if e.kind is EntryKind.PAYMENT][-1]
    undone = {e.reverses for e in world.cases.open(case_id).entries}
    if paid.entry_id not in undone:
        world.change(
            case_id, world.at(day, 14), lambda d: d.reverse(paid.entry_id, reason="rebotado")
        )


def _message(world: LakeWorld, case_id: str, day: date, chance: random.Random) -> None:
    at, state = world.at(day, 10), chance.choice(SENT)
    later = at + timedelta(minutes=5)
    channel = chance.choice([Channel.SMS, Channel.WHATSAPP])
    sent = an_attempt(
        f"att_{case_id}_{day}",
        channel=channel,
        state=state,
        created_at=at,
        sent_at=at,
        delivered_at=later if state in (AttemptState.DELIVERED, AttemptState.READ) else None,
        read_at=later if state is AttemptState.READ else None,
        cost_micros=chance.randrange(500, 9_000),
        cost_currency="USD",
    )
    world.change(case_id, at, lambda d: d._keep(sent, "attempt.sent", {}))
    if chance.random() < 0.4:
        answer = an_attempt(
            f"att_in_{case_id}_{day}",
            channel=channel,
            direction=Direction.IN,
            state=AttemptState.RECEIVED,
            created_at=later,
        )
        world.change(case_id, later, lambda d: d._keep(answer, "attempt.received", {}))


def _visit(world: LakeWorld, case_id: str, day: date, chance: random.Random) -> None:
    at = world.at(day, chance.randrange(9, 18))
    verdict = chance.choice(["verified", "verified", "unsure"])
    standing = chance.choice([Standing.RECEIVED, Standing.ACCEPTED, Standing.REJECTED])
    who = chance.choice(["holder", "family", "nobody"])
    if who == "holder" and day.day % 3 == 0:  # no draw of its own: all else stays as it was
        who = "codebtor"
    world.visit(case_id, at, verdict=verdict, who=who, standing=standing)
