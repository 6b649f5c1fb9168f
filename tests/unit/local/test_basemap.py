"""The demo's drawn city: the doors stand on its streets, its pieces fit together."""

import pytest

from local.basemap.city import CITIES, city
from local.basemap.plane import Plane, crossing, half, inside
from local.generator.streets import streets

SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]


def test_degrees_and_metres_are_each_others_way_back() -> None:
    plane = Plane(19.4, -99.1)
    lng, lat = plane.degrees((1500.0, -800.0))
    x, y = plane.metres(lat, lng)
    assert (x, y) == pytest.approx((1500, -800), abs=0.2)


def test_a_line_through_a_square() -> None:
    assert crossing(SQUARE, (5, 5), (1, 0)) == ((0, 5), (10, 5))
    assert crossing(SQUARE, (5, 15), (1, 0)) is None


def test_halves_of_a_square_are_in_it() -> None:
    left = half(SQUARE, (4, 0), (1, 0))
    assert inside(left, (3, 3))
    assert not inside(left, (5, 3))


@pytest.mark.parametrize("country", sorted(CITIES))
def test_every_street_with_doors_is_drawn_with_its_name(country: str) -> None:
    features = list(city(country))
    named = {
        f["properties"]["name"]
        for f in features
        if f["tippecanoe"]["layer"] == "roads" and "name" in f["properties"]
    }
    assert named == {street.name for street in streets(country)}
    layers = {f["tippecanoe"]["layer"] for f in features}
    assert layers == {"earth", "roads", "landuse", "buildings", "places"}
