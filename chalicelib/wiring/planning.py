"""Planning field work: zones, agents, proposals, routes."""

from __future__ import annotations

import functools
from datetime import timedelta

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.casework import cases, portfolios
from chalicelib.wiring.clients import now, wire
from chalicelib.wiring.people import people
from chalicelib.wiring.tracking import tracking

with lazily():
    from chalicelib.geo import point
    from chalicelib.services import assignment_plans, route_plans
    from chalicelib.store import field as field_rows

FRESH = timedelta(minutes=15)


@functools.cache
def field_store() -> field_rows.FieldStore:
    return field_rows.FieldStore(wire(), settings().work_table)


def planning() -> assignment_plans.Stores:
    store = field_store()
    return assignment_plans.Stores(
        cases=cases(), portfolios=portfolios(), people=people(), profiles=store, zones=store
    )


def routing() -> route_plans.Stores:
    return route_plans.Stores(
        cases=cases(),
        portfolios=portfolios(),
        people=people(),
        profiles=field_store(),
        where=_where,
    )


def _where(person_id: str) -> point.Point | None:
    """Where somebody on shift is, unless that is old news."""
    known = tracking().presence(person_id)
    if known is None or known.fix is None or now() - known.fix.at > FRESH:
        return None
    return point.Point(known.fix.lat, known.fix.lng)


def start_of(person_id: str) -> point.Point | None:
    """Where somebody's day begins, if he said."""
    profile = field_store().profile(person_id)
    return point.Point(*profile.start) if profile and profile.start else None
