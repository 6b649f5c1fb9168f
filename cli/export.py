"""
``./recobro export``: put days of the portfolios into the lake (docs/lake.md).

Safe to repeat: a day is replaced whole. Works on the laptop's stack, or on a deployed stage with
the caller's own AWS credentials. One run of a portfolio at a time: the nightly one may be at it.
"""

import argparse
import contextlib
import json
import sys
from datetime import date
from typing import Any

from chalicelib.domain.errors import BadField
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import lake_runs
from chalicelib.services.lake_progress import Report
from chalicelib.services.lake_runs import Order, Outcome
from chalicelib.services.verify import AllCases
from cli import stack
from lake import means, table_export

WELL, NOT_WELL, UNREACHABLE = 0, 1, 3


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--date", type=date.fromisoformat, required=True, metavar="yyyy-mm-dd", dest="day",
        help="of each portfolio's calendar",
    )  # fmt: skip
    parser.add_argument(
        "--backfill", type=date.fromisoformat, metavar="yyyy-mm-dd", dest="since",
        help="all days from this one on, too",
    )  # fmt: skip
    parser.add_argument("--portfolio", metavar="ID", help="one portfolio; all of them by default")
    parser.add_argument(
        "--whole", action="store_true", help="open every case, not only those that changed"
    )
    parser.add_argument(
        "--from-table-export", metavar="FOLDER", default="",
        help="open every case in DynamoDB's own export of the table, a folder of the lake's bucket",
    )  # fmt: skip
    stack.arguments(parser)
    parser.epilog = (
        "Exit status: 0 done, 1 a day that cannot be exported or a run under way, 3 no stack."
    )


def run(options: argparse.Namespace) -> int:
    if not stack.connect(options):
        return UNREACHABLE
    with contextlib.ExitStack() as kept:
        cases = None
        if options.from_table_export:
            try:
                cases = kept.enter_context(
                    table_export.opened(means.files(), options.from_table_export)
                )
            except table_export.NotWhole as error:
                print(f"recobro export: {error.args[0]}", file=sys.stderr)
                return NOT_WELL
        return _all(options, cases)


def _all(options: argparse.Namespace, cases: AllCases | None) -> int:
    """Export every portfolio that is asked for; says which could not be."""
    reports: list[Report] = []
    refused: dict[str, str] = {}
    for portfolio in sorted(means.portfolios().all(), key=lambda one: one.portfolio_id):
        if options.portfolio not in (None, portfolio.portfolio_id):
            continue
        order = Order(
            portfolio_id=portfolio.portfolio_id,
            day=options.day,
            since=options.since or options.day,
            whole=options.whole or cases is not None,
        )
        try:
            report = _exported(order, portfolio, cases)
        except BadField as error:
            refused[portfolio.portfolio_id] = f"{error.details['field']}: {error.details['reason']}"
            continue
        if report is None:
            refused[portfolio.portfolio_id] = "another run is at it"
            continue
        reports.append(report)
        if not options.json:
            print(line(report))
    if options.json:
        print(json.dumps({"portfolios": [plain(one) for one in reports], "refused": refused}))
    else:
        for portfolio_id, why in refused.items():
            print(f"{portfolio_id}  not exported, {why}")
    return NOT_WELL if refused or not reports else WELL


def _exported(order: Order, portfolio: Portfolio, cases: AllCases | None) -> Report | None:
    """Do an order, after what another run may have left undone; None when one is under way."""
    while True:
        worked = lake_runs.work(
            order,
            portfolio,
            runs=means.runs(),
            means=means.exporting(lambda: float("inf"), cases=cases),
            clock=means.now,
        )
        if worked.outcome is not Outcome.DONE or worked.report is None:
            return None
        if (worked.run.day, worked.run.since) == (order.day, order.since):
            return worked.report


def plain(report: Report) -> dict[str, Any]:
    return {
        "portfolio_id": report.portfolio_id,
        "listed": report.listed,
        "opened": report.opened,
        "rows": report.rows,
        "objects": [json.loads(one.body()) for one in report.manifests],
    }


def line(report: Report) -> str:
    """One portfolio's export, in a line."""
    size = sum(one.size for one in report.manifests)
    days = sorted({one.day for one in report.manifests})
    return (
        f"{report.portfolio_id}  {days[0]} to {days[-1]}: {report.opened} of {report.listed} cases"
        f" opened, {report.rows} rows in {len(report.manifests)} objects, {size / 1024:.0f} KB"
    )
