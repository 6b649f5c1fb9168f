"""
What "what next" costs: the next case of a queue of so many, its reasons and its lease.

On DynamoDB Local, through the service that answers callers (the portfolios are those of
``bench.queue_scene``): somebody asks for the next case, skips it, and several ask at the same
moment, none of whom may get another's case. A request's round trips and units are exact and
must not grow with the queue; the clock is compared in turns within one run, beside a bare Query of
the list that the best are read from.

    BENCH_QUEUE_SIZES=10000,1000000 BENCH_QUEUE_ROUNDS=1000 make bench BENCH=queue

A million is filled in three minutes by two quick cores; ``BENCH_LONGEST_S=3600`` gives slower ones
the time. With an engine that keeps running (``python -m local.dynamodb_local 4611``) it is filled
in pieces: the bench ends after so many seconds and goes on from there when it is run again.

    BENCH_QUEUE_ENGINE=http://127.0.0.1:4611 BENCH_QUEUE_FILL_S=300 make bench BENCH=queue
"""

import os
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from bench.queue_scene import FILL_S, Scene, engine, filled, make_tables
from bench.report import Figure, Report, by_size
from chalicelib.services import call_queue
from chalicelib.store.wire import Wire
from tests import engines
from tests.builders import a_portfolio

SIZES = [int(n) for n in os.environ.get("BENCH_QUEUE_SIZES", "1000,10000").split(",")]
ROUNDS = int(os.environ.get("BENCH_QUEUE_ROUNDS", "100"))
WARM = 10
CALLERS = 8  # who ask at the same moment
TIMES = 10
AT_ONCE = f"{CALLERS} at once"
# What is read of each segment is whole to the last.
WHOLE = WARM + 1 + ROUNDS + CALLERS * TIMES + 3 * call_queue.READ
BARE = f"a bare Query of {call_queue.READ}"
TARGET = 1.15
READS = ("GetItem", "Query", "BatchGetItem")


