import csv
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.geo import trail
from chalicelib.geo.distance import metres_between
from chalicelib.geo.motion import Timed
from chalicelib.geo.point import Point
from chalicelib.geo.stops import find_stops
from chalicelib.tracking import traces
from tests.shared import SHARED, needs_shared

GPS = SHARED / "data/gps_traces"
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


@needs_shared
@pytest.mark.parametrize("user", ["000", "001", "003", "004", "006"])
def test_the_stops_of_geolife_are_the_reference_stops(user):
    files = sorted((GPS / "geolife" / user / "Trajectory").glob("*.plt"))
    trail = sorted(
        (fix for file in files for fix in traces.read(file.name, file.read_text())),
        key=lambda fix: fix.at,
    )
    with (GPS / "geolife_staypoints.trackintel-1.4.2.csv").open() as lines:
        reference = {
            datetime.fromisoformat(row["started_at"]): row
            for row in csv.DictReader(lines)
            if int(row["user_id"]) == int(user)
            and (row["dist_threshold_m"], row["time_threshold_min"]) == ("100", "5")
        }

    found = {stop.started_at: stop for stop in find_stops(trail)}

    right = found.keys() & reference.keys()
    print(user, "precision", len(right) / len(found), "recall", len(right) / len(reference))
    assert found.keys() == reference.keys()
    for at, stop in found.items():
        row = reference[at]
        assert stop.duration_s == pytest.approx(float(row["duration_s"]), abs=1)
        centre = Point(float(row["lat"]), float(row["lon"]))
        # The reference's centre is made otherwise; both lie well inside the radius of a stop.
        assert metres_between(stop.point, centre) < 25


@needs_shared
def test_the_stops_of_the_map_are_of_the_reference_and_few_of_them_are_missing(capsys):
    """What is missing are rides through a silence, which the reference takes for stays."""
    found = reference = 0
    for folder in sorted((GPS / "geolife").iterdir()):
        files = sorted((folder / "Trajectory").glob("*.plt"))
        fixes = sorted(
            (fix for file in files for fix in traces.read(file.name, file.read_text())),
            key=lambda fix: fix.at,
        )
        all_of_it = {stop.started_at for stop in find_stops(fixes)}
        of_the_map = {stop.started_at for stop in find_stops(fixes, leaving_ms=trail.LEAVING_MS)}
        assert of_the_map <= all_of_it
        found, reference = found + len(of_the_map), reference + len(all_of_it)
    with capsys.disabled():
        print(f"\nof {reference} stops of the reference the map has {found}")
    assert found / reference > 0.9


@needs_shared
def test_a_drive_seen_each_five_minutes_has_no_stops():
    drive = traces.read("x.rec", (GPS / "owntracks_demo-iphone.rec").read_text())

    assert find_stops(drive, leaving_ms=trail.LEAVING_MS) == []


@needs_shared
@pytest.mark.parametrize(("file", "fixes"), [
    ("posmo_trajectory.csv", 1000),
    ("owntracks_demo-iphone.rec", 5),
    ("dawarich_owntracks_2024-03.rec", 1),
    ("dawarich_csv/gpslogger.csv", 2),
    ("dawarich_csv/semicolon_eu.csv", 2),
    ("dawarich_csv/unix_timestamps.csv", 2),
    ("movingpandas_demodata_geolife.csv", 1000),
])  # fmt: skip
def test_every_recorded_trail_is_read(file, fixes):
    path = GPS / file

    trail = traces.read(path.name, path.read_text(encoding="utf-8"))

    assert len(trail) >= fixes
    assert trail == sorted(trail, key=lambda fix: fix.at)


def test_a_silence_is_no_stop():
    door = Point(19.4, -99.1)
    before = [Timed(NINE + timedelta(seconds=i * 30), door) for i in range(4)]
    after = [Timed(NINE + timedelta(hours=2, seconds=i * 30), Point(19.5, -99.1)) for i in (0, 1)]

    assert find_stops([*before, *after]) == []


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n"])
def test_a_table_without_places_is_refused(text):
    with pytest.raises(traces.BadTrace):
        traces.read("x.csv", text)


@needs_shared
def test_real_days_are_drawn_with_a_fifth_of_their_points():
    """Nobody of GeoLife flew; what is dropped as a jump must be next to nothing."""
    received = straight = drawn = 0
    way_m = drawn_m = 0.0
    for path in sorted((GPS / "geolife").glob("*/Trajectory/*.plt")):
        day = traces.read(path.name, path.read_text())
        kept = trail.without_jumps(day)
        line = trail.simplified(kept)
        received, straight, drawn = received + len(day), straight + len(kept), drawn + len(line)
        way_m, drawn_m = way_m + trail.length_m(kept), drawn_m + trail.length_m(line)

    assert straight / received > 0.99
    assert drawn / straight < 0.2
    assert drawn_m / way_m > 0.9
