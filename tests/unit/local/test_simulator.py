"""Invented agents keep to streets, stand at doors and send what a phone would."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from chalicelib.geo.distance import metres_between
from chalicelib.geo.point import Point
from local.client import Problem
from local.generator.streets import streets
from local.simulator.__main__ import is_loopback, names
from local.simulator.phone import Phone
from local.simulator.visiting import Call
from local.simulator.walk import RIDING_MS, Walker

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


class Server:
    """Takes what a phone sends; fails when it is told to."""

    def __init__(self):
        self.sent = []
        self.failing = False

    def sign_in(self, email, password):
        self.signed_in = email

    def get(self, path):
        return {"shift": None}

    def post(self, path, body):
        if self.failing:
            raise Problem(503, {}, path)
        self.sent.append((path, body))

    patch = post

    def post_signed(self, path, raw, signature):
        self.post(path, json.loads(raw))


def test_the_same_seed_walks_the_same_way_and_nobody_flies():
    one, same = Walker(7), Walker(7)
    way = [one.after(10) for _ in range(500)]
    assert way == [same.after(10) for _ in range(500)]
    places = [Point(seen.lat, seen.lng) for seen in way]
    fastest = max(metres_between(a, b) for a, b in pairwise(places))
    assert fastest < RIDING_MS * 10 + 30


def test_he_stands_at_doors_and_goes_on():
    way = [walker.after(10) for walker in [Walker(3)] for _ in range(1000)]
    at_doors = sum(bool(seen.door) for seen in way)
    assert 100 < at_doors < 900
    assert {seen.activity for seen in way} == {"still", "walking", "in_vehicle"}


def test_everybody_stays_in_the_town_of_the_streets():
    for seed in range(20):
        walker = Walker(seed)
        for _ in range(100):
            seen = walker.after(30)
            nearest = min(
                metres_between(Point(seen.lat, seen.lng), Point(one.lat1, one.lng1))
                for one in streets("MX")
            )
            assert nearest < 12_000


def test_a_phone_keeps_what_could_not_be_sent():
    server = Server()
    phone = Phone(1, server, ("a@recobro.test", "x"), calls=[])
    phone.clock_in(NOW)
    server.failing = True
    phone.send(NOW + timedelta(seconds=60))
    assert phone.problems == 1
    server.failing = False
    phone.send(NOW + timedelta(seconds=90))
    [batch] = [body for path, body in server.sent if path == "/field/pings"]
    assert len(batch["points"]) == 9
    assert batch["points"][0]["at"] == "2026-11-22T15:00:10Z"
    assert phone.points == 9


@pytest.mark.parametrize(
    ("url", "here"),
    [("http://127.0.0.1:8000", True), ("http://[::1]:80", True), ("https://recobro.mx", False)],
)
def test_only_this_machine_is_played_with(url, here):
    assert is_loopback(url) is here


def test_names_are_always_the_same_people():
    assert list(names(3)) == list(names(300))[:3]
    assert len({email for email, _ in names(300)}) == 300


def test_who_leaves_a_door_reports_the_visit_with_the_stay_as_it_was():
    street = streets("MX")[0]
    call = Call(key="adr_1", case_id="cas_1", address_id="adr_1", lat=street.lat1, lng=street.lng1)
    server = Server()
    phone = Phone(2, server, ("a@recobro.test", "x"), calls=[call])
    phone.clock_in(NOW)
    for minute in range(1, 240):
        phone.send(NOW + timedelta(minutes=minute))
    [visit] = [body for path, body in server.sent if path == "/field/visits"]
    assert (visit["case_id"], visit["address_id"]) == ("cas_1", "adr_1")
    here = Point(visit["fixes"][0]["lat"], visit["fixes"][0]["lng"])
    assert metres_between(here, Point(call.lat, call.lng)) < 30
    assert visit["started_at"] < visit["finished_at"]
    assert "cas_1" in {body.get("case_id") for path, body in server.sent if "pings" in path}
