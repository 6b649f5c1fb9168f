"""Going through the cases of a portfolio to write what was not written with them before."""

from collections.abc import Callable, Sequence
from typing import Protocol

from chalicelib.services.casework import Lines

CASES_A_PAGE = 200


class Cases(Protocol):
    def list(
        self, portfolio_id: str, *, sort: str = ..., cursor: str | None = ..., limit: int = ...
    ) -> Lines: ...


def through(
    portfolio_id: str, *, cases: Cases, mend: Callable[[Sequence[str]], int]
) -> tuple[int, int]:
    """
    Give all case ids of a portfolio to *mend*, page by page.

    Args:
        mend: Says how many of what it was given lacked something.

    Returns:
        How many cases were looked at, and what *mend* said of them together.
    """
    seen = found = 0
    cursor: str | None = None
    while True:
        page = cases.list(portfolio_id, sort="name", cursor=cursor, limit=CASES_A_PAGE)
        case_ids = [line.case_id for line in page.items]
        seen += len(case_ids)
        found += mend(case_ids)
        cursor = page.cursor
        if cursor is None:
            return seen, found
