import csv
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.compliance import cases, packs
from chalicelib.compliance.decision import Attempt, Question, allowed_until, decide
from chalicelib.compliance.packs import Layer
from chalicelib.compliance.tightening import Tightening
from chalicelib.domain.contact import Channel
from chalicelib.domain.wish import ContactWish, DayKind
from tests.shared import SHARED, needs_shared

EVERYTHING = frozenset(Channel)


def a_question(**change) -> Question:
    given_ = {
        "country": "MX",
        "channel": Channel.CALL,
        "moment": datetime(2026, 3, 10, 16, tzinfo=UTC),
        "time_zones": ("America/Mexico_City",),
        "authorised_channels": EVERYTHING,
    }
    return Question(**(given_ | change))


def at(text: str, zone: str = "America/Mexico_City") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@needs_shared
def test_every_researched_case_is_decided_as_expected():
    rows = list(csv.DictReader((SHARED / "contact/cases.csv").open(encoding="utf-8")))
    differences = []
    for row in rows:
        case = cases.read(row)
        answer = decide(case.question)
        if (answer.allowed, answer.reason_code) != (case.expected_allowed, case.expected_reason):
            differences.append((case.case_id, case.expected_reason, answer.reason_code))

    assert rows
    assert differences == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            {"recipient": "someone_unheard_of"}, id="an unknown recipient is a third party"
        ),
        pytest.param(
            {"country": "CO", "authorised_channels": None}, id="unknown consent in Colombia"
        ),
        pytest.param({"at_workplace": True}, id="at work"),
        pytest.param({"has_attorney": True}, id="the debtor has a lawyer"),
        pytest.param({"cease_requested": True}, id="asked to stop"),
        pytest.param({"on_hold": True}, id="on hold without an end"),
    ],
)
def test_a_lasting_refusal_has_no_next_moment(change):
    answer = decide(a_question(**change))

    assert not answer.allowed
    assert answer.next_allowed_at is None


def test_an_unknown_country_is_decided_by_the_strictest_of_all_packs():
    nine_at_night = a_question(country="ZZ", moment=at("2026-03-10T20:30"))

    assert not decide(nine_at_night).allowed


def test_two_possible_time_zones_must_both_allow():
    both = ("America/Tijuana", "America/Cancun")
    early_in_tijuana = a_question(time_zones=both, moment=at("2026-03-10T06:30", both[0]))
    late_in_cancun = a_question(time_zones=both, moment=at("2026-03-10T22:30", both[1]))

    assert decide(early_in_tijuana).reason_code == "OUTSIDE_HOURS"
    assert decide(late_in_cancun).reason_code == "OUTSIDE_HOURS"
    assert decide(early_in_tijuana).next_allowed_at == at("2026-03-10T07:00", both[0])


def test_the_next_moment_skips_the_weekend_and_the_moved_holiday():
    friday_night = a_question(moment=at("2026-11-13T22:30"))

    # Monday 16 November 2026 is Revolution day, moved.
    assert decide(friday_night).next_allowed_at == at("2026-11-17T07:00")


def test_the_next_moment_after_a_used_up_week_is_the_first_day_out_of_the_window():
    history = tuple(
        Attempt(channel=Channel.SMS, at=at(f"2026-03-{day:02}T10:00")) for day in (9, 10, 11)
    )

    answer = decide(a_question(moment=at("2026-03-12T10:00"), history=history))

    assert answer.reason_code == "WEEKLY_CAP"
    # Monday 16 March would be a week after the first, but it is Juárez' birthday, moved.
    assert answer.next_allowed_at == at("2026-03-17T07:00")


def test_hours_follow_the_clock_change():
    # New York springs forward on Sunday 8 March 2026; contact opens at 08:00 by the wall clock.
    before = a_question(
        country="US",
        time_zones=("America/New_York",),
        moment=at("2026-03-07T21:30", "America/New_York"),
    )

    assert decide(before).next_allowed_at == datetime(2026, 3, 8, 12, tzinfo=UTC)


