import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.geo.distance import metres_between, metres_to_segment
from chalicelib.geo.fences import Circle, Corridor, Polygon, from_wkt
from chalicelib.geo.motion import Change, MotionRules, MotionState, Timed, follow_all
from chalicelib.geo.point import Point
from chalicelib.tracking import geo_cases
from tests.shared import SHARED, needs_shared

# From Tijuana to Ushuaia.
latin_america = st.builds(
    Point, lat=st.floats(-55, 33, allow_nan=False), lng=st.floats(-117, -34, allow_nan=False)
)
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


@needs_shared
def test_every_recorded_case_of_fences_and_motion_agrees():
    lines = (SHARED / "data/tracker_payloads/geofence_motion.jsonl").read_text(encoding="utf-8")
    cases = [json.loads(line) for line in lines.splitlines()]
    wrong = {case["id"]: found for case in cases if (found := geo_cases.differences(case))}

    assert cases
    assert wrong == {}


@given(latin_america, latin_america)
def test_distance_is_the_same_both_ways(a, b):
    assert metres_between(a, b) == pytest.approx(metres_between(b, a))


@given(latin_america, st.floats(-0.002, 0.002), st.floats(-0.002, 0.002))
def test_a_circle_and_the_distance_agree(centre, north, east):
    point = Point(centre.lat + north, centre.lng + east)

    assert Circle(centre, 100).contains(point) == (metres_between(centre, point) <= 100)


@given(latin_america, latin_america)
def test_the_ends_of_a_segment_are_on_it(a, b):
    assert metres_to_segment(a, a, b) == pytest.approx(0, abs=1e-6)


def test_a_polygon_over_the_antimeridian_contains_its_middle():
    square = Polygon((Point(1, 179), Point(1, -179), Point(-1, -179), Point(-1, 179)))

    assert square.contains(Point(0, 180))
    assert not square.contains(Point(0, 177))


@pytest.mark.parametrize("text", ["", "CIRCLE (1 2)", "POLYGON ((1 2, 3 4))", "BLOB (1 2)"])
def test_what_is_no_fence_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        from_wkt(text)


def test_a_corridor_is_crossed_by_a_way_that_only_comes_near():
    street = Corridor((Point(19.4, -99.1), Point(19.4, -99.0)), half_width_m=25)

    assert street.crossed_by(Point(19.4002, -99.06), Point(19.41, -99.06))
    assert not street.crossed_by(Point(19.401, -99.06), Point(19.41, -99.06))


def test_a_walk_between_two_doors_is_one_trip():
    rules = MotionRules(distance_m=200, duration_s=180)
    step = 0.0005  # about 55 m of latitude
    walk = [0] * 6 + list(range(1, 15)) + [14] * 6
    fixes = [
        Timed(NINE + timedelta(minutes=i), Point(19.4 + step * n, -99.1))
        for i, n in enumerate(walk)
    ]

    state, changes = follow_all(MotionState(), fixes, rules)

    assert changes == (Change.MOVING, Change.STOPPED)
    assert not state.moving
