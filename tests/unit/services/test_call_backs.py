"""A voice message leads to a person's call, once, when its step says so."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.contact import Cause, Channel, ChannelEvent, Content, HoldReason, Ruling
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.services import call_backs, channel_events
from chalicelib.services.channel_events import Outcome
from chalicelib.strategies.model import CallBack
from tests.builders import an_attempt
from tests.queue_world import NOON, TODAY, QueueWorld

HEARD_AT = datetime(2026, 11, 24, 16, 32, tzinfo=UTC)  # 10:32 in Mexico City
CAUSE = Cause(kind="strategy", strategy="str_1@2", step="voice", anchor=TODAY)
OK = Ruling(at=HEARD_AT, allowed=True, reason_code="OK")


class World(QueueWorld):
    """A debtor whose telephone was rung by a voice message."""

    def begin(self, channel=Channel.CALL, cause=CAUSE):
        self.asked_of = []
        self.case_id = self.debtor(1)
        sent = an_attempt("att_1", channel=channel, cause=cause, created_at=HEARD_AT)
        self.change(self.case_id, lambda d: d.plan(sent))
        said = Content(to="+525512345678", text="Hola")
        self.change(
            self.case_id,
            lambda d: d.reserve("att_1", ruling=OK, content=said, contact_id="", party="debtor"),
        )
        self.change(
            self.case_id,
            lambda d: d.sent("att_1", provider="aws-voice", provider_id="v-1", at=HEARD_AT),
        )
        return self

    def hear(self, kind, code="", *, step=CallBack.ANSWERED, at=HEARD_AT):
        def says(portfolio_id, cause):
            self.asked_of.append((portfolio_id, cause.step))
            return step

        event = ChannelEvent(
            provider="aws-voice", provider_id="v-1", kind=kind, at=at, code=code,
            reference=f"{self.case_id}:att_1",
        )  # fmt: skip
        return channel_events.apply(
            event,
            cases=self.cases,
            portfolios=self.portfolios,
            now=self.now,
            after_news=lambda *told: call_backs.ask(*told[:4], says=says, at=told[4], now=self.now),
        )

    @property
    def file(self):
        return self.cases.open(self.case_id)

    @property
    def tasks(self):
        return self.file.tasks


@pytest.fixture
def world():
    return World().begin()


@pytest.mark.parametrize(
    ("step", "kind", "code", "cause"),
    [
        ("answered", "delivered", "", "voice_heard"),
        ("answered", "read", "", "voice_heard"),
        ("unanswered", "failed", "unanswered", "voice_unheard"),
        ("unanswered", "failed", "busy", "voice_unheard"),
    ],
)
def test_a_call_is_asked_for_when_it_ended_as_the_step_says(world, step, kind, code, cause):
    world.hear(kind, code, step=CallBack(step))

    (task,) = world.tasks
    assert (task.kind, task.state, task.owner) == (TaskKind.CALL, TaskState.OPEN, "")
    assert (task.cause.kind, task.cause.answers) == (cause, "att_1")
    assert (task.cause.strategy, task.cause.step) == ("str_1@2", "voice")
    assert task.created_at == HEARD_AT
    assert world.asked_of == [("prt_test", "voice")]


@pytest.mark.parametrize(
    ("step", "kind", "code"),
    [
        ("never", "read", ""),
        ("never", "failed", "unanswered"),
        ("answered", "failed", "unanswered"),
        ("unanswered", "read", ""),
        ("unanswered", "failed", "unreachable"),
        ("answered", "sent", ""),
    ],
)
def test_no_call_is_asked_for_after_another_end(world, step, kind, code):
    world.hear(kind, code, step=CallBack(step))

    assert world.tasks == ()


def test_it_is_asked_for_once_however_often_and_in_whatever_order_news_come(world):
    outcomes = [world.hear(kind) for kind in ("read", "delivered", "read", "delivered")]

    assert len(world.tasks) == 1
    assert outcomes[2:] == [Outcome.NO_NEWS] * 2
    world.change(world.case_id, lambda d: d.end_task(world.tasks[0].task_id, TaskState.DONE))
    world.hear("read")
    assert [one.state for one in world.tasks] == [TaskState.DONE]


@pytest.mark.parametrize(
    "happened",
    [
        lambda d: d.pay(100_000, paid_on=d.today, source="manual", reference="r"),
        lambda d: d.hold("hld_1", HoldReason.DISPUTE),
        lambda d: d.promise("pro_1", 500, d.today, channel="phone"),
        lambda d: d.undo_upload("upl_test"),
    ],
    ids=["paid", "on hold", "promised since", "void"],
)
def test_who_is_to_be_left_alone_is_not_called(world, happened):
    world.change(world.case_id, happened)

    world.hear("read")

    assert world.tasks == ()


@pytest.mark.parametrize(
    "values",
    [{"channel": Channel.SMS}, {"cause": Cause(kind="manual")}],
    ids=["another channel", "a person sent it"],
)
def test_only_a_strategys_voice_message_leads_to_one(values):
    world = World().begin(**values)

    world.hear("read")

    assert (world.tasks, world.asked_of) == ((), [])


def test_who_is_to_be_called_by_then_anyway_is_not_asked_for_twice(world):
    known = Task(
        task_id="tsk_1", kind=TaskKind.CALL, state=TaskState.OPEN, cause=CAUSE, due_on=TODAY,
        created_at=NOON,
    )  # fmt: skip
    world.change(world.case_id, lambda d: d.ask(known))

    world.hear("read")

    assert world.tasks == (known,)


def test_it_is_for_the_first_day_on_which_the_law_lets_somebody_call(world, monkeypatch):
    tomorrow = NOON + timedelta(days=1)
    denied = Ruling(at=NOON, allowed=False, reason_code="DAY_CAP", next_allowed_at=tomorrow)
    monkeypatch.setattr(call_backs.contacting, "rule", lambda *_, **__: denied)

    world.hear("read")

    (task,) = world.tasks
    assert task.due_on == date(2026, 11, 25)
    assert world.file.head.agenda_on == TODAY, "the plan looks, and ranks it on its day"


def test_where_no_call_is_ever_allowed_none_is_asked_for(world, monkeypatch):
    never = Ruling(at=NOON, allowed=False, reason_code="CEASE_REQUEST")
    monkeypatch.setattr(call_backs.contacting, "rule", lambda *_, **__: never)

    world.hear("read")

    assert world.tasks == ()


def test_the_queue_says_that_a_voice_message_was_heard_and_when(world, monkeypatch):
    free = Ruling(at=NOON, allowed=True, reason_code="OK", next_allowed_at=NOON)
    monkeypatch.setattr(call_backs.contacting, "rule", lambda *_, **__: free)
    world.hear("read")
    world.rank()

    (asked,) = (one for one in world.turns.get(world.case_id).reasons if one.code == "asked")

    assert (asked.basis, asked.value, asked.points) == ("voice_heard", 10 * 60 + 32, 30)
    world.now += timedelta(days=1)
    world.rank()
    (asked,) = (one for one in world.turns.get(world.case_id).reasons if one.code == "asked")
    assert (asked.basis, asked.value) == ("voice_heard", None), "of another day it has no hour"


def test_a_call_asked_for_otherwise_says_nothing_of_voices(world, monkeypatch):
    free = Ruling(at=NOON, allowed=True, reason_code="OK", next_allowed_at=NOON)
    monkeypatch.setattr(call_backs.contacting, "rule", lambda *_, **__: free)
    by_hand = Task(
        task_id="tsk_1", kind=TaskKind.CALL, state=TaskState.OPEN, due_on=TODAY, created_at=NOON,
        cause=replace(CAUSE, kind="manual"),
    )  # fmt: skip
    world.change(world.case_id, lambda d: d.ask(by_hand))
    world.rank()

    (asked,) = (one for one in world.turns.get(world.case_id).reasons if one.code == "asked")

    assert (asked.basis, asked.value) == ("", None)
