"""When a debtor is best met."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.contact import AttemptState, Channel, Direction
from chalicelib.domain.draft import after
from chalicelib.services.best_hours import best_hours
from tests.builders import a_case, an_attempt, change_of, reopened

ZONE = "America/Mexico_City"
DAY = (7 * 3600, 22 * 3600)


def a_file(*hours, **values):
    draft = reopened(a_case())
    for number, hour in enumerate(hours):
        at = datetime(2026, 11, 2 + number, hour, 30, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
        made = {
            "channel": Channel.CALL, "direction": Direction.OUT, "state": AttemptState.DONE,
            "outcome": "answered", "sent_at": at, "not_before": None,
        }  # fmt: skip
        draft.record(an_attempt(f"att_{number}", **made | values))
    return after(a_case(), change_of(draft))


@pytest.mark.parametrize(
    ("hours", "window"),
    [
        pytest.param((18, 19, 18), (17 * 3600, 20 * 3600), id="evenings"),
        pytest.param((18, 19), None, id="two say nothing"),
        pytest.param((8, 12, 16, 20), None, id="any time"),
        pytest.param((6, 6, 5), None, id="outside the law's hours"),
    ],
)
def test_hours_at_which_he_was_reached_are_his_best(hours, window):
    assert best_hours(a_file(*hours), ZONE, within=DAY) == window


def test_calls_nobody_answered_say_nothing():
    assert best_hours(a_file(18, 18, 18, outcome="unanswered"), ZONE, within=DAY) is None


def test_the_lines_of_one_chat_are_one_contact():
    draft = reopened(a_case())
    for minute in range(5):
        at = datetime(2026, 11, 2, 18, minute, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
        made = {
            "channel": Channel.WHATSAPP, "direction": Direction.IN, "not_before": None,
            "state": AttemptState.RECEIVED, "created_at": at,
        }  # fmt: skip
        draft.record(an_attempt(f"att_{minute}", **made))
    chat = after(a_case(), change_of(draft))

    assert best_hours(chat, ZONE, within=DAY) is None
