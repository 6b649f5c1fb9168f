"""Where agents are and were."""

from __future__ import annotations

import functools
from datetime import timedelta

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.clients import now, wire

with lazily():
    from chalicelib.services import trails as trail_service
    from chalicelib.store import tracking as tracking_rows


@functools.cache
def tracking() -> tracking_rows.TrackingStore:
    return tracking_rows.TrackingStore(
        wire(), settings().tracking_table, kept=timedelta(days=settings().trail_days)
    )


def trails() -> trail_service.Trails:
    """Where agents' phones were, as the reception of visits asks for it."""
    return trail_service.Trails(tracking=tracking(), clock=now)
