"""
``./recobro reconcile``: ask every provider what a day brought, and post what webhooks missed.

What the daily job does, for the day that is named. Safe to repeat. Works on the laptop's stack, or
on a deployed stage with the caller's own AWS credentials.
"""

import argparse
import json
from datetime import date
from typing import Any

from chalicelib import wiring
from chalicelib.services import reconciliation
from chalicelib.services.reconciliation import Report
from cli import stack

WELL, NOT_WELL, UNREACHABLE = 0, 1, 3


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--date", type=date.fromisoformat, required=True, metavar="yyyy-mm-dd", dest="day",
        help="of the portfolio's calendar",
    )  # fmt: skip
    parser.add_argument("--portfolio", metavar="ID", help="one portfolio; all of them by default")
    stack.arguments(parser)
    parser.epilog = (
        "Exit status: 0 all is posted, 1 a provider or a payment failed, 3 no stack to work on."
    )


def run(options: argparse.Namespace) -> int:
    if not stack.connect(options):
        return UNREACHABLE
    portfolios = [
        one for one in wiring.portfolios().all() if options.portfolio in (None, one.portfolio_id)
    ]
    reports = [
        report
        for portfolio in sorted(portfolios, key=lambda one: one.portfolio_id)
        for report in reconciliation.day(portfolio, options.day, means=wiring.reconciling())
    ]
    if options.json:
        print(json.dumps({"reports": [plain(report) for report in reports]}))
    else:
        for report in reports:
            print(line(report))
        posted = sum(report.outcomes["posted"] for report in reports)
        failed = sum(not report.ok for report in reports)
        print(f"{len(reports)} accounts asked, {posted} payments posted, {failed} with problems")
    return WELL if all(report.ok for report in reports) else NOT_WELL


def plain(report: Report) -> dict[str, Any]:
    return {
        "portfolio_id": report.portfolio_id,
        "provider": report.provider,
        "day": report.day.isoformat(),
        "outcomes": dict(report.outcomes),
        "problem": report.problem,
        "failed": report.failed,
    }


def line(report: Report) -> str:
    """One account's day, in a line."""
    told = ", ".join(f"{number} {name}" for name, number in sorted(report.outcomes.items()))
    wrong = [report.problem] if report.problem else []
    wrong += [f"{payment} {fault}" for payment, fault in report.failed.items()]
    parts = [told or "nothing", *(f"problem: {one}" for one in wrong)]
    return f"{report.portfolio_id}  {report.provider:<12} {report.day}  {'; '.join(parts)}"
