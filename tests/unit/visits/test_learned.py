"""A door is learned from several people's visits, proposed and never applied."""

import random

import pytest

from chalicelib.geo.distance import metres_between
from chalicelib.geo.point import Point
from chalicelib.visits.learned import RADIUS_MAX_M, RADIUS_MIN_M, Seen, propose

DOOR = Point(-34.6037, -58.3816)
A_METRE = 1 / 111_195.1


def seen(metres_north, metres_east=0.0, agent=None, number=0, door=DOOR):
    lat = door.lat + metres_north * A_METRE
    lng = (door.lng + metres_east * A_METRE / 0.823 + 180) % 360 - 180
    return Seen(
        visit_id=f"v{number}",
        agent_id=agent or f"a{number}",
        point=Point(lat, lng),
        accuracy_m=10.0 + number,
    )


def around(count, spread_m=15.0, door=DOOR):
    chance = random.Random(4)  # noqa: S311 - invented visits
    return [
        seen(chance.gauss(0, spread_m), chance.gauss(0, spread_m), number=n, door=door)
        for n in range(count)
    ]


def test_three_visits_propose_their_middle():
    wrong = Point(DOOR.lat + 300 * A_METRE, DOOR.lng)

    found = propose(around(5), wrong)

    assert metres_between(found.point, DOOR) < 20
    assert found.moved_m == pytest.approx(300, abs=20)
    assert (found.evidence, len(found.visits)) == (5, 5)


def test_two_visits_propose_nothing():
    assert propose(around(2), None) is None
    assert propose([], None) is None


def test_a_far_off_fix_does_not_pull_the_point():
    found = propose([*around(6), seen(5000, number=9)], None)

    assert metres_between(found.point, DOOR) < 20
    assert found.evidence == 6


def test_two_doors_make_no_middle():
    there = [seen(900 + n, number=n + 10) for n in range(4)]

    assert propose([*around(4), *there], None) is None


def test_one_agent_alone_moves_no_door():
    alone = [seen(n, agent="a", number=n) for n in range(10)]

    assert propose(alone, None) is None


def test_the_radius_shrinks_with_evidence_and_stays_within_its_limits():
    radii = [propose(around(count), None).radius_m for count in (3, 10, 40, 160)]

    assert radii == sorted(radii, reverse=True)
    assert RADIUS_MIN_M <= radii[-1] < radii[0] <= RADIUS_MAX_M


def test_what_only_confirms_the_point_at_the_same_radius_is_not_proposed():
    rough = [seen(-120, number=1), seen(0, number=2), seen(120, number=3)]

    assert propose(rough, DOOR) is None


def test_a_door_at_the_antimeridian_is_learned_too():
    door = Point(-16.5, 179.9999)

    found = propose(around(8, door=door), None)

    assert metres_between(found.point, door) < 25
