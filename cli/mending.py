"""What commands share that write, once after a deployment, what older cases lack."""

import argparse
import json
from collections.abc import Callable

from chalicelib import wiring
from cli import stack

WELL, NOT_WELL, UNREACHABLE = 0, 1, 3

Mend = Callable[[str, bool], tuple[int, int]]  # a portfolio, and whether to write


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--portfolio", metavar="ID", help="one portfolio; all of them by default")
    parser.add_argument("--check", action="store_true", help="count them and write nothing")
    stack.arguments(parser)
    parser.epilog = "Exit status: 0 none lacks any more, 1 --check found some, 3 no stack."


def run(options: argparse.Namespace, mend: Mend, *, name: str, words: tuple[str, str]) -> int:
    """
    Mend the portfolios that are asked for, or all, and print a line for each.

    Args:
        mend: Says how many cases it looked at, and how much of them lacked something.
        name: Of the second number, in JSON.
        words: After that number for people: where it was looked only, and where it was mended.
    """
    if not stack.connect(options):
        return UNREACHABLE
    ids = [options.portfolio] if options.portfolio else _all()
    told = []
    for portfolio_id in ids:
        cases, found = mend(portfolio_id, not options.check)
        told.append({"portfolio_id": portfolio_id, "cases": cases, name: found})
        if not options.json:
            print(f"{portfolio_id}  {cases} cases, {found} {words[not options.check]}")
    if options.json:
        print(json.dumps({"written": not options.check, "portfolios": told}))
    return NOT_WELL if options.check and any(one[name] for one in told) else WELL


def _all() -> list[str]:
    return sorted(portfolio.portfolio_id for portfolio in wiring.portfolios().all())
