"""A report that somebody keeps, to be told again of other days."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReportState(StrEnum):
    KEPT = "kept"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedReport:
    """
    Args:
        measures, dimensions, filters, limit: As ``bi.reports.Report`` has them, codes of the
            catalogue; a filter is its dimension and the values that are let through.
        period: Which days, as people pick them: ``week``, ``days30``, ``month``, ``last_month``
            or ``days90``. They are counted from the day on which it is read.
        compare: Whether the days before stand beside them.
    """

    report_id: str
    portfolio_id: str
    name: str
    measures: tuple[str, ...]
    dimensions: tuple[str, ...]
    filters: tuple[tuple[str, tuple[str, ...]], ...]
    limit: int
    period: str
    compare: bool
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    state: ReportState = ReportState.KEPT
    version: int = 1