def test_a_hold_ends_by_itself():
    answer = decide(a_question(on_hold=True, hold_until=at("2026-03-11T09:30")))

    assert answer.reason_code == "ON_HOLD"
    assert answer.next_allowed_at == at("2026-03-11T09:30")


def test_own_limits_close_days_and_cut_hours():
    own = Tightening(closed_days=frozenset({date(2026, 3, 10)}), opens_at=time(9))

    answer = decide(a_question(tightening=own))

    assert answer.reason_code == "HOLIDAY"
    assert answer.next_allowed_at == at("2026-03-11T09:00")


def test_hours_a_debtor_asked_for_only_cut_the_laws():
    own = Tightening(wish=ContactWish(opens_at="10:00", closes_at="12:00", not_on=(DayKind.SAT,)))
    friday = a_question(tightening=own, moment=at("2026-03-13T09:00"))

    early = decide(friday)
    assert (early.reason_code, early.article) == ("DEBTOR_HOURS", "")
    assert early.next_allowed_at == at("2026-03-13T10:00")
    assert decide(replace(friday, moment=at("2026-03-13T11:59"))).allowed
    assert allowed_until(replace(friday, moment=at("2026-03-13T11:00"))) == at("2026-03-13T12:00")
    late = decide(replace(friday, moment=at("2026-03-13T12:00")))
    assert late.next_allowed_at is not None
    assert late.next_allowed_at.astimezone(ZoneInfo("America/Mexico_City")).weekday() != 5

    # What the law closes stays closed, and is what is said.
    night = Tightening(wish=ContactWish(opens_at="00:00", closes_at="23:00"))
    assert decide(a_question(tightening=night, moment=at("2026-03-13T03:00"))).reason_code == (
        "OUTSIDE_HOURS"
    )


def test_the_decision_names_the_rules_it_came_from():
    assert decide(a_question()).rules == "MX/1@2026-11-22/strict"


# Hypothesis wants naive bounds; every moment it makes is aware.
MOMENTS = st.datetimes(
    datetime(2026, 3, 1),  # noqa: DTZ001
    datetime(2026, 4, 10),  # noqa: DTZ001
    timezones=st.just(UTC),
)
attempts = st.builds(
    Attempt,
    channel=st.sampled_from(Channel),
    at=MOMENTS,
    outcome=st.sampled_from(["", "unanswered", "answered", "conversation"]),
)
questions = st.builds(
    a_question,
    country=st.sampled_from(packs.countries()),
    channel=st.sampled_from([channel for channel in Channel if channel is not Channel.VISIT]),
    moment=MOMENTS,
    time_zones=st.sampled_from([
        ("America/Santiago",), ("America/New_York",), ("America/Bogota",),
        ("America/Tijuana", "America/Cancun"),
    ]),
    history=st.lists(attempts, max_size=5).map(tuple),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(questions, attempts)
def test_more_history_never_turns_a_no_into_a_yes(question, one_more):
    longer = replace(question, history=(*question.history, one_more))

    assert decide(question).allowed or not decide(longer).allowed


@settings(max_examples=60, deadline=None)
@given(questions)
def test_strict_is_never_looser_than_law(question):
    law = decide(replace(question, layer=Layer.LAW))
    strict = decide(question)

    assert law.allowed or not strict.allowed


@settings(max_examples=40, deadline=None)
@given(questions)
def test_the_next_allowed_moment_is_allowed_and_nothing_earlier_is(question):
    answer = decide(question)
    moment = answer.next_allowed_at
    assert moment is not None
    assert decide(replace(question, moment=moment)).allowed

    # Every quarter of an hour before it, within two weeks, is refused.
    earlier = question.moment
    for _ in range(14 * 96):
        if earlier >= moment:
            break
        assert not decide(replace(question, moment=earlier)).allowed
        earlier += timedelta(minutes=15)
