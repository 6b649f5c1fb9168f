"""What people ask about their own data by law."""

from __future__ import annotations

import functools

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.casework import cases, portfolios
from chalicelib.wiring.clients import aws, wire
from chalicelib.wiring.people import access_log, people

with lazily():
    from chalicelib.services import data_requests as register
    from chalicelib.services import suppression
    from chalicelib.store import data_requests as request_rows
    from chalicelib.store import suppressions as suppression_rows


@functools.cache
def data_requests() -> request_rows.DataRequestStore:
    return request_rows.DataRequestStore(wire(), settings().work_table)


def data_request_means() -> register.Means:
    """All that the register of requests by law is kept with."""
    return register.Means(
        requests=data_requests(), cases=cases(), portfolios=portfolios(), people=people()
    )


@functools.cache
def suppression_keys() -> tuple[bytes, ...]:
    """What the suppression list is hashed with: a key a line, the one in force first."""
    secret = aws("secretsmanager").get_secret_value(SecretId=settings().suppression_key_secret)
    return tuple(str(secret["SecretString"]).encode().split())


@functools.cache
def suppression_means() -> suppression.Means:
    """All that the suppression list is kept and asked with."""
    return suppression.Means(
        suppressions=suppression_rows.SuppressionStore(wire(), settings().work_table),
        keys=suppression_keys,
        log=access_log(),
    )
