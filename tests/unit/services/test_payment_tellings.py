"""One payment told here and there is one line of the tray, with one pause and one task."""

from datetime import timedelta

import pytest

from chalicelib.domain.contact import Cause, HoldReason
from chalicelib.domain.reported import MOST_FILES, ReportedSource, ReportedState
from chalicelib.services import payment_tellings
from tests.builders import NOW, TODAY, a_debt, a_draft, a_portfolio, change_of, reopened
from tests.fakes import MemoryCases

YESTERDAY = TODAY - timedelta(days=1)


class Desk:
    """A case that is told of payments."""

    def __init__(self):
        self.cases, self.portfolio = MemoryCases(), a_portfolio()
        change = change_of(a_draft(a_debt("F-1"), portfolio=self.portfolio, key="D-1"))
        self.cases.commit(change)
        self.case_id = change.after.case_id

    @property
    def file(self):
        return self.cases.open(self.case_id)

    def tells(self, key="one", *, source=ReportedSource.WHATSAPP, now=NOW, **said):
        draft = reopened(self.file, self.portfolio, now=now)
        telling = payment_tellings.Telling(
            key=(self.case_id, key), source=source, cause=Cause(kind="reply"), at=now,
            by="debtor:x", **said,
        )  # fmt: skip
        reported_id = payment_tellings.take(draft, self.file, telling)
        change = draft.change()
        if change is not None:
            self.cases.commit(change)
        return reported_id

    def settles(self, reported_id, state=ReportedState.NOT_FOUND):
        draft = reopened(self.file, self.portfolio)
        draft.settle_reported(reported_id, state, answer="No está")
        self.cases.commit(change_of(draft))


@pytest.fixture
def desk():
    return Desk()


def test_what_was_told_waits_with_its_pause_and_its_task(desk):
    reported_id = desk.tells(amount_minor=25_000, paid_on=YESTERDAY, words="Ya pagué ayer")

    file = desk.file
    (one,), (hold,), (task,) = file.reported, file.holds, file.tasks
    assert (one.reported_id, one.state) == (reported_id, ReportedState.WAITING)
    assert (one.amount_minor, one.paid_on, one.source) == (25_000, YESTERDAY, "whatsapp")
    assert (one.hold_id, one.task_id) == (hold.hold_id, task.task_id)
    assert hold.reason is HoldReason.REPORTED_PAYMENT
    assert hold.until == TODAY + timedelta(days=3)
    assert (hold.note, task.cause.step) == ("Ya pagué ayer", "reported_payment")


def test_the_same_message_again_changes_nothing(desk):
    first = desk.tells(amount_minor=25_000)
    before = desk.file

    assert desk.tells(amount_minor=25_000) == first
    assert desk.file == before


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"amount_minor": 25_000, "paid_on": YESTERDAY}, {}),
        ({}, {"amount_minor": 25_000, "paid_on": YESTERDAY}),
        ({"amount_minor": 25_000}, {"paid_on": YESTERDAY, "reference": "AB-12"}),
        ({"amount_minor": 25_000, "reference": "AB-12"}, {"amount_minor": 25_000}),
    ],
)
def test_told_by_another_way_it_is_the_same_one(desk, first, second):
    one = desk.tells("one", words="Ya pagué", **first)
    assert desk.tells("two", source=ReportedSource.VISIT, words="Ya pagó", **second) == one

    file = desk.file
    (known,) = file.reported
    assert len(file.holds) == len(file.tasks) == 1
    assert (known.source, known.words) == ("whatsapp", "Ya pagué\nYa pagó")
    for name, value in (first | second).items():
        assert getattr(known, name) == value
    told = [event.facts["source"] for event in file.events if event.kind == "payment.reported"]
    assert told == ["whatsapp", "visit"]
    assert desk.tells("two", source=ReportedSource.VISIT, **second) == one
    assert desk.file == file


@pytest.mark.parametrize(
    "other",
    [
        {"amount_minor": 25_001, "paid_on": YESTERDAY, "reference": "AB-12"},
        {"amount_minor": 25_000, "paid_on": TODAY, "reference": "AB-12"},
        {"amount_minor": 25_000, "paid_on": YESTERDAY, "reference": "AB-13"},
    ],
)
def test_another_payment_is_another_line(desk, other):
    one = desk.tells("one", amount_minor=25_000, paid_on=YESTERDAY, reference="AB-12")
    two = desk.tells("two", **other)

    assert one != two
    assert len(desk.file.reported) == len(desk.file.tasks) == 2


def test_what_was_answered_is_not_opened_again(desk):
    one = desk.tells("one", amount_minor=25_000)
    desk.settles(one)
    assert [hold.lifted_at for hold in desk.file.holds] == [NOW]
    two = desk.tells("two", amount_minor=25_000)

    assert one != two
    assert [each.state for each in desk.file.reported] == [
        ReportedState.NOT_FOUND, ReportedState.WAITING,
    ]  # fmt: skip
    assert desk.tells("one", amount_minor=25_000) == one


def test_who_says_it_again_and_again_is_paused_three_times_and_waits_in_one_line(desk):
    for number in range(5):
        now = NOW + timedelta(days=4 * number)
        desk.tells(f"n{number}", now=now, words=f"Ya pagué {number}")

    file = desk.file
    assert len(file.holds) == 3
    assert (len(file.reported), len(file.tasks)) == (1, 1)
    notes = [event.personal["text"] for event in file.events if event.kind == "note.added"]
    assert notes == ["Ya pagué 3", "Ya pagué 4"]
    assert file.reported[0].hold_id == file.holds[-1].hold_id


@pytest.mark.parametrize("said", [{"amount_minor": 0}, {"paid_on": TODAY + timedelta(days=1)}])
def test_what_makes_no_sense_is_not_noted(desk, said):
    desk.tells(**said)
    (one,) = desk.file.reported
    assert (one.amount_minor, one.paid_on) == (None, None)


def test_pictures_that_came_with_it_are_kept_and_not_without_end(desk):
    for number in range(MOST_FILES + 2):
        file = payment_tellings.received(
            f"inbound/{number}.jpg", "rep", number, at=NOW, by="debtor:x"
        )
        desk.tells(f"n{number}", evidence=(file,))

    (one,) = desk.file.reported
    assert [file.key for file in one.evidence][:2] == ["inbound/0.jpg", "inbound/1.jpg"]
    assert len(one.evidence) == MOST_FILES
    assert one.evidence[0].media_type == "image/jpeg"
