"""An export: a list of cases on its way to becoming a file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """
    Args:
        state: ``running``, ``done`` or ``failed``.
        filters: As asked: ``q``, ``sort``, ``band``, ``min_minor``, ``max_minor``, ``city``,
            ``status``, ``tag``.
        question: The number whose cases it holds, as ``bi.questions`` writes it, instead.
        cursor, parts: Where writing goes on: the list's cursor, and the parts sent so far.
        writing: The store's handle of the unfinished file.
    """

    export_id: str
    portfolio_id: str
    state: str
    filters: dict[str, Any]
    language: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    rows: int = 0
    cursor: str | None = None
    writing: str | None = None
    question: dict[str, Any] | None = None
    parts: tuple[str, ...] = ()
    version: int = 1

    @property
    def key(self) -> str:
        return f"{self.portfolio_id}/{self.export_id}/cases.csv"
