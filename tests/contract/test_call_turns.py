"""What the queue of calls promises: the same of the one in memory and of that on DynamoDB."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.call_turn import Listed, Place, Turn, Why, ready
from chalicelib.domain.priority import Reason
from chalicelib.store.call_turns import CallTurnStore
from tests import engines
from tests.queue_world import NOON, TODAY, MemoryCallTurns


@pytest.fixture
def turns(engine, request):
    if engine == "memory":
        return MemoryCallTurns()
    return CallTurnStore(
        engines.wire_to(request.getfixturevalue(f"{engine}_endpoint")), engines.WORK
    )


@pytest.fixture
def pid(portfolio):
    return portfolio.portfolio_id


def a_turn(pid: str, key: str, score: int = 10, **values) -> Turn:
    base = {
        "portfolio_id": pid,
        "case_id": f"cas_{pid}_{key}",
        "place": Place.READY,
        "day": TODAY,
        "score": score,
        "reasons": (Reason(code="asked", points=score, value=None),),
    }
    return Turn(**base | values)


def taken_by(turn: Turn, person: str, minutes: int = 30) -> Turn:
    return replace(
        turn,
        place=Place.TAKEN,
        why=Why.CALL,
        person_id=person,
        until=NOON + timedelta(minutes=minutes),
        since=NOON,
    )


def ids(pid: str, *keys: str) -> list[str]:
    return [f"cas_{pid}_{key}" for key in keys]


def test_a_turn_is_read_as_it_was_put(turns, pid):
    made = a_turn(pid, "a", segment="early")

    stored = turns.move(None, made, now=NOON)

    assert stored == replace(made, version=1)
    assert turns.get(made.case_id) == stored
    assert turns.get("cas_none") is None
    assert turns.get_many([made.case_id, "cas_none"]) == {made.case_id: stored}


def test_the_best_of_a_segment_and_day_come_first(turns, pid):
    moves = [
        (None, a_turn(pid, key, score))
        for key, score in (("a", 7), ("b", 90), ("c", 0), ("d", 90), ("e", 20_000))
    ]
    moves += [(None, a_turn(pid, "x", 99, segment="late"))]
    moves += [(None, a_turn(pid, "y", 99, day=TODAY + timedelta(days=1)))]

    assert turns.move_many(moves, now=NOON) == 7

    assert [one for _, one in turns.best(pid, TODAY, "", most=4)] == ids(pid, "e", "b", "d", "a")
    assert turns.best(pid, TODAY, "late", most=9) == [(99, f"cas_{pid}_x")]
    assert turns.best(pid, TODAY, "none", most=9) == []


def test_the_list_has_how_good_the_hours_of_the_day_are(turns, pid):
    hours = "0" * 18 + "A50000"
    first = turns.move(None, a_turn(pid, "a", 7, hours=hours), now=NOON)
    turns.move(None, a_turn(pid, "b", 9), now=NOON)

    assert turns.listed(pid, TODAY, "", most=9) == [
        Listed(9, f"cas_{pid}_b"),
        Listed(7, first.case_id, hours),
    ]
    second = turns.move(first, replace(first, hours=hours[::-1]), now=NOON)  # in the same place
    assert turns.listed(pid, TODAY, "", most=9)[1].hours == hours[::-1]
    taken = turns.move(second, taken_by(second, "ana"), now=NOON)
    assert [one.case_id for one in turns.listed(pid, TODAY, "", most=9)] == [f"cas_{pid}_b"]
    turns.move(taken, ready(replace(taken, hours="")), now=NOON)
    assert turns.listed(pid, TODAY, "", most=9)[1] == Listed(7, first.case_id)


def test_who_moves_an_older_turn_is_refused_and_nothing_changes(turns, pid):
    first = turns.move(None, a_turn(pid, "a"), now=NOON)
    mine = turns.move(first, taken_by(first, "ana"), now=NOON)

    assert turns.move(first, taken_by(first, "luis"), now=NOON) is None
    assert turns.move(None, a_turn(pid, "a"), now=NOON) is None
    assert turns.move_many([(first, ready(first)), (None, a_turn(pid, "b"))], now=NOON) == 1

    assert turns.get(first.case_id) == mine
    assert turns.held(pid, "ana") == first.case_id
    assert turns.held(pid, "luis") is None
    assert turns.holders(pid) == [("ana", first.case_id)]
    assert [one for _, one in turns.best(pid, TODAY, "", most=9)] == ids(pid, "b")


def test_a_turn_stands_in_one_list_only(turns, pid):
    first = turns.move(None, a_turn(pid, "a"), now=NOON)
    better = turns.move(first, replace(first, score=50), now=NOON)
    assert turns.best(pid, TODAY, "", most=9) == [(50, first.case_id)]

    taken = turns.move(better, taken_by(better, "ana"), now=NOON)
    assert turns.best(pid, TODAY, "", most=9) == []
    assert turns.due(pid, NOON + timedelta(minutes=29), most=9) == []
    assert turns.due(pid, NOON + timedelta(minutes=30), most=9) == [first.case_id]

    back = turns.move(taken, ready(taken), now=NOON)
    assert turns.due(pid, NOON + timedelta(days=9), most=9) == []
    assert turns.best(pid, TODAY, "", most=9) == [(50, first.case_id)]

    turns.move(back, replace(back, place=Place.DONE, until=NOON), now=NOON)
    assert turns.best(pid, TODAY, "", most=9) == []
    assert turns.waiting(pid, most=9) == 0


def test_what_comes_back_is_told_when_its_moment_is_there_longest_waiting_first(turns, pid):
    def later(key, seconds):
        until = NOON + timedelta(seconds=seconds, microseconds=7)
        return a_turn(pid, key, place=Place.LATER, until=until, why=Why.SNOOZED)

    turns.move_many([(None, later(*one)) for one in (("a", 60), ("b", 0), ("c", 3_600))], now=NOON)

    assert turns.due(pid, NOON + timedelta(minutes=2), most=9) == ids(pid, "b", "a")
    assert turns.due(pid, NOON + timedelta(minutes=2), most=1) == ids(pid, "b")
    assert (turns.waiting(pid, most=9), turns.waiting(pid, most=2)) == (3, 2)


def test_of_people_who_reach_for_a_case_at_once_one_gets_it(turns, pid, engine):
    if engine == "moto":
        pytest.skip("moto does not keep conditions between threads")
    first = turns.move(None, a_turn(pid, "a"), now=NOON)

    def reach(number):
        return turns.move(first, taken_by(first, f"per_{number}"), now=NOON)

    with ThreadPoolExecutor(8) as pool:
        got = [one for one in pool.map(reach, range(8)) if one is not None]

    assert len(got) == 1
    assert turns.get(first.case_id) == got[0]


def test_what_was_given_out_is_counted_by_day(turns, pid):
    for name in ("early", "early", "", "skip:number"):
        turns.gave(pid, TODAY, name, now=NOON)
    turns.gave(pid, TODAY + timedelta(days=1), "early", now=NOON)

    assert turns.given(pid, TODAY) == {"early": 2, "": 1, "skip:number": 1}
    assert turns.given(pid, date(2026, 1, 1)) == {}


def test_a_day_is_filled_once(turns, pid):
    assert turns.filled(pid) == (None, None)
    assert turns.fill(pid, None, TODAY, "behind-here")
    assert not turns.fill(pid, None, TODAY, None)
    assert turns.filled(pid) == (TODAY, "behind-here")

    tomorrow = TODAY + timedelta(days=1)
    assert turns.fill(pid, TODAY, tomorrow, None)
    assert not turns.fill(pid, TODAY, tomorrow, "x")
    assert turns.filled(pid) == (tomorrow, None)
