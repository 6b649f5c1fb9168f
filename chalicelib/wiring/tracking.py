"""Where agents are and were."""

from __future__ import annotations

import functools
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.casework import counters, portfolios
from chalicelib.wiring.clients import now, wire
from chalicelib.wiring.contacting import sender
from chalicelib.wiring.people import people

with lazily():
    from chalicelib.domain import goals as goal_types
    from chalicelib.messages import alarm as alarm_texts
    from chalicelib.services import alarms as alarm_service
    from chalicelib.services import boards
    from chalicelib.services import trails as trail_service
    from chalicelib.store import documents
    from chalicelib.store import trackers as tracker_rows
    from chalicelib.store import tracking as tracking_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.portfolio import Portfolio
    from chalicelib.domain.tracking import Alarm


@functools.cache
def tracking() -> tracking_rows.TrackingStore:
    return tracking_rows.TrackingStore(
        wire(), settings().tracking_table, kept=timedelta(days=settings().trail_days)
    )


@functools.cache
def goals() -> documents.Documents[goal_types.Goals]:
    return documents.Documents(
        wire(), settings().work_table, goal_types.Goals, name="GOALS", key="month"
    )


def board_means() -> boards.Means:
    """All that boards of people and teams are read from."""
    return boards.Means(
        counters=counters(),
        people=people(),
        portfolios=portfolios(),
        goals=goals(),
        tracking=tracking(),
    )


@functools.cache
def trackers() -> tracker_rows.TrackerStore:
    return tracker_rows.TrackerStore(wire(), settings().work_table)


def trails() -> trail_service.Trails:
    """Where agents' phones were, as the reception of visits asks for it."""
    return trail_service.Trails(tracking=tracking(), clock=now)


def alarm_means(problem: Callable[[str, str], None]) -> alarm_service.Means:
    """How supervisors are told of an SOS."""

    def work_of(portfolio_ids: tuple[str, ...]) -> Portfolio | None:
        own = tuple(one for one in portfolio_ids if one != "*")[:1]
        return next(iter(portfolios().some(own)), None)

    def words(language: str, alarm: Alarm) -> tuple[str, str]:
        place = work_of(alarm.portfolios)
        url = f"{settings().site_url}/panel/mapa/"
        zone = place.time_zone if place else "UTC"
        return alarm_texts.words(language, alarm, zone=zone, url=url)

    def country(portfolio_ids: tuple[str, ...]) -> str:
        place = work_of(portfolio_ids)
        return place.country if place else "MX"

    return alarm_service.Means(sender=sender, words=words, country=country, problem=problem)
