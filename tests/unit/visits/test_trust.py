"""Every sign takes its own weight, alone, and nothing else does."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.geo.motion import Timed
from chalicelib.geo.point import Point
from chalicelib.visits.trust import REVIEW_BELOW, WEIGHTS, Ping, Report, Sign, score, stay_s

AT = datetime(2026, 11, 23, 17, tzinfo=UTC)
DOOR = Point(19.4326, -99.1332)
A_METRE = 1 / 111_195.1
ROOT = Path(__file__).resolve().parents[3]


def north(metres):
    return Point(DOOR.lat + metres * A_METRE, DOOR.lng)


def ping(metres, seconds):
    return Ping(at=AT + timedelta(seconds=seconds), point=north(metres))


def trust(**more):
    honest = {
        "at": AT,
        "received_at": AT + timedelta(seconds=20),
        "point": DOOR,
        "accuracy_m": 12.0,
        "mock": False,
        "trail": (ping(40, -90), ping(5, -30), ping(-10, 30)),
    }
    return score(Report(**(honest | more)))


def signs(**more):
    return [one.sign for one in trust(**more).against]


def test_an_honest_visit_has_all_of_it():
    assert (trust().score, trust().against, trust().needs_review) == (100, (), False)


ALONE = {
    Sign.MOCK: {"mock": True},
    Sign.PHOTO_REUSED: {"photo_seen": True},
    Sign.SAME_SPOT: {"doors_at_spot": 3},
    Sign.SHARED_DEVICE: {"people_on_device": 2},
    Sign.CLOCK: {"clock_skew": timedelta(minutes=-6)},
    Sign.OFFLINE_LONG: {"received_at": AT + timedelta(hours=49)},
    Sign.POOR_ACCURACY: {"accuracy_m": 101.0},
    Sign.IMPOSSIBLE_SPEED: {"trail": (ping(20_000, -240),)},
    Sign.TRAIL_ELSEWHERE: {"trail": (ping(900, -120), ping(900, 60))},
    Sign.NO_TRAIL: {"trail": ()},
}


@pytest.mark.parametrize("sign", Sign)
def test_each_sign_alone_takes_its_weight(sign):
    more = ALONE[sign]
    expected = [Sign.IMPOSSIBLE_SPEED, Sign.NO_TRAIL] if sign is Sign.IMPOSSIBLE_SPEED else [sign]

    assert signs(**more) == expected
    assert trust(**more).score == 100 - sum(WEIGHTS[one] for one in expected)


@pytest.mark.parametrize(
    "more",
    [
        {"mock": None},
        {"doors_at_spot": 2},
        {"clock_skew": timedelta(minutes=5)},
        {"received_at": AT + timedelta(hours=48)},
        {"accuracy_m": 100.0},
        {"trail": (ping(9_000, -240),)},  # 135 km/h
        {"trail": (ping(5, -60), ping(450, -1))},  # a receiver that finds itself
        {"trail": (), "tracked": False},
    ],
)
def test_just_below_its_limit_nothing_is_a_sign(more):
    assert set(signs(**more)) <= {Sign.NO_TRAIL}


def test_a_strong_sign_alone_asks_for_review_and_a_weak_one_does_not():
    strong = {s for s in Sign if 100 - WEIGHTS[s] < REVIEW_BELOW}

    assert strong == {
        Sign.MOCK, Sign.PHOTO_REUSED, Sign.SAME_SPOT, Sign.TRAIL_ELSEWHERE, Sign.IMPOSSIBLE_SPEED,
    }  # fmt: skip


def test_a_score_is_never_below_zero_and_the_heaviest_sign_comes_first():
    all_of_it = {key: value for more in ALONE.values() for key, value in more.items()}

    found = trust(**all_of_it)

    assert found.score == 0
    weights = [one.weight for one in found.against]
    assert weights == sorted(weights, reverse=True)


def test_a_trail_that_walked_on_does_not_speak_against_the_visit():
    walked_on = tuple(ping(second * 1.4, second) for second in range(30, 180, 30))

    assert signs(trail=walked_on) == []


def test_the_weights_are_the_documented_ones():
    table = dict(
        re.findall(
            r"^\| `([a-z_]+)` \| (\d+) \|", (ROOT / "docs/visits.md").read_text(), re.MULTILINE
        )
    )

    assert {sign.value: weight for sign, weight in WEIGHTS.items()} == {
        sign: int(weight) for sign, weight in table.items()
    }


@pytest.mark.parametrize(
    ("metres", "expected"),
    [
        ([500, 40, 30, 20], 90.0),
        ([40, 500, 30, 20], 60.0),
        ([40, 30, 20, 500], None),
        ([], None),
    ],
)
def test_a_stay_is_the_last_unbroken_one(metres, expected):
    trail = [
        Timed(AT + timedelta(seconds=30 * number - 120), north(far))
        for number, far in enumerate(metres)
    ]

    assert stay_s(trail, DOOR, 100, AT) == expected
