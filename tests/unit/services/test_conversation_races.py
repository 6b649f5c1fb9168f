"""Messages that come twice or at once, answers that get lost, and cases that move meanwhile."""

import pytest

from chalicelib.domain.contact import AttemptState, Direction
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import CaseMoved
from tests.builders import NOW
from tests.conversation_fakes import says
from tests.unit.services.chat import World


@pytest.fixture
def world():
    return World()


def test_the_same_message_twice_is_one(world):
    case_id = world.debtor()
    world.hears("pago 500 el viernes", "1GR8")
    yes = says("sí")

    world.hears(yes)
    again = world.hears(yes)

    assert again.outcome == "repeated"
    assert len(world.cases.open(case_id).promises) == 1
    assert len(world.phone.sent) == 3


def test_who_broke_off_after_the_case_was_written_ends_the_same(world):
    """The case was committed, the conversation was not: the provider gives the message again."""
    case_id = world.debtor()
    world.hears("pago 500 el viernes", "1GR8")
    yes = says("sí")
    save, world.conversations.save = world.conversations.save, _fails

    with pytest.raises(RuntimeError):
        world.hears(yes)
    world.conversations.save = save
    world.hears(yes)

    file = world.cases.open(case_id)
    assert len(file.promises) == 1
    assert sum(one.provider_id == yes.provider_id for one in file.attempts) == 1
    assert len(world.phone.sent) == 3


def _fails(*_, **__):
    raise RuntimeError


def test_an_answer_that_may_have_gone_is_never_sent_again(world):
    case_id = world.debtor()
    hello = says("hola")
    world.phone.break_ = ConnectionError()

    with pytest.raises(ConnectionError):
        world.hears(hello)
    world.phone.break_ = None
    world.hears(hello)

    assert world.phone.sent == []
    assert world.cases.open(case_id).attempts[-1].state is AttemptState.RESERVED


def test_an_answer_that_surely_did_not_go_is_told_as_failed(world):
    case_id = world.debtor()
    world.phone.refuse = "window_closed"

    world.hears("hola")

    attempt = world.cases.open(case_id).attempts[-1]
    assert (attempt.state, attempt.problem) == (AttemptState.FAILED, "window_closed")
    (head,) = world.conversations.heads.values()
    assert world.conversations.messages(head.conversation_id)[-1].state == "failed"


def test_a_case_that_moves_meanwhile_is_read_again(world):
    case_id = world.debtor()
    commit, moved = world.cases.commit, [CaseMoved(case_id=case_id)]

    def once(*changes):
        if moved:
            raise moved.pop()
        commit(*changes)

    world.cases.commit = once
    world.hears("hola")

    assert len(world.cases.open(case_id).attempts) == 2
    assert len(world.phone.sent) == 1


def test_two_messages_at_once_are_answered_one_after_the_other(world):
    """The second was decided from a state that the first then changed: it is decided again."""
    case_id = world.debtor()
    world.hears("hola", "1GR8")
    save = world.conversations.save

    def late(*args, **values):
        world.conversations.save = save
        world.hears("pago 500 el viernes")
        return save(*args, **values)

    world.conversations.save = late
    world.hears("sí")

    file = world.cases.open(case_id)
    assert [one.amount_minor for one in file.promises] == [50_000]
    states = [one.state.value for one in file.attempts if one.direction is Direction.OUT]
    assert sorted(states) == ["failed", "sent", "sent", "sent", "sent"]
    (stale,) = [one for one in file.attempts if one.problem]
    assert stale.problem == "superseded"
    sent = [one.content.text for one in file.attempts if one.state is AttemptState.SENT]
    assert sorted(sent) == sorted(world.answers())


@pytest.mark.parametrize("dies", [False, True], ids=["goes on", "dies"])
def test_a_message_delivered_twice_at_once_leaves_no_answer_open(world, dies):
    """Both deliveries commit their answers to the case; the second's conversation is saved."""
    case_id = world.debtor()
    world.hears("hola", "1GR8", "pago 500 el viernes")
    save = world.conversations.save
    yes = says("sí")

    def late(*args, **values):
        world.conversations.save = save
        draft = Draft(world.cases.open(case_id), world.portfolio, actor="user:ana", now=NOW)
        draft.note("something else happened to the case meanwhile")
        world.cases.commit(draft.change())
        assert world.hears(yes).outcome == "answered"
        if dies:
            raise TimeoutError
        return save(*args, **values)

    world.conversations.save = late
    if dies:
        with pytest.raises(TimeoutError):
            world.hears(yes)
    world.hears(yes)

    attempts = world.cases.open(case_id).attempts
    gone = [one for one in attempts if one.direction is Direction.OUT]
    assert {one.state for one in gone} == {AttemptState.SENT, AttemptState.FAILED}
    assert {one.problem for one in gone if one.state is AttemptState.FAILED} == {"superseded"}
    sent = [one.content.text for one in gone if one.state is AttemptState.SENT]
    assert sorted(sent) == sorted(world.answers())
    assert len(world.cases.open(case_id).promises) == 1


def test_a_case_that_moves_after_the_answer_makes_no_repetition_of_it(world):
    """One delivery dies with its answers committed; the case moves as the next frees them."""
    case_id = world.debtor()
    world.hears("hola", "1GR8")
    save, commit, moved = world.conversations.save, world.cases.commit, [CaseMoved(case_id=case_id)]

    def dies(*_, **__):
        world.conversations.save = save
        raise TimeoutError

    def moves_once(*changes):
        if moved and "superseded" in repr(changes):
            raise moved.pop()
        commit(*changes)

    world.conversations.save = dies
    owed = says("cuánto debo")
    with pytest.raises(TimeoutError):
        world.hears(owed)
    note = Draft(world.cases.open(case_id), world.portfolio, actor="user:ana", now=NOW)
    note.note("so that the second delivery writes an attempt of its own")
    world.cases.commit(note.change())
    world.cases.commit = moves_once

    assert world.hears(owed).outcome == "answered"
    assert not moved
    states = {one.state for one in world.cases.open(case_id).attempts if one.problem}
    assert states == {AttemptState.FAILED}
