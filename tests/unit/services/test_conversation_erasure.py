from dataclasses import replace

import pytest

from chalicelib.domain import timeline
from chalicelib.domain.contact import Attempt, AttemptState, Cause, Channel, Content, Direction
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import BadField, NotAllowed
from chalicelib.domain.people import Actor, Role
from chalicelib.services import conversation_desk as desk
from chalicelib.services.conversation_erasure import erase, forget_person
from tests.builders import NOW
from tests.conversation_fakes import says
from tests.unit.services.chat import World

EVA = Actor(actor_id="user:eva", role=Role.ADMIN, portfolios=("*",), name="Eva")
LUIS = replace(EVA, actor_id="user:luis", role=Role.SUPERVISOR)
PICTURE = "inbound/2026/11/a.jpg"
SECRETS = ("mi esposo Raúl", "Raúl perdió su trabajo", "Anita")


class Files:
    def __init__(self):
        self.gone = []

    def erase(self, key):
        self.gone.append(key)


@pytest.fixture
def world():
    return World()


def talk_of(world):
    (key,) = world.conversations.heads
    return key


def erases(world, key, *, actor=EVA, files=None):
    erase(
        key, reason="Solicitud ARCO 12/2026", actor=actor, means=world.means,
        files=files or Files(), now=NOW,
    )  # fmt: skip


def everything(world, case_id):
    """All that is stored of a case and of conversations, as text; ids and hashes apart."""
    file = world.cases.open(case_id)
    return repr((file, world.conversations.heads, world.conversations.said))


def test_what_was_said_is_gone_and_the_chain_still_verifies(world):
    case_id = world.debtor()
    world.hears(
        says("ya pagué, lo hizo mi esposo Raúl", name="Anita"),
        says("es que Raúl perdió su trabajo"),
        says("", kind="image", media=(("image/jpeg", PICTURE),)),
        says("stop"),
    )
    before = world.cases.open(case_id)
    assert all(secret in everything(world, case_id) for secret in SECRETS)
    files = Files()

    erases(world, talk_of(world), files=files)

    after = world.cases.open(case_id)
    assert not [secret for secret in SECRETS if secret in everything(world, case_id)]
    assert "ya pagué" not in everything(world, case_id)
    assert files.gone == [PICTURE]
    assert timeline.verify(after.events, after.head.chain).ok
    assert [e.hash for e in after.events[: len(before.events)]] == [e.hash for e in before.events]
    last = after.events[-1]
    assert (last.kind, last.actor) == ("conversation.erased", "user:eva")
    assert last.facts["messages"] == len(before.attempts)
    # What it led to is as it was.
    assert [hold.reason for hold in after.holds] == [hold.reason for hold in before.holds]
    assert [word.state for word in after.consents] == [word.state for word in before.consents]
    assert after.promises == before.promises
    assert [one.state for one in after.attempts] == [one.state for one in before.attempts]


def test_an_erased_conversation_goes_on(world):
    world.debtor()
    world.hears("hola", "cuánto debo")
    key = talk_of(world)
    seq = world.conversations.heads[key].seq

    erases(world, key)
    world.hears("cuánto debo")

    said = world.conversations.messages(key, limit=100)
    assert {one.kind for one in said[:seq]} == {"erased"}
    assert said[seq].text == "cuánto debo"
    assert world.conversations.heads[key].seq == seq + 2


def test_erasing_again_changes_nothing(world):
    case_id = world.debtor()
    world.hears("hola", "ya pagué")
    erases(world, talk_of(world))
    once = world.cases.open(case_id)

    erases(world, talk_of(world))

    assert world.cases.open(case_id) == once


def test_a_long_conversation_is_erased_in_several_changes(world):
    case_id = world.debtor()
    world.hears(*(f"palabra secreta {n}" for n in range(40)))

    erases(world, talk_of(world))

    file = world.cases.open(case_id)
    assert "secreta" not in everything(world, case_id)
    erased = [event for event in file.events if event.kind == "conversation.erased"]
    assert len(erased) > 1
    assert timeline.verify(file.events, file.head.chain).ok


