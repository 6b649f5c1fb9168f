"""Places at a provider: in order, none twice, none too far ahead; in memory and on DynamoDB."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.domain.pacing import Turn
from chalicelib.store.paces import PaceStore
from tests import engines
from tests.builders import NOW
from tests.contact_world import MemoryPaces

STEP, AHEAD = timedelta(milliseconds=250), timedelta(seconds=2)


@pytest.fixture
def take(engine, portfolio, request):
    paces = (
        MemoryPaces()
        if engine == "memory"
        else PaceStore(engines.wire_to(request.getfixturevalue(f"{engine}_endpoint")), engines.WORK)
    )

    def take(now=NOW, step=STEP, lane="email"):
        lane = f"{portfolio.portfolio_id}{lane}"
        return paces.take(lane, step=step, now=now, most_ahead=AHEAD)

    return take


def test_places_follow_each_other_and_lanes_do_not_mind_each_other(take):
    assert [take() for _ in range(3)] == [Turn(NOW + STEP * n, True) for n in range(3)]
    assert take(lane="sms") == Turn(NOW, True)
    assert take() == Turn(NOW + STEP * 3, True)


def test_a_long_message_takes_as_many_places(take):
    take(step=STEP * 3)

    assert take() == Turn(NOW + STEP * 3, True)


def test_what_was_not_used_is_not_saved_up(take):
    take()
    later = NOW + timedelta(seconds=9)

    assert [take(now=later).at for _ in range(2)] == [later, later + STEP]


def test_too_far_ahead_no_place_is_kept(take):
    kept = [take() for _ in range(9)]
    assert all(turn.kept for turn in kept)
    free = Turn(NOW + AHEAD + STEP, False)

    assert [take() for _ in range(3)] == [free] * 3  # asking moves nothing
    assert take(now=NOW + STEP) == Turn(free.at, True)


def test_a_clock_that_went_back_shuts_no_lane(take):
    take(now=NOW + timedelta(days=30))

    assert take() == Turn(NOW, True)


def test_of_many_who_ask_at_once_no_two_get_the_same_place(take, engine):
    if engine == "moto":
        pytest.skip("moto does not keep conditions between threads")
    with ThreadPoolExecutor(8) as pool:
        turns = list(pool.map(lambda _: take(step=timedelta(milliseconds=50)), range(40)))

    kept = [turn.at for turn in turns if turn.kept]
    assert len(kept) == len(set(kept))
    assert len(kept) >= 30  # the others lost the race too often, and ask again
    assert max(kept) <= NOW + AHEAD
