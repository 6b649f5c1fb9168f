"""Who promised a call is reminded of it at its hour, once, and only while it is to be made."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.contact import HoldReason
from chalicelib.domain.notice import NoticeBox, NoticeKind, Often
from chalicelib.domain.people import Person, Role
from chalicelib.services import call_notices, calls, notice_letters, person_notices
from tests.builders import pays
from tests.document_fakes import MemoryBoxes
from tests.queue_world import ANA, LUIS, NOON, CallWorld

PID = "prt_test"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
AT = NOON + 4 * HOUR  # 16:00 in Mexico City
PERSON = Person(
    person_id="ana",
    email="ana@example.mx",
    name="Ana",
    role=Role.AGENT,
    portfolios=(PID,),
)


@dataclass
class Phoning(CallWorld):
    """Callers who are reminded."""

    person: Person = PERSON
    boxes: MemoryBoxes = field(default_factory=MemoryBoxes)

    def get(self, person_id: str) -> Person | None:
        return replace(self.person, person_id=person_id)

    @property
    def means(self) -> Any:
        def promised(turn, portfolio, now):
            call_notices.remind(turn, portfolio, now, people=self, boxes=self.boxes)

        return replace(super().means, promised=promised)

    def waiting(self, person_id: str = "ana"):
        box = self.boxes.get(PID, person_id)
        return box.waiting if box else ()

    def stands(self, notice, person_id: str = "ana") -> bool:
        return call_notices.stands(
            notice, person_id, self.portfolio, turns=self.turns, cases=self.cases, now=self.now
        )


@pytest.fixture
def world():
    return Phoning()


@pytest.fixture
def case_id(world):
    return world.debtor(1)


def test_who_promised_is_reminded_a_little_before_the_hour_and_once(world, case_id):
    for _ in range(2):
        world.act(case_id, "callback", until=AT)

    (notice,) = world.waiting()
    assert (notice.kind, notice.case_id, notice.at) == (
        NoticeKind.CALL_BACK,
        case_id,
        AT - call_notices.BEFORE,
    )
    world.now = notice.at
    assert world.stands(notice)
    assert not world.stands(notice, "luis")


def test_the_letter_says_the_hour_as_it_is_there_and_nothing_of_the_debtor(world, case_id):
    world.act(case_id, "callback", until=AT)
    mail = notice_letters.letter(
        world.waiting(), left_out=0, person=PERSON, portfolio=world.portfolio, names={},
        site="https://site.example",
    )  # fmt: skip

    assert mail.content.subject.startswith("1 llamada que prometiste en ")
    assert "Quedaste en volver a llamar a las 16:00." in mail.content.text
    assert f"/panel/expedientes/caso/?id={case_id}" in mail.content.text
    assert world.cases.open(case_id).head.name not in mail.content.html


def test_a_call_back_that_anybody_may_make_reminds_nobody(world, case_id):
    world.act(case_id, "callback", until=AT, mine=False)
    world.act(world.debtor(2), "snooze", until=AT, actor=replace(ANA, role=Role.SUPERVISOR))

    assert world.waiting() == ()


def test_one_that_is_moved_is_told_at_its_new_hour_only(world, case_id):
    world.act(case_id, "callback", until=AT)
    world.act(case_id, "callback", until=AT + HOUR)

    old, new = world.waiting()
    world.now = AT - call_notices.BEFORE
    assert not world.stands(old)
    world.now += HOUR
    assert world.stands(new)


def test_one_that_somebody_else_promised_since_is_theirs(world, case_id):
    world.act(case_id, "callback", until=AT)
    world.act(case_id, "callback", until=AT, actor=LUIS)

    (old,) = world.waiting()
    assert not world.stands(old)
    assert world.stands(world.waiting("luis")[0], "luis")


@pytest.mark.parametrize(("came_to", "stands"), [("no_answer", True), ("refuses", False)])
def test_one_whose_debtor_was_reached_before_is_not_told(world, case_id, came_to, stands):
    world.act(case_id, "callback", until=AT)
    world.now = NOON + HOUR
    call = world.begin(case_id)
    world.now += MINUTE
    calls.end(
        case_id, call, disposition=came_to, note="dijo que no", means=world.means,
        **world.stores(),
    )  # fmt: skip

    assert world.stands(world.waiting()[0]) is stands


def test_the_call_in_which_it_was_promised_does_not_end_it(world, case_id):
    call = world.begin(case_id)
    world.now += 3 * MINUTE
    calls.end(
        case_id, call, disposition="call_back", call_back_at=AT, note="a las cuatro",
        means=world.means, **world.stores(),
    )  # fmt: skip

    (notice,) = world.waiting()
    world.now = notice.at
    assert world.stands(notice)


@pytest.mark.parametrize(
    "over", [pays(100_000), lambda draft: draft.hold("hld_1", HoldReason.ILLNESS)]
)
def test_of_who_paid_or_is_to_be_left_alone_nothing_is_told(world, case_id, over):
    world.act(case_id, "callback", until=AT)
    world.change(case_id, over)

    assert not world.stands(world.waiting()[0])


def test_who_wants_none_is_put_nothing_into_the_box(world, case_id):
    world.person = replace(PERSON, call_back_mail=Often.NEVER)
    world.act(case_id, "callback", until=AT)

    assert world.waiting() == ()


@pytest.mark.parametrize(
    ("until", "told_at"),
    [
        # Tomorrow at 16:00: in tomorrow's morning.
        (AT + 24 * HOUR, datetime(2026, 11, 25, 14, tzinfo=UTC)),
        # Today, whose morning is over, and tomorrow at 7:30, before its morning: at their hour.
        (AT, AT - call_notices.BEFORE),
        (datetime(2026, 11, 25, 13, 30, tzinfo=UTC), datetime(2026, 11, 25, 13, 25, tzinfo=UTC)),
    ],
)
def test_who_wants_them_in_the_morning_gets_those_of_the_day(world, case_id, until, told_at):
    world.person = replace(PERSON, call_back_mail=Often.DAILY)
    world.act(case_id, "callback", until=until)

    assert [one.at for one in world.waiting()] == [told_at]


def test_what_goes_at_once_does_not_bring_a_call_of_the_afternoon_with_it(world, case_id):
    world.act(case_id, "callback", until=AT)
    box = world.boxes.get(PID, "ana")

    assert box.due(NOON + HOUR) == ()
    mention = replace(box.waiting[0], ref="tsk_1", kind=NoticeKind.MENTION, at=NOON)
    both = replace(box, waiting=(*box.waiting, mention))
    assert both.due(NOON) == (mention,)
    assert both.due(AT - call_notices.BEFORE) == both.waiting


def test_weeks_of_promised_calls_leave_room_for_a_mention(world):
    for number in range(person_notices.MOST_WAITING):
        world.act(world.debtor(number), "callback", until=AT + number * HOUR)
    person_notices.tell(
        PERSON, NoticeKind.MENTION, ref="tsk_1", case_id="cas_1", by="user:luis",
        portfolio=world.portfolio, boxes=world.boxes, now=NOON,
    )  # fmt: skip

    box: NoticeBox = world.boxes.get(PID, "ana")
    assert box.left_out == 0
    assert box.waiting[-1].kind is NoticeKind.MENTION
