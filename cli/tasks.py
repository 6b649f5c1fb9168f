"""
``./recobro tasks``: put open tasks into the lists of who is to do them, where they are in none.

Once, after a deployment over cases from before there were lists of tasks; safe to repeat, and
while people work. Reads every case of a portfolio, and writes to the tasks it counts alone.
"""

import argparse
import json

from chalicelib import wiring
from chalicelib.services import task_lists
from cli import stack

HELP = "put open tasks into the lists that lack them"
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
        found = task_lists.mend(portfolio_id, cases=wiring.cases(), write=not options.check)
        told.append({"portfolio_id": portfolio_id, "cases": found.cases, "tasks": found.tasks})
        if not options.json:
            did = "lack their list" if options.check else "put into their list"
            print(f"{portfolio_id}  {found.cases} cases, {found.tasks} tasks {did}")
    if options.json:
        print(json.dumps({"written": not options.check, "portfolios": told}))
    return NOT_WELL if options.check and any(one["tasks"] for one in told) else WELL


def _all() -> list[str]:
    return sorted(portfolio.portfolio_id for portfolio in wiring.portfolios().all())
