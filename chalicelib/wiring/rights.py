"""What people ask about their own data by law."""

from __future__ import annotations

import functools

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.casework import cases, portfolios
from chalicelib.wiring.clients import wire
from chalicelib.wiring.people import people

with lazily():
    from chalicelib.services import data_requests as register
    from chalicelib.store import data_requests as request_rows


@functools.cache
def data_requests() -> request_rows.DataRequestStore:
    return request_rows.DataRequestStore(wire(), settings().work_table)


def data_request_means() -> register.Means:
    """All that the register of requests by law is kept with."""
    return register.Means(
        requests=data_requests(), cases=cases(), portfolios=portfolios(), people=people()
    )
