"""
The rules on real trails: how often honest visits are doubted, and invented ones believed.

Each stop of five minutes in the GeoLife trails is taken as a visit made there, with the trail as
the agent's; and as a visit invented, with the trail of the same hour while the report names
another place that the same person stops at.
"""

import random
from bisect import bisect
from datetime import timedelta
from functools import cache

import pytest

from chalicelib.domain.case import PointQuality
from chalicelib.geo.distance import metres_between
from chalicelib.geo.stops import find_stops
from chalicelib.tracking import traces
from chalicelib.visits.trust import Ping, Report, score, stay_s
from chalicelib.visits.verdict import Arrival, Verdict, judge
from tests.shared import SHARED, needs_shared

FOLDER = SHARED / "data/gps_traces/geolife"
USERS = ("000", "001", "003", "004", "006")
ACCURACY_M = 20.0
PING_S = 30

pytestmark = needs_shared


@cache
def trail_of(user):
    files = sorted((FOLDER / user / "Trajectory").glob("*.plt"))
    fixes = [fix for file in files for fix in traces.read(file.name, file.read_text())]
    return sorted(fixes, key=lambda fix: fix.at)


@cache
def visits():
    """
    Visits made every three and a half minutes of a stop, four at most, with the hour's trail.

    The trails are loggers', silent where nobody moves and indoors; a phone takes a fix of its own
    for a visit. So only moments with a fix in the last half minute are visits.
    """
    made = []
    for user in USERS:
        trail = trail_of(user)
        for stop in find_stops(trail):
            for number in range(1, min(4, int(stop.duration_s // 210)) + 1):
                at = stop.started_at + timedelta(seconds=210 * number)
                first, last = (
                    bisect(trail, at + timedelta(minutes=m), key=lambda f: f.at) for m in (-30, 30)
                )
                around = trail[first:last]
                before = [f for f in around if f.at <= at]
                if before and (at - before[-1].at).total_seconds() <= 30:
                    made.append((user, stop, at, before[-1], around))
    return made


def pings(fixes, leave_out):
    kept, last = [], None
    for fix in fixes:
        if fix is leave_out or (last is not None and (fix.at - last).total_seconds() < PING_S):
            continue
        kept.append(Ping(at=fix.at, point=fix.point, accuracy_m=ACCURACY_M))
        last = fix.at
    return tuple(kept)


def report(at, point, trail):
    return Report(
        at=at, received_at=at, point=point, accuracy_m=ACCURACY_M, doors_at_spot=1, trail=trail
    )


def test_honest_visits_are_believed(record_property):
    doubted = [
        trust
        for _, _, at, fix, around in visits()
        if (trust := score(report(at, fix.point, pings(around, fix)))).needs_review
    ]

    said = f"{len(doubted)} false alarms in {len(visits())} honest visits"
    record_property("false_alarms", said)
    print(said)
    assert len(visits()) > 100
    assert len(doubted) <= 0.01 * len(visits())


def test_invented_visits_are_not(record_property):
    chance = random.Random(7)  # noqa: S311 - which lie is told
    told = believed = 0
    for user, stop, at, fix, around in visits():
        others = [
            other for who, other, *_ in visits()
            if who == user and metres_between(other.point, stop.point) > 700
        ]  # fmt: skip
        if not others:
            continue
        told += 1
        lie = report(at, chance.choice(others).point, pings(around, fix))
        believed += not score(lie).needs_review
    said = f"{believed} of {told} invented visits believed"
    record_property("believed", said)
    print(said)

    assert told > 100
    assert believed <= 0.03 * told


@pytest.mark.parametrize("quality", [PointQuality.ROOFTOP, PointQuality.STREET])
def test_stops_at_the_door_are_verified(quality, record_property):
    verdicts = []
    for _, stop, at, fix, around in visits():
        radius = {PointQuality.ROOFTOP: 100.0, PointQuality.STREET: 200.0}[quality]
        stay = stay_s(around, stop.point, radius, at)
        arrival = Arrival(
            point=fix.point, accuracy_m=ACCURACY_M, stay_s=stay,
            age_s=(at - fix.at).total_seconds(),
        )  # fmt: skip
        verdicts.append(judge(arrival, stop.point, quality).verdict)
    share = {verdict: verdicts.count(verdict) / len(verdicts) for verdict in Verdict}
    said = f"{quality}: " + ", ".join(f"{v} {s:.1%}" for v, s in share.items())
    record_property("verdicts", said)
    print(said)

    assert share[Verdict.OUTSIDE] <= 0.01
    assert share[Verdict.VERIFIED] >= 0.95
