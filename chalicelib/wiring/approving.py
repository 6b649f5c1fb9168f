"""What waits for a second person."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.casework import cases, cash, merges, portfolios
from chalicelib.wiring.clients import wire

with lazily():
    from chalicelib.domain import correction as correction_types
    from chalicelib.services import approvals
    from chalicelib.store import data_requests as request_rows
    from chalicelib.store import documents

if TYPE_CHECKING:
    from chalicelib.domain.correction import Correction


@functools.cache
def corrections() -> documents.Documents[Correction]:
    """Corrections beyond somebody's limit."""
    return documents.Documents(
        wire(),
        settings().work_table,
        correction_types.Correction,
        name="CORRECTION",
        key="correction_id",
    )


@functools.cache
def _requests() -> request_rows.DataRequestStore:
    return request_rows.DataRequestStore(wire(), settings().work_table)


def approval_means() -> approvals.Means:
    """All that the tray of approvals is read from."""
    return approvals.Means(
        cases=cases(),
        portfolios=portfolios(),
        corrections=corrections(),
        cash=cash(),
        merges=merges(),
        requests=_requests(),
    )
