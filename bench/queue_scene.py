"""
Portfolios whose queue of calls is long, on DynamoDB Local, filled by several writers at once.

Each is in a table of its own: a row for every case in the list of what is ready, or, one in ten, of
what comes back later, and the case's turn. Cases are whole for those alone that are given out,
which are better than all others: no other is opened.
"""

import contextlib
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import boto3
import orjson

from bench.write import draft
from chalicelib.domain.call_turn import Place, Turn, Why
from chalicelib.domain.days import local_day
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.priority import Reason
from chalicelib.services import call_queue, ranking
from chalicelib.store.call_turns import HIGHEST, CallTurnStore
from chalicelib.store.cases import CaseStore
from chalicelib.store.counters import CounterStore
from chalicelib.store.strategies import StrategyStore
from chalicelib.store.wire import Item, Wire
from chalicelib.store.work_table import WorkRow
from chalicelib.strategies.model import Playbook, Segment
from tests import engines
from tests.queue_world import NOON

ENGINE = os.environ.get("BENCH_QUEUE_ENGINE", "")
FILL_S = float(os.environ.get("BENCH_QUEUE_FILL_S", "inf"))
WRITERS = 4  # the engine is busy with one while the others serialise; more wait for one another
SEGMENTS = ("", "large", "small")
AT_ONCE = 500


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
    """
    One portfolio, its tables, and who asks.

    Args:
        whole: How many cases can be given out.
    """

    size: int
    whole: int
    wire: Wire
    portfolio: Portfolio
    given: dict[int, str] = field(default_factory=dict)  # the case of each turn

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

    def next(self, caller: str) -> str:
        """Somebody asks for the next case; gives the one they get."""
        given = call_queue.take_next(
            self.portfolio.portfolio_id, actor=self._actor(caller), means=self.means, now=NOON
        )
        assert given.turn is not None
        assert given.turn.reasons
        return given.turn.case_id

    def skip(self, caller: str, case_id: str) -> None:
        moved = call_queue.act(
            self.portfolio.portfolio_id,
            case_id,
            action="skip",
            reason="wrong_number",
            actor=self._actor(caller),
            means=self.means,
            now=NOON,
        )
        assert moved.place is Place.DONE

    def bare(self) -> None:
        """The least that could do it: one Query of as many rows as are read of a segment."""
        day = local_day(NOON, self.portfolio.time_zone)
        found = self.turns.best(self.portfolio.portfolio_id, day, "", most=call_queue.READ)
        assert len(found) == call_queue.READ

    def _actor(self, caller: str) -> Actor:
        pid = self.portfolio.portfolio_id
        return Actor(actor_id=f"user:{caller}", role=Role.AGENT, portfolios=(pid,), name=caller)


@contextlib.contextmanager
def engine() -> Iterator[str]:
    if ENGINE:
        yield ENGINE
        return
    with engines.dynamodb() as endpoint:
        yield endpoint


def make_tables(endpoint: str, scenes: Sequence[Scene]) -> None:
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


# Filling


def filled(scene: Scene, endpoint: str, until: float) -> bool:
    """Fill a portfolio's queue, from where an earlier run ended; False when time ran out."""
    before = [_progress(scene, writer) for writer in range(WRITERS)]
    if not any(before):
        Portfolios(scene.wire, scene.table).put(scene.portfolio)
        _strategy(scene)
        _whole_cases(scene)
    began = time.monotonic()
    writers = [
        multiprocessing.get_context("fork").Process(
            target=_write, args=(scene, endpoint, writer, until), daemon=True
        )
        for writer in range(WRITERS)
    ]
    for process in writers:
        process.start()
    for process in writers:
        process.join()
    assert not any(process.exitcode for process in writers)
    after = [_progress(scene, writer) for writer in range(WRITERS)]
    done, took = sum(after), time.monotonic() - began
    if before != after:
        rate = (done - sum(before)) / took
        print(f"{done:,} of {scene.size:,} after {took:.0f} s, {rate:,.0f}/s", file=sys.stderr)
    return done == scene.size


def _write(scene: Scene, endpoint: str, writer: int, until: float) -> None:
    """Write one case in so many, in a process of its own with a connection of its own."""
    wire = engines.wire_to(endpoint)
    straight = Straight(wire, scene.table)
    store = CallTurnStore(straight, scene.table)  # type: ignore[arg-type]
    mine = range(writer, scene.size, WRITERS)
    done = _progress(scene, writer, wire)
    while done < len(mine) and time.monotonic() < until:
        numbers = mine[done : done + AT_ONCE]
        store.move_many([(None, _turn(scene, number)) for number in numbers], now=NOON)
        straight.flush()
        done += len(numbers)
        wire.put_many(scene.table, [_progress_key(writer) | {"n": {"N": str(done)}}])


@dataclass
class Straight:
    """Puts at once what the store would write in transactions: several times as fast to fill."""

    wire: Wire
    table: str
    items: list[Item] = field(default_factory=list)

    def transact(self, operations: Sequence[Item]) -> None:
        self.items += [one["Put"]["Item"] for one in operations]

    def flush(self) -> None:
        self.wire.put_many(self.table, self.items)
        self.items.clear()


def _turn(scene: Scene, number: int) -> Turn:
    """The first are given out, and whole; one in ten of the others comes back later."""
    pid, whole = scene.portfolio.portfolio_id, number < scene.whole
    later = not whole and number % 10 == 0
    # One segment after the other is the best: none runs out of whole cases before the others.
    score = HIGHEST - number if whole else number * 7_919 % 300
    return Turn(
        portfolio_id=pid,
        case_id=_case_id(scene, number) if whole else f"cas_{pid}_{number}",
        place=Place.LATER if later else Place.READY,
        day=local_day(NOON, scene.portfolio.time_zone),
        segment=SEGMENTS[number % 3],
        score=score,
        reasons=(Reason(code="balance", points=score), Reason(code="rest", points=3, value=9)),
        hours="5" * 24,
        until=NOON + timedelta(minutes=1 + number % 600) if later else None,
        why=Why.SNOOZED if later else None,
    )


def _case_id(scene: Scene, number: int) -> str:
    return draft(scene.portfolio, number).after.case_id


def _whole_cases(scene: Scene) -> None:
    cases = CaseStore(scene.wire, cases=engines.CASES, work=scene.table, threads=1)
    changes = [draft(scene.portfolio, number) for number in range(scene.whole)]
    assert not any(cases.commit_many(changes))


def _strategy(scene: Scene) -> None:
    segments = tuple(
        Segment(segment_id=one, name=one, priority=place, strategy_id="")
        for place, one in enumerate(SEGMENTS[1:])
    )
    playbook = Playbook(portfolio_id=scene.portfolio.portfolio_id, segments=segments)
    StrategyStore(scene.wire, scene.table).save_playbook(playbook)


def _progress_key(writer: int) -> dict[str, Any]:
    return {"pk": {"S": "BENCH"}, "sk": {"S": f"FILLED#{writer}"}}


def _progress(scene: Scene, writer: int, wire: Wire | None = None) -> int:
    asked = {"TableName": scene.table, "Key": _progress_key(writer)}
    found = (wire or scene.wire).call("GetItem", asked).get("Item")
    return int(found["n"]["N"]) if found else 0
