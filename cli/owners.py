"""
``./recobro owners``: count open cases for who answers for them, where they are not counted.

Once, after a deployment over cases from before there was such a counter; safe to repeat, and
while people work. Reads the head of every case of a portfolio, and writes to those it counts.
"""

import argparse
import json

from chalicelib import wiring
from chalicelib.services import owner_counts
from cli import stack

HELP = "count open cases for their owners, where they are not"
WELL, NOT_WELL, UNREACHABLE = 0, 1, 3


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--portfolio", metavar="ID", help="one portfolio; all of them by default")
    parser.add_argument("--check", action="store_true", help="count them and write nothing")
    stack.arguments(parser)
    parser.epilog = "Exit status: 0 none lacks any more, 1 --check found some, 3 no stack."


def run(options: argparse.Namespace) -> int:
    if not stack.connect(options):
        return UNREACHABLE
    ids = [options.portfolio] if options.portfolio else _all()
    told = []
    for portfolio_id in ids:
        found = owner_counts.mend(portfolio_id, cases=wiring.cases(), write=not options.check)
        told.append({"portfolio_id": portfolio_id, "cases": found.cases, "lacking": found.lacking})
        if not options.json:
            did = "not counted" if options.check else "counted now"
            print(f"{portfolio_id}  {found.cases} cases, {found.lacking} {did}")
    if options.json:
        print(json.dumps({"written": not options.check, "portfolios": told}))
    return NOT_WELL if options.check and any(one["lacking"] for one in told) else WELL


def _all() -> list[str]:
    return sorted(portfolio.portfolio_id for portfolio in wiring.portfolios().all())
