"""The laptop's clock, which may be moved to see what a month brings; the cloud's never is."""

from datetime import UTC, datetime, timedelta

from pynamodb.attributes import NumberAttribute

from chalicelib.store.work_table import WorkRow

ORG = "ORG"
CLOCK = "CLOCK"


class ClockRow(WorkRow):
    """``ORG`` / ``CLOCK``: how many seconds ahead of the real time it is."""

    ahead_s = NumberAttribute()


class MovedClock:
    """Tells the time as somebody set it."""

    def now(self) -> datetime:
        """Give the time, UTC; asked anew each time, for the next second it may be another day."""
        row = next(iter(ClockRow.query(ORG, ClockRow.sk == CLOCK)), None)
        return datetime.now(UTC) + timedelta(seconds=int(row.ahead_s) if row else 0)
