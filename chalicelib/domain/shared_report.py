"""A report as somebody outside may read it: as it was when its link was made, for some days."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MOST_DAYS = 90
LEAST_CASES = 5  # that a number is of; of fewer, who knows the portfolio could tell whose it is
MOST_LINES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedReport:
    """
    Args:
        link_id: Named by the link; without the link it opens nothing.
        told: What is shown, JSON-safe: days, measures, lines. It is never told anew.
        opened, opened_at: How often it was opened, and the last time.
    """

    link_id: str
    portfolio_id: str
    report_id: str
    name: str
    told: dict[str, Any] = field(default_factory=dict)
    made_by: str
    made_at: datetime
    until: datetime
    opened: int = 0
    opened_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str = ""
    version: int = 1

    def works(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.until
