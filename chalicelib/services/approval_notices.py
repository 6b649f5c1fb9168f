"""
Telling people by e-mail that something waits for their decision: how many, which kinds, since when.

Who wants it in the morning is told once a day. Who wants it at once is told when something new
waits, an hour apart at least, so that five hundred proposals make one e-mail. What is told is
counted when it goes: what was decided meanwhile is not in it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.days import local_day
from chalicelib.domain.notice import Notice, NoticeKind, Often, Pending
from chalicelib.domain.people import PERSON, Actor, Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import approvals, person_notices
from chalicelib.services.access import MANAGERS
from chalicelib.services.colleagues import PAGE, works_on

STEP = "approvals"
QUIET = timedelta(hours=1)
AHEAD = timedelta(hours=1)  # so long before the morning its notices are made ready
NAME = 8  # letters of a short name


class People(Protocol):
    def get(self, person_id: str) -> Person | None: ...
    def page(self, *, limit: int, cursor: str | None) -> tuple[list[Person], str | None]: ...


class Portfolios(Protocol):
    def get(self, portfolio_id: str) -> Portfolio | None: ...
    def all(self) -> list[Portfolio]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    people: People
    boxes: person_notices.Boxes
    tray: approvals.Means


def start(
    *, people: People, portfolios: Portfolios, work: person_notices.Queue, now: datetime
) -> int:
    """
    Have the trays looked into of which somebody may be told now; says how many.

    A message of the queue names a portfolio and these people. Safe to repeat at any time.
    """
    living = [one for one in portfolios.all() if not one.archived]
    near = {
        one.portfolio_id
        for one in living
        if person_notices.morning(now, one.time_zone) - now <= AHEAD
    }
    told: dict[str, list[str]] = {}
    for person in _managers(people):
        often = person.often(NoticeKind.APPROVAL)
        for one in living:
            wanted = often is Often.NOW or (often is Often.DAILY and one.portfolio_id in near)
            if wanted and works_on(person, one.portfolio_id):
                told.setdefault(one.portfolio_id, []).append(person.person_id)
    work.send(
        {"step": STEP, "portfolio_id": portfolio_id, "people": ids}
        for portfolio_id, ids in told.items()
    )
    return len(told)


def look(portfolio_id: str, people: Iterable[str], *, means: Means, now: datetime) -> int:
    """Put what each of these is to be told into their box; says for how many. Safe to repeat."""
    portfolio = means.tray.portfolios.get(portfolio_id)
    if portfolio is None or portfolio.archived:
        return 0
    return sum(_look(one, portfolio, means, now) for one in people)


def pending(
    person: Person, portfolio: Portfolio, *, tray: approvals.Means, now: datetime
) -> tuple[Pending, ...]:
    """Count what waits for a person's decision now, by kind."""
    return tuple(
        Pending(
            kind=kind.value,
            count=len(mine),
            more=more,
            oldest_at=min(one.asked_at for one in mine),
        )
        for kind, (mine, more) in _waiting(person, portfolio, tray, now).items()
        if mine
    )


# Private


def _managers(people: People) -> list[Person]:
    found: list[Person] = []
    cursor: str | None = None
    while True:
        page, cursor = people.page(limit=PAGE, cursor=cursor)
        found += [one for one in page if one.role in MANAGERS and not one.disabled]
        if cursor is None:
            return found


def _look(person_id: str, portfolio: Portfolio, means: Means, now: datetime) -> bool:
    person = means.people.get(person_id)
    if (
        person is None
        or person.role not in MANAGERS
        or not works_on(person, portfolio.portfolio_id)
    ):
        return False
    match person.often(NoticeKind.APPROVAL):
        case Often.NOW:
            return _at_once(person, portfolio, means, now)
        case Often.DAILY:
            return _in_the_morning(person, portfolio, means, now)
        case _:
            return False


def _at_once(person: Person, portfolio: Portfolio, means: Means, now: datetime) -> bool:
    box = means.boxes.get(portfolio.portfolio_id, person.person_id)
    told_at, known = (box.decisions_at, box.decisions) if box else (None, ())
    if told_at is not None and now < told_at + QUIET:
        return False
    names = _names(_waiting(person, portfolio, means.tray, now))
    if not set(names).difference(known):
        return False
    person_notices.put(
        _notice(f"apr:{now.isoformat()}", Often.NOW, now),
        person.person_id,
        portfolio.portfolio_id,
        boxes=means.boxes,
        also=lambda box: replace(box, decisions=names, decisions_at=now),
    )
    return True


def _in_the_morning(person: Person, portfolio: Portfolio, means: Means, now: datetime) -> bool:
    dawn = person_notices.morning(now, portfolio.time_zone)
    if dawn - now > AHEAD:
        return False
    day = local_day(dawn, portfolio.time_zone)
    person_notices.put(
        _notice(f"apr:{day.isoformat()}", Often.DAILY, dawn),
        person.person_id,
        portfolio.portfolio_id,
        boxes=means.boxes,
    )
    return True


def _notice(ref: str, often: Often, at: datetime) -> Notice:
    """What it tells is counted when it goes."""
    return Notice(ref=ref, kind=NoticeKind.APPROVAL, often=often, case_id="", by="", at=at)


def _waiting(
    person: Person, portfolio: Portfolio, tray: approvals.Means, now: datetime
) -> dict[approvals.Kind, tuple[Sequence[approvals.Waiting], bool]]:
    actor = Actor(
        actor_id=f"{PERSON}{person.person_id}",
        role=person.role,
        portfolios=person.portfolios,
        name=person.name,
    )
    return approvals.for_decision(portfolio, actor=actor, means=tray, now=now)


def _names(
    found: dict[approvals.Kind, tuple[Sequence[approvals.Waiting], bool]],
) -> tuple[str, ...]:
    """Short names of what waits: told apart well enough, and hundreds of them fit in a row."""
    keys = (f"{kind}:{one.case_id}:{one.key}" for kind, (mine, _) in found.items() for one in mine)
    return tuple(hashlib.sha256(key.encode()).hexdigest()[:NAME] for key in keys)
