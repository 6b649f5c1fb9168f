"""
What "what next" costs: the next case of a queue of so many, its reasons and its lease.

On DynamoDB Local, through the service that answers callers. Each size is a portfolio of its own
in a table of its own: a row for every case in the list of what is ready, or, one in ten, of what
comes back later. Turns and whole cases are there for those that are given out: no other is read
by its key. A request's round trips
and read units are exact and must not grow with the queue; the clock is compared in turns within
one run, beside a bare Query of the list that the best are read from.

    BENCH_QUEUE_SIZES=10000,1000000 make bench BENCH=queue

A large table takes long to fill. With an engine that keeps running (``python -m
local.dynamodb_local 4611``) it is filled in pieces: the bench ends after so many seconds and
goes on from there when it is run again.

    BENCH_QUEUE_ENGINE=http://127.0.0.1:4611 BENCH_QUEUE_FILL_S=300 make bench BENCH=queue
"""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import boto3
import orjson

from bench.report import Figure, Report, by_size
from bench.write import draft
from chalicelib.domain.call_turn import Place, Turn, Why
from chalicelib.domain.days import local_day
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.priority import Reason
from chalicelib.services import call_queue, ranking
from chalicelib.store.call_turns import CallTurnStore
from chalicelib.store.cases import CaseStore
from chalicelib.store.counters import CounterStore
from chalicelib.store.strategies import StrategyStore
from chalicelib.store.wire import Item, Wire
from chalicelib.store.work_table import WorkRow
from chalicelib.strategies.model import Playbook, Segment
from tests import engines
from tests.builders import a_portfolio
from tests.queue_world import NOON

SIZES = [int(n) for n in os.environ.get("BENCH_QUEUE_SIZES", "1000,10000").split(",")]
ENGINE = os.environ.get("BENCH_QUEUE_ENGINE", "")
FILL_S = float(os.environ.get("BENCH_QUEUE_FILL_S", "inf"))
ROUNDS = int(os.environ.get("BENCH_QUEUE_ROUNDS", "100"))
SEGMENTS = ("", "large", "small")
AT_ONCE = 500
WARM = 10
GIVEN = ROUNDS + WARM  # whole cases of each portfolio, better than all others
TARGET = 1.15


