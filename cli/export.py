"""
``./recobro export``: put days of the portfolios into the lake (docs/lake.md).

Safe to repeat: a day is replaced whole. Works on the laptop's stack, or on a deployed stage with
the caller's own AWS credentials. One run of a portfolio at a time.
"""

import argparse
import functools
import json
import tempfile
from datetime import date
from typing import Any

from chalicelib import wiring
from chalicelib.domain.errors import BadField
from chalicelib.services import lake as exporting
from chalicelib.services.lake import Report
from cli import stack
from lake import parquet

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
    stack.arguments(parser)
    parser.epilog = "Exit status: 0 done, 1 a day that cannot be exported, 3 no stack to work on."


def run(options: argparse.Namespace) -> int:
    if not stack.connect(options):
        return UNREACHABLE
    means = exporting.Means(
        cases=wiring.cases(),
        files=wiring.lake_files(),
        writer=parquet.writer,
        scratch=functools.partial(tempfile.TemporaryDirectory, prefix="recobro-export-"),
    )
    reports: list[Report] = []
    refused: dict[str, str] = {}
    for portfolio in sorted(wiring.portfolios().all(), key=lambda one: one.portfolio_id):
        if options.portfolio not in (None, portfolio.portfolio_id):
            continue
        try:
            report = exporting.export(
                portfolio,
                options.day,
                since=options.since,
                whole=options.whole,
                means=means,
                now=wiring.now(),
            )
        except BadField as error:
            refused[portfolio.portfolio_id] = f"{error.details['field']}: {error.details['reason']}"
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
