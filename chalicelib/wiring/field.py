"""Field work: a day's visits, the phones that sign them, what they fill in."""

from __future__ import annotations

import functools

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.casework import cases, forms, portfolios
from chalicelib.wiring.clients import wire
from chalicelib.wiring.planning import start_of

with lazily():
    from chalicelib.services import dispositions, form_answers
    from chalicelib.services import field_days as day_service
    from chalicelib.services import questionnaires as form_service
    from chalicelib.store import credentials as credential_rows
    from chalicelib.store import devices as device_rows


def field() -> day_service.Field:
    return day_service.Field(
        cases=cases(),
        portfolios=portfolios(),
        dispositions=lambda owner, asked: dispositions.shown(owner, frozenset(asked)),
        asked=lambda owner: form_service.asked(owner, forms()),
        forms=lambda owner, asked: form_service.for_phones(owner, asked, forms()),
        starts=start_of,
    )


@functools.cache
def credentials() -> credential_rows.CredentialStore:
    return credential_rows.CredentialStore(wire(), settings().work_table)


@functools.cache
def turns() -> credential_rows.TurnStore:
    return credential_rows.TurnStore(wire(), settings().work_table)


@functools.cache
def devices() -> device_rows.DeviceStore:
    return device_rows.DeviceStore(wire(), settings().work_table)


def questionnaires() -> form_answers.Reception:
    """What answers are held against."""
    return form_answers.Reception(forms(), portfolios())
