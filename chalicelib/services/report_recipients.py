"""Who gets a report that is sent, as things are when it is sent."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.days import local_day
from chalicelib.domain.people import Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.report_schedule import (
    MOST_OUTSIDE,
    Letter,
    LetterState,
    MonthOutside,
    ReportSchedule,
)
from chalicelib.services.access import MANAGERS
from chalicelib.services.colleagues import works_on
from chalicelib.services.report_ports import TRIES, Means, Months, address_key, wants


def letters(
    schedule: ReportSchedule, portfolio: Portfolio, refused: str, *, means: Means, now: datetime
) -> tuple[Letter, ...]:
    """
    List everybody who was chosen: who waits for it, and why the others get nothing.

    Args:
        refused: Why it goes to nobody outside: the code of a refusal.
    """
    return (*_people(schedule, means), *_addresses(schedule, portfolio, refused, means, now))


def may_read(person: Person | None, portfolio_id: str) -> bool:
    """Say whether somebody reads a portfolio's reports now."""
    return person is not None and person.role in MANAGERS and works_on(person, portfolio_id)


# Private


def _people(schedule: ReportSchedule, means: Means) -> list[Letter]:
    known = means.people.several(schedule.people)
    made = []
    for person_id in schedule.people:
        state = LetterState.WAITING
        if not may_read(known.get(person_id), schedule.portfolio_id):
            state = LetterState.NO_ACCESS
        elif not wants(schedule.portfolio_id, schedule.schedule_id, person_id, means.stops):
            state = LetterState.STOPPED
        made.append(Letter(to=person_id, state=state))
    return made


def _addresses(
    schedule: ReportSchedule, portfolio: Portfolio, refused: str, means: Means, now: datetime
) -> list[Letter]:
    made: list[Letter] = []
    wanting: list[tuple[str, str]] = []
    for address in schedule.outside:
        key = address_key(schedule.portfolio_id, address)
        if not wants(schedule.portfolio_id, schedule.schedule_id, key, means.stops):
            made.append(Letter(to=address, outside=True, state=LetterState.STOPPED))
        elif refused:
            state = LetterState.REFUSED
            made.append(Letter(to=address, outside=True, state=state, code=refused))
        else:
            wanting.append((key, address))
    month = f"{local_day(now, portfolio.time_zone):%Y-%m}"
    within = _within_limit([key for key, _ in wanting], schedule.portfolio_id, month, means.months)
    for key, address in wanting:
        state = LetterState.WAITING if key in within else LetterState.OVER_LIMIT
        made.append(Letter(to=address, outside=True, state=state))
    return made


def _within_limit(keys: list[str], portfolio_id: str, month: str, months: Months) -> set[str]:
    """Take places among those outside whom the portfolio writes to this month."""
    if not keys:
        return set()
    for _ in range(TRIES):
        found = months.get(portfolio_id, month)
        before = found or MonthOutside(portfolio_id=portfolio_id, month=month)
        fresh = [key for key in keys if key not in before.recipients]
        room = max(0, MOST_OUTSIDE - len(before.recipients))
        after = replace(before, recipients=(*before.recipients, *fresh[:room]))
        if after == before:
            return set(keys) & set(before.recipients)
        if months.add(after) if found is None else months.save(after) is not None:
            return set(keys) & set(after.recipients)
    raise RuntimeError("whom a portfolio wrote to kept moving")
