"""
What the daily plan costs: so many due cases, inside portfolios of different sizes.

On DynamoDB Local, through the services that plan for real: the agenda is read, cases are opened
fifty at a time, the strategy is evaluated, messages are committed. All portfolios lie in one
table and are planned in turns, so that they meet the same engine; the clock counts. The target
is that the size of a portfolio is not felt: a plan inside a larger one takes at most 1.15 times
as long as inside the smallest.

    BENCH_PLAN_DUE=10000 BENCH_PLAN_SIZES=10000,100000,1000000 make bench BENCH=plan

Cases that are not due are there as their heads only, which is all that lists, counters and the
agenda know of a case; the plan never opens them.
"""

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from bench.report import Report, by_size
from bench.write import draft
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import plan_agenda, planning
from chalicelib.store import case_keys, case_rows
from chalicelib.store.allowances import AllowanceStore
from chalicelib.store.bids import BidStore
from chalicelib.store.cases import CaseStore
from chalicelib.store.enrolments import EnrolmentStore
from chalicelib.store.strategies import StrategyStore
from chalicelib.store.wire import Wire
from chalicelib.strategies.model import Playbook, Segment, StrategyState
from chalicelib.strategies.ready_made import ready_made
from tests import engines
from tests.builders import NOW, a_portfolio

DUE = int(os.environ.get("BENCH_PLAN_DUE", "1000"))
SIZES = [int(n) for n in os.environ.get("BENCH_PLAN_SIZES", "1000,10000").split(",")]
TURN = 100  # cases of one portfolio before it is another's turn
LOADED = 200  # changes or heads made at once
TARGET = 1.15
TODAY = NOW.date()


@dataclass
class Queue:
    """Collects what the reader of the agenda sends to the workers."""

    messages: list[dict[str, Any]] = field(default_factory=list)

    def send(self, messages: Any) -> None:
        self.messages += list(messages)


@dataclass
class Portfolios:
    known: dict[str, Portfolio]

    def get(self, portfolio_id: str) -> Portfolio | None:
        return self.known.get(portfolio_id)

    def all(self) -> list[Portfolio]:
        return list(self.known.values())


@dataclass
class Bench:
    wire: Wire
    cases: CaseStore
    strategies: StrategyStore
    portfolios: Portfolios

    def plan(self, message: dict[str, Any]) -> dict[str, int]:
        return planning.plan_cases(
            message["portfolio_id"],
            message["case_ids"],
            portfolios=self.portfolios,
            strategies=self.strategies,
            cases=self.cases,
            allowances=AllowanceStore(self.wire, engines.WORK),
            enrolments=EnrolmentStore(self.wire, engines.WORK),
            bids=BidStore(self.wire, engines.WORK),
            now=NOW,
        )


def main() -> None:
    report = Report("plan")
    with engines.dynamodb() as endpoint:
        engines.make_tables(endpoint)
        wire = engines.wire_to(endpoint)
        names = {size: a_portfolio(f"prt_bench_{size}") for size in SIZES}
        warm = a_portfolio("prt_bench_warm")
        known = {each.portfolio_id: each for each in (*names.values(), warm)}
        bench = Bench(
            wire=wire,
            cases=CaseStore(wire, cases=engines.CASES, work=engines.WORK, threads=4),
            strategies=StrategyStore(wire, engines.WORK),
            portfolios=Portfolios(known),
        )
        load(bench, warm, due=TURN, size=TURN)
        for size, portfolio in names.items():
            began = time.perf_counter()
            load(bench, portfolio, due=min(DUE, size), size=size)
            print(f"loaded {size:,} debts in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        list(spend(bench, warm))
        going = {size: spend(bench, portfolio) for size, portfolio in names.items()}
        turns: dict[int, list[float]] = {size: [] for size in names}
        while going:
            # Who is first changes with every round: what grows slower or faster favours nobody.
            for size in list(going) if len(turns[SIZES[0]]) % 2 else list(reversed(going)):
                spent = next(going[size], None)
                if spent is None:
                    del going[size]
                else:
                    turns[size].append(spent)
        metric = f"{DUE:,} due among {{size}} debts, one case"
        report.figures += by_size(metric, turns, target=TARGET)
    report.print()


def load(bench: Bench, portfolio: Portfolio, *, due: int, size: int) -> None:
    """Write *due* whole cases that are due today, the heads of the others, and a strategy."""
    pid = portfolio.portfolio_id
    strategy = replace(
        ready_made()["early"].strategy("str_1", pid, "es"),
        state=StrategyState.PUBLISHED,
        valid_from=TODAY,
    )
    bench.strategies.add(strategy)
    everybody = Segment(segment_id="all", name="Todos", priority=1, strategy_id="str_1")
    bench.strategies.save_playbook(Playbook(portfolio_id=pid, segments=(everybody,)))
    for first in range(0, due, LOADED):
        changes = [draft(portfolio, n) for n in range(first, min(first + LOADED, due))]
        outcomes = bench.cases.commit_many(changes)
        assert not any(outcomes)
    for items in heads(portfolio, due, size):
        bench.wire.put_many(engines.CASES, items)


def heads(portfolio: Portfolio, first: int, last: int) -> Iterator[list[dict[str, Any]]]:
    """The heads of cases that are looked at another day, some at a time."""
    made: list[dict[str, Any]] = []
    sample = draft(portfolio, 0).after
    for number in range(first, last):
        head = replace(
            sample,
            case_id=f"cas_bench_{portfolio.portfolio_id}_{number:08d}",
            debtor_key=f"D-{number}",
            tax_id=f"XAXX{number:09d}",
            balance_minor=10_000 + number,
            oldest_due_on=date(2026, 11, 1) - timedelta(days=number % 200),
            agenda_on=TODAY + timedelta(days=1 + number % 90),
        )
        made.append(case_rows.head_shape.item(head, **case_keys.head_keys(head)))
        if len(made) == LOADED:
            yield made
            made = []
    if made:
        yield made


def spend(bench: Bench, portfolio: Portfolio) -> Iterator[float]:
    """Plan a portfolio turn by turn; seconds per case of each, reading the agenda included."""
    queue = Queue()
    began = time.perf_counter()
    for shard in range(plan_agenda.SHARDS):
        plan_agenda.read_agenda(
            portfolio.portfolio_id,
            shard,
            cursor=None,
            portfolios=bench.portfolios,
            cases=bench.cases,
            work=queue,
            now=NOW,
            time_left_s=lambda: 600.0,
        )
    reading = time.perf_counter() - began
    number = sum(len(message["case_ids"]) for message in queue.messages)
    planned = cases = 0
    clock = 0.0
    for message in queue.messages:
        began = time.perf_counter()
        done = bench.plan(message)
        clock += time.perf_counter() - began
        assert done["moved"] == 0
        planned += done["planned"]
        cases += len(message["case_ids"])
        if cases >= TURN:
            yield clock / cases + reading / number
            cases, clock = 0, 0.0
    assert planned > 0


if __name__ == "__main__":
    main()
