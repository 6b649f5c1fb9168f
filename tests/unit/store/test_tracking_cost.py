"""What agents' points cost to keep: the figures that docs/scale.md multiplies."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.people import Person, Role
from chalicelib.domain.tracking import Fix
from chalicelib.geo.distance import metres_between
from chalicelib.geo.near import cells_around
from chalicelib.services import pings, shifts
from chalicelib.store.tracking import TrackingStore
from local.simulator.walk import Walker
from tests.metered import MeteredWire, size_of

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
AGENT = Person(
    person_id="11111111-2222-3333-4444-555555555555", email="a@example.com", name="Gael Gallardo",
    role=Role.AGENT, portfolios=("prt_06a1k2m3n4p5q6r7s8t9v0w1",), team="Norte",
)  # fmt: skip


def walked(count, every_s=30, seed=5):
    """Points of somebody on his way, as a phone has them."""
    walker = Walker(seed)
    for number in range(count):
        seen = walker.after(every_s)
        yield Fix(
            at=START + timedelta(seconds=every_s * (number + 1), milliseconds=number * 37 % 1000),
            lat=seen.lat,
            lng=seen.lng,
            accuracy_m=seen.accuracy_m,
            speed_ms=seen.speed_ms,
            heading=seen.heading,
            battery=round(0.9 - number / 5000, 2),
            charging=False,
            network="4g",
            activity=seen.activity,
        )


def spent(batch, points=1000):
    """Write *points* in batches of *batch*; gives the meter."""
    wire = MeteredWire()
    store = TrackingStore(wire, "tracking", kept=timedelta(days=90))
    shifts.start("shf_1", START, person=AGENT, tracking=store, now=START)
    wire.requests, wire.write_units, wire.read_units = 0, 0, 0.0
    fixes = list(walked(points))
    for first in range(0, points, batch):
        some = fixes[first : first + batch]
        pings.record(
            some, person_id=AGENT.person_id, device_id="dev_1", tracking=store, now=some[-1].at
        )
    return wire


@pytest.mark.parametrize(
    ("batch", "requests", "write_units"), [(1, 3001, 4001), (5, 601, 801), (100, 31, 61)]
)
def test_a_thousand_points_cost_so_many_units(batch, requests, write_units):
    meter = spent(batch)
    assert meter.requests == requests
    assert meter.write_units <= write_units
    assert meter.read_units == 1000 / batch


def test_a_hundred_points_are_a_row_of_two_kilobytes_at_most():
    rows = [item for (pk, _), item in spent(100).rows.items() if pk.startswith("TRAIL#")]
    assert len(rows) == 10
    assert max(map(size_of, rows)) <= 2048


def test_the_same_batch_again_makes_no_new_row_and_moves_nobody():
    wire = MeteredWire()
    store = TrackingStore(wire, "tracking", kept=timedelta(days=90))
    shifts.start("shf_1", START, person=AGENT, tracking=store, now=START)
    some = list(walked(50))
    for _ in range(3):
        pings.record(
            some, person_id=AGENT.person_id, device_id="dev_1", tracking=store, now=some[-1].at
        )
    assert len([pk for pk, _ in wire.rows if pk.startswith("TRAIL#")]) == 1
    presence = store.presence(AGENT.person_id)
    assert presence.version == 2  # clocked in, and one batch


def test_what_is_refused_costs_one_read():
    wire = MeteredWire()
    store = TrackingStore(wire, "tracking", kept=timedelta(days=90))
    some = list(walked(100))
    outcome = pings.record(
        some, person_id=AGENT.person_id, device_id="dev_1", tracking=store, now=some[-1].at
    )
    assert (outcome.accepted, wire.requests, wire.write_units) == (0, 1, 0)


def test_every_row_has_an_end():
    wire = MeteredWire()
    store = TrackingStore(wire, "tracking", kept=timedelta(days=90))
    shifts.start("shf_1", START, person=AGENT, tracking=store, now=START)
    some = list(walked(10))
    pings.record(
        some, person_id=AGENT.person_id, device_id="dev_1", tracking=store, now=some[-1].at
    )
    ends = {int(item["expires_at"]["N"]) for item in wire.rows.values()}
    assert len(wire.rows) == 4  # now, shift, device, batch
    assert min(ends) >= (START + timedelta(days=90)).timestamp()
    assert max(ends) <= (START + timedelta(days=91)).timestamp()


def test_of_a_day_only_the_batches_near_a_place_are_read_out():
    wire = MeteredWire()
    store = TrackingStore(wire, "tracking", kept=timedelta(days=90))
    fixes = list(walked(300))
    for first in range(0, 300, 5):
        store.add_points(
            AGENT.person_id, fixes[first : first + 5], device_id="dev_1", received_at=START
        )
    door = fixes[100]
    day = {"since": START, "until": START + timedelta(hours=9), "now": START}

    near = store.points(AGENT.person_id, **day, cells=frozenset(cells_around(door.point, 100)))

    there = [fix.at for fix in fixes if metres_between(fix.point, door.point) <= 100]
    assert {fix.at for fix in near} >= set(there)  # nobody within is missed
    assert len(near) < len(fixes) / 2
    assert len(store.points(AGENT.person_id, **day)) == len(fixes)
    assert store.points(AGENT.person_id, **day, cells=frozenset()) == []


def test_a_batch_from_before_cells_were_kept_always_comes():
    wire = MeteredWire()
    store = TrackingStore(wire, "tracking", kept=timedelta(days=90))
    store.add_points(AGENT.person_id, list(walked(5)), device_id="dev_1", received_at=START)
    (row,) = [item for (pk, _), item in wire.rows.items() if pk.startswith("TRAIL#")]
    del row["cells"]

    day = {"since": START, "until": START + timedelta(hours=9), "now": START}
    assert len(store.points(AGENT.person_id, **day, cells=frozenset())) == 5
