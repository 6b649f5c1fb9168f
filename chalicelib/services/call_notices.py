"""
Reminding people by e-mail of the call-backs that they promised, a little before their hour.

What is put into their box when they promise is held against the queue when it is to go: one that
was done, moved or given up since, or of a case about which nobody is to be called any more, is not
told.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from chalicelib.domain.call_turn import Turn, Why, called_back
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import CaseNotFound
from chalicelib.domain.ids import derived_id
from chalicelib.domain.notice import Notice, NoticeKind, Often
from chalicelib.domain.people import PERSON, Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import person_notices, ranking
from chalicelib.services.casework import OpenCases

BEFORE = timedelta(minutes=5)

# Told of a call-back that was promised: (its turn, its portfolio, now).
Promised = Callable[[Turn, Portfolio, datetime], None]


class People(Protocol):
    def get(self, person_id: str) -> Person | None: ...


class Turns(Protocol):
    def get(self, case_id: str) -> Turn | None: ...


def nobody(_turn: Turn, _portfolio: Portfolio, _now: datetime) -> None:
    """Remind nobody."""


def remind(
    turn: Turn,
    portfolio: Portfolio,
    now: datetime,
    *,
    people: People,
    boxes: person_notices.Boxes,
) -> None:
    """
    Have whoever is to call back reminded of it, as they want it. Safe to repeat.

    Who wants that in the morning gets those of the day; one that is promised for a morning that is
    over, or for before it, comes at its hour.
    """
    person = people.get(turn.person_id) if turn.person_id else None
    if person is None or turn.until is None:
        return
    often = person.often(NoticeKind.CALL_BACK)
    if often is Often.NEVER:
        return
    at = max(now, turn.until - BEFORE)
    if often is Often.DAILY:
        zone = ZoneInfo(portfolio.time_zone)
        day = turn.until.astimezone(zone).date()
        dawn = datetime.combine(day, person_notices.MORNING, zone)
        at = dawn if now < dawn < turn.until else at
    notice = Notice(
        ref=derived_id("cbk", turn.case_id, turn.until.isoformat()),
        kind=NoticeKind.CALL_BACK,
        often=often,
        case_id=turn.case_id,
        by=f"{PERSON}{person.person_id}",
        at=at,
        call_at=turn.until,
    )
    person_notices.put(notice, person.person_id, portfolio.portfolio_id, boxes=boxes)


def stands(
    notice: Notice,
    person_id: str,
    portfolio: Portfolio,
    *,
    turns: Turns,
    cases: OpenCases,
    now: datetime,
) -> bool:
    """Say whether a call-back is still to be made, by that person and at that hour."""
    turn = turns.get(notice.case_id)
    if turn is None or turn.why is not Why.CALL_BACK or turn.person_id != person_id:
        return False
    if turn.until != notice.call_at:
        return False
    try:
        file = cases.open(notice.case_id)
    except CaseNotFound:
        return False
    if file.head.portfolio_id != portfolio.portfolio_id or called_back(turn, file.attempts):
        return False
    today = local_day(now, portfolio.time_zone)
    # What is owed usually only ranks, and nothing is ranked here.
    return ranking.standing_of(file, portfolio, today, usual_minor=0, called_back=True) is not None
