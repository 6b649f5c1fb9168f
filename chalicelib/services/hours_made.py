"""
Making what a portfolio knows of its good hours, of the days in its lake.

Once a night, after the export: one question to the lake, one row. Whoever reads it opens no lake.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from chalicelib.bi.answers import Answer
from chalicelib.bi.questions import OfHours, Question
from chalicelib.domain.good_hours import WINDOW_DAYS, Cell, GoodHours, Group, ratings
from chalicelib.domain.portfolio import Portfolio

KEY = "good"
TRIES = 3  # writes, when another worker writes at the same time


class HoursEngine(Protocol):
    def ask(self, question: Question) -> Answer:
        """
        Raises:
            DayMissing, FigureNotTold: See ``services.figures.FigureEngine``.
        """
        ...


class HoursKept(Protocol):
    """``store.documents.Documents`` of good hours."""

    def get(self, portfolio_id: str, key: str) -> GoodHours | None: ...
    def add(self, document: GoodHours) -> bool: ...
    def save(self, document: GoodHours) -> GoodHours | None: ...


def message(portfolio_id: str, day: date) -> dict[str, Any]:
    """Ask the lake's queue for the hours of the days up to *day*."""
    return {"step": "hours", "portfolio_id": portfolio_id, "day": day.isoformat()}


def make(
    portfolio: Portfolio, last: date, *, engine: HoursEngine, kept: HoursKept, now: datetime
) -> GoodHours:
    """
    Learn from the days up to *last*, and keep it. Safe to repeat: the same days say the same.

    Returns:
        What is kept now: something newer, where a later day was learned from meanwhile.

    Raises:
        DayMissing: *last* is not in the lake.
        FigureNotTold: The engine failed.
    """
    first = last - timedelta(days=WINDOW_DAYS - 1)
    answer = engine.ask(
        Question(
            about=OfHours(),
            portfolio_id=portfolio.portfolio_id,
            first=first,
            last=last,
            bands=tuple(portfolio.policies.bands),
        )
    )
    groups = tuple(learned(answer.rows))
    made = GoodHours(
        portfolio_id=portfolio.portfolio_id,
        first=first,
        last=last,
        days=len(answer.days),
        made_at=now,
        since=now if groups else None,
        groups=groups,
    )
    for _ in range(TRIES):
        before = kept.get(portfolio.portfolio_id, KEY)
        if before is None:
            if kept.add(made):
                return made
            continue
        if before.last > last:
            return before
        saved = kept.save(replace(made, version=before.version, since=before.since or made.since))
        if saved is not None:
            return saved
    raise RuntimeError("good hours are written by too many at once")


def learned(rows: Iterable[tuple[Any, ...]]) -> list[Group]:
    """Rate the hours of every group that an engine told of (``bi.hours.COLUMNS``)."""
    cells: dict[tuple[str, str, str], list[Cell]] = defaultdict(list)
    for segment, zone, channel, weekday, hour, direct, tries in rows:
        cells[channel, zone, segment].append(Cell(int(weekday), int(hour), int(direct), int(tries)))
    return [
        Group(
            channel=channel,
            zone=zone,
            segment=segment,
            direct=sum(one.direct for one in found),
            tries=sum(one.tries for one in found),
            ratings=rated,
        )
        for (channel, zone, segment), found in sorted(cells.items())
        if (rated := ratings(found))
    ]
