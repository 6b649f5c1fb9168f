"""Tracking apps through the app: every recorded request gives its position or its refusal."""

import base64
import json
import math
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from chalice.test import Client

import app as application
from chalicelib import wiring
from chalicelib.domain.people import Role
from chalicelib.domain.tracking import MOST_ACCURACY_M
from chalicelib.tracking.values import KMH_MPS, KNOT_MPS
from tests.api.conftest import Api, open_cloud, sign_in
from tests.shared import SHARED, needs_shared

PAYLOADS = SHARED / "data" / "tracker_payloads" / "payloads.jsonl"
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


def records():
    return [json.loads(line) for line in PAYLOADS.read_text().splitlines()]


def door_of(record):
    """Which of our addresses the recorded app would be told to use."""
    client = record["client"].lower()
    if "gpslogger to home" in client:
        return "webhook"
    for name in ("opengts", "gpslogger", "overland", "owntracks"):
        if name in client:
            return name
    return "osmand"


class Desk:
    """A supervisor, an agent with a tracker, and the clock."""

    def __init__(self, api, cloud):
        self.api = api
        self.admin = sign_in(api, cloud, "admin@example.com", Role.ADMIN, totp=True)
        new = {"name": "A", "creditor": "B", "country": "MX"}
        self.portfolio = api("POST /portfolios", new, token=self.admin).body["portfolio_id"]
        self.boss = self.sign_in(cloud, "boss@example.com", Role.SUPERVISOR)
        self.agent = self.sign_in(cloud, "agent@example.com", Role.AGENT)
        self.person = api("GET /me", token=self.agent).body["person_id"]

    def sign_in(self, cloud, email, role):
        return sign_in(self.api, cloud, email, role, portfolios=(self.portfolio,))

    def issue(self, **more):
        body = {"person_id": self.person, "name": "Moto G", **more}
        return self.api("POST /trackers", body, token=self.boss).body

    def clock_in(self, at, shift_id="shf_1"):
        body = {"shift_id": shift_id, "started_at": at.isoformat()}
        assert self.api("POST /field/shifts", body, token=self.agent).status == 201

    def points(self, since, until):
        return wiring.tracking().points(self.person, since=since, until=until, now=until)


@pytest.fixture(scope="module")
def desk(server):
    with open_cloud() as cloud, Client(application.app) as client:
        yield Desk(Api(client), cloud)


@pytest.fixture(scope="module")
def token(desk):
    return desk.issue()["token"]


def basic(token):
    return "Basic " + base64.b64encode(f"recobro:{token}".encode()).decode()


@needs_shared
@pytest.mark.parametrize("record", records() if PAYLOADS.is_file() else [], ids=lambda r: r["id"])
def test_a_recorded_request_gives_its_position_or_its_refusal(desk, token, record, monkeypatch):
    expected, sent = record["expected"], record["request"]
    wanted = (expected or {}).get("points", [expected])[0] if expected else None
    at = datetime.fromisoformat(wanted["time"]) if wanted and wanted.get("time") else None
    at = at or time_in(sent) or NOW
    # The clock stands just after the request was recorded, in a shift of its own.
    now = at + timedelta(seconds=30)
    monkeypatch.setattr(wiring, "now", lambda: now)
    wipe()
    desk.clock_in(at - timedelta(hours=1), shift_id=f"shf_{record['id']}")

    query = urlsplit(sent["path"]).query
    headers = {"authorization": basic(token)}
    kind = {k.lower(): v for k, v in sent.get("headers", {}).items()}.get("content-type")
    path = f"{sent['method']} /tracking/{door_of(record)}" + (f"?{query}" if query else "")
    got = desk.api(
        path,
        raw=(sent.get("body") or "").encode(),
        **headers,
        **({"content_type": kind} if kind else {}),
    )
    kept = desk.points(at - timedelta(hours=1), now + timedelta(hours=1))

    if wanted is None:
        assert kept == []
        unsupported = door_of(record) == "owntracks" and "unsupported" in record["id"]
        assert (got.status, got.body) == (200, []) if unsupported else got.status == 422
        return
    assert got.status == 200
    if refusal(wanted) is not None:
        assert kept == []
        if door_of(record) != "owntracks":
            assert refusal(wanted) in {one["code"] for one in got.body["refused"]}
        return
    [fix] = kept
    if "lat" in wanted:
        assert math.isclose(fix.lat, wanted["lat"], abs_tol=1e-6)
        assert math.isclose(fix.lng, wanted["lon"], abs_tol=1e-6)
    if wanted.get("time"):
        assert abs(fix.at - datetime.fromisoformat(wanted["time"])) < timedelta(milliseconds=1)
    if wanted.get("accuracy_m") not in (None, ""):
        assert math.isclose(fix.accuracy_m, float(wanted["accuracy_m"]), abs_tol=0.051)
    if wanted.get("battery_pct") not in (None, ""):
        assert math.isclose(fix.battery * 100, float(wanted["battery_pct"]), abs_tol=0.051)
    speed = speed_in(wanted)
    if speed is not None:
        assert math.isclose(fix.speed_ms, speed, abs_tol=0.06)


