"""A verdict follows distance, accuracy, age and stay, each alone."""

import pytest

from chalicelib.domain.case import PointQuality
from chalicelib.geo.point import Point
from chalicelib.visits.verdict import Arrival, Reason, Verdict, judge

DOOR = Point(19.4326, -99.1332)
A_METRE = 1 / 111_195.1  # of latitude, in degrees


def north(metres):
    return Point(DOOR.lat + metres * A_METRE, DOOR.lng)


def verdict(metres=10, quality=PointQuality.ROOFTOP, radius_m=None, target=DOOR, **more):
    said = {"accuracy_m": 10, "age_s": 5, "stay_s": 200, "somebody_met": True} | more
    judged = judge(Arrival(point=north(metres), **said), target, quality, radius_m=radius_m)
    return judged.verdict, judged.reasons


def test_at_the_door_is_verified():
    assert verdict() == (Verdict.VERIFIED, ())


@pytest.mark.parametrize(
    ("metres", "accuracy_m", "expected", "reasons"),
    [
        pytest.param(99.9, 10, Verdict.VERIFIED, (), id="just inside"),
        pytest.param(100.1, 10, Verdict.UNSURE, (Reason.MAYBE_INSIDE,), id="error may explain it"),
        pytest.param(109.9, 10, Verdict.UNSURE, (Reason.MAYBE_INSIDE,), id="all of the error"),
        pytest.param(110.1, 10, Verdict.OUTSIDE, (Reason.FAR,), id="no error explains it"),
        pytest.param(5, 100, Verdict.VERIFIED, (), id="poorest accuracy that counts"),
        pytest.param(5, 101, Verdict.UNSURE, (Reason.POOR_ACCURACY,), id="too poor"),
        pytest.param(
            2000,
            3000,
            Verdict.UNSURE,
            (Reason.MAYBE_INSIDE, Reason.POOR_ACCURACY),
            id="a cell tower",
        ),
    ],
)
def test_distance_and_accuracy(metres, accuracy_m, expected, reasons):
    assert verdict(metres, accuracy_m=accuracy_m) == (expected, reasons)


@pytest.mark.parametrize(("age_s", "reasons"), [(30, ()), (31, (Reason.OLD_FIX,))])
def test_the_age_of_the_fix(age_s, reasons):
    assert verdict(age_s=age_s)[1] == reasons


@pytest.mark.parametrize(
    ("stay_s", "somebody_met", "reasons"),
    [
        (120, False, ()),
        (119, False, (Reason.SHORT_STAY,)),
        (179, True, (Reason.SHORT_STAY,)),
        (180, True, ()),
        (None, False, (Reason.SHORT_STAY,)),
    ],
)
def test_the_stay_is_longer_when_somebody_was_met(stay_s, somebody_met, reasons):
    assert verdict(stay_s=stay_s, somebody_met=somebody_met)[1] == reasons


@pytest.mark.parametrize(
    ("quality", "metres", "expected"),
    [
        (PointQuality.ROOFTOP, 150, Verdict.OUTSIDE),
        (PointQuality.STREET, 150, Verdict.VERIFIED),
        (PointQuality.STREET, 250, Verdict.OUTSIDE),
        (PointQuality.TOWN, 900, Verdict.UNSURE),
        (PointQuality.TOWN, 1100, Verdict.OUTSIDE),
        (PointQuality.NONE, 0, Verdict.UNSURE),
    ],
)
def test_the_radius_follows_the_quality_of_the_point(quality, metres, expected):
    assert verdict(metres, quality)[0] is expected


def test_a_portfolio_or_a_learned_point_sets_its_own_radius():
    assert verdict(61, radius_m=50)[0] is Verdict.OUTSIDE
    assert verdict(140, radius_m=150)[0] is Verdict.VERIFIED


def test_an_address_without_a_point_is_never_outside():
    assert verdict(target=None) == (Verdict.UNSURE, (Reason.NO_POINT,))
