"""Where cases are, as the lake tells it: hexagons and segments, never a point."""

from dataclasses import replace
from datetime import date, timedelta

import h3
import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.bi import tables
from chalicelib.domain.case import Address, PointQuality
from chalicelib.geo.cells import INDEX_RESOLUTION, cell_of, parent_of
from chalicelib.services import lake as exporting
from chalicelib.strategies.model import Playbook, Rule, Segment
from tests.lake_world import a_lake

MON, TUE, WED = (date(2026, 10, day) for day in (5, 6, 7))
CENTRE, ALAMEDA = (19.4326, -99.1332), (19.4361, -99.1448)


@pytest.fixture
def world():
    with a_lake() as made:
        yield made


def lives(world, case_id, *addresses):
    file = world.cases.files[case_id]
    world.cases.files[case_id] = replace(file, addresses=addresses)


def an_address(number, point, quality=PointQuality.STREET):
    place = {} if point is None else {"lat": point[0], "lng": point[1], "cell": cell_of(*point)}
    return Address(address_id=f"a{number}", lines="Av. Uno 11", quality=quality, **place)


def placed(world, day):
    return {row["case_id"]: row for row in world.rows("places", day)}


@given(some.floats(-89, 89), some.floats(-179, 179), some.integers(min_value=0, max_value=9))
def test_the_parent_of_a_cell_is_h3s(lat, lng, resolution):
    cell = cell_of(lat, lng)

    assert parent_of(cell, resolution) == h3.cell_to_parent(cell, resolution)


def test_nothing_finer_than_a_cell_is_its_parent():
    with pytest.raises(ValueError, match="no finer"):
        parent_of(cell_of(*CENTRE), INDEX_RESOLUTION + 1)


def test_a_case_is_where_its_best_known_address_is(world):
    one, two = world.debtor(1, MON), world.debtor(2, MON)
    lives(
        world,
        one,
        an_address(1, None, PointQuality.ROOFTOP),
        an_address(2, ALAMEDA, PointQuality.TOWN),
        an_address(3, CENTRE, PointQuality.ROOFTOP),
    )
    world.export(TUE, since=MON)

    assert placed(world, TUE) == {
        one: {
            "case_id": one,
            "cell": cell_of(*CENTRE, 8),
            "district": cell_of(*CENTRE, 6),
            "segment": "",
        },
        two: {"case_id": two, "cell": "", "district": "", "segment": ""},
    }


def test_a_case_is_in_the_segment_that_its_facts_say(world):
    rule = Rule(field="balance", op=">=", value=50_000)
    book = Playbook(
        portfolio_id="prt_test",
        segments=(
            Segment(segment_id="large", name="L", priority=1, strategy_id="", rule=rule),
            Segment(segment_id="rest", name="R", priority=2, strategy_id=""),
        ),
    )
    large, small = world.debtor(1, MON, minor=90_000), world.debtor(2, MON, minor=10_000)
    means = replace(world.means(), playbook={"prt_test": book}.get)
    exporting.export(world.portfolio, MON, means=means, now=world.at(TUE, 3))

    told = {case_id: row["segment"] for case_id, row in placed(world, MON).items()}
    assert told == {large: "large", small: "rest"}


def test_a_lake_from_before_places_were_told_is_told_whole_once(world):
    """A case that nobody touches for months has a place all the same."""
    case_id = world.debtor(1, MON)
    lives(world, case_id, an_address(1, CENTRE))
    world.export(TUE, since=MON)
    for key in world.disk.objects():
        if "/places/" in key:
            (world.disk.at / key).unlink()
    world.cases.opened.clear()
    world.export(WED)
    assert world.cases.opened == [case_id]
    assert placed(world, WED)[case_id]["cell"] == cell_of(*CENTRE, 8)

    world.cases.opened.clear()
    thursday = WED + timedelta(days=1)
    world.export(thursday)
    assert world.cases.opened == []
    assert placed(world, thursday) == placed(world, WED)


def test_no_point_gets_into_the_lake(world):
    case_id = world.debtor(1, MON)
    lives(world, case_id, an_address(1, CENTRE))
    world.export(MON)

    told = str(world.everything())
    assert cell_of(*CENTRE) not in told  # the finer cell, which is a few doors
    assert not [word for word in ("19.43", "99.13", "Av. Uno") if word in told]
    assert tables.PLACES.state
