"""Nothing within reach is missed, wherever it lies."""

import math
import random

import h3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.geo.cells import cell_of
from chalicelib.geo.distance import EARTH_RADIUS_M, metres_between
from chalicelib.geo.near import Nearby, cells_around, rings
from chalicelib.geo.point import Point

# Latin America, from Tijuana to Ushuaia and Recife.
LATS, LNGS = st.floats(-55.5, 33.0), st.floats(-118.0, -34.0)
REACHES = st.sampled_from([30.0, 100.0, 134.9, 200.0, 1000.0])


def beside(point, metres, bearing):
    """The point so many metres away in a direction; exact on the sphere."""
    lat, away = math.radians(point.lat), metres / EARTH_RADIUS_M
    to = math.asin(
        math.sin(lat) * math.cos(away) + math.cos(lat) * math.sin(away) * math.cos(bearing)
    )
    east = math.atan2(
        math.sin(bearing) * math.sin(away) * math.cos(lat),
        math.cos(away) - math.sin(lat) * math.sin(to),
    )
    return Point(math.degrees(to), (point.lng + math.degrees(east) + 180) % 360 - 180)


def is_found(point, other, reach_m):
    return cell_of(other.lat, other.lng) in cells_around(point, reach_m)


@settings(max_examples=120, deadline=None)
@given(LATS, LNGS, REACHES, st.floats(0, 1), st.floats(0, 2 * math.pi))
def test_nothing_within_reach_is_missed_in_latin_america(lat, lng, reach, share, bearing):
    point = Point(lat, lng)

    assert is_found(point, beside(point, reach * share, bearing), reach)


@settings(max_examples=80, deadline=None)
@given(LATS, LNGS, REACHES, st.integers(0, 5), st.floats(0, 2 * math.pi))
def test_nor_from_the_corner_of_a_cell(lat, lng, reach, corner, bearing):
    lat, lng = h3.cell_to_boundary(cell_of(lat, lng))[corner]
    point = Point(lat, lng)

    assert is_found(point, beside(point, reach, bearing), reach)


def test_nor_around_the_pentagons():
    chance = random.Random(12)  # noqa: S311 - directions
    for pentagon in h3.get_pentagons(9):
        for cell in h3.grid_disk(pentagon, 1):
            for lat, lng in (h3.cell_to_latlng(cell), *h3.cell_to_boundary(cell)):
                point = Point(lat, lng)
                for reach in (100.0, 200.0):
                    other = beside(point, reach, chance.uniform(0, 2 * math.pi))

                    assert is_found(point, other, reach)


def test_what_is_found_is_what_measuring_all_finds():
    chance = random.Random(5)  # noqa: S311 - invented debts
    debts = [
        (n, Point(19.4 + chance.uniform(-0.02, 0.02), -99.1 + chance.uniform(-0.02, 0.02)))
        for n in range(800)
    ]
    near = Nearby(debts)
    for _, point in debts[:5]:
        for reach in (100.0, 200.0, 1500.0):
            expected = {n for n, place in debts if metres_between(point, place) <= reach}
            found = near.within(point, reach)

            assert {n for _, n in found} == expected
            assert [metres for metres, _ in found] == sorted(metres for metres, _ in found)


@pytest.mark.parametrize(
    ("reach", "resolution", "expected"), [(0, 9, 1), (100, 10, 2), (100, 8, 1)]
)
def test_finer_cells_need_more_rings(reach, resolution, expected):
    assert rings(reach, resolution) == expected


def test_a_negative_reach_is_refused():
    with pytest.raises(ValueError, match="negative"):
        rings(-1)
