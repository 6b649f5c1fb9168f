"""A file that lies beside a case, whoever gave it: what it is by its bytes, and where it is."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """
    Args:
        name: As whoever gave it calls it; personal.
        sha256: Of the bytes that are kept, which a photo's metadata is not.
        key: Where they are; empty once they are erased.
        shown: Whether the debtor may see it.
    """

    name: str
    media_type: str
    size_bytes: int
    sha256: str
    key: str
    at: datetime
    by: str
    shown: bool
