"""A list of cases somebody named, to come back to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """
    Args:
        filters: As a list of cases is asked for, its order included.
        owner: The person who made it.
        shared: Everybody who sees the portfolio finds it; else its owner alone.
        opens_for: People whose list opens with it.
    """

    view_id: str
    portfolio_id: str
    name: str
    filters: dict[str, Any]
    owner: str
    created_at: datetime
    shared: bool = False
    opens_for: tuple[str, ...] = ()
    version: int = 1
