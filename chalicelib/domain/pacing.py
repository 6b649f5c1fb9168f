"""A message's turn at its provider."""

from datetime import datetime
from typing import NamedTuple


class Turn(NamedTuple):
    """When a message may go, and whether that moment is kept for it."""

    at: datetime
    kept: bool