def wipe():
    """Empty the table: records lie decades apart, or at the very same moment."""
    store = wiring.tracking()
    for item in store._wire.call("Scan", {"TableName": store._table})["Items"]:
        key = {name: item[name] for name in ("pk", "sk")}
        store._wire.call("DeleteItem", {"TableName": store._table, "Key": key})


def time_in(sent):
    """The moment a request tells of itself where nothing is expected of it."""
    try:
        body = json.loads(sent.get("body") or "")
    except ValueError:
        fields = parse_qs(f"{urlsplit(sent['path']).query}&{sent.get('body') or ''}")
        told = fields.get("time") or fields.get("timestamp") or [None]
        return moment(told[0])
    if "locations" in body:
        return moment(body["locations"][0].get("properties", {}).get("timestamp"))
    return moment(body.get("tst"))


def moment(told):
    if told in (None, ""):
        return None
    try:
        return datetime.fromtimestamp(float(told), UTC)
    except ValueError:
        read = datetime.fromisoformat(str(told))
        return read if read.tzinfo else read.replace(tzinfo=UTC)


def refusal(wanted):
    """What our filter says of a position that was read rightly."""
    if wanted.get("lat", 1) in (None, "") or (wanted.get("lat"), wanted.get("lon")) == (0, 0):
        return "no_fix"
    if abs(wanted.get("lon", 0)) > 180:  # one recorded sentence says 303 degrees east
        return "no_fix"
    if float(wanted.get("accuracy_m") or 0) > MOST_ACCURACY_M:
        return "poor_accuracy"
    return "poor_accuracy" if wanted.get("accepted") is False else None


def speed_in(wanted):
    for key, unit in (("speed_mps", 1.0), ("speed_knots", KNOT_MPS), ("speed_kmh", KMH_MPS)):
        if wanted.get(key) not in (None, ""):
            return float(wanted[key]) * unit
    return None


def test_a_token_may_come_in_every_way_that_apps_know(desk, token, monkeypatch):
    monkeypatch.setattr(wiring, "now", lambda: NOW)
    wipe()
    desk.clock_in(NOW - timedelta(hours=1), "shf_ways")
    at = int(NOW.timestamp())
    where = f"lat=19.4&lon=-99.1&timestamp={at}"
    body = {"device_id": token, "location": {"timestamp": NOW.isoformat(), "coords": {
        "latitude": 19.4, "longitude": -99.1}}}  # fmt: skip
    ways = [
        desk.api(f"GET /tracking/osmand?id={token}&{where}"),
        desk.api(f"POST /tracking/osmand?id={token}&{where}", raw=b""),
        desk.api("POST /tracking/osmand", body),
        desk.api(f"GET /tracking/gpslogger?token={token}&lat=19.4&lon=-99.1"),
        desk.api(f"GET /tracking/osmand?id=x&{where}", authorization=f"Bearer {token}"),
        desk.api(f"GET /tracking/osmand?id=x&{where}", authorization=basic(token)),
    ]
    assert [(got.status, got.body["accepted"]) for got in ways] == [(200, 1)] * 6


