"""An agent's shift, points and trail, and the map, through the app."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib import wiring
from chalicelib.domain.people import Role
from tests.api.conftest import sign_in

ZOCALO = (19.4326, -99.1332)


def text(at):
    return at.isoformat().replace("+00:00", "Z")


def point(at, lat=ZOCALO[0], lng=ZOCALO[1], **more):
    return {"at": text(at), "lat": lat, "lng": lng, "accuracy_m": 8, **more}


@pytest.fixture
def portfolio(api, admin):
    new = {"name": "A", "creditor": "B", "country": "MX"}
    return api("POST /portfolios", new, token=admin).body["portfolio_id"]


@pytest.fixture
def agent(api, cloud, portfolio):
    return sign_in(api, cloud, "agent@example.com", Role.AGENT, portfolios=(portfolio,))


@pytest.fixture
def supervisor(api, cloud, portfolio):
    return sign_in(api, cloud, "boss@example.com", Role.SUPERVISOR, portfolios=(portfolio,))


@pytest.fixture
def now():
    return datetime.now(UTC)


def clock_in(api, token, at, shift_id="shf_1"):
    return api("POST /field/shifts", {"shift_id": shift_id, "started_at": text(at)}, token=token)


def send(api, token, *points, **more):
    body = {"device_id": "dev_1", "points": list(points), **more}
    return api("POST /field/pings", body, token=token)


def me(api, token):
    return api("GET /me", token=token).body["person_id"]


def test_points_are_kept_between_clocking_in_and_out_and_never_outside(api, agent, now):
    start = now - timedelta(hours=2)
    assert send(api, agent, point(now)).body["refused"] == [{"index": 0, "code": "off_shift"}]
    assert clock_in(api, agent, start).body["shift"]["ended_at"] is None
    early = point(start - timedelta(minutes=1))
    got = send(api, agent, early, point(start + timedelta(minutes=1)))
    assert got.body == {"accepted": 1, "refused": [{"index": 0, "code": "off_shift"}]}

    ended = now - timedelta(minutes=30)
    out = api("PATCH /field/shifts/shf_1", {"ended_at": text(ended)}, token=agent)
    assert out.body["shift"]["ended_at"] == text(ended)
    assert api("GET /field/shifts/current", token=agent).body["shift"] is None
    late = send(api, agent, point(now), point(ended - timedelta(minutes=5)))
    assert late.body == {"accepted": 1, "refused": [{"index": 0, "code": "off_shift"}]}
    assert api("GET /field/trail", token=agent).body["kept_days"] == 90


def test_clocking_in_twice_is_one_shift_and_two_shifts_do_not_overlap(api, agent, now):
    start = now - timedelta(hours=3)
    first = clock_in(api, agent, start)
    assert clock_in(api, agent, start).body["shift"] == first.body["shift"]
    other = clock_in(api, agent, now - timedelta(hours=1), "shf_2")
    assert (other.status, other.code) == (409, "shift.overlaps")
    assert other.body["details"] == {"shift_id": "shf_1"}


def test_a_forgotten_shift_ends_by_itself(api, agent, now):
    clock_in(api, agent, now - timedelta(hours=20))
    assert api("GET /field/shifts/current", token=agent).body["shift"] is None
    assert clock_in(api, agent, now - timedelta(hours=1), "shf_2").status == 201
    # 14 hours of the first, then nothing until the second.
    got = send(
        api, agent, point(now - timedelta(hours=7)), point(now - timedelta(hours=5, minutes=30))
    )
    assert got.body == {"accepted": 1, "refused": [{"index": 1, "code": "off_shift"}]}


def test_every_kind_of_bad_point_is_named_and_the_others_are_kept(api, agent, now):
    clock_in(api, agent, now - timedelta(hours=1))
    at = now - timedelta(minutes=10)
    got = send(
        api,
        agent,
        point(at),
        point(at, lat=0, lng=0),
        point(now + timedelta(hours=1)),
        point(now - timedelta(days=8)),
        point(at),
        point(at + timedelta(seconds=30), accuracy_m=1500),
        point(at + timedelta(seconds=60), lat=95.0),
    )
    assert got.body["accepted"] == 1
    assert [one["code"] for one in got.body["refused"]] == [
        "no_fix", "future", "too_old", "duplicate", "poor_accuracy", "no_fix",
    ]  # fmt: skip
    assert [one["index"] for one in got.body["refused"]] == [1, 2, 3, 4, 5, 6]


def test_the_same_batch_again_and_older_ones_change_nothing(api, agent, supervisor, now):
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    start = max(start, now - timedelta(hours=2))
    clock_in(api, agent, start)
    batch = [point(now - timedelta(seconds=30 * i), lat=19.43 + i / 10_000) for i in range(10)]
    send(api, agent, *batch)
    send(api, agent, *reversed(batch))
    send(api, agent, *batch[3:7])
    fixes = wiring.tracking().points(me(api, agent), since=start, until=now, now=now)
    assert len(fixes) == len({fix.at for fix in fixes})
    [seen] = api("GET /agents/live", token=supervisor).body["items"]
    assert seen["lat"] == batch[0]["lat"]


def test_the_map_says_who_is_where_and_why(api, agent, supervisor, now):
    clock_in(api, agent, now - timedelta(minutes=30))
    live = api("GET /agents/live", token=supervisor).body
    assert (live["items"][0]["state"], live["items"][0]["why"]) == ("silent", "no_position_yet")
    send(
        api,
        agent,
        point(now - timedelta(minutes=2), battery=0.5, network="4g"),
        point(now, lat=ZOCALO[0] + 0.002, battery=0.49, charging=False, network="4g"),
    )
    delta = api(f"GET /agents/live?since={live['mark']}", token=supervisor).body
    [seen] = delta["items"]
    assert not delta["whole"]
    assert (seen["state"], seen["battery"], seen["network"]) == ("moving", 0.49, "4g")
    send(api, agent, point(now + timedelta(seconds=1), battery=0.48), case_id="cas_1")
    [seen] = api(f"GET /agents/live?since={delta['mark']}", token=supervisor).body["items"]
    assert (seen["state"], seen["case_id"]) == ("visiting", "cas_1")
    api("PATCH /field/shifts/shf_1", {"ended_at": text(now)}, token=agent)
    [seen] = api("GET /agents/live", token=supervisor).body["items"]
    assert (seen["state"], seen["why"], seen["lat"]) == ("off", "clocked_out", None)


def test_a_phone_that_does_not_know_where_it_is_is_not_silent_without_a_reason(
    api, agent, supervisor, now
):
    clock_in(api, agent, now - timedelta(minutes=30))
    send(api, agent, point(now, lat=0, lng=0))
    [seen] = api("GET /agents/live", token=supervisor).body["items"]
    assert (seen["state"], seen["why"]) == ("silent", "no_fix")


def test_a_trail_has_stops_and_trips_and_is_for_those_of_the_portfolio(
    api, cloud, agent, supervisor, monkeypatch
):
    noon = datetime(2026, 11, 20, 18, tzinfo=UTC)  # midday in Mexico City
    monkeypatch.setattr(wiring, "now", lambda: noon + timedelta(hours=3))
    clock_in(api, agent, noon)
    stay = [point(noon + timedelta(seconds=30 * i)) for i in range(30)]
    walk = [
        point(noon + timedelta(seconds=900 + 30 * i), lat=ZOCALO[0] + i * 0.0003)
        for i in range(1, 31)
    ]
    end = walk[-1]["lat"]
    rest = [point(noon + timedelta(seconds=1800 + 30 * i), lat=end) for i in range(1, 30)]
    jump = point(noon + timedelta(seconds=455), lat=20.9)
    send(api, agent, *stay, jump, *walk, *rest)
    person = me(api, agent)

    trail = api(f"GET /agents/{person}/trail?date=2026-11-20", token=supervisor).body
    assert trail["time_zone"] == "America/Mexico_City"
    assert trail["received"] == 90
    assert len(trail["points"]) < 10
    assert max(one["lat"] for one in trail["points"]) < 20
    assert len(trail["stops"]) == 2
    [trip] = trail["trips"]
    assert trip["distance_m"] == pytest.approx(1000, rel=0.2)
    assert api("GET /field/trail?date=2026-11-20", token=agent).body["points"] == trail["points"]

    stranger = sign_in(api, cloud, "other@example.com", Role.SUPERVISOR, portfolios=("prt_x",))
    assert api(f"GET /agents/{person}/trail", token=stranger).code == "agent.not_found"
    assert api("GET /agents/live", token=stranger).body["items"] == []
    assert api(f"GET /agents/{person}/trail", token=agent).code == "actor.not_allowed"
    assert api("GET /agents/live", token=agent).code == "actor.not_allowed"
    assert api("GET /field/trail", token=supervisor).code == "actor.not_allowed"


def test_who_fell_silent_since_the_last_question_is_told(api, agent, supervisor, monkeypatch):
    start = datetime(2026, 11, 20, 18, tzinfo=UTC)
    monkeypatch.setattr(wiring, "now", lambda: start)
    clock_in(api, agent, start)
    send(api, agent, point(start, battery=0.03))
    mark = api("GET /agents/live", token=supervisor).body["mark"]
    monkeypatch.setattr(wiring, "now", lambda: start + timedelta(minutes=4))
    middle = api(f"GET /agents/live?since={mark}", token=supervisor).body
    monkeypatch.setattr(wiring, "now", lambda: start + timedelta(minutes=4, seconds=58))
    middle = api(f"GET /agents/live?since={middle['mark']}", token=supervisor).body
    assert middle["items"] == []
    monkeypatch.setattr(wiring, "now", lambda: start + timedelta(minutes=5, seconds=2))
    later = api(f"GET /agents/live?since={middle['mark']}", token=supervisor).body
    if later["whole"]:  # five minutes are also when everything is told again
        later = api(f"GET /agents/live?since={later['mark']}", token=supervisor).body
    [seen] = later["items"]
    assert (seen["state"], seen["why"]) == ("silent", "battery")


def test_what_is_past_its_time_is_not_shown_though_the_row_is_still_there(api, agent, monkeypatch):
    start = datetime(2026, 11, 20, 18, tzinfo=UTC)
    monkeypatch.setattr(wiring, "now", lambda: start)
    clock_in(api, agent, start)
    send(api, agent, point(start))
    assert api("GET /field/trail?date=2026-11-20", token=agent).body["received"] == 1
    monkeypatch.setattr(wiring, "now", lambda: start + timedelta(days=90, seconds=1))
    assert api("GET /field/trail?date=2026-11-20", token=agent).body["received"] == 0


def test_a_token_says_nothing_of_other_peoples_devices(api, agent, now):
    clock_in(api, agent, now - timedelta(minutes=30))
    send(api, agent, point(now))
    assert wiring.trails().people_on("dev_1", now.date()) == {me(api, agent)}
    around = wiring.trails().around(
        me(api, agent), now - timedelta(minutes=1), now + timedelta(minutes=1)
    )
    assert [ping.accuracy_m for ping in around] == [8]


@pytest.mark.parametrize("mark", ["x", "1", "1.2.3", "99999999999999999999.1"])
def test_a_mark_of_nobody_is_refused(api, supervisor, mark):
    assert api(f"GET /agents/live?since={mark}", token=supervisor).code == "request.bad_field"


def passes(api, token, portfolio, day, radius_m=100):
    lat, lng = ZOCALO
    asked = f"lat={lat}&lng={lng}&date={day}&radius_m={radius_m}"
    return api(f"GET /portfolios/{portfolio}/passes?{asked}", token=token)


def test_who_passed_by_a_place_is_told_with_how_near(api, agent, supervisor, portfolio, now):
    # Midnight may lie between them: then both days are asked for.
    start = (now - timedelta(hours=3)).replace(microsecond=0)
    clock_in(api, agent, start)
    north = 1 / 111_195
    walked = [(0, 0.02), (5, 40 * north), (6, 15 * north), (40, 0.03), (70, 60 * north)]
    send(
        api,
        agent,
        *[point(start + timedelta(minutes=m), lat=ZOCALO[0] + off) for m, off in walked],
    )
    send(api, agent, point(start + timedelta(minutes=90), lat=ZOCALO[0] + 1))

    zone = ZoneInfo("America/Mexico_City")
    days = sorted({(start + timedelta(minutes=m)).astimezone(zone).date() for m in (0, 90)})
    found = [
        one
        for day in days
        for one in passes(api, supervisor, portfolio, day.isoformat()).body["items"]
    ]

    assert [one["distance_m"] for one in found] == pytest.approx([15, 60], abs=0.5)
    assert [one["points"] for one in found] == [2, 1]
    assert {one["person_id"] for one in found} == {me(api, agent)}
    assert found[0]["since"] == text(start + timedelta(minutes=5))
    assert found[0]["until"] == text(start + timedelta(minutes=6))
    near = passes(api, supervisor, portfolio, days[0].isoformat(), radius_m=20).body["items"]
    assert [one["points"] for one in near] in ([1], [])  # of the first of two days, or the only one


def test_nobody_of_another_portfolio_is_told_and_no_district_is_searched(
    api, admin, agent, supervisor, portfolio
):
    now = datetime.now(UTC)
    clock_in(api, agent, now - timedelta(minutes=5))
    send(api, agent, point(now))
    day = now.astimezone(ZoneInfo("America/Mexico_City")).date().isoformat()
    new = {"name": "B", "creditor": "C", "country": "MX"}
    other = api("POST /portfolios", new, token=admin).body["portfolio_id"]

    assert len(passes(api, admin, portfolio, day).body["items"]) == 1
    assert passes(api, admin, other, day).body["items"] == []
    assert passes(api, supervisor, other, day).status == 404
    refused = passes(api, supervisor, portfolio, day, radius_m=501)
    assert (refused.status, refused.body["details"]["field"]) == (422, "radius_m")
