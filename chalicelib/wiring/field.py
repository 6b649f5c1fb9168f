"""Field work: a day's visits, the phones that sign them, what they fill in."""

from __future__ import annotations

import functools
import time
from typing import TYPE_CHECKING

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.casework import cases, forms, portfolios
from chalicelib.wiring.clients import wire
from chalicelib.wiring.contacting import REMEMBERED_S, link_key, sender
from chalicelib.wiring.people import people
from chalicelib.wiring.planning import start_of
from chalicelib.wiring.tracking import trails

with lazily():
    from chalicelib.domain import contact
    from chalicelib.services import dispositions, form_answers, visit_results
    from chalicelib.services import field_days as day_service
    from chalicelib.services import questionnaires as form_service
    from chalicelib.store import credentials as credential_rows
    from chalicelib.store import devices as device_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.people import Person


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


@functools.lru_cache(maxsize=1)
def _supervisors(_: int) -> list[Person]:
    """Every visit asks for all of them: read once in a while."""
    found: list[Person] = []
    cursor: str | None = None
    while True:
        page, cursor = people().page(limit=200, cursor=cursor)
        found += [one for one in page if one.role.value == "supervisor"]
        if cursor is None:
            return found


def telling_results(problem: Callable[[str], None]) -> visit_results.Means:
    """All that a visit's result is sent with."""
    return visit_results.Means(
        cases=cases(),
        portfolios=portfolios(),
        people=people(),
        supervisors=lambda: _supervisors(int(time.monotonic() // REMEMBERED_S)),
        trails=trails(),
        sender=sender(contact.Channel.EMAIL),
        site=settings().site_url,
        key=link_key(),
        problem=problem,
    )


def questionnaires() -> form_answers.Reception:
    """What answers are held against."""
    return form_answers.Reception(forms(), portfolios())
