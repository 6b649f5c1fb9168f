"""
``./recobro tasks``: put open tasks into the lists of who is to do them, where they are in none.

Once, after a deployment over cases from before there were lists of tasks; safe to repeat, and
while people work. Reads every case of a portfolio, and writes to the tasks it counts alone.
"""

import argparse

from chalicelib import wiring
from chalicelib.services import task_lists
from cli import mending

HELP = "put open tasks into the lists that lack them"

arguments = mending.arguments


def run(options: argparse.Namespace) -> int:
    def mend(portfolio_id: str, write: bool) -> tuple[int, int]:
        found = task_lists.mend(portfolio_id, cases=wiring.cases(), write=write)
        return found.cases, found.tasks

    return mending.run(
        options, mend, name="tasks", words=("tasks lack their list", "tasks put into their list")
    )
