"""The drawing of a visit shows door, fence, phone and way where they were."""

import io
import math
from dataclasses import replace

import pytest
from PIL import Image

from chalicelib.geo.point import Point
from chalicelib.messages.sketch import FENCE, HEIGHT, INK, PAPER, PHONE, TRAIL, WIDTH, Sketch
from chalicelib.services import visit_sketch
from tests.visit_world import DOOR, METRE, Street, a_door

MIDDLE = (WIDTH // 2, HEIGHT // 2)


def read(png):
    """Pixels as indexes of the palette, by Pillow: somebody else's reading of the format."""
    picture = Image.open(io.BytesIO(png))
    picture.load()
    assert (picture.size, picture.mode) == ((WIDTH, HEIGHT), "P")
    return picture


def colours(png):
    return {index for _, index in read(png).getcolors()}


def drawn(radius_m=50.0, trail=(), door=True, **values):
    visit = Street().visit(**values)
    return visit_sketch.draw(visit, a_door() if door else None, radius_m, trail)


def test_everything_is_where_it_was():
    made = drawn(metres=30.0, trail=[Point(DOOR[0] - 40 * METRE, DOOR[1])])
    picture = read(made.png)
    scale = Sketch(visit_sketch.BEYOND * 50.0).scale

    assert picture.getpixel(MIDDLE) == INK
    assert picture.getpixel((MIDDLE[0], round(MIDDLE[1] - 30 * scale))) == PHONE
    assert picture.getpixel((MIDDLE[0], round(MIDDLE[1] + 40 * scale))) == TRAIL
    assert picture.getpixel((round(MIDDLE[0] + 50 * scale), MIDDLE[1])) == FENCE
    assert (made.away_m, made.radius_m) == (30, 50)
    # The bar is as long as it says.
    bar = [x for x in range(WIDTH) if picture.getpixel((x, HEIGHT - 12)) == INK]
    assert math.isclose(len(bar), made.bar_m * scale, abs_tol=3)


@pytest.mark.parametrize("metres", [0.0, 900.0, 40_000.0, 2_000_000.0])
def test_a_phone_however_far_away_is_on_the_paper(metres):
    made = drawn(metres=metres)

    assert {INK, PHONE} <= colours(made.png)
    assert len(made.png) < 20_000


def test_without_a_point_of_the_door_the_phone_is_in_the_middle():
    made = drawn(radius_m=0.0, door=False)

    assert read(made.png).getpixel(MIDDLE) == PHONE
    assert {INK, FENCE} & colours(made.png) <= {INK}  # the bar alone
    assert (made.away_m, made.radius_m) == (None, None)


def test_what_nobody_knows_is_not_drawn():
    visit = Street().visit()
    visit = replace(visit, report=replace(visit.report, fixes=()))

    assert visit_sketch.draw(visit, None, 0.0, ()) is None


def test_a_way_far_from_here_leaves_the_paper_alone():
    made = drawn(trail=[Point(DOOR[0] + 3.0, DOOR[1]), Point(DOOR[0] + 3.1, DOOR[1])])

    assert TRAIL not in colours(made.png)
    assert read(made.png).getpixel((3, 3)) in (PAPER, 1)
