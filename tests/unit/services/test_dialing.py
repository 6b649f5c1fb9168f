"""A dialer rings for one's own open call: once, at once, and nobody else's."""

from datetime import timedelta

import pytest

from chalicelib.domain.contact import AttemptState, NotSent
from chalicelib.domain.errors import AttemptNotFound, AttemptSettled, CallNotRung
from chalicelib.services import calls, dialing
from tests.queue_world import ANA, LUIS, CallWorld


class Exchange:
    provider = "connect"

    def __init__(self, refuses=""):
        self.rung, self.refuses = [], refuses

    def ring(self, number, *, agent, reference):
        if self.refuses:
            raise NotSent(self.refuses)
        self.rung.append((number, agent, reference))
        return f"contact-{len(self.rung)}"


class Caller(CallWorld):
    def ring(self, case_id, attempt_id, dialer, actor=ANA):
        return dialing.ring(
            case_id, attempt_id, email="ana@agencia.mx", dialer=dialer, **self.stores(actor)
        )


@pytest.fixture
def world():
    return Caller()


@pytest.fixture
def case_id(world):
    made = world.debtor(1)
    world.rank()
    world.next()
    return made


def test_a_call_rings_once_however_often_it_is_asked(world, case_id):
    call, exchange = world.begin(case_id), Exchange()

    for _ in range(3):
        world.ring(case_id, call, exchange)

    file = world.cases.open(case_id)
    assert exchange.rung == [(file.contacts[0].value, "ana@agencia.mx", call)]
    assert [event.kind for event in file.events].count("attempt.rung") == 1
    assert file.events[-1].facts["provider_id"] == "contact-1"
    assert calls.sheet(case_id, **world.stores())["open"]["rung"] is True


def test_a_refusal_says_why_and_leaves_the_call_to_be_dialled_by_hand(world, case_id):
    call = world.begin(case_id)

    with pytest.raises(CallNotRung) as refused:
        world.ring(case_id, call, Exchange(refuses="agent_unknown"))

    assert refused.value.details == {"reason": "agent_unknown"}
    known = calls.open_call(world.cases.open(case_id))
    assert (known.attempt_id, known.state, known.provider_id) == (call, AttemptState.RESERVED, "")


def test_without_a_dialer_it_is_said(world, case_id):
    call = world.begin(case_id)

    with pytest.raises(CallNotRung, match="off"):
        world.ring(case_id, call, None)


def test_what_began_long_ago_does_not_ring_for_the_law_was_asked_then(world, case_id):
    call, exchange = world.begin(case_id), Exchange()
    world.now += dialing.AT_ONCE + timedelta(seconds=1)

    with pytest.raises(CallNotRung, match="late"):
        world.ring(case_id, call, exchange)

    assert exchange.rung == []


def test_nobody_rings_for_another_persons_call_or_one_that_is_over(world, case_id):
    call, exchange = world.begin(case_id), Exchange()

    with pytest.raises(AttemptNotFound):
        world.ring(case_id, call, exchange, LUIS)
    calls.end(case_id, call, disposition="no_answer", means=world.means, **world.stores())
    with pytest.raises(AttemptSettled):
        world.ring(case_id, call, exchange)

    assert exchange.rung == []