class Metered:
    """A client that adds up what DynamoDB says a request consumed."""

    def __init__(self, wire: Wire) -> None:
        self._call, self.trips, self.units = wire.call, 0, 0.0
        wire.call = self.call  # type: ignore[method-assign]

    def call(self, operation: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._call(operation, body | {"ReturnConsumedCapacity": "TOTAL"})
        self.trips += 1
        used = answer.get("ConsumedCapacity") or []
        if operation in ("GetItem", "Query", "BatchGetItem"):
            several = used if isinstance(used, list) else [used]
            self.units += sum(float(one["CapacityUnits"]) for one in several)
        return answer


@dataclass
class Straight:
    """Puts at once what the store would write in transactions: ten times as fast to fill."""

    wire: Wire
    table: str
    given: frozenset[str]  # whose turns are needed, and not their place in a list alone
    items: list[Item] = field(default_factory=list)

    def transact(self, operations: Sequence[Item]) -> None:
        for one in operations:
            item = one["Put"]["Item"]
            case_id = item["pk"]["S"].removeprefix("CALL#")
            if case_id == item["pk"]["S"] or case_id in self.given:
                self.items.append(item)

    def flush(self) -> None:
        self.wire.put_many(self.table, self.items)
        self.items.clear()


@dataclass
class Portfolios:
    """One portfolio, read from its row as for every request."""

    wire: Wire
    table: str

    def get(self, portfolio_id: str) -> Portfolio | None:
        key = {"pk": {"S": "ORG"}, "sk": {"S": f"PORTFOLIO#{portfolio_id}"}}
        found = self.wire.call("GetItem", {"TableName": self.table, "Key": key})["Item"]
        return from_plain(Portfolio, orjson.loads(found["portfolio"]["S"]))

    def put(self, portfolio: Portfolio) -> None:
        item = {
            "pk": {"S": "ORG"},
            "sk": {"S": f"PORTFOLIO#{portfolio.portfolio_id}"},
            "portfolio": {"S": orjson.dumps(to_plain(portfolio)).decode()},
        }
        self.wire.put_many(self.table, [item])


@dataclass
class Scene:
    """One portfolio, its tables, and who asks."""

    size: int
    wire: Wire
    portfolio: Portfolio
    asked: int = 0

    @property
    def table(self) -> str:
        return f"bench-queue-{self.size}"

    @property
    def turns(self) -> CallTurnStore:
        return CallTurnStore(self.wire, self.table)

    @property
    def means(self) -> call_queue.Means:
        counters = CounterStore(self.wire, self.table)
        return call_queue.Means(
            turns=self.turns,
            cases=CaseStore(self.wire, cases=engines.CASES, work=self.table, threads=1),
            portfolios=Portfolios(self.wire, self.table),  # type: ignore[arg-type]
            playbooks=StrategyStore(self.wire, self.table),
            usual=lambda portfolio_id: ranking.usual_of(counters.totals(portfolio_id)),
        )

    def next(self) -> None:
        """Another caller asks for the next case, and gets one."""
        self.asked += 1
        pid = self.portfolio.portfolio_id
        actor = Actor(
            actor_id=f"user:caller-{self.asked}", role=Role.AGENT, portfolios=(pid,), name="Ana"
        )
        given = call_queue.take_next(pid, actor=actor, means=self.means, now=NOON)
        assert given.turn is not None
        assert given.turn.reasons

    def bare(self) -> None:
        """The least that could do it: one Query of as many rows as are read of a segment."""
        day = local_day(NOON, self.portfolio.time_zone)
        found = self.turns.best(self.portfolio.portfolio_id, day, "", most=call_queue.READ)
        assert len(found) == call_queue.READ


def main() -> int:
    report = Report("queue")
    with _engine() as endpoint:
        wire = engines.wire_to(endpoint)
        scenes = [Scene(n, wire, a_portfolio(f"prt_bench_queue_{n}")) for n in SIZES]
        _make_tables(endpoint, scenes)
        until = time.monotonic() + FILL_S
        for scene in scenes:
            if not _filled(scene, until):
                return 1
        metered = Metered(wire)
        for _ in range(WARM):
            for scene in scenes:
                scene.next()
        costs = {scene.size: _cost(scene, metered) for scene in scenes}
        asked = _in_turns(scenes, Scene.next, ROUNDS - 1)
        bare = _in_turns(scenes, Scene.bare, ROUNDS)
    _tell(report, costs, asked, bare)
    report.print()
    return 0


def _tell(
    report: Report,
    costs: dict[int, tuple[int, float]],
    asked: dict[int, list[float]],
    bare: dict[int, list[float]],
) -> None:
    first = min(costs)
    for size, (trips, units) in costs.items():
        for name, value, least in (
            ("round trips", trips, costs[first][0]),
            ("read units", units, costs[first][1]),
        ):
            report.add(
                Figure(
                    metric=f"what next of {size:,}: {name}",
                    value=value,
                    unit="",
                    floor=None if size == first else least,
                    floor_is=f"of {first:,}",
                    target=None if size == first else 1.0,
                )
            )
    report.figures += by_size("what next of {size}", asked, target=TARGET)
    report.figures += by_size("a bare Query of 20 of {size}", bare, target=None)


def _cost(scene: Scene, metered: Metered) -> tuple[int, float]:
    metered.trips, metered.units = 0, 0.0
    scene.next()
    return metered.trips, metered.units


def _in_turns(
    scenes: Sequence[Scene], work: Callable[[Scene], None], rounds: int
) -> dict[int, list[float]]:
    """Seconds of each round; who is first in it changes, so that none is favoured."""
    spent: dict[int, list[float]] = {scene.size: [] for scene in scenes}
    for number in range(rounds):
        for scene in scenes if number % 2 else reversed(scenes):
            began = time.perf_counter()
            work(scene)
            spent[scene.size].append(time.perf_counter() - began)
    return spent


# Filling


def _filled(scene: Scene, until: float) -> bool:
    """Fill a portfolio's queue, from where an earlier run ended; False when time ran out."""
    done = _progress(scene)
    if done == 0:
        Portfolios(scene.wire, scene.table).put(scene.portfolio)
        _strategy(scene)
        _whole_cases(scene)
    began, first = time.monotonic(), done
    given = frozenset(_turn(scene, number).case_id for number in range(GIVEN))
    straight = Straight(scene.wire, scene.table, given)
    store = CallTurnStore(straight, scene.table)  # type: ignore[arg-type]
    while done < scene.size:
        if time.monotonic() > until:
            print(f"{done:,} of {scene.size:,} are filled; run it again", file=sys.stderr)
            return False
        numbers = range(done, min(done + AT_ONCE, scene.size))
        store.move_many([(None, _turn(scene, number)) for number in numbers], now=NOON)
        straight.flush()
        done = numbers.stop
        _note(scene, done)
    if first < done:
        took = time.monotonic() - began
        print(f"filled {done - first:,} of {scene.size:,} in {took:.0f} s", file=sys.stderr)
    return True


def _turn(scene: Scene, number: int) -> Turn:
    """The first are given out, and whole; one in ten of the others comes back later."""
    pid, given = scene.portfolio.portfolio_id, number < GIVEN
    later = not given and number % 10 == 0
    score = 400 - number % 3 if given else number * 7_919 % 300
    return Turn(
        portfolio_id=pid,
        case_id=_case_id(scene, number) if given else f"cas_{pid}_{number}",
        place=Place.LATER if later else Place.READY,
        day=local_day(NOON, scene.portfolio.time_zone),
        segment=SEGMENTS[number % 3],
        score=score,
        reasons=(Reason(code="balance", points=score), Reason(code="rest", points=3, value=9)),
        until=NOON + timedelta(minutes=1 + number % 600) if later else None,
        why=Why.SNOOZED if later else None,
    )


def _case_id(scene: Scene, number: int) -> str:
    return draft(scene.portfolio, number).after.case_id


def _whole_cases(scene: Scene) -> None:
    cases = CaseStore(scene.wire, cases=engines.CASES, work=scene.table, threads=1)
    changes = [draft(scene.portfolio, number) for number in range(GIVEN)]
    assert not any(cases.commit_many(changes))


def _strategy(scene: Scene) -> None:
    segments = tuple(
        Segment(segment_id=one, name=one, priority=place, strategy_id="")
        for place, one in enumerate(SEGMENTS[1:])
    )
    playbook = Playbook(portfolio_id=scene.portfolio.portfolio_id, segments=segments)
    StrategyStore(scene.wire, scene.table).save_playbook(playbook)


_PROGRESS = {"pk": {"S": "BENCH"}, "sk": {"S": "FILLED"}}


def _progress(scene: Scene) -> int:
    asked = {"TableName": scene.table, "Key": _PROGRESS}
    found = scene.wire.call("GetItem", asked).get("Item")
    return int(found["n"]["N"]) if found else 0


def _note(scene: Scene, done: int) -> None:
    scene.wire.put_many(scene.table, [_PROGRESS | {"n": {"N": str(done)}}])


@contextlib.contextmanager
def _engine() -> Iterator[str]:
    if ENGINE:
        yield ENGINE
        return
    with engines.dynamodb() as endpoint:
        yield endpoint


def _make_tables(endpoint: str, scenes: Sequence[Scene]) -> None:
    client = boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name=engines.REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - of no account
    )
    known = client.list_tables()["TableNames"]
    if engines.CASES not in known:
        engines.make_tables(endpoint)
    for scene in scenes:
        if scene.table not in known:
            shape = engines.definition(WorkRow)
            client.create_table(TableName=scene.table, BillingMode="PAY_PER_REQUEST", **shape)


if __name__ == "__main__":
    sys.exit(main())
