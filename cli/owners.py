"""
``./recobro owners``: count open cases for who answers for them, where they are not counted.

Once, after a deployment over cases from before there was such a counter; safe to repeat, and
while people work. Reads the head of every case of a portfolio, and writes to those it counts.
"""

import argparse

from chalicelib import wiring
from chalicelib.services import owner_counts
from cli import mending

HELP = "count open cases for their owners, where they are not"

arguments = mending.arguments


def run(options: argparse.Namespace) -> int:
    def mend(portfolio_id: str, write: bool) -> tuple[int, int]:
        found = owner_counts.mend(portfolio_id, cases=wiring.cases(), write=write)
        return found.cases, found.lacking

    return mending.run(options, mend, name="lacking", words=("not counted", "counted now"))
