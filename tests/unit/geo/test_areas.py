"""Areas of the map: nothing inside is missed."""

import random

import pytest

from chalicelib.domain.zone import inside
from chalicelib.geo.areas import AreaTooLarge, cells_of_polygon, in_cells
from chalicelib.geo.cells import cell_of
from chalicelib.geo.point import Point
from chalicelib.store.map_keys import FINEST, ranges

CITIES = [(19.4326, -99.1332), (4.61, -74.08), (-34.6, -58.38), (-23.55, -46.63), (-53.16, -70.91)]


def a_polygon(rng, lat, lng, size):
    """A star of nine corners, often dented."""
    from math import cos, pi, sin

    reach = [size * rng.uniform(0.3, 1) for _ in range(9)]
    return tuple(
        (lat + far * sin(2 * pi * n / 9), lng + far * cos(2 * pi * n / 9))
        for n, far in enumerate(reach)
    )


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("size", [0.002, 0.02, 0.2, 0.5])
def test_the_cells_of_a_polygon_miss_nothing_in_it(city, size):
    rng = random.Random(f"{city} {size}")  # noqa: S311 (the same polygons each time)
    corners = a_polygon(rng, *city, size)
    cells = cells_of_polygon(corners)
    spans = [(first, last) for _, first, last in ranges(cells)]

    held = 0
    for _ in range(400):
        lat = city[0] + rng.uniform(-size, size)
        lng = city[1] + rng.uniform(-size, size)
        if inside(corners, lat, lng):
            held += 1
            assert in_cells(Point(lat, lng), cells)
            cell = cell_of(lat, lng, FINEST)
            assert any(first <= cell <= last for first, last in spans)
    assert held > 20
    assert len(cells) <= 400


def test_a_country_is_no_zone():
    with pytest.raises(AreaTooLarge):
        cells_of_polygon(((14, -110), (14, -90), (32, -90), (32, -110)))


def test_ranges_hold_every_cell_and_nothing_beside():
    import h3

    rng = random.Random(1)  # noqa: S311 (the same cells each time)
    middle = h3.latlng_to_cell(19.4326, -99.1332, 8)
    cells = rng.sample(h3.grid_disk(middle, 3), 20)
    spans = ranges(cells)

    inside_, beside = set(), set()
    for cell in h3.grid_disk(middle, 3):
        (inside_ if cell in cells else beside).update(h3.cell_to_children(cell, FINEST))
    assert all(any(a <= one <= b for _, a, b in spans) for one in inside_)
    assert not any(a <= one <= b for one in beside for _, a, b in spans)
    assert len(spans) <= len(cells)
