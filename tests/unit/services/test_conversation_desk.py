from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.contact import (
    Attempt,
    AttemptState,
    Cause,
    Channel,
    Content,
    Direction,
    Ruling,
)
from chalicelib.domain.conversation import Desk
from chalicelib.domain.errors import ConversationNotFound, ReplyNotSent
from chalicelib.domain.people import Actor, Role
from chalicelib.services import conversation_desk as desk
from chalicelib.services import conversation_pages as pages
from tests.builders import NOW, change_of, reopened
from tests.conversation_fakes import ANA as PHONE
from tests.unit.services.chat import World

ANA = Actor(actor_id="user:ana", role=Role.AGENT, portfolios=("prt_test",), name="Ana")
EVA = replace(ANA, actor_id="user:eva", name="Eva")
SOON = NOW + timedelta(minutes=5)


@pytest.fixture
def world():
    world = World()
    world.debtor()
    world.hears("quiero hablar con una persona")
    (world.key,) = world.conversations.heads
    return world


def acts(world, do, *args, actor=ANA, now=SOON, **more):
    return do(world.key, *args, actor=actor, means=world.means, now=now, **more)


def test_what_somebody_else_has_taken_is_not_answered_over_them(world):
    acts(world, desk.take)

    with pytest.raises(ReplyNotSent) as refused:
        acts(world, desk.reply, "hola", key="k", actor=EVA)

    assert refused.value.details["reason"] == "not_yours"
    acts(world, desk.take, actor=EVA)
    acts(world, desk.reply, "hola", key="k", actor=EVA)
    assert world.answers()[-1] == "hola"


def test_the_same_key_answers_once(world):
    acts(world, desk.reply, "hola", key="k")
    acts(world, desk.reply, "hola", key="k")

    assert world.answers()[1:] == ["hola"]


def test_a_message_that_comes_meanwhile_is_not_written_over(world):
    save = world.conversations.save

    def late(*args, **values):
        world.conversations.save = save
        world.hears("y otra cosa")
        return save(*args, **values)

    world.conversations.save = late
    acts(world, desk.reply, "hola", key="k")

    said = [one.text for one in world.conversations.messages(world.key)]
    assert said[-2:] == ["y otra cosa", "hola"]
    assert world.answers()[1:] == ["hola"]


def test_the_rules_are_asked_for_a_persons_answer_too(world):
    later = SOON + timedelta(hours=1)
    world.means = replace(
        world.means,
        gate=lambda *_, now, **__: Ruling(
            at=now, allowed=False, reason_code="OPTED_OUT", next_allowed_at=later
        ),
    )

    with pytest.raises(ReplyNotSent) as refused:
        acts(world, desk.reply, "hola", key="k")

    assert refused.value.details == {
        "reason": "OPTED_OUT", "next_allowed_at": "2026-11-22T19:05:00Z",
    }  # fmt: skip


def test_an_answer_that_may_have_gone_stays_reserved(world):
    world.phone.break_ = ConnectionError()

    with pytest.raises(ConnectionError):
        acts(world, desk.reply, "hola", key="k")
    world.phone.break_ = None
    acts(world, desk.reply, "hola", key="k")

    assert len(world.answers()) == 1
    last = world.conversations.messages(world.key)[-1]
    assert (last.text, last.state) == ("hola", "reserved")
    (case,) = world.cases.files.values()
    assert case.attempts[-1].state is AttemptState.RESERVED


def test_handing_back_lets_the_bot_go_on_where_it_was(world):
    acts(world, desk.take)
    acts(world, desk.give_back)
    acts(world, desk.give_back)

    world.hears("hola")

    assert world.conversations.get(world.key).desk is Desk.BOT
    assert len(world.answers()) == 2


def test_other_portfolios_conversations_are_not_there(world):
    stranger = replace(ANA, portfolios=("prt_other",))

    for do in (desk.take, desk.read, desk.give_back):
        with pytest.raises(ConversationNotFound):
            acts(world, do, actor=stranger)


def test_a_page_is_of_the_newest_and_older_ones_follow(world):
    for n in range(40):
        world.hears(f"mensaje {n}")

    def page(**asked):
        return pages.opened(
            world.key, **{"after": 0, "before": None} | asked, actor=ANA, means=world.means,
            people=lambda _: {}, now=SOON,
        )  # fmt: skip

    assert len(page()["messages"]) == 42
    assert page()["more"] is False
    assert [one["seq"] for one in page(before=3)["messages"]] == [1, 2]


def test_looking_does_not_bring_a_conversation_to_the_top(world):
    before = world.conversations.get(world.key)

    acts(world, desk.read)

    after = world.conversations.get(world.key)
    assert (before.unread, after.unread) == (1, 0)
    assert after.moved_at == before.moved_at


def test_what_the_debtor_answers_to_is_shown_among_the_messages(world):
    (case_id,) = world.cases.files
    file = world.cases.open(case_id)
    point = next(one for one in file.contacts if one.value == PHONE)
    reminder = Attempt(
        attempt_id="att_reminder", channel=Channel.WHATSAPP, direction=Direction.OUT,
        state=AttemptState.DELIVERED, cause=Cause(kind="strategy", strategy="str_1@1", step="d0"),
        created_at=NOW - timedelta(hours=1), sent_at=NOW - timedelta(hours=1),
        contact_id=point.contact_id, content=Content(to=PHONE, text="Su cuota vence hoy"),
    )  # fmt: skip
    elsewhere = replace(
        reminder, attempt_id="att_mail", content=Content(to="ana@example.mx", text="x")
    )
    draft = reopened(file, world.portfolio)
    draft.record(reminder)
    draft.record(elsewhere)
    world.cases.commit(change_of(draft))

    def shown(**asked):
        page = pages.opened(
            world.key, **{"after": 0, "before": None} | asked, actor=ANA, means=world.means,
            people=lambda _: {}, now=SOON,
        )  # fmt: skip
        return [(one["by"]["kind"], one["text"]) for one in page["messages"] if one["seq"] < 0]

    assert shown() == [("system", "Su cuota vence hoy")]
    assert shown(after=2) == []
