"""Two cases that may be, or were made, one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MergeState(StrEnum):
    PROPOSED = "proposed"
    DISMISSED = "dismissed"
    MERGED = "merged"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """
    Two cases that may be, or were made, one.

    Args:
        merge_id: Made from the two cases, so that finding the pair again changes nothing.
        case_ids: The older case first: the one proposed to stay.
        score: 0 to 100. reasons: Short codes: ``tax_id``, ``phone``, ``email``, ``name``...
    """

    merge_id: str
    portfolio_id: str
    case_ids: tuple[str, str]
    state: MergeState
    score: int
    reasons: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    decided_by: str | None = None
    version: int = 1
