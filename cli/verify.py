"""
``./recobro verify``: recompute portfolios and compare them with what is stored.

Ledger sums against heads, timelines against their chains, counters against both. Reads the
tables of the laptop's stack, or of a deployed stage with the caller's own AWS credentials.
"""

import argparse
import json
from typing import Any

from chalicelib import wiring
from chalicelib.services import verify
from cli import stack

HELP = "prove ledgers, timelines and counters"
WELL, NOT_WELL, UNREACHABLE = 0, 1, 3


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--portfolio", metavar="ID", help="one portfolio; all of them by default")
    stack.arguments(parser)
    parser.epilog = "Exit status: 0 all agrees, 1 something differs, 3 no stack to look at."


def run(options: argparse.Namespace) -> int:
    if not stack.connect(options):
        return UNREACHABLE
    ids = [options.portfolio] if options.portfolio else _all(wiring.portfolios())
    reports = []
    for portfolio_id in ids:
        portfolio = wiring.portfolios().get(portfolio_id)
        report = verify.portfolio(
            portfolio_id,
            cases=wiring.cases(),
            stored=wiring.counters(),
            time_zone=portfolio.time_zone if portfolio else "UTC",
        )
        reports.append(report)
        if not options.json:
            _print(report)
    if options.json:
        print(json.dumps({"portfolios": [_plain(report) for report in reports]}))
    return WELL if all(report.ok for report in reports) else NOT_WELL


def _all(portfolios: Any) -> list[str]:
    return sorted(portfolio.portfolio_id for portfolio in portfolios.all())


def _plain(report: Any) -> dict[str, Any]:
    return {
        "portfolio_id": report.portfolio_id,
        "ok": report.ok,
        "cases": report.cases,
        "entries": report.entries,
        "events": report.events,
        "differences": report.differences,
    }


def _print(report: Any) -> None:
    verdict = "agrees" if report.ok else f"{len(report.differences)} differences"
    print(
        f"{report.portfolio_id}  {report.cases} cases, {report.entries} entries,"
        f" {report.events} events: {verdict}"
    )
    for one in report.differences:
        where = one.get("case_id") or one.get("counter")
        print(f"  {one['what']}  {where}: found {one['found']}, should be {one['should_be']}")
