"""What a portfolio's settings of calls were before somebody changed them."""

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.calls import CallPolicy
from chalicelib.domain.priority import QueuePolicy

_LAST = 9_999_999


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsBefore:
    """
    Args:
        key: Sorts the newest first.
        portfolio_version: The last that had these settings.
        replaced_at, replaced_by: When, and the actor who changed them.
    """

    portfolio_id: str
    key: str
    portfolio_version: int
    replaced_at: datetime
    replaced_by: str
    queue: QueuePolicy = field(default_factory=QueuePolicy)
    calls: CallPolicy = field(default_factory=CallPolicy)
    version: int = 1


def key_of(portfolio_version: int) -> str:
    """
    Name a version so that names sort the newest first.

    >>> key_of(3) < key_of(2)
    True
    """
    return f"{_LAST - portfolio_version:07d}"
