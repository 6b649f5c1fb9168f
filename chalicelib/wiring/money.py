"""Money that came in: what it is brought to its case with, and what nobody can place."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.casework import cases, portfolios
from chalicelib.wiring.clients import now, wire
from chalicelib.wiring.files import issuing
from chalicelib.wiring.payments import payment_references

with lazily():
    from chalicelib.domain import unmatched as tray_types
    from chalicelib.services import incoming, receipts
    from chalicelib.store import documents

if TYPE_CHECKING:
    from chalicelib.domain.unmatched import Unmatched


def receiving() -> incoming.Means:
    """What a payment is brought to its case with, and all that follows from it."""
    return incoming.Means(
        cases=cases(),
        portfolios=portfolios(),
        tray=unmatched_payments(),
        references=lambda pid, _, reference: payment_references().find(pid, reference),
        follows=(receipts.follow(issuing(), now=now()),),
    )


@functools.cache
def unmatched_payments() -> documents.Documents[Unmatched]:
    """Payments of providers that no case was found for."""
    return documents.Documents(
        wire(),
        settings().work_table,
        tray_types.Unmatched,
        name="UNMATCHED",
        key="unmatched_id",
    )
