"""Visits that were assigned together, so that they can be taken back together."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentBatch:
    """
    Args:
        visits: (case id, assignment id) of each.
        state: ``applied`` or ``undone``.
    """

    portfolio_id: str
    batch_id: str
    day: date
    made_at: datetime
    made_by: str
    visits: tuple[tuple[str, str], ...]
    state: str = "applied"
    version: int = 1
