"""Owned cases from before open cases were counted by owner: found and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.services import mending


class Cases(mending.Cases, Protocol):
    def count_owners(self, portfolio_id: str, case_ids: Sequence[str], *, write: bool) -> int: ...


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cases were looked at, and how many of them their owner's counter lacked."""

    cases: int
    lacking: int


def mend(portfolio_id: str, *, cases: Cases, write: bool) -> Counted:
    """
    Make a portfolio's counters of open cases by owner right.

    A case is counted as it is changed: owned ones from before there were such counters are
    counted only once somebody changes them. Safe to repeat, to stop, and while people work.

    Args:
        write: Else they are only counted up.
    """
    seen, found = mending.through(
        portfolio_id,
        cases=cases,
        mend=lambda ids: cases.count_owners(portfolio_id, ids, write=write),
    )
    return Counted(seen, found)
