"""Which hours are good: the rule, on answers that are known and on any."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.domain.good_hours import (
    DAY,
    FEW,
    LEAST_DIRECT,
    STALE,
    Basis,
    Cell,
    GoodHours,
    Group,
    ratings,
)
from chalicelib.domain.plain import from_plain, to_plain

ALL = range(1, 8)
WORKDAYS = range(1, 6)
cells = some.lists(
    some.builds(
        lambda weekday, hour, tries, part: Cell(weekday, hour, tries * part // 100, tries),
        some.sampled_from(ALL),
        some.integers(8, 20),
        some.integers(0, 80),
        some.integers(0, 100),
    ),
    max_size=60,
    unique_by=lambda one: (one.weekday, one.hour),
)


def at(told, weekday, hour):
    return int(told[(weekday - 1) * DAY + hour], 16)


def a_group(told, **values):
    return Group(**{"channel": "call", "direct": 60, "tries": 300, "ratings": told} | values)


def evenings(tries=60):
    """Reached in half of the calls at seven in the evening, in a tenth of those at eleven."""
    return [Cell(day, 19, tries // 2, tries) for day in WORKDAYS] + [
        Cell(day, 11, tries // 10, tries) for day in WORKDAYS
    ]


def test_hours_at_which_more_are_reached_than_on_the_whole_are_good():
    told = ratings(evenings())

    assert [at(told, day, 19) for day in ALL] == [10] * 5 + [0, 0]  # nobody called at weekends
    assert [at(told, day, 11) for day in ALL] == [0] * 7
    assert a_group(told).best(3) == [(1, 19), (2, 19), (3, 19)]
    assert a_group("0" * 168).best(3) == []


def test_too_few_contacts_or_hours_that_are_all_alike_say_nothing():
    assert ratings([]) == ""
    assert ratings(evenings(tries=6)) == ""
    assert ratings([Cell(day, hour, 20, 60) for day in WORKDAYS for hour in (11, 19)]) == ""
    direct = LEAST_DIRECT - 1
    assert ratings([Cell(1, 19, direct, direct), Cell(1, 11, 0, 300)]) == ""
    assert ratings([Cell(1, 19, direct + 1, direct + 1), Cell(1, 11, 0, 300)]) != ""


def test_one_lucky_call_does_not_make_an_hour():
    told = ratings([*evenings(), Cell(3, 8, 1, 1)])

    assert at(told, 3, 8) == 0
    assert at(told, 3, 19) == 10


def test_an_hour_of_which_little_is_known_on_one_day_is_taken_from_the_other_days():
    told = ratings([*evenings(), Cell(6, 11, 1, FEW)])

    assert at(told, 6, 19) > 5  # nobody was called on Saturdays at seven
    assert at(told, 7, 19) == 0  # nor on Sundays at all


@given(cells)
def test_ratings_are_none_or_one_for_each_hour_of_the_week(several):
    told = ratings(several)

    assert told == "" or (len(told) == 168 and set(told) <= set("0123456789A") and "A" in told)
    tried = {one.hour for one in several if one.tries}
    assert all(hour in tried for _, hour in (a_group(told).best(168) if told else ()))


@given(cells, some.data())
def test_more_contacts_in_an_hour_never_make_it_worse(several, data):
    open_to = [one for one in several if one.direct < one.tries]
    if not open_to:
        return
    chosen = data.draw(some.sampled_from(open_to))
    better = Cell(chosen.weekday, chosen.hour, chosen.direct + 1, chosen.tries)
    before, after = ratings(several), ratings([better, *(o for o in several if o is not chosen)])

    if before and after:
        place = (chosen.weekday, chosen.hour)
        assert at(after, *place) >= at(before, *place)


@given(cells)
def test_of_two_days_that_tried_an_hour_alike_the_one_that_reached_more_is_no_worse(several):
    told = ratings(several)
    if not told:
        return
    days = {one.weekday: 0 for one in several}
    for one in several:
        days[one.weekday] += one.tries
    for one in several:
        for other in several:
            alike = (one.hour, one.tries) == (other.hour, other.tries)
            enough = min(days[one.weekday], days[other.weekday]) >= FEW
            if alike and enough and one.direct >= other.direct:
                assert at(told, one.weekday, one.hour) >= at(told, other.weekday, other.hour)


TOLD = ratings(evenings())
WIDE, ZONE, OWN = (
    a_group(TOLD),
    a_group(TOLD, zone="86a"),
    a_group(TOLD, zone="86a", segment="seg_1"),
)


def known(*groups):
    return GoodHours(
        portfolio_id="prt_test",
        first=date(2026, 8, 26),
        last=date(2026, 11, 23),
        days=90,
        made_at=datetime(2026, 11, 24, 9, tzinfo=UTC),
        groups=groups,
    )


@pytest.mark.parametrize(
    ("zone", "segment", "found"),
    [
        ("86a", "seg_1", (Basis.SEGMENT, OWN)),
        ("86a", "seg_2", (Basis.ZONE, ZONE)),
        ("86a", "", (Basis.ZONE, ZONE)),
        ("86b", "seg_1", (Basis.PORTFOLIO, WIDE)),
        ("", "seg_1", (Basis.PORTFOLIO, WIDE)),
        ("", "", (Basis.PORTFOLIO, WIDE)),
    ],
)
def test_the_nearest_group_that_says_anything_is_asked(zone, segment, found):
    assert known(WIDE, ZONE, OWN).of("call", zone=zone, segment=segment) == found
    assert known(WIDE, ZONE, OWN).of("sms", zone=zone, segment=segment) is None


def test_without_a_wider_group_nobody_else_is_told_of():
    assert known(OWN).of("call", zone="86b", segment="seg_1") is None
    assert known().of("call", zone="86a", segment="seg_1") is None


def test_what_was_learned_too_long_ago_is_stale():
    last = known().last

    assert not known().stale(last + STALE)
    assert known().stale(last + STALE + timedelta(days=1))


def test_it_is_kept_as_json():
    made = known(WIDE, OWN)

    assert from_plain(GoodHours, to_plain(made)) == made
