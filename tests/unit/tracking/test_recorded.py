import json

import pytest

from chalicelib.tracking import formats, recorded
from chalicelib.tracking.formats import Request
from chalicelib.tracking.position import Position, Refused
from tests.shared import SHARED, needs_shared


@needs_shared
def test_every_recorded_request_of_a_real_client_means_what_is_expected():
    lines = (SHARED / "data/tracker_payloads/payloads.jsonl").read_text(encoding="utf-8")
    records = [json.loads(line) for line in lines.splitlines()]
    wrong = {r["id"]: found for r in records if (found := recorded.differences(r))}

    assert records
    assert wrong == {}


def test_knots_and_kilometres_become_metres_a_second():
    [knots] = formats.osmand(Request(path="/?id=1&lat=19&lon=-99&speed=10"))
    body = '{"_type":"location","tid":"a","lat":19,"lon":-99,"tst":1,"vel":36}'
    [kmh] = formats.owntracks(Request(body=body))

    assert knots.speed_mps == pytest.approx(5.14444, abs=1e-4)
    assert kmh.speed_mps == pytest.approx(10)


@pytest.mark.parametrize("body", ["", "[]", "not json", '{"_type":"location"}', '{"_type":"card"}'])
def test_a_message_without_a_place_is_refused(body):
    with pytest.raises(Refused):
        formats.owntracks(Request(body=body))


@pytest.mark.parametrize(("lat", "lng"), [(0.0, 0.0), (91.0, 0.0), (50.4, 303.0), (None, None)])
def test_what_is_no_place_on_earth_is_no_fix(lat, lng):
    assert not Position(lat=lat, lng=lng).has_fix


def test_a_fix_of_three_kilometres_does_not_move_anybody():
    assert not Position(lat=19.4, lng=-99.1, accuracy_m=3000).locates
    assert Position(lat=19.4, lng=-99.1, accuracy_m=8).locates