def test_a_number_of_several_cases_is_erased_on_each(world):
    cases = [world.debtor("D-1"), world.debtor("D-2")]
    world.hears("stop")
    assert all(world.cases.open(case_id).attempts for case_id in cases)
    assert all(one.words for case_id in cases for one in world.cases.open(case_id).consents)

    erases(world, talk_of(world))

    for case_id in cases:
        file = world.cases.open(case_id)
        assert {one.content for one in file.attempts} == {None}
        assert {one.words for one in file.consents} == {""}


def test_reminders_stay_for_they_show_what_was_told(world):
    case_id = world.debtor()
    world.hears("hola")
    file = world.cases.open(case_id)
    draft = Draft(file, world.portfolio, actor="system", now=NOW)
    draft.record(
        Attempt(
            attempt_id="att_r", channel=Channel.WHATSAPP, direction=Direction.OUT,
            state=AttemptState.SENT, cause=Cause(kind="strategy"), created_at=NOW, sent_at=NOW,
            content=Content(to=file.attempts[0].content.to, text="Le recordamos su pago"),
        )
    )  # fmt: skip
    world.cases.commit(draft.change())

    erases(world, talk_of(world))

    kept = [one.content.text for one in world.cases.open(case_id).attempts if one.content]
    assert kept == ["Le recordamos su pago"]


def test_a_strangers_conversation_goes_whole(world):
    world.hears("quién es? soy Raúl")
    key = talk_of(world)

    erases(world, key)

    assert world.conversations.find(key) is None
    assert world.conversations.messages(key) == []


def test_only_an_admin_may_and_says_why(world):
    world.debtor()
    world.hears("hola")
    with pytest.raises(NotAllowed):
        erases(world, talk_of(world), actor=LUIS)
    with pytest.raises(BadField):
        erase(talk_of(world), reason="  ", actor=EVA, means=world.means, files=Files(), now=NOW)


def test_who_has_taken_it_keeps_it(world):
    world.debtor()
    world.hears("quiero hablar con una persona")
    key = talk_of(world)
    desk.take(key, actor=EVA, means=world.means, now=NOW)

    erases(world, key)

    assert world.conversations.heads[key].taken_by == "user:eva"


def test_a_payment_that_was_told_stays_without_the_words_and_the_picture(world):
    case_id = world.debtor()
    world.hears("ya pagué 250 ayer, lo hizo Raúl", "1GR8")
    world.hears(says("", kind="image", media=(("image/jpeg", PICTURE),)))
    assert [one.key for one in world.cases.open(case_id).reported[0].evidence] == [PICTURE]

    files = Files()
    erases(world, talk_of(world), files=files)

    (told,) = world.cases.open(case_id).reported
    assert (told.amount_minor, told.words, told.evidence) == (25_000, "", ())
    assert files.gone == [PICTURE]
    assert "Raúl" not in everything(world, case_id)


def test_of_a_number_that_two_share_only_the_persons_part_goes(world):
    mine, theirs = world.debtor(), world.debtor(key="D-2")
    world.hears(says("hola", name="Anita"))
    key = talk_of(world)
    one = world.conversations.get(key)
    assert set(one.case_ids) == {mine, theirs}
    both = [
        replace(message, seq=one.seq + n, case_id=of, text=f"de {of}")
        for n, (of, message) in enumerate(
            zip((mine, theirs), world.conversations.messages(key) * 2, strict=False), start=1
        )
    ]
    saved = world.conversations.save(replace(one, seq=one.seq + 2), *both, before=one, now=NOW)
    files = Files()

    for _ in range(2):
        forget_person(saved, {mine}, means=world.means, files=files, now=NOW)
        saved = world.conversations.get(key)

    texts = [message.text for message in world.conversations.messages(key)]
    assert f"de {theirs}" in texts
    assert f"de {mine}" not in texts
    assert (saved.case_ids, saved.name) == ((theirs,), "")

    forget_person(saved, {theirs}, means=world.means, files=files, now=NOW)

    assert world.conversations.heads == {}
