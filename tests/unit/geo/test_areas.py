"""Areas of the map: nothing inside is missed."""

import random

import h3
import pytest

from chalicelib.domain.zone import inside
from chalicelib.geo.areas import (
    AreaTooLarge,
    border_of,
    cells_in_view,
    cells_of_polygon,
    in_cells,
    outline_of,
    size_of,
)
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


def test_cells_are_drawn_round_together_with_their_holes():
    middle = cell_of(19.4326, -99.1332, 8)
    ring = h3.grid_ring(middle, 1)

    ((outer, hole),) = outline_of(ring)

    assert len(outer) == 18
    assert sorted(map(rounded, hole)) == sorted(map(rounded, border_of(middle)))
    assert [len(rings) for rings in outline_of([*ring, middle])] == [1]
    assert len(outline_of([middle, cell_of(19.4326, -99.1332, 9)])) == 2  # of two sizes: apart
    assert (outline_of([]), size_of([]), size_of([middle])) == ([], None, 8)


def test_the_grid_of_a_view_covers_it_and_is_not_given_of_a_country():
    cells = cells_in_view(19.40, -99.18, 19.46, -99.10, 8, most=400)

    assert cells is not None
    assert cell_of(19.401, -99.179, 8) in cells
    assert cell_of(19.459, -99.101, 8) in cells
    assert cells_in_view(14.0, -118.0, 33.0, -86.0, 8, most=400) is None


def rounded(corner):
    return round(corner[0], 9), round(corner[1], 9)
