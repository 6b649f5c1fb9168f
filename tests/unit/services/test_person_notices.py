"""People are told by e-mail of what is theirs: once, together, and nothing of any debtor."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.contact import NotSent, Receipt
from chalicelib.domain.notice import NoticeKind, Often
from chalicelib.domain.people import Person, Role
from chalicelib.services import notice_sending, person_notices
from tests.builders import a_portfolio
from tests.document_fakes import MemoryBoxes

PID = "prt_test"
NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)  # 10:00 in Mexico City
MINUTE = timedelta(minutes=1)
LUZ = Person(
    person_id="luz",
    email="luz@example.mx",
    name="Luz",
    role=Role.AGENT,
    portfolios=(PID,),
    language="es",
)


class Crash(BaseException):
    """The worker's end: nothing after it happens."""


@dataclass
class World:
    """A box, a mailbox, and one person."""

    luz: Person = LUZ
    boxes: MemoryBoxes = field(default_factory=MemoryBoxes)
    sent: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    refusal: BaseException | None = None
    fresh: Callable = lambda one, person, portfolio: one

    def tell(self, ref, *, kind=NoticeKind.MENTION, at=NOW, by="user:ana", case_id="cas_1"):
        portfolio = a_portfolio(PID)
        person_notices.tell(
            self.luz, kind, ref=ref, case_id=case_id, by=by, portfolio=portfolio,
            boxes=self.boxes, now=at,
        )  # fmt: skip

    def send(self, message):
        if self.refusal is not None:
            raise self.refusal
        self.sent.append(message)
        return Receipt(provider="test", provider_id=message.message_id)

    def work(self, at):
        return notice_sending.work(PID, "luz", means=self.means, now=at)

    def due(self, at):
        return [one for _, one, _ in self.boxes.due(at, limit=10)]

    @property
    def means(self):
        people = {"luz": self.luz}
        portfolio = a_portfolio(PID)
        return notice_sending.Means(
            boxes=self.boxes,
            people=People(people),
            portfolios=Portfolios(portfolio),
            names=lambda ids: {one: "Ana Torres" for one in ids if one == "user:ana"},
            fresh=self.fresh,
            sender=self,
            site="https://site.example",
            problem=self.problems.append,
        )


@dataclass
class People:
    known: dict

    def get(self, person_id):
        return self.known.get(person_id)


@dataclass
class Portfolios:
    portfolio: object

    def get(self, portfolio_id):
        return self.portfolio


def test_five_mentions_make_one_mail_that_comes_within_minutes():
    world = World()
    for n in range(5):
        world.tell(f"tsk_{n}", at=NOW + n * timedelta(seconds=30), case_id=f"cas_{n}")

    assert world.due(NOW + 2 * MINUTE) == []
    assert world.due(NOW + 3 * MINUTE) == ["luz"]
    assert world.work(NOW + 3 * MINUTE) == "sent"
    (mail,) = world.sent
    assert mail.content.to == "luz@example.mx"
    assert mail.content.subject.startswith("5 menciones en ")
    assert mail.content.text.count("Ana Torres te mencionó en una nota.") == 5
    assert "https://site.example/panel/expedientes/caso/?id=cas_3" in mail.content.text
    assert "https://site.example/panel/ajustes/#notices" in mail.content.text
    assert world.work(NOW + 3 * MINUTE) == "stale"
    assert world.due(NOW + timedelta(days=30)) == []


def test_the_same_thing_is_told_once_however_often_it_is_asked_for():
    world = World()
    world.tell("tsk_1")
    world.tell("tsk_1", at=NOW + MINUTE)
    world.work(NOW + 5 * MINUTE)
    world.tell("tsk_1", at=NOW + 6 * MINUTE)

    assert world.due(NOW + timedelta(days=2)) == []
    assert len(world.sent) == 1
    assert world.sent[0].content.text.count("cas_1:") == 1


def test_tasks_wait_for_the_morning_of_the_portfolio():
    world = World()
    world.tell("tsk_1:luz", kind=NoticeKind.TASK)
    morning = datetime(2026, 11, 24, 14, tzinfo=UTC)

    assert world.due(morning - MINUTE) == []
    assert world.work(morning - MINUTE) == "stale"
    assert world.work(morning) == "sent"
    assert "Ana Torres te dio una tarea." in world.sent[0].content.text


def test_a_mention_does_not_bring_the_mornings_tasks_with_it_and_goes_before():
    world = World()
    world.tell("tsk_1:luz", kind=NoticeKind.TASK)
    world.tell("tsk_2")
    assert world.work(NOW + 4 * MINUTE) == "sent"

    assert "1 mención" in world.sent[0].content.subject
    assert "tarea" not in world.sent[0].content.subject
    assert world.due(datetime(2026, 11, 24, 14, tzinfo=UTC)) == ["luz"]


