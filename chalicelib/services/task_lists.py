"""Open tasks of which the lists know nothing: found and put into them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.services import mending


class Cases(mending.Cases, Protocol):
    def list_tasks(self, portfolio_id: str, case_ids: Sequence[str], *, write: bool) -> int: ...


@dataclass(frozen=True, slots=True)
class Listed:
    """How many cases were looked at, and of how many open tasks no list knew."""

    cases: int
    tasks: int


def mend(portfolio_id: str, *, cases: Cases, write: bool) -> Listed:
    """
    Put a portfolio's open tasks into the lists of who is to do them; nothing else of them changes.

    A task is put into its list as it is written: those from before there were lists appeared
    only once somebody changed them. Safe to repeat, and to stop.

    Args:
        write: Else they are only counted.
    """
    seen, found = mending.through(
        portfolio_id,
        cases=cases,
        mend=lambda ids: cases.list_tasks(portfolio_id, ids, write=write),
    )
    return Listed(seen, found)
