"""
What writing an upload costs: drafting cases, and putting them into DynamoDB.

The floor is the least a client can do: the same items, ready made, 25 a request, serialised
with orjson, signed and sent over one kept connection. Against the stub
processor time is measured (one thread, so it is one core's); against DynamoDB Local the
engine is the limit and the clock counts. Rounds take turns; medians are given.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bench import stub
from bench.by_hand import ByHand
from bench.report import Figure, Report
from chalicelib.domain import ids
from chalicelib.domain.case import Address, CaseChange, ContactKind, Debt
from chalicelib.domain.draft import Draft
from chalicelib.domain.portfolio import Portfolio
from chalicelib.store import case_rows
from chalicelib.store.cases import CaseStore
from chalicelib.store.wire import Wire
from tests import engines
from tests.builders import NOW, a_portfolio

CASES = 3_000
CHUNK = 500  # as many as a worker drafts and writes at once
ENGINE_CASES = 400
BATCH = 25  # the floor's; what the budget's floor was measured with
ROUNDS = 5
NAMES = ("María Fernanda López Ruiz", "José Luis Hernández", "Ana Sofía Ñandú Pérez", "Luis Gil")


def draft(portfolio: Portfolio, number: int) -> CaseChange:
    """One new case as an upload makes it: a debt, a phone, an address with a point."""
    key, external_id = f"D-{number}", f"F-{number}"
    made = Draft.new(
        portfolio,
        key,
        name=NAMES[number % len(NAMES)],
        tax_id=f"XAXX{number:09d}",
        upload_id="upl_bench",
        actor="upload:upl_bench",
        now=NOW,
    )
    made.put_contact(ContactKind.PHONE, f"+5255{number:08d}", source="upload")
    made.put_address(
        Address(
            address_id="",
            lines=f"Calle {number} #10",
            city="Mérida",
            country="MX",
            lat=20.9 + number % 1000 / 10_000,
            lng=-89.6,
            cell="8a2a1072b59ffff",
        )
    )
    made.put_debt(
        Debt(
            debt_id=ids.debt_id(portfolio.portfolio_id, external_id),
            external_id=external_id,
            product="factura",
            issued_on=None,
            due_on=date(2026, 11, 1) - timedelta(days=number % 200),
            stated_principal_minor=10_000 + number,
            fingerprint=f"{number:032x}",
            upload_id="upl_bench",
            upload_outcome="created",
            seen_upload_id="upl_bench",
        ),
        source="upload",
        reference="upl_bench",
    )
    change = made.change()
    assert change is not None
    return change


def drafted(portfolio: Portfolio, number: int) -> list[CaseChange]:
    return [draft(portfolio, n) for n in range(number)]


def as_new(wire: Wire) -> CaseStore:
    return CaseStore(wire, cases=engines.CASES, work=engines.WORK, threads=1)


def floor(wire: Wire, items: list[dict[str, Any]]) -> None:
    for start in range(0, len(items), BATCH):
        wire.transact(items[start : start + BATCH])


def ready(changes: list[CaseChange]) -> list[dict[str, Any]]:
    """All that changes write but counters, as trees that are still to be serialised."""
    return [one for c in changes for one in engines.as_sent(case_rows.operations(engines.CASES, c))]


def timed(clock: Callable[[], float], do: Callable[[], object]) -> float:
    begin = clock()
    do()
    return clock() - begin


def against_stub(report: Report) -> None:
    portfolio = a_portfolio("prt_bench")
    times: dict[str, list[float]] = {"draft": [], "write": [], "floor": []}
    rows = 0
    with stub.endpoint() as url:
        bare = ByHand(url)
        store = as_new(engines.wire_to(url))
        for _ in range(ROUNDS):
            spent = dict.fromkeys(times, 0.0)
            rows = 0
            for start in range(0, CASES, CHUNK):
                clock = time.process_time
                begin = clock()
                changes = [draft(portfolio, n) for n in range(start, start + CHUNK)]
                spent["draft"] += clock() - begin
                spent["write"] += timed(clock, lambda c=changes: store.commit_many(c))
                items = ready(changes)
                rows += len(items)
                spent["floor"] += timed(clock, lambda i=items: floor(bare, i))
            for name, seconds in spent.items():
                times[name].append(seconds)
    took = {name: statistics.median(values) for name, values in times.items()}
    fast, least = rows / took["write"], rows / took["floor"]
    report.add(Figure(metric="items of a new case", value=round(rows / CASES, 2), unit="items"))
    report.add(
        Figure(
            metric="write stage, stub",
            value=round(fast),
            unit="items/s of one core",
            floor=round(least),
            floor_is="the same items ready made, serialised, signed and sent",
            target=0.45,
            at_least=True,
        )
    )
    report.add(
        Figure(
            metric="write stage, stub (absolute)",
            value=round(fast),
            unit="items/s of one core",
            target=10_000,
            at_least=True,
        )
    )
    report.add(
        Figure(
            metric="draft and write, stub",
            value=round(CASES / (took["draft"] + took["write"])),
            unit="debts/s of one core",
            target=3_000,
            at_least=True,
        )
    )
    report.add(
        Figure(metric="draft", value=round(took["draft"] / CASES * 1e6), unit="us of CPU a case")
    )
    report.add(
        Figure(metric="write", value=round(took["write"] / CASES * 1e6), unit="us of CPU a case")
    )


def against_dynamodb_local(report: Report) -> None:
    with engines.dynamodb() as url:
        engines.make_tables(url)
        store, bare = as_new(engines.wire_to(url)), engines.wire_to(url)
        times: dict[str, list[float]] = {"write": [], "floor": []}
        rows = 0
        for number in range(2 * ROUNDS):
            # Every round in its own portfolio: both write new items into the same table.
            changes = drafted(a_portfolio(f"prt_{number}"), ENGINE_CASES)
            items = ready(changes)
            rows = len(items)
            if number % 2:
                times["floor"].append(timed(time.perf_counter, lambda i=items: floor(bare, i)))
            else:
                times["write"].append(
                    timed(time.perf_counter, lambda c=changes: store.commit_many(c))
                )
    took = {name: statistics.median(values) for name, values in times.items()}
    report.add(
        Figure(
            metric="write stage, DynamoDB Local",
            value=round(rows / took["write"]),
            unit="items/s",
            floor=round(rows / took["floor"]),
            floor_is="the same items ready made, without counters",
            target=0.8,
            at_least=True,
        )
    )


def main() -> None:
    report = Report("write")
    against_stub(report)
    if "--stub-only" not in sys.argv:
        against_dynamodb_local(report)
    report.print()


if __name__ == "__main__":
    main()