def test_who_wants_none_is_told_nothing_not_even_what_waited_already():
    never = replace(LUZ, mention_mail=Often.NEVER)
    world = World(luz=never)
    world.tell("tsk_1")
    assert world.due(NOW + timedelta(days=2)) == []

    world = World()
    world.tell("tsk_1")
    world.luz = never
    assert world.work(NOW + 4 * MINUTE) == "stale"
    assert world.sent == []
    assert world.due(NOW + timedelta(days=2)) == []


@pytest.mark.parametrize("gone", [{"disabled": True}, {"portfolios": ("prt_other",)}])
def test_who_no_longer_works_there_is_told_nothing(gone):
    world = World()
    world.tell("tsk_1")
    world.luz = replace(LUZ, **gone)

    assert world.work(NOW + 4 * MINUTE) == "stale"
    assert world.sent == []


@pytest.mark.parametrize(
    ("language", "words", "page"),
    [
        ("en", "Ana Torres mentioned you in a note.", "https://site.example/en/panel/"),
        ("pt", "Ana Torres mencionou você em uma nota.", "https://site.example/pt/panel/"),
    ],
)
def test_it_is_written_in_the_persons_language(language, words, page):
    world = World(luz=replace(LUZ, language=language))
    world.tell("tsk_1")
    world.work(NOW + 4 * MINUTE)

    content = world.sent[0].content
    assert words in content.text
    assert page in content.text
    assert f'lang="{language}' in content.html


def test_a_worker_that_died_while_sending_sends_nothing_twice():
    world = World(refusal=Crash())
    world.tell("tsk_1")
    with pytest.raises(Crash):
        world.work(NOW + 4 * MINUTE)
    world.refusal = None
    world.tell("tsk_2", at=NOW + 5 * MINUTE)

    assert world.work(NOW + 6 * MINUTE) == "busy"
    after = NOW + 4 * MINUTE + notice_sending.LEASE
    assert world.due(after) == ["luz"]
    assert world.work(after) == "sent"
    assert world.sent[0].content.subject.startswith("1 mención")


def test_what_a_provider_surely_did_not_take_goes_later_and_what_it_refuses_does_not():
    world = World(refusal=NotSent("email.throttled", retry=True))
    world.tell("tsk_1")
    with pytest.raises(notice_sending.ToComeAgain):
        world.work(NOW + 4 * MINUTE)
    world.refusal = None
    assert world.work(NOW + 5 * MINUTE) == "sent"

    world = World(refusal=NotSent("email.bad_address", retry=False))
    world.tell("tsk_1")
    assert world.work(NOW + 4 * MINUTE) == "refused"
    assert world.due(NOW + timedelta(days=2)) == []


def test_one_of_which_nobody_knows_whether_it_went_is_told_of_and_not_sent_again():
    world = World(refusal=RuntimeError("lost"))
    world.tell("tsk_1")

    assert world.work(NOW + 4 * MINUTE) == "unknown"
    assert len(world.problems) == 1
    assert world.due(NOW + timedelta(days=2)) == []


def test_what_is_too_much_for_a_mail_is_counted():
    world = World()
    for n in range(person_notices.MOST_WAITING + 7):
        world.tell(f"tsk_{n}")
    world.work(NOW + 4 * MINUTE)

    assert "Y 7 más, en el panel." in world.sent[0].content.text
    world.tell("tsk_103")
    assert world.due(NOW + timedelta(days=2)) == []


def test_what_comes_while_it_is_handed_over_is_kept():
    world = World()
    world.tell("tsk_1")
    hand_over = world.send

    def meanwhile(message):
        world.tell("tsk_2", at=NOW + 4 * MINUTE)
        return hand_over(message)

    world.send = meanwhile
    assert world.work(NOW + 4 * MINUTE) == "sent"
    world.send = hand_over
    assert world.work(NOW + 8 * MINUTE) == "sent"
    assert [one.content.text.count("te mencionó") for one in world.sent] == [1, 1]


def test_the_clock_orders_what_is_due():
    world = World()
    world.tell("tsk_1")

    @dataclass
    class Queue:
        sent: list

        def send(self, messages):
            self.sent.extend(messages)

    queue = Queue([])
    assert person_notices.start(boxes=world.boxes, work=queue, now=NOW) == 0
    assert person_notices.start(boxes=world.boxes, work=queue, now=NOW + 3 * MINUTE) == 1
    assert queue.sent == [{"step": "notices", "portfolio_id": PID, "person_id": "luz"}]
