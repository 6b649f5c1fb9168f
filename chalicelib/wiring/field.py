"""What field work is put together from."""

from __future__ import annotations

from chalicelib.lazily import lazily
from chalicelib.wiring.casework import cases, portfolios

with lazily():
    from chalicelib.services import field_days as day_service


def field() -> day_service.Field:
    return day_service.Field(cases=cases(), portfolios=portfolios())