class Metered:
    """A client that adds up what DynamoDB says its requests consumed."""

    def __init__(self, wire: Wire) -> None:
        self._wire, self._call, self._lock = wire, wire.call, threading.Lock()
        wire.call = self.call  # type: ignore[method-assign]
        self.reset()

    def reset(self) -> None:
        self._sent, self.read, self.written = self._wire.requests, 0.0, 0.0

    def call(self, operation: str, body: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            # Two units a row under 1 KB, as all are, and when it is refused, too: the local
            # engine does not count a transaction as DynamoDB does.
            self.written += 2 * len(body.get("TransactItems", ()))
        answer = self._call(operation, body | {"ReturnConsumedCapacity": "TOTAL"})
        used = answer.get("ConsumedCapacity") or []
        several = used if isinstance(used, list) else [used]
        units = sum(float(one["CapacityUnits"]) for one in several)
        with self._lock:
            if operation in READS:
                self.read += units
            elif operation != "TransactWriteItems":
                self.written += units
        return answer

    def costs(self) -> dict[str, float]:
        return {
            "round trips": self._wire.requests - self._sent,  # repeats included
            "read units": self.read,
            "write units": self.written,
        }


@dataclass
class Measured:
    """Of each size: seconds, and what one request of each kind cost."""

    seconds: dict[str, dict[int, list[float]]] = field(default_factory=dict)
    costs: dict[str, dict[int, dict[str, float]]] = field(default_factory=dict)


def main() -> int:
    report = Report("queue")
    with engine() as endpoint:
        wire = engines.wire_to(endpoint)
        scenes = [Scene(n, WHOLE, wire, a_portfolio(f"prt_bench_queue_{n}")) for n in SIZES]
        make_tables(endpoint, scenes)
        until = time.monotonic() + FILL_S
        for scene in scenes:
            if not filled(scene, endpoint, until):
                print("not all is filled; run it again", file=sys.stderr)
                return 1
        found = measured(scenes, Metered(wire))
    tell(report, found)
    report.print()
    return 0


def measured(scenes: Sequence[Scene], metered: Metered) -> Measured:
    found = Measured()
    for turn in range(WARM):
        for scene in scenes:
            scene.next(f"warm-{turn}")
    for name, work in (("what next", _next), ("a skip", _skip)):
        found.costs[name] = {}
        for scene in scenes:
            metered.reset()
            work(scene, -1)
            found.costs[name][scene.size] = metered.costs()
    for name, work, rounds in (
        ("what next", _next, ROUNDS),
        ("a skip", _skip, ROUNDS),
        (BARE, lambda scene, _: scene.bare(), ROUNDS),
    ):
        found.seconds[name] = _in_turns(scenes, work, rounds)
    found.seconds[AT_ONCE] = {scene.size: [] for scene in scenes}
    costs: dict[int, dict[str, float]] = {scene.size: defaultdict(float) for scene in scenes}
    for turn in range(TIMES):
        for scene in scenes if turn % 2 else reversed(scenes):
            metered.reset()
            found.seconds[AT_ONCE][scene.size] += _at_once(scene, turn)
            for what, cost in metered.costs().items():
                costs[scene.size][what] += cost
    found.costs[AT_ONCE] = {
        size: {what: round(cost / (CALLERS * TIMES), 2) for what, cost in of_size.items()}
        for size, of_size in costs.items()
    }
    return found


def _next(scene: Scene, turn: int) -> None:
    scene.given[turn] = scene.next(f"caller-{turn}")


def _skip(scene: Scene, turn: int) -> None:
    scene.skip(f"caller-{turn}", scene.given[turn])


def _at_once(scene: Scene, turn: int) -> list[float]:
    """Several ask at the same moment; gives how long each waited."""
    ready = threading.Barrier(CALLERS)

    def ask(caller: int) -> tuple[str, float]:
        ready.wait()
        began = time.perf_counter()
        case_id = scene.next(f"crowd-{turn}-{caller}")
        return case_id, time.perf_counter() - began

    with ThreadPoolExecutor(CALLERS) as crowd:
        answers = list(crowd.map(ask, range(CALLERS)))
    assert len({case_id for case_id, _ in answers}) == CALLERS, "a case was given out twice"
    return [seconds for _, seconds in answers]


def _in_turns(
    scenes: Sequence[Scene], work: Callable[[Scene, int], None], rounds: int
) -> dict[int, list[float]]:
    """Seconds of each round; who is first in it changes, so that none is favoured."""
    spent: dict[int, list[float]] = {scene.size: [] for scene in scenes}
    for turn in range(rounds):
        for scene in scenes if turn % 2 else reversed(scenes):
            began = time.perf_counter()
            work(scene, turn)
            spent[scene.size].append(time.perf_counter() - began)
    return spent


def tell(report: Report, found: Measured) -> None:
    for name, costs in found.costs.items():
        exact = name != AT_ONCE  # lost races cost requests, and are chance
        for size, of_size in costs.items():
            for what, value in of_size.items():
                first = size == min(costs)
                report.add(
                    Figure(
                        metric=f"{name}, {size:,}: {what}",
                        value=value,
                        unit="a request",
                        floor=None if first else costs[min(costs)][what],
                        floor_is=f"of {min(costs):,}",
                        target=1.0 if exact and not first else None,
                        exact=exact and not first,
                    )
                )
    for name, spent in found.seconds.items():
        target = TARGET if name == "what next" else None
        report.figures += by_size(name + ", {size}: p50", spent, target=target)
        for percent in (95, 99) if name != BARE else ():
            report.figures += _percentile(name, spent, percent)


def _percentile(name: str, spent: Mapping[int, Sequence[float]], percent: int) -> list[Figure]:
    """What so many in a hundred requests did not exceed, told beside the smallest size's."""
    values = {
        size: statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1] * 1_000
        for size, seconds in spent.items()
    }
    first = min(values)
    return [
        Figure(
            metric=f"{name}, {size:,}: p{percent}",
            value=value,
            unit="ms",
            floor=None if size == first else values[first],
            floor_is=f"of {first:,}",
        )
        for size, value in values.items()
    ]


if __name__ == "__main__":
    sys.exit(main())
