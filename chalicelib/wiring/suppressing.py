"""What people had erased, as it is known again."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.clients import aws, wire
from chalicelib.wiring.people import access_log

with lazily():
    from chalicelib.services import suppression
    from chalicelib.store import suppressions as suppression_rows


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


def suppressed(
    portfolio_id: str, values: Iterable[suppression.Value]
) -> frozenset[suppression.Value]:
    """What of some values people had erased in a portfolio."""
    return suppression.found(portfolio_id, values, means=suppression_means())