def test_wrong_revoked_and_disabled_sound_the_same_and_keep_nothing(desk, monkeypatch):
    monkeypatch.setattr(wiring, "now", lambda: NOW)
    issued = desk.issue()
    path = "GET /tracking/osmand?lat=19.4&lon=-99.1&id="
    assert desk.api(path + issued["token"]).status == 200
    assert desk.api(f"DELETE /trackers/{issued['tracker_id']}", token=desk.boss).status == 204
    assert desk.api(f"DELETE /trackers/{issued['tracker_id']}", token=desk.boss).status == 204
    listed = desk.api("GET /trackers", token=desk.boss).body["items"]
    assert issued["tracker_id"] not in {one["tracker_id"] for one in listed}
    answers = [
        desk.api(path + issued["token"]),
        desk.api(path + "rct_" + "0" * 32),
        desk.api(path + "356938035643809"),
        desk.api("GET /tracking/osmand?lat=19.4&lon=-99.1"),
        desk.api("GET /tracking/osmand?lat=1&lon=1", authorization="Basic !"),
    ]
    assert {(got.status, got.code, str(got.body["details"])) for got in answers} == {
        (401, "tracker.refused", "{}")
    }


def test_off_shift_an_app_is_answered_kindly_and_nothing_is_kept(desk, token, monkeypatch):
    monkeypatch.setattr(wiring, "now", lambda: NOW)
    wipe()
    got = desk.api(f"GET /tracking/osmand?id={token}&lat=19.4&lon=-99.1")
    assert got.status == 200
    assert got.body == {"accepted": 0, "refused": [{"index": 0, "code": "off_shift"}]}


def test_the_codes_set_up_both_apps(desk):
    issued = desk.issue()
    apps = {one["app"]: one for one in issued["apps"]}
    traccar = urlsplit(apps["traccar"]["link"])
    assert traccar.path == "/api/v1/tracking/osmand"
    assert parse_qs(traccar.query)["id"] == [issued["token"]]
    inline = apps["owntracks"]["link"].partition("inline=")[2]
    configuration = json.loads(base64.urlsafe_b64decode(inline))
    assert configuration["password"] == issued["token"]
    assert configuration["url"].endswith("/api/v1/tracking/owntracks")
    for app in apps.values():
        assert app["qr_svg"].startswith("<svg")
    [seen] = [
        one
        for one in desk.api("GET /trackers", token=desk.boss).body["items"]
        if one["tracker_id"] == issued["tracker_id"]
    ]
    assert "token" not in seen


def test_owntracks_shows_team_mates_only_where_it_is_allowed(desk, server, monkeypatch):
    monkeypatch.setattr(wiring, "now", lambda: NOW)
    from chalicelib.domain.tracking import Fix, Presence, Shift

    wipe()
    people = wiring.people()
    mine = people.get(desk.person)
    api = desk.api
    api(f"PATCH /people/{mine.person_id}", {"team": "Norte"}, token=desk.admin)
    shift = Shift(shift_id="s", person_id="mate", started_at=NOW - timedelta(hours=1))
    for name, team in (("Eva Luna", "Norte"), ("Otro", "Sur")):
        wiring.tracking().save(
            Presence(
                person_id=name, name=name, team=team, portfolios=(desk.portfolio,), shift=shift,
                fix=Fix(at=NOW, lat=19.5, lng=-99.2), heard_at=NOW,
            )
        )  # fmt: skip
    location = {"_type": "location", "lat": 19.4, "lon": -99.1, "tst": int(NOW.timestamp())}
    alone, seeing = desk.issue()["token"], desk.issue(sees_team=True)["token"]
    assert api("POST /tracking/owntracks", location, authorization=basic(alone)).body == []
    place, card = api("POST /tracking/owntracks", location, authorization=basic(seeing)).body
    assert (place["_type"], place["tid"], place["lat"]) == ("location", "EL", 19.5)
    assert (card["_type"], card["name"]) == ("card", "Eva Luna")
    empty = api("POST /tracking/owntracks", raw=b"", authorization=basic(seeing))
    assert (empty.status, empty.body) == (200, [])


def test_an_agent_of_others_gets_no_tracker_of_mine(desk):
    got = desk.api("POST /trackers", {"person_id": "nobody", "name": "x"}, token=desk.boss)
    assert got.code == "agent.not_found"
    boss = desk.api("GET /me", token=desk.boss).body["person_id"]
    got = desk.api("POST /trackers", {"person_id": boss, "name": "x"}, token=desk.boss)
    assert got.code == "agent.not_found"
