"""Field work: a day's visits, the phones that sign them, what they fill in."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.casework import cases, portfolios
from chalicelib.wiring.clients import wire
from chalicelib.wiring.planning import start_of

with lazily():
    from chalicelib.services import dispositions, field_stops, visits
    from chalicelib.services import field_days as day_service
    from chalicelib.store import devices as device_rows

if TYPE_CHECKING:
    from chalicelib.domain.portfolio import Portfolio


def field() -> day_service.Field:
    return day_service.Field(cases=cases(), portfolios=portfolios(), shows=_shows, starts=start_of)


def _shows(portfolio: Portfolio) -> field_stops.Shown:
    return field_stops.Shown(
        show_amount=portfolio.policies.field.show_amount.value,
        dispositions=tuple(dispositions.shown(portfolio, frozenset())),
    )


@functools.cache
def devices() -> device_rows.DeviceStore:
    return device_rows.DeviceStore(wire(), settings().work_table)


def questionnaires() -> visits.Forms | None:
    """What answers are held against."""
    return None
