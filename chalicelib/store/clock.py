"""The laptop's clock, which may be moved to see what a month brings; the cloud's never is."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pynamodb.attributes import NumberAttribute

from chalicelib.store.work_table import WorkRow

ORG = "ORG"
CLOCK = "CLOCK"
REMEMBERED_S = 1.0  # a request asks for the time more than once


class ClockRow(WorkRow):
    """``ORG`` / ``CLOCK``: how many seconds ahead of the real time it is."""

    ahead_s = NumberAttribute()


class MovedClock:
    """Tells the time as somebody set it. ``elapsed`` counts the seconds for which it is kept."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._read_at: float | None = None
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Give the time, UTC."""
        if self._read_at is None or self._elapsed() - self._read_at > REMEMBERED_S:
            row = next(iter(ClockRow.query(ORG, ClockRow.sk == CLOCK)), None)
            self._ahead = timedelta(seconds=int(row.ahead_s)) if row else timedelta()
            self._read_at = self._elapsed()
        return datetime.now(UTC) + self._ahead
