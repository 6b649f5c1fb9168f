"""Each day of a rhythm is due once, at its hour there, whatever the clocks do."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.due_times import Days, Every, Rhythm, days_of, next_due, waits_until

ZONES = (
    "America/Mexico_City",
    "America/Bogota",
    "America/Sao_Paulo",
    "America/Santiago",  # clocks change at midnight
    "America/Asuncion",
    "America/Havana",
    "America/New_York",
    "America/St_Johns",  # half an hour off
    "Australia/Lord_Howe",  # by half an hour
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
)
BEGIN, END = datetime(2017, 1, 1, tzinfo=UTC), datetime(2032, 1, 1, tzinfo=UTC)
zones = st.sampled_from(ZONES)
moments = st.datetimes(BEGIN.replace(tzinfo=None), END.replace(tzinfo=None), timezones=st.just(UTC))
rhythms = st.builds(
    Rhythm,
    every=st.sampled_from(Every),
    hour=st.integers(0, 23),
    weekday=st.integers(1, 7),
    month_day=st.integers(1, 31),
)


def belongs(rhythm, day):
    if rhythm.every is Every.WEEK:
        return day.isoweekday() == rhythm.weekday
    if rhythm.every is Every.MONTH:
        last = monthrange(day.year, day.month)[1]
        return day.day == (rhythm.month_day if rhythm.month_day <= 28 else last)
    return True


@given(rhythm=rhythms, after=moments, zone=zones)
def test_it_is_due_later_at_its_hour_on_a_day_of_its_own(rhythm, after, zone):
    at = next_due(rhythm, after, zone)
    there = at.astimezone(ZoneInfo(zone))

    assert at > after
    assert belongs(rhythm, there.date())
    exists = datetime.combine(there.date(), time(rhythm.hour), ZoneInfo(zone))
    if exists.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == exists.replace(
        tzinfo=None
    ):
        assert (there.hour, there.minute, there.fold) == (rhythm.hour, 0, 0)
    else:  # its hour is missing on that day: right after
        assert (
            timedelta()
            < there.replace(tzinfo=None) - exists.replace(tzinfo=None)
            <= timedelta(hours=1)
        )


@given(rhythm=rhythms, after=moments, zone=zones)
def test_no_day_of_it_is_passed_over_or_due_twice(rhythm, after, zone):
    until = after + timedelta(days=95)
    found, at = [], after
    while (at := next_due(rhythm, at, zone)) <= until:
        found.append(at.astimezone(ZoneInfo(zone)).date())

    first, last = (one.astimezone(ZoneInfo(zone)).date() for one in (after, until))
    between = [first + timedelta(days=n) for n in range(1, (last - first).days)]
    assert len(found) == len(set(found))
    assert {day for day in between if belongs(rhythm, day)} <= set(found)
    assert set(found) <= {day for day in (first, *between, last) if belongs(rhythm, day)}


@given(rhythm=rhythms, after=moments, zone=zones, minutes=st.integers(0, 60 * 24 * 40))
def test_looking_later_never_gives_an_earlier_moment(rhythm, after, zone, minutes):
    later = after + timedelta(minutes=minutes)

    assert next_due(rhythm, after, zone) <= next_due(rhythm, later, zone)


@pytest.mark.parametrize(
    ("zone", "day", "hour", "due"),
    [
        pytest.param("America/New_York", (2026, 3, 8), 2, "2026-03-08T07:00", id="missing"),
        pytest.param("America/New_York", (2026, 3, 8), 3, "2026-03-08T07:00", id="after it"),
        pytest.param("America/New_York", (2026, 11, 1), 1, "2026-11-01T05:00", id="twice"),
        pytest.param("America/New_York", (2026, 11, 1), 2, "2026-11-01T07:00", id="after both"),
        pytest.param("America/Santiago", (2026, 9, 6), 0, "2026-09-06T04:00", id="midnight gone"),
        pytest.param("America/Mexico_City", (2026, 4, 5), 2, "2026-04-05T08:00", id="no change"),
    ],
)
def test_when_clocks_change(zone, day, hour, due):
    before = datetime.combine(date(*day), time(), UTC) - timedelta(hours=1)
    at = next_due(Rhythm(every=Every.DAY, hour=hour), before, zone)
    while at.astimezone(ZoneInfo(zone)).date() < date(*day):
        at = next_due(Rhythm(every=Every.DAY, hour=hour), at, zone)

    assert at.isoformat() == f"{due}:00+00:00"


@pytest.mark.parametrize("month_day", [29, 30, 31])
def test_a_late_day_of_a_month_is_its_last(month_day):
    at, found = datetime(2028, 1, 15, tzinfo=UTC), []
    for _ in range(4):
        rhythm = Rhythm(every=Every.MONTH, hour=9, month_day=month_day)
        at = next_due(rhythm, at, "America/Bogota")
        found.append(at.date().isoformat())

    assert found == ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]


@given(on=st.dates(date(2020, 1, 1), date(2032, 1, 1)), days=st.sampled_from(Days))
def test_its_days_are_over_and_as_many_as_they_say(on, days):
    first, last = days_of(days, on)

    assert first <= last < on
    if days is Days.YESTERDAY:
        assert first == last == on - timedelta(days=1)
    elif days is Days.LAST_7:
        assert (last - first).days == 6
        assert last == on - timedelta(days=1)
    elif days is Days.LAST_WEEK:
        assert (first.isoweekday(), last.isoweekday(), (last - first).days) == (1, 7, 6)
        assert (on - last).days <= 7
    elif days is Days.MONTH:
        assert (first.day, last) == (1, on - timedelta(days=1))
        assert (first.year, first.month) == (last.year, last.month)
    else:
        assert (first.day, last.day) == (1, monthrange(last.year, last.month)[1])
        assert last + timedelta(days=1) == on.replace(day=1)


@given(rhythm=rhythms, after=moments, zone=zones)
def test_it_never_waits_until_it_is_due_again(rhythm, after, zone):
    at = next_due(rhythm, after, zone)

    assert at < waits_until(at, zone) <= next_due(rhythm, at, zone)
    assert waits_until(at, zone) - at <= timedelta(hours=25)
