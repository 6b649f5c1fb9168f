"""Field work: a day's visits, the phones that sign them, what they fill in."""

from __future__ import annotations

import functools

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.casework import cases, portfolios
from chalicelib.wiring.clients import wire

with lazily():
    from chalicelib.services import field_days as day_service
    from chalicelib.services import visits
    from chalicelib.store import devices as device_rows


def field() -> day_service.Field:
    return day_service.Field(cases=cases(), portfolios=portfolios())


@functools.cache
def devices() -> device_rows.DeviceStore:
    return device_rows.DeviceStore(wire(), settings().work_table)


def questionnaires() -> visits.Forms | None:
    """What answers are held against."""
    return None
