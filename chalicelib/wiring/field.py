"""Field work: a day's visits, the phones that sign them, what they fill in."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.casework import cases, forms, portfolios
from chalicelib.wiring.clients import wire
from chalicelib.wiring.planning import start_of

with lazily():
    from chalicelib.services import (
        dispositions,
        field_stops,
        form_answers,
    )
    from chalicelib.services import field_days as day_service
    from chalicelib.services import questionnaires as form_service
    from chalicelib.store import devices as device_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.portfolio import Portfolio


def field() -> day_service.Field:
    return day_service.Field(
        cases=cases(),
        portfolios=portfolios(),
        shows=_shows,
        forms=_published_forms,
        starts=start_of,
    )


def _shows(portfolio: Portfolio) -> field_stops.Shown:
    asked = frozenset(form_service.asked(portfolio.portfolio_id, forms()))
    return field_stops.Shown(
        show_amount=portfolio.policies.field.show_amount.value,
        dispositions=tuple(dispositions.shown(portfolio, asked)),
    )


def _published_forms(owners: Mapping[str, Portfolio]) -> list[dict[str, Any]]:
    return [
        form
        for owner in owners.values()
        for form in form_service.for_phones(
            owner, form_service.asked(owner.portfolio_id, forms()), forms()
        )
    ]


@functools.cache
def devices() -> device_rows.DeviceStore:
    return device_rows.DeviceStore(wire(), settings().work_table)


def questionnaires() -> form_answers.Reception:
    """What answers are held against."""
    return form_answers.Reception(forms(), portfolios())
