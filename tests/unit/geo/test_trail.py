"""A day's line: no jumps, no needless points, stops and the trips between them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.geo import movement, trail
from chalicelib.geo.distance import metres_between, metres_to_segment
from chalicelib.geo.motion import Timed
from chalicelib.geo.point import Point

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
METRE = 1 / 111_195


def at(second, north_m=0.0, east_m=0.0):
    return Timed(START + timedelta(seconds=second), Point(north_m * METRE, east_m * METRE))


def test_a_point_that_could_only_be_flown_to_is_dropped():
    walk = [at(30 * i, 30 * i) for i in range(10)]
    jump = at(135, 50_000)
    assert trail.without_jumps(sorted([*walk, jump], key=lambda f: f.at)) == walk


def test_a_wrong_first_point_does_not_drop_the_day():
    walk = [at(30 * i, 30 * i) for i in range(1, 10)]
    assert trail.without_jumps([at(0, 90_000), *walk]) == walk


def test_a_drive_in_town_is_not_a_jump():
    drive = [at(30 * i, 30 * 20 * i) for i in range(20)]  # 72 km/h
    assert trail.without_jumps(drive) == drive


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=0, max_size=40))
def test_a_simplified_line_is_never_farther_away_than_it_says(places):
    line = [at(10 * i, north, east) for i, (north, east) in enumerate(places)]
    kept = trail.simplified(line, tolerance_m=10)
    assert kept[:1] == line[:1]
    assert kept[-1:] == line[-1:]
    for a, b in pairwise(kept):
        between = line[line.index(a) + 1 : line.index(b)]
        assert all(metres_to_segment(f.point, a.point, b.point) <= 10.01 for f in between)


def test_both_ends_of_a_silence_are_kept():
    line = [at(0), at(60, 10), at(7000, 20), at(7060, 30)]
    assert trail.simplified(line) == line


def test_a_day_is_stops_and_the_trips_between_them():
    first = [at(30 * i) for i in range(20)]
    way = [at(600 + 30 * i, 50 * i) for i in range(1, 21)]
    last = [at(1200 + 30 * i, 1000) for i in range(1, 20)]
    stops, trips = trail.stops_and_trips([*first, *way, *last])
    assert [round(stop.point.lat / METRE, -2) for stop in stops] == [0, 1000]
    [trip] = trips
    assert 850 <= trip.distance_m <= 1000


def test_a_fix_each_five_minutes_on_the_way_is_no_stop_and_a_stay_is_one():
    drive = [at(300 * i, 6000 * i) for i in range(6)]  # 72 km/h
    assert trail.stops_and_trips(drive)[0] == []

    stays = [at(1800, 30_050), at(2100, 30_030), at(2400, 36_000)]
    (stop,) = trail.stops_and_trips([*drive, *stays])[0]
    assert stop.started_at == drive[-1].at
    # The six kilometres took all the time since he was last seen there.
    assert stop.finished_at == stays[1].at


def test_a_trail_without_stops_is_one_trip_and_none_is_none():
    way = [at(30 * i, 300 * i) for i in range(5)]
    stops, [trip] = trail.stops_and_trips(way)
    assert (stops, trip.first, trip.last) == ([], 0, 4)
    assert trail.stops_and_trips([]) == ([], [])


def follow(*fixes):
    state = None
    for fix in fixes:
        state = movement.follow(state, fix)
    return state


def test_he_moves_when_he_leaves_a_place_and_stands_after_three_minutes_near_another():
    moving = follow(at(0), at(30, 100))
    assert (moving.moving, moving.since) == (True, at(30).at)
    driving = follow(at(0), *(at(30 * i, 100 * i) for i in range(1, 20)))
    assert (driving.moving, driving.since) == (True, at(30).at)
    there = [at(60 + 30 * i, 110) for i in range(6)]
    stopped = follow(at(0), at(30, 100), *there)
    assert (stopped.moving, stopped.since) == (False, at(30).at)


def test_the_error_of_a_phone_is_no_movement():
    state = follow(*(at(30 * i, 60 * (i % 2)) for i in range(30)))
    assert not state.moving
    assert metres_between(Point(state.lat, state.lng), Point(0, 0)) < 1
