"""Planning field work: zones, agents, proposals, routes."""

from __future__ import annotations

import functools
import logging
from datetime import timedelta

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.casework import cases, portfolios, strategies
from chalicelib.wiring.clients import aws, now, wire
from chalicelib.wiring.people import people
from chalicelib.wiring.queues import route_plan_jobs
from chalicelib.wiring.tracking import tracking

with lazily():
    from chalicelib.geo import point
    from chalicelib.routes import day, travel
    from chalicelib.services import assignment_looks, route_plans
    from chalicelib.services import team_plans as team_plan_service
    from chalicelib.store import field as field_rows
    from chalicelib.store import streets as street_ways
    from chalicelib.store import team_plans as team_plan_rows

log = logging.getLogger("recobro")
FRESH = timedelta(minutes=15)


@functools.cache
def field_store() -> field_rows.FieldStore:
    return field_rows.FieldStore(wire(), settings().work_table)


@functools.cache
def team_plans() -> team_plan_rows.TeamPlanStore:
    return team_plan_rows.TeamPlanStore(wire(), settings().work_table)


def planning() -> assignment_looks.Stores:
    store = field_store()
    return assignment_looks.Stores(
        cases=cases(),
        portfolios=portfolios(),
        people=people(),
        profiles=store,
        zones=store,
        better=team_plan_service.Means(plans=team_plans(), jobs=route_plan_jobs()),
        playbook=strategies().playbook,
    )


def routing() -> route_plans.Stores:
    return route_plans.Stores(
        cases=cases(),
        portfolios=portfolios(),
        people=people(),
        profiles=field_store(),
        tables=_ways(),
        where=_where,
    )


def _ways() -> day.Tables:
    """Ways by road where the stack was given a service that knows them."""
    if settings().streets != "amazon":
        return travel.matrices
    return street_ways.AmazonLocationStreets(
        aws("geo-routes"), problem=lambda error: log.warning("streets: %s", type(error).__name__)
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
